"""MIG: how grave a pending statement is by what its table weighs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.check import run_checks
from pgassay.checks import pending_data, pending_locks
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.pending_run import ColumnChange, PendingRun, TableLock, WatchedStatement
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.facts.table_size import TableSize, TableSizes
from pgassay.findings import Finding, Severity

USERS = ("public", "users")
REWRITE = WatchedStatement(
    "r2",
    "ALTER TABLE users ALTER id TYPE bigint",
    1,
    alone=False,
    took=(TableLock(USERS, "AccessExclusiveLock"),),
    rewritten=(USERS,),
    scanned=(USERS,),
    columns=(ColumnChange(USERS, "id", "retyped", "integer", "bigint"),),
)
DROP = WatchedStatement(
    "r3",
    "ALTER TABLE users DROP COLUMN phone",
    1,
    alone=False,
    columns=(ColumnChange(USERS, "phone", "dropped", "text"),),
)


def found(statement: WatchedStatement, size: TableSize | None, *, told: bool = True) -> Finding:
    run = PendingRun("alembic", "x", ("r1",), ("r2",), (statement,), Catalog(0), Catalog(0))
    sizes = TableSizes("production.json", "", {USERS: size} if size else {})
    assay = Assay(Settings(), Project("/p", ()), pending=run, sizes=sizes if told else None)
    checks = (*pending_locks.CHECKS, *pending_data.CHECKS)
    [finding] = run_checks(checks, assay).findings
    return finding


@pytest.mark.parametrize(
    ("size", "told", "severity", "words"),
    [
        (None, False, Severity.BLOCKER, "of unknown size"),
        (None, True, Severity.BLOCKER, "not in production.json"),
        (TableSize(15_000_000, 500_000, 90_000), True, Severity.INFO, "15 MB, 90,000 rows"),
        (TableSize(15_000_000, 2_000_000, None), True, Severity.BLOCKER, "15 MB"),
        (
            TableSize(41_000_000_000, 0, 300_000_000),
            True,
            Severity.BLOCKER,
            "41 GB, 300 million rows",
        ),
    ],
)
def test_a_small_table_is_info_and_an_unknown_one_is_not(
    size: TableSize | None, told: bool, severity: Severity, words: str
) -> None:
    finding = found(REWRITE, size, told=told)
    assert (finding.code, finding.severity) == ("MIG001", severity)
    assert f"all of public.users ({words}) is written again" in finding.message
    assert "under ACCESS EXCLUSIVE" in finding.message


def test_data_is_as_dear_in_a_small_table() -> None:
    assert found(DROP, TableSize(8192, 0, 3)).severity is Severity.BLOCKER
    run = replace(DROP, columns=(replace(DROP.columns[0], is_new=True),))
    for statement, size in ((DROP, TableSize(0, 0, 0)), (run, None)):
        with pytest.raises(ValueError, match="not enough values"):
            found(statement, size)
