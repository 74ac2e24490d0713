"""Which findings are accepted: by a waiver in force, or since they were there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from pgassay.check import CheckResult
from pgassay.facts.acceptance import Acceptance, Baseline, BaselineEntry, Day, Waiver
from pgassay.facts.acceptance_use import BaselineUse, WaiverUse
from pgassay.findings import Finding, Severity


@dataclass(frozen=True, slots=True)
class Accepted:
    """`findings` are all, in their order, those that are accepted marked so."""

    findings: tuple[Finding, ...]
    waivers: tuple[WaiverUse, ...]
    baseline: BaselineUse | None


def accept(
    findings: Sequence[Finding],
    results: Sequence[CheckResult],
    waivers: Sequence[Waiver],
    baseline: Baseline | None,
    today: Day,
) -> Accepted:
    """A finding that the baseline has counts all the same where it is worse than it was there, or
    has a particular that it had not; then it says so."""
    in_force = [w for w in waivers if today <= w.until]
    known: dict[tuple[str, str], list[BaselineEntry]] = {}
    for entry in baseline.entries if baseline else ():
        known.setdefault((entry.code, entry.subject), []).append(entry)
    marked = tuple(_marked(f, in_force, known) for f in findings)
    judged = _judged(results)
    there = {(f.code, f.subject) for f in findings}
    return Accepted(
        marked,
        tuple(
            WaiverUse(
                waiver,
                tuple(f.subject for f in findings if waiver.covers(f.code, f.subject)),
                judged=waiver.code in judged,
                expired=waiver not in in_force,
            )
            for waiver in waivers
        ),
        BaselineUse(
            baseline,
            tuple(
                e for e in baseline.entries if (e.code, e.subject) not in there and e.code in judged
            ),
        )
        if baseline
        else None,
    )


def baseline_of(
    findings: Sequence[Finding],
    results: Sequence[CheckResult],
    before: Baseline | None,
    path: str,
    written_at: str,
) -> Baseline:
    """Of all findings that no waiver covers: a waiver has an end, which a baseline would outlive.
    Of `before` is kept what was found by checks that did not see all they need this time."""
    entries = {
        BaselineEntry(f.code, f.subject, f.severity.value, tuple(sorted(set(f.particulars))))
        for f in findings
        if f.acceptance is None
    }
    there = {(e.code, e.subject) for e in entries}
    judged = _judged(results)
    for old in before.entries if before else ():
        if old.code not in judged and (old.code, old.subject) not in there:
            entries.add(old)
    return Baseline(
        path, written_at, tuple(sorted(entries, key=lambda e: (e.code, e.subject, e.severity)))
    )


def _judged(results: Sequence[CheckResult]) -> frozenset[str]:
    return frozenset(r.code for r in results if r.saw_all)


def _marked(
    finding: Finding,
    waivers: Sequence[Waiver],
    known: Mapping[tuple[str, str], Sequence[BaselineEntry]],
) -> Finding:
    for waiver in waivers:
        if waiver.covers(finding.code, finding.subject):
            accepted = Acceptance("waiver", waiver.reason, waiver.owner, waiver.until)
            return replace(finding, acceptance=accepted)
    more = ""
    for entry in known.get((finding.code, finding.subject), ()):
        new = [p for p in finding.particulars if p not in entry.particulars]
        if new:
            more = f" New since the baseline: {'; '.join(new)}."
        elif finding.severity.rank < Severity(entry.severity).rank:
            more = f" The baseline has it as {entry.severity} only."
        else:
            return replace(finding, acceptance=Acceptance("baseline"))
    return replace(finding, message=finding.message + more)
