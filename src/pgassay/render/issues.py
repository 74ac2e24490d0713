"""What a CI shows one by one: the findings, and what stands between the verdict and safe.

A CI takes an empty list for a good one. Whatever is unknown, and whatever a gate demands and does
not get, is therefore an issue like a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pgassay.facts.acceptance import Acceptance
from pgassay.facts.location import Location
from pgassay.findings import Finding, Severity
from pgassay.render.fingerprint import fingerprints
from pgassay.render.places import Places, is_database_object
from pgassay.render.plain import clean, one_line
from pgassay.render.summary import headline, shown_order
from pgassay.verdict import ItemStatus, Report, Verdict

UNKNOWN: Final = "UNKNOWN"
UNPROVEN: Final = "UNPROVEN"
NAMES: Final = {UNKNOWN: "could-not-be-had", UNPROVEN: "not-proven"}
WHY: Final = {
    UNKNOWN: "What could not be seen is not known to be safe.",
    UNPROVEN: "The gate demands that every line of the readiness checklist is proven.",
}


@dataclass(frozen=True, slots=True)
class Issue:
    """`code` is a check's, UNKNOWN or UNPROVEN. `place` is always a file of the repository, `own`
    whether it is the issue's own and not only near it. `object_kind` is such as "column" where the
    subject is an object of a database, else ""."""

    code: str
    name: str
    severity: Severity
    subject: str
    message: str
    why: str
    fix: str
    fingerprint: str
    place: Location
    own: bool = False
    object_kind: str = ""
    acceptance: Acceptance | None = None

    @property
    def counts(self) -> bool:
        return self.acceptance is None

    @property
    def is_finding(self) -> bool:
        return self.code not in NAMES

    @property
    def text(self) -> str:
        """All that is said of it, in paragraphs."""
        parts = (clean(part).strip() for part in (self.message, self.why, self._fix))
        return "\n\n".join(part for part in parts if part)

    @property
    def _fix(self) -> str:
        return f"Fix: {self.fix}" if self.fix.strip() else ""


def issues(report: Report) -> tuple[Issue, ...]:
    """The findings worst first, then what is unknown or unproven, then what is accepted."""
    found = [*sorted(report.findings, key=shown_order), *_lacking(report)]
    places = Places(report)
    made = [_issue(f, p, places) for f, p in zip(found, fingerprints(found), strict=True)]
    return (*(i for i in made if i.counts), *(i for i in made if not i.counts))


def counting(found: Iterable[Issue], severity: Severity) -> list[Issue]:
    return [i for i in found if i.counts and i.severity is severity]


def accepted_because(acceptance: Acceptance) -> str:
    """`in the baseline`, or `waived by ana@x until 2027-03-31: reason`."""
    if acceptance.by == "baseline":
        return "in the baseline"
    waived = f"waived by {acceptance.owner} until {acceptance.until}: {acceptance.reason}"
    return one_line(waived)


def _issue(finding: Finding, fingerprint: str, places: Places) -> Issue:
    if finding.code in NAMES:
        place = places.of_history(finding.subject.removeprefix("history "))
        own, kind = False, ""
    else:
        place, own = places.of(finding), places.own(finding) is not None
        kind = _object_kind(finding) if is_database_object(finding) else ""
    return Issue(
        code=finding.code,
        name=finding.name,
        severity=finding.severity,
        subject=finding.subject,
        message=finding.message,
        why=finding.why,
        fix=finding.fix,
        fingerprint=fingerprint,
        place=place,
        own=own,
        object_kind=kind,
        acceptance=finding.acceptance,
    )


def _object_kind(finding: Finding) -> str:
    kind = finding.evidence.get("kind")
    if isinstance(kind, str) and kind:
        return kind
    return "column" if finding.code.startswith("MON") else "object"


def _lacking(report: Report) -> list[Finding]:
    """As findings of codes that are no check's."""
    found = [
        _of(UNKNOWN, lost.needs, f"{lost.needs} could not be had: {lost.reason}", lost.next_step)
        for lost in report.unavailable
    ]
    if report.verdict is Verdict.CLEAR and report.gate:
        found += [
            _of(UNPROVEN, item.item, f"{item.item}: not proven. {item.evidence}", "")
            for item in report.checklist
            if item.status is not ItemStatus.DONE
        ]
    blocked = any(f.severity is Severity.BLOCKER and not f.waived for f in report.findings)
    if report.exit_status and not blocked and not found:
        said = f"{report.verdict.value}: {headline(report)}"
        found.append(_of(UNKNOWN, "verdict", said, "pgassay check -v"))
    return found


def _of(code: str, subject: str, message: str, fix: str) -> Finding:
    return Finding(code, NAMES[code], Severity.BLOCKER, subject, message, WHY[code], fix)
