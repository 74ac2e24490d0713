"""`pytest --pgassay` in the worked example's own suite: as it is, and mended, with damage planted
again."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.pgassay_command import EXAMPLE, environment
from tests.pytest_plugin.suite_run import ended, run_suite

MEND = """
import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008_mend"
down_revision = "0007_ai_advice_templates_2"

FOREIGN_KEYS = ("user_answers", "notification_logs")


def upgrade():
    op.create_table(
        "user_profiles",
        sa.Column("id", sa.UUID(), primary_key=True),
        sa.Column(
            "user_id",
            sa.UUID(),
            sa.ForeignKey("users.id", ondelete="CASCADE"),
            nullable=False,
            unique=True,
        ),
        sa.Column("data", postgresql.JSONB(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.func.now(),
            nullable=False,
        ),
    )
    for table in FOREIGN_KEYS:
        op.create_foreign_key(
            f"{table}_user_id_fkey", table, "users", ["user_id"], ["id"], ondelete="CASCADE"
        )
    op.alter_column("goals", "saved_amount", type_=sa.Numeric(12, 2))
    op.alter_column("subscriptions", "price", type_=sa.Numeric(12, 2))


def downgrade():
    op.alter_column("subscriptions", "price", type_=sa.Numeric(10, 2))
    op.alter_column("goals", "saved_amount", type_=sa.Numeric())
    for table in FOREIGN_KEYS:
        op.drop_constraint(f"{table}_user_id_fkey", table)
    op.drop_table("user_profiles")
"""


def revision(up: str, down: str) -> str:
    return (
        "import sqlalchemy as sa\nfrom alembic import op\n\n"
        'revision = "0009_more"\ndown_revision = "0008_mend"\n\n\n'
        f"def upgrade():\n    {up}\n\n\ndef downgrade():\n    {down}\n"
    )


def rewrite(path: Path, pattern: str, replacement: str) -> None:
    text, count = re.subn(pattern, replacement, path.read_text())
    assert count == 1, (path, pattern)
    path.write_text(text)


@pytest.fixture(scope="module")
def mended(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with one history, and models and money as that has them."""
    root = tmp_path_factory.mktemp("mended") / "mita"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    consolidate = ("history", "consolidate", root, "--into", "alembic", "--write")
    subprocess.run(
        [sys.executable, "-m", "pgassay", *map(str, consolidate)],
        env=environment(),
        check=True,
        capture_output=True,
    )
    patch = str(root / "alembic" / "models.patch")
    subprocess.run(["git", "apply", patch], cwd=root, check=True)
    models = root / "app" / "db" / "models"
    rewrite(models / "expense.py", r"    Float,\n", "    Numeric,\n")
    rewrite(models / "expense.py", r"mapped_column\(Float\)", "mapped_column(Numeric(12, 2))")
    rewrite(models / "goal.py", r"\(Numeric, server", "(Numeric(12, 2), server")
    rewrite(models / "subscription.py", r"Numeric\(10, 2\)", "Numeric(12, 2)")
    rewrite(root / "alembic.ini", r"(?m)^sqlalchemy.url = .*$", "sqlalchemy.url =")
    (root / "alembic" / "versions" / "0008_mend.py").write_text(MEND)
    return root


@pytest.fixture
def project(mended: Path, tmp_path: Path) -> Path:
    root = tmp_path / "mita"
    shutil.copytree(mended, root)
    return root


def test_the_example_as_it_is(tmp_path: Path) -> None:
    root = tmp_path / "mita"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    run = run_suite(root, "--pgassay", "-W", "error", "--strict-markers", env={"DATABASE_URL": "x"})
    assert run.status == 1
    assert run.endings == ended(
        histories_build="failed",
        round_trip="error",
        models_match_history="failed",
        money_policy="failed",
        other_checks="failed",
    )
    assert len(run.others) == 16
    assert all(test.endswith("passed") for test in run.others)
    builds = run.texts["histories_build"]
    assert (
        "BLOCKER HIS010 history-not-buildable  migrations: 0002_subscription_plan_dates" in builds
    )
    assert "at migrations/versions/0002_subscription_plan_dates.py:18" in builds
    assert "fix: Add a revision that creates relation" in builds
    assert "more: pgassay explain HIS003; pgassay check . --no-database" in builds
    assert "migrations/ does not build" in run.texts["round_trip"]
    assert "Mend first what pgassay::histories_build shows." in run.texts["round_trip"]
    models = run.texts["models_match_history"]
    assert len(set(re.findall(r"DRF003 models-ahead  \S+", models))) == 10
    assert "BLOCKER DRF005 schema-differs  public.expenses.amount" in models
    assert set(re.findall(r"MON\d+ [a-z-]+  \S+", run.texts["money_policy"])) == {
        "MON001 money-in-floating-point  public.expenses.amount",
        "MON003 money-without-precision  public.goals.saved_amount",
        "MON004 money-off-policy  public.subscriptions.price",
    }
    assert "SEC001 password-in-file  alembic.ini: sqlalchemy.url" in run.texts["other_checks"]
    assert "Wint3r" not in run.output


def test_mended_all_of_it_passes(project: Path) -> None:
    run = run_suite(project, "--pgassay")
    assert run.endings == ended(), run.output
    assert run.status == 0


def test_a_history_that_does_not_build(project: Path) -> None:
    """Nothing that rests on it is known then."""
    path = project / "alembic" / "versions" / "0009_more.py"
    path.write_text(revision("op.execute('ALTER TABLE lost ADD x int')", "pass"))
    run = run_suite(project, "--pgassay")
    assert run.endings == {
        name: "failed" if name == "histories_build" else "error" for name in ended()
    }
    assert "alembic/versions/0009_more.py:9" in run.texts["histories_build"]
    assert 'relation "lost"' in run.texts["histories_build"]
    assert "cannot be built" in run.texts["models_match_history"]
    assert "cannot be built" in run.texts["money_policy"]


def test_a_downgrade_that_leaves_something(project: Path) -> None:
    path = project / "alembic" / "versions" / "0009_more.py"
    path.write_text(revision("op.execute('CREATE VIEW left_over AS SELECT 1 AS x')", "pass"))
    run = run_suite(project, "--pgassay")
    assert run.endings == ended(round_trip="failed"), run.output
    assert "HIS026 irreversible-revision  alembic: 0009_more" in run.texts["round_trip"]
    assert "view public.left_over" in run.texts["round_trip"]


def test_a_column_that_no_model_has(project: Path) -> None:
    column = 'op.add_column("goals", sa.Column("color", sa.Text()))'
    path = project / "alembic" / "versions" / "0009_more.py"
    path.write_text(revision(column, 'op.drop_column("goals", "color")'))
    run = run_suite(project, "--pgassay")
    assert run.endings == ended(models_match_history="failed"), run.output
    assert "DRF004 models-behind  public.goals.color" in run.texts["models_match_history"]


def test_a_column_that_no_revision_makes(project: Path) -> None:
    rewrite(
        project / "app" / "db" / "models" / "habit.py",
        r"(?m)^    created_at",
        "    color: Mapped[str | None] = mapped_column(String(9))\n    created_at",
    )
    run = run_suite(project, "--pgassay")
    assert run.endings == ended(models_match_history="failed"), run.output
    assert "DRF003 models-ahead  public.habits.color" in run.texts["models_match_history"]


def test_money_as_float_in_both(project: Path) -> None:
    column = 'op.add_column("expenses", sa.Column("tip_amount", sa.Float()))'
    path = project / "alembic" / "versions" / "0009_more.py"
    path.write_text(revision(column, 'op.drop_column("expenses", "tip_amount")'))
    model = project / "app" / "db" / "models" / "expense.py"
    rewrite(model, r"    Numeric,\n", "    Float,\n    Numeric,\n")
    added = "    tip_amount: Mapped[float | None] = mapped_column(Float)\n    date: Mapped"
    rewrite(model, r"(?m)^    date: Mapped", added)
    run = run_suite(project, "--pgassay")
    assert run.endings == ended(money_policy="failed"), run.output
    assert "MON001 money-in-floating-point  public.expenses.tip_amount" in run.texts["money_policy"]


def test_a_password_in_a_file_is_among_the_others(project: Path) -> None:
    (project / "settings.ini").write_text("[db]\npassword = Rain-In-April-1984\n")
    run = run_suite(project, "--pgassay")
    assert run.endings == ended(other_checks="failed"), run.output
    assert "SEC001 password-in-file  settings.ini" in run.texts["other_checks"]
