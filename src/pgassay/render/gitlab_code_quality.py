"""The report as GitLab's code quality JSON, which a merge request compares with its target's."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from pgassay.findings import Severity
from pgassay.render.issues import Issue, issues
from pgassay.render.plain import name, one_line
from pgassay.verdict import Report

_SEVERITIES: Final = {
    Severity.BLOCKER: "blocker",
    Severity.WARNING: "major",
    Severity.INFO: "info",
}


def render_gitlab(report: Report) -> str:
    """What counts, worst first. GitLab has no place for what is accepted."""
    shown = [_entry(issue, report.folder) for issue in issues(report) if issue.counts]
    return json.dumps(shown, indent=2, ensure_ascii=True) + "\n"


def _entry(issue: Issue, folder: str) -> dict[str, Any]:
    said = one_line(f"{issue.code} {issue.name}: {issue.message or issue.subject}")
    return {
        "description": said,
        "check_name": issue.code,
        "fingerprint": _fingerprint(issue, folder),
        "severity": _SEVERITIES[issue.severity] if issue.is_finding else "critical",
        "location": {
            "path": name(issue.place.path),
            "lines": {"begin": issue.place.line or 1},
        },
    }


def _fingerprint(issue: Issue, folder: str) -> str:
    """GitLab adds up the reports of a pipeline, so two projects of one repository must differ."""
    return hashlib.sha256(json.dumps([folder, issue.fingerprint]).encode("ascii")).hexdigest()[:32]
