"""DAT: compliance queries that give another value than before."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.earlier_values import changed_values
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.data_run import DataRun
from pgassay.facts.earlier_values import EarlierValues
from pgassay.findings import Finding, Severity


def value_changed(check: Check, assay: Assay) -> Iterator[Finding]:
    """A compliance query gives another value than before.

    What:
      A named query of the file of rules gave one value when an earlier report was written
      (`--before REPORT`), and gives another one now. Numbers are compared as such: 1.50 is 1.5.

    Why:
      What such a query sums or counts is not to change by a restore, a migration or its undo. That
      it did means that rows are lost, doubled or converted otherwise than planned; or that others
      wrote in between.

    Fix:
      Find the rows by `pgassay data diff` against the copy from before; where others wrote in
      between, take the report anew while nobody writes.

    Example:
      pgassay data check --output json=before.json, the migration, then
      pgassay data check --before before.json
    """
    assert isinstance(assay.data, DataRun)
    assert isinstance(assay.earlier, EarlierValues)
    for one in changed_values(assay.data, assay.earlier):
        was, now = _shown(one.earlier.value), _shown(one.now.value)
        yield check.finding(
            one.earlier.name,
            f"Query {one.earlier.name} gave {was} at {assay.earlier.at}, and gives {now}.",
            why="A restore, a migration or its undo is not to change it.",
            fix="Find the rows: `pgassay data diff` against the copy from before. Where others "
            f"wrote in between, write {assay.earlier.path} anew while nobody does.",
            location=one.now.query.location,
            evidence={"before": one.earlier.value, "now": one.now.value, "sql": one.now.query.sql},
        )


def _shown(value: str | None) -> str:
    return "NULL" if value is None else value


CHECKS: tuple[Check, ...] = (
    Check(
        "DAT011",
        "compliance-value-changed",
        Severity.BLOCKER,
        value_changed,
        needs=("data", "earlier"),
        uses=("data_lost",),
    ),
)
