"""The report as GitHub's workflow commands: printed in a step, they annotate its files."""

from __future__ import annotations

from typing import Final

from pgassay.findings import Severity
from pgassay.render.issues import Issue, counting, issues
from pgassay.render.plain import clean, counted, name
from pgassay.render.summary import headline
from pgassay.verdict import Report

SHOWN: Final = 10
"""GitHub shows so many annotations of each kind in one step, and drops the others unsaid."""

_KINDS: Final = {
    Severity.BLOCKER: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


def render_github(report: Report) -> str:
    """The worst of each kind, and as the last line the verdict with how many more there are."""
    found = issues(report)
    last = "error" if report.exit_status else "notice"
    lines: list[str] = []
    more = 0
    for severity, kind in _KINDS.items():
        of_kind = counting(found, severity)
        room = SHOWN - (kind == last)
        lines += [_annotation(kind, issue) for issue in of_kind[:room]]
        more += len(of_kind[room:])
    said = f"{report.verdict.value.upper()}: {headline(report)}"
    if more:
        said += f". {counted(more, 'more issue')} not shown here"
    lines.append(_command(last, {"title": "pgassay"}, said))
    return "\n".join(lines) + "\n"


def _annotation(kind: str, issue: Issue) -> str:
    properties = {"title": f"{issue.code} {issue.name}: {issue.subject}"}
    if issue.own:
        line = {"line": str(issue.place.line)} if issue.place.line else {}
        properties = {"file": issue.place.path, **line, **properties}
    return _command(kind, properties, issue.text)


def _command(kind: str, properties: dict[str, str], message: str) -> str:
    """One line, whatever the texts hold."""
    said = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{kind} {said}::{_data(clean(message))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(name(text)).replace(":", "%3A").replace(",", "%2C")
