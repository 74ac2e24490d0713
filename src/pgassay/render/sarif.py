"""The report as SARIF 2.1.0, which GitHub's code scanning and others read.

GitHub takes no result without a file, and shows no notifications: what could not be had is a result
too.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

from pgassay import __version__
from pgassay.facts.unavailable import Unavailable
from pgassay.render.issues import UNKNOWN, Issue, accepted_because, issues
from pgassay.render.plain import clean, name, one_line
from pgassay.render.sarif_rules import LEVELS, rule_of_check, rule_of_issue
from pgassay.render.summary import headline, is_pair
from pgassay.verdict import Report

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"


def render_sarif(report: Report) -> str:
    """The document in ASCII, with one run."""
    found = issues(report)
    rules = {r.code: rule_of_check(r) for r in sorted(report.checks, key=lambda r: r.code)}
    for issue in found:
        rules.setdefault(issue.code, rule_of_issue(issue))
    index = {code: at for at, code in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "pgassay",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": list(rules.values()),
                "notifications": [{"id": UNKNOWN, "name": "could-not-be-had"}],
            }
        },
        # GitHub keeps one run of each category: another command or project is another one.
        "automationDetails": {"id": _category(report)},
        "invocations": [_invocation(report, index)],
        "results": [_result(issue, index) for issue in found],
        "properties": {"verdict": report.verdict.value},
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _category(report: Report) -> str:
    command = "schema-diff" if is_pair(report) else "check"
    return "/".join(part for part in ("pgassay", command, name(report.folder)) if part) + "/"


def _invocation(report: Report, index: dict[str, int]) -> dict[str, Any]:
    notes = [_notification(lost, index) for lost in report.unavailable]
    return {
        **_times(report),
        "executionSuccessful": not notes,
        "exitCode": report.exit_status,
        "exitCodeDescription": one_line(f"{report.verdict.value}: {headline(report)}"),
        "toolExecutionNotifications": notes,
    }


def _times(report: Report) -> dict[str, str]:
    try:
        began = datetime.fromisoformat(report.started_at).astimezone(UTC)
    except ValueError:
        return {}
    ended = began + timedelta(seconds=report.duration_s)
    times = {"startTimeUtc": began, "endTimeUtc": ended}
    return {key: f"{moment:%Y-%m-%dT%H:%M:%S}Z" for key, moment in times.items()}


def _notification(lost: Unavailable, index: dict[str, int]) -> dict[str, Any]:
    said = f"{lost.needs} could not be had: {lost.reason}"
    note: dict[str, Any] = {
        "descriptor": {"id": UNKNOWN},
        "level": "error",
        "message": {"text": _message(f"{said}\n\n{lost.next_step}".strip())},
    }
    code = lost.needs.removeprefix("check ")
    if code in index:
        note["associatedRule"] = {"id": code, "index": index[code]}
    return note


def _result(issue: Issue, index: dict[str, int]) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": issue.code,
        "ruleIndex": index[issue.code],
        "level": LEVELS[issue.severity],
        "message": {"text": _message(issue.text)},
        "locations": [_location(issue)],
        # GitHub tells results apart by this key and no other.
        "partialFingerprints": {"primaryLocationLineHash": issue.fingerprint},
    }
    if issue.acceptance:
        result["suppressions"] = [
            {
                "kind": "external",
                "status": "accepted",
                "justification": accepted_because(issue.acceptance),
            }
        ]
    return result


def _location(issue: Issue) -> dict[str, Any]:
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(issue.place.path)},
            "region": {"startLine": issue.place.line or 1},
        }
    }
    if issue.object_kind:
        named = name(issue.subject)
        location["logicalLocations"] = [{"fullyQualifiedName": named, "kind": issue.object_kind}]
    return location


def _uri(path: str) -> str:
    """Percent-encoded; a byte of a file's name that is no text comes as it is on the disk."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"))
    except UnicodeEncodeError:
        return quote(path.encode("utf-8", "surrogatepass"))


def _message(text: str) -> str:
    """A text is never empty, and `[text](target)` in it would be a link."""
    return clean(text).replace("](", "] (") or "(no text)"
