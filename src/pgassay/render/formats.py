"""The formats that a report can be written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from pgassay.render.github_annotations import render_github
from pgassay.render.gitlab_code_quality import render_gitlab
from pgassay.render.json_report import render_json
from pgassay.render.junit import render_junit
from pgassay.render.markdown import render_markdown
from pgassay.render.sarif import render_sarif
from pgassay.render.terminal import render_terminal
from pgassay.verdict import Report

FILE_WIDTH: Final = 80


def _terminal(report: Report) -> str:
    return render_terminal(report, width=FILE_WIDTH, color=False)


FORMATS: Final[Mapping[str, Callable[[Report], str]]] = {
    "terminal": _terminal,
    "markdown": render_markdown,
    "json": render_json,
    "sarif": render_sarif,
    "junit": render_junit,
    "github": render_github,
    "gitlab": render_gitlab,
}
"""Format name -> what writes it into a file."""
