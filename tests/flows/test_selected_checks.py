"""What a selection of checks leaves unsaid must not look fine."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.verdict import Verdict

BASE = Path(__file__).parents[1] / "cases" / "base"
FAILS = """
from alembic import op
revision = "r1"
down_revision = None
def upgrade(): op.execute("SELECT no_such_function()")
def downgrade(): pass
"""


@pytest.mark.parametrize(
    ("select", "needs"),
    [(("HIS026",), ["round trip of reports"]), (("HIS026", "HIS010"), [])],
)
def test_a_history_that_does_not_build_is_told_by_somebody(
    tmp_path: Path, select: tuple[str, ...], needs: list[str]
) -> None:
    """By HIS010, or where that was not asked for, as unknown."""
    root = tmp_path / "ledger"
    shutil.copytree(BASE, root)
    (root / "reports" / "versions").mkdir(parents=True)
    env = (BASE / "alembic" / "env.py").read_text()
    table = 'context.configure(version_table="reports_version", '
    (root / "reports" / "env.py").write_text(env.replace("context.configure(", table))
    (root / "reports" / "versions" / "r1.py").write_text(FAILS)
    request = CheckRequest(root, python=sys.executable, no_database=True, select=select)
    report = check(request, lambda _: None)
    assert [u.needs for u in report.unavailable] == needs
    assert [f.code for f in report.findings] == ([] if needs else ["HIS010"])
    assert report.verdict is (Verdict.UNKNOWN if needs else Verdict.UNSAFE)
