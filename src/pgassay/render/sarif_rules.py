"""The checks of a report as SARIF's rules, each with the page that `pgassay explain` shows."""

from __future__ import annotations

import re
from typing import Any, Final

from pgassay.check import CheckResult
from pgassay.findings import Severity
from pgassay.render.issues import WHY, Issue
from pgassay.render.markdown_findings import fix_text
from pgassay.render.markdown_text import escape, fence, paragraphs
from pgassay.render.plain import clean, one_line
from pgassay.render.summary import family_name

LEVELS: Final = {
    Severity.BLOCKER: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "note",
}
_LONGEST: Final = 1000
"""GitHub cuts a description at 1024 characters."""
_SECTION = re.compile(r"^(\w+):$", re.MULTILINE)


def rule_of_check(result: CheckResult) -> dict[str, Any]:
    """A check's rule."""
    page = clean(result.page).strip() or f"See `pgassay explain {result.code}`."
    beginning, *parts = _SECTION.split(page)
    sections = dict(zip(parts[::2], map(_dedented, parts[1::2]), strict=True))
    short = one_line(beginning) or result.name
    return {
        "id": result.code,
        "name": result.name,
        "shortDescription": {"text": short[:_LONGEST]},
        "fullDescription": {"text": (one_line(sections.get("What", "")) or short)[:_LONGEST]},
        "help": {"text": page, "markdown": _markdown(short, sections)},
        "defaultConfiguration": {"level": LEVELS[result.severity]},
        "properties": {"tags": ["postgresql", family_name(result.code)]},
    }


def rule_of_issue(issue: Issue) -> dict[str, Any]:
    """The rule of what no check of the report has found: what is unknown or unproven."""
    said = WHY.get(issue.code, f"See `pgassay explain {issue.code}`.")
    named = one_line(issue.name) or issue.code
    return {
        "id": issue.code,
        "name": named,
        "shortDescription": {"text": named.replace("-", " ")},
        "fullDescription": {"text": said},
        "help": {"text": said, "markdown": escape(said)},
        "defaultConfiguration": {"level": LEVELS[issue.severity]},
    }


def _markdown(short: str, sections: dict[str, str]) -> str:
    shown = [escape(short)]
    for title, text in sections.items():
        body = fence(text) if title == "Example" else fix_text(text)
        shown.append(f"**{title}**\n\n{body}")
    return paragraphs(*shown)


def _dedented(text: str) -> str:
    return "\n".join(line.removeprefix("  ") for line in text.strip("\n").split("\n"))
