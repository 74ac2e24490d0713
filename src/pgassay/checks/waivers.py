"""WAI: what was accepted and should not be any more."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.check import Check
from pgassay.facts.acceptance_use import AcceptedAssay
from pgassay.facts.assay import Assay
from pgassay.findings import Finding, Severity

_SHOWN = 5


def waiver_expired(check: Check, assay: Assay) -> Iterator[Finding]:
    """A waiver's last day is over.

    What:
      A waiver in the configuration has an `until` that is past. What it covered counts again.

    Why:
      Whoever wrote it promised an end. That the finding still counts, or is gone, is to be seen.

    Fix:
      Mend what it covered and take the waiver out; or, for a reason that its owner can name, give
      it another day.

    Example:
      [[waivers]] of DRF005 public.users.email, until 2026-09-30.
    """
    assert isinstance(assay, AcceptedAssay)
    for use in assay.waivers or ():
        if not use.expired:
            continue
        waiver = use.waiver
        if use.subjects:
            left = f"What it covers is there: {_listed(use.subjects)}."
            fix = "Mend that and take the waiver out of the configuration"
        elif use.judged:
            left = "Nothing is left of what it covered."
            fix = "Take it out of the configuration"
        else:
            left = "Whether what it covered is still there is not known from this run."
            fix = "Find out, and take it out of the configuration"
        again = "" if use.judged and not use.subjects else f"; or {waiver.owner} gives a later day"
        yield check.finding(
            f"{waiver.code} {waiver.subject}",
            f"The waiver of {waiver.owner} ended on {waiver.until}: {waiver.reason} {left}",
            why="A waiver has an end so that somebody looks again; what it covered counts again.",
            fix=f"{fix}{again}.",
            evidence={"code": waiver.code, "subjects": list(use.subjects)},
            particulars=[waiver.until],
        )


def waiver_unused(check: Check, assay: Assay) -> Iterator[Finding]:
    """A waiver covers nothing.

    What:
      No finding has the code and subject of a waiver in the configuration, although its check saw
      all that it needed.

    Why:
      What it accepted was mended, or it was never written as it should be: then it covers not what
      its owner meant. Left in place, it covers the same defect when that comes again.

    Fix:
      Take it out, or correct its code or subject as the report writes them.

    Example:
      [[waivers]] of MON001 public.expense.amount, where the table is called expenses.
    """
    assert isinstance(assay, AcceptedAssay)
    for use in assay.waivers or ():
        waiver = use.waiver
        if use.expired or use.subjects or not use.judged:
            continue
        yield check.finding(
            f"{waiver.code} {waiver.subject}",
            f"The waiver of {waiver.owner} until {waiver.until} covers no finding.",
            why="What it accepted is mended, or its subject is not written as the report has it; "
            "left in place, it would cover the defect when it comes again.",
            fix="Take it out of the configuration, or correct its subject.",
            evidence={"reason": waiver.reason},
        )


def baseline_outdated(check: Check, assay: Assay) -> Iterator[Finding]:
    """The baseline has findings that are gone.

    What:
      Findings that the baseline accepts are no longer there, by checks that saw all they needed.

    Why:
      Should one of these defects come again, the baseline would accept it.

    Fix:
      pgassay check --write-baseline

    Example:
      The baseline has 14 findings; 3 of them were mended since.
    """
    assert isinstance(assay, AcceptedAssay)
    use = assay.baseline
    if use is None or not use.gone:
        return
    number, gone = len(use.baseline.entries), [f"{e.code} {e.subject}" for e in use.gone]
    yield check.finding(
        use.baseline.path,
        f"{len(gone)} of the {number} findings that {use.baseline.path} accepts "
        f"{'is' if len(gone) == 1 else 'are'} gone: {_listed(gone)}.",
        why="Should such a defect come again, the baseline would accept it.",
        fix="Run `pgassay check --write-baseline`, after looking that nothing new is there.",
        evidence={"gone": gone, "written_at": use.baseline.written_at},
    )


def _listed(named: tuple[str, ...] | list[str]) -> str:
    more = len(named) - _SHOWN
    return ", ".join(named[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


CHECKS: tuple[Check, ...] = (
    Check("WAI001", "waiver-expired", Severity.WARNING, waiver_expired, needs=("waivers",)),
    Check("WAI002", "waiver-unused", Severity.WARNING, waiver_unused, needs=("waivers",)),
    Check("WAI003", "baseline-outdated", Severity.INFO, baseline_outdated, needs=("baseline",)),
)
"""They judge the run itself, after all others."""
