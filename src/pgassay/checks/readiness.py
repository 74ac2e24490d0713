"""The readiness checklist: the mission report's seven lines, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from pgassay.analysis.build_notes import in_place_of
from pgassay.check import CheckResult
from pgassay.facts.assay import Assay
from pgassay.facts.data_rule import References
from pgassay.facts.data_run import DataRun, Ending
from pgassay.facts.server import Server
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity
from pgassay.verdict import ChecklistItem, ItemStatus

SYSTEMS = "Dual migration systems resolved"
CONNECTION = "Database connection validated"
TYPES = "Financial data types verified"
DATA = "Data integrity checks completed"
# DAT011 needs a report from before, which not every run has.
_ROWS = ("DAT00", "DAT010")
BACKUP = "Pre-deployment backup created"
ROLLBACK = "Rollback procedures tested"
BENCHMARKS = "Performance benchmarks established"

_COLUMN_TYPES = ("MON001", "MON002", "MON003", "MON004")
"""The line is about the types of columns, not about what code does with them."""


OF_SCRIPTS = "HIS025"
"""SQL scripts are no migration system."""


def checklist(
    assay: Assay, results: Sequence[CheckResult], findings: Sequence[Finding]
) -> tuple[ChecklistItem, ...]:
    """A line is done only when every check behind it ran in full and found nothing."""
    return (
        _systems(assay, results, findings),
        _connection(assay),
        _types(assay, results, findings),
        _data(assay, results, findings),
        ChecklistItem(BACKUP, ItemStatus.UNKNOWN, "No backup was seen."),
        ChecklistItem(ROLLBACK, ItemStatus.UNKNOWN, "No rollback was rehearsed."),
        ChecklistItem(BENCHMARKS, ItemStatus.UNKNOWN, "No benchmark was recorded."),
    )


def _systems(
    assay: Assay, results: Sequence[CheckResult], findings: Sequence[Finding]
) -> ChecklistItem:
    serious = [f for f in findings if f.severity is not Severity.INFO and f.code != OF_SCRIPTS]
    if blocking := _blocking(serious, "HIS"):
        return ChecklistItem(SYSTEMS, ItemStatus.BLOCKED, *_shown(blocking))
    if old := _old(serious, "HIS"):
        return ChecklistItem(SYSTEMS, ItemStatus.UNKNOWN, old)
    if incomplete := _incomplete([r for r in results if r.code != OF_SCRIPTS], "HIS"):
        return ChecklistItem(SYSTEMS, ItemStatus.UNKNOWN, incomplete)
    elsewhere = [(b.history, in_place_of(b)) for b in assay.known_builds.values() if in_place_of(b)]
    if elsewhere:
        # What was proven holds for PostgreSQL; nothing shows that it is deployed there.
        shown = "; ".join(f"env.py of {name}/ connects to {url}" for name, url in elsewhere)
        return ChecklistItem(SYSTEMS, ItemStatus.UNKNOWN, f"{shown}, not to PostgreSQL.")
    if not assay.project.histories and not assay.project.systems:
        return ChecklistItem(SYSTEMS, ItemStatus.UNKNOWN, "The project has no migration history.")
    told = ", ".join(
        [f"{h.name}/ with {len(h.revisions)}" for h in assay.project.histories]
        + [
            f"{s.name}/ ({s.kind}) with {len(s.applied)}"
            for s in assay.project.systems
            if s.name in assay.known_runs
        ]
    )
    return ChecklistItem(SYSTEMS, ItemStatus.DONE, f"Revisions built from scratch: {told}.")


def _connection(assay: Assay) -> ChecklistItem:
    if isinstance(assay.server, Server):
        server = assay.server
        return ChecklistItem(
            CONNECTION,
            ItemStatus.DONE,
            f"Connected to {server.database} as {server.user}, PostgreSQL {server.version}.",
        )
    if isinstance(assay.server, Unavailable):
        return ChecklistItem(CONNECTION, ItemStatus.UNKNOWN, assay.server.reason)
    return ChecklistItem(CONNECTION, ItemStatus.UNKNOWN, "No database was asked for.")


def _types(
    assay: Assay, results: Sequence[CheckResult], findings: Sequence[Finding]
) -> ChecklistItem:
    if blocking := _blocking(findings, _COLUMN_TYPES):
        return ChecklistItem(TYPES, ItemStatus.BLOCKED, *_shown(blocking))
    if old := _old(findings, _COLUMN_TYPES):
        return ChecklistItem(TYPES, ItemStatus.UNKNOWN, old)
    if incomplete := _incomplete(results, _COLUMN_TYPES):
        return ChecklistItem(TYPES, ItemStatus.UNKNOWN, incomplete)
    if not isinstance(assay.money, tuple) or not assay.money:
        return ChecklistItem(
            TYPES,
            ItemStatus.UNKNOWN,
            "No column was taken for money; name them under [money] columns.",
        )
    return ChecklistItem(
        TYPES,
        ItemStatus.DONE,
        f"{len(assay.money)} money column{'s' * (len(assay.money) > 1)} of the required type.",
    )


def _data(
    assay: Assay, results: Sequence[CheckResult], findings: Sequence[Finding]
) -> ChecklistItem:
    if blocking := _blocking(findings, "DAT"):
        return ChecklistItem(DATA, ItemStatus.BLOCKED, *_shown(blocking))
    if old := _old(findings, "DAT"):
        return ChecklistItem(DATA, ItemStatus.UNKNOWN, old)
    if not isinstance(assay.data, DataRun):
        reason = assay.data.reason if isinstance(assay.data, Unavailable) else ""
        return ChecklistItem(DATA, ItemStatus.UNKNOWN, reason or "No data check was run.")
    if incomplete := _incomplete(results, _ROWS):
        return ChecklistItem(DATA, ItemStatus.UNKNOWN, incomplete)
    rules = [outcome.rule for outcome in assay.data.outcomes]
    if all(isinstance(rule, References) and rule.declared for rule in rules):
        return ChecklistItem(
            DATA, ItemStatus.UNKNOWN, f"No rules for rows are written down in {assay.data.path}."
        )
    endings = Counter(outcome.ending for outcome in assay.data.outcomes)
    told: tuple[tuple[Ending, str], ...] = (
        ("passed", "by all rows"),
        ("proved", "proved by constraints"),
        ("vacuous", "of no rows"),
    )
    shown = ", ".join(f"{endings[ending]} {words}" for ending, words in told if endings[ending])
    return ChecklistItem(
        DATA, ItemStatus.DONE, f"{len(assay.data.outcomes)} rules kept: {shown}, {assay.data.at}."
    )


def _old(findings: Iterable[Finding], family: str | tuple[str, ...]) -> str:
    """That findings are only passed over since they are old; "" where none are. What a waiver
    accepts has an owner and an end; a baseline proves nothing."""
    number = sum(f.code.startswith(family) and f.is_old for f in findings)
    if not number:
        return ""
    return f"{number} finding{'s' * (number > 1)} that the baseline accepts."


def _blocking(findings: Iterable[Finding], family: str | tuple[str, ...]) -> list[Finding]:
    return [f for f in findings if f.code.startswith(family) and not f.waived]


def _shown(blocking: Sequence[Finding]) -> tuple[str, tuple[str, ...]]:
    codes = tuple(sorted({f.code for f in blocking}))
    number = f"{len(blocking)} finding{'s' if len(blocking) > 1 else ''}"
    return f"{number}: {', '.join(codes)}.", codes


def _incomplete(results: Iterable[CheckResult], family: str | tuple[str, ...]) -> str:
    """Why the family proves nothing yet; "" when each of its checks saw all it needed."""
    for result in results:
        if result.code.startswith(family) and not result.saw_all:
            return f"{result.code} is {result.status}: {result.coverage.rstrip('.')}."
    return ""
