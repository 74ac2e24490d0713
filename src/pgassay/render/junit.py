"""The report as JUnit XML, in the dialect that Jenkins and GitLab read.

They show the first failure of a test case only, so each finding is a case of its own. A case fails
where the verdict does: by a blocker. What is unknown is an error, and the first case is the verdict
itself, so that no report is greener than its verdict.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree

from pgassay.check import CheckResult, Status
from pgassay.findings import Severity
from pgassay.render.issues import NAMES, UNKNOWN, UNPROVEN, Issue, accepted_because, issues
from pgassay.render.plain import clean, name, one_line
from pgassay.render.summary import FAMILIES, family_name, headline
from pgassay.verdict import Report, Verdict

Outcome = Literal["", "failure", "error", "skipped"]

_ILLEGAL = re.compile("[^\\t\\n\\r\\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SUITES: Final = {UNKNOWN: "UNKNOWN Could not be had", UNPROVEN: "UNPROVEN Not proven"}
_OF_STATUS: Final[dict[Status, Outcome]] = {
    Status.PASSED: "",
    Status.FAILED: "",
    Status.PARTIAL: "skipped",
    Status.SKIPPED: "skipped",
    Status.VACUOUS: "skipped",
    Status.UNAVAILABLE: "error",
    Status.ERROR: "error",
}


@dataclass(frozen=True, slots=True)
class Case:
    """`outcome` "" is a passed one. `kind` is a word for why, `said` one line, `text` all of it."""

    suite: str
    name: str
    outcome: Outcome
    kind: str = ""
    said: str = ""
    text: str = ""


def render_junit(report: Report) -> str:
    """The document in ASCII: other characters are references, which every reader knows."""
    cases = list(_cases(report))
    root = ElementTree.Element("testsuites", {"name": "pgassay", **_counts(cases)})
    root.set("time", f"{report.duration_s:.3f}")
    for suite in dict.fromkeys(case.suite for case in cases):
        members = [case for case in cases if case.suite == suite]
        element = ElementTree.SubElement(root, "testsuite", {"name": suite, **_counts(members)})
        element.set("skipped", str(sum(case.outcome == "skipped" for case in members)))
        seen: Counter[str] = Counter()
        for case in members:
            seen[case.name] += 1
            _write(element, case, seen[case.name])
    ElementTree.indent(root)
    text: bytes = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii") + "\n"


def _cases(report: Report) -> Iterator[Case]:
    yield _verdict(report)
    found = issues(report)
    families = {r.code[:3] for r in report.checks} | {i.code[:3] for i in found if i.is_finding}
    for family in sorted(families, key=_family_order):
        suite = f"{family} {family_name(family)}"
        findings = [i for i in found if i.is_finding and i.code[:3] == family]
        for result in sorted(report.checks, key=lambda r: r.code):
            if result.code[:3] == family and not any(i.code == result.code for i in findings):
                yield _check(result, suite)
        yield from (_finding(issue, suite) for issue in sorted(findings, key=lambda i: i.code))
    for code in NAMES:
        yield from (_lacking(issue) for issue in found if issue.code == code)


def _family_order(family: str) -> tuple[int, str]:
    order = list(FAMILIES)
    return (order.index(family) if family in order else len(order), family)


def _verdict(report: Report) -> Case:
    outcome: Outcome = "failure" if report.verdict is Verdict.UNSAFE else "error"
    said = f"{report.verdict.value}: {headline(report)}"
    kind = report.verdict.value
    return Case("Verdict", "verdict", outcome if report.exit_status else "", kind, said, said)


def _check(result: CheckResult, suite: str) -> Case:
    """A check that found nothing."""
    outcome = _OF_STATUS[result.status]
    said = f"{result.status}: {result.coverage}" if result.coverage else str(result.status)
    kind = result.status.value
    return Case(suite, f"{result.code} {result.name}", outcome, kind, said, said if outcome else "")


def _finding(issue: Issue, suite: str) -> Case:
    fails = issue.counts and issue.severity is Severity.BLOCKER
    # The newest schema has no attribute for it.
    at = f"At {name(issue.place)}" if issue.own else ""
    note = accepted_because(issue.acceptance) if issue.acceptance else issue.severity.value
    return Case(
        suite,
        f"{issue.code} {issue.name}: {issue.subject}",
        "failure" if fails else "",
        issue.severity.value,
        one_line(issue.message),
        "\n\n".join(part for part in ("" if fails else note, at, issue.text) if part),
    )


def _lacking(issue: Issue) -> Case:
    said = one_line(issue.message)
    return Case(_SUITES[issue.code], issue.subject, "error", issue.name, said, issue.text)


def _write(suite: ElementTree.Element, case: Case, number: int) -> None:
    """The `number`-th case of its name: GitLab keeps one of several with one name."""
    shown = name(case.name) + (f" ({number})" if number > 1 else "")
    element = ElementTree.SubElement(suite, "testcase")
    element.set("classname", _legal(f"pgassay.{case.suite.split(' ')[0].lower()}"))
    element.set("name", _legal(shown))
    if case.outcome:
        why = ElementTree.SubElement(element, case.outcome)
        why.set("type", case.kind)
        why.set("message", _legal(one_line(case.said)))
        why.text = _legal(clean(case.text))
    elif case.text:
        ElementTree.SubElement(element, "system-out").text = _legal(clean(case.text))


def _counts(cases: Iterable[Case]) -> dict[str, str]:
    outcomes = Counter(case.outcome for case in cases)
    return {
        "tests": str(outcomes.total()),
        "failures": str(outcomes["failure"]),
        "errors": str(outcomes["error"]),
    }


def _legal(text: str) -> str:
    """Without what no XML 1.0 document may hold, not even as a reference."""
    return _ILLEGAL.sub(lambda m: m[0].encode("unicode_escape").decode("ascii"), text)
