"""The worked example, through the command line: exit 1 with and without its database, and every
defect that its README lists is named."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import pgassay
from pgassay.checks import ALL
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer

EXAMPLE = Path(__file__).parents[2] / "examples" / "mita_finance"
SOURCE = Path(pgassay.__file__).parents[1]

Found = tuple[str, str]

FILES: frozenset[Found] = frozenset(
    (
        ("HIS001", "alembic + migrations"),
        ("HIS002", "0001_initial"),
        ("HIS003", "migrations: 0006_transactions_user_created_at_idx"),
        ("HIS010", "migrations: 0002_subscription_plan_dates"),
        ("HIS010", "migrations: 0005_push_token_platform"),
        ("HIS012", "alembic/env.py"),
        ("HIS012", "migrations/env.py"),
        ("HIS017", "alembic + migrations"),
        ("SEC001", "alembic.ini: sqlalchemy.url"),
        ("SEC001", ".github/workflows/ci.yml: DATABASE_URL"),
        ("SEC001", ".github/workflows/ci.yml: POSTGRES_PASSWORD"),
        ("DRF003", "public.ai_advice_templates"),
        ("DRF003", "public.budget_advice"),
        ("DRF003", "public.user_profiles"),
        ("DRF003", "public.notification_logs.notification_logs_user_id_fkey"),
        ("DRF003", "public.user_answers.user_answers_user_id_fkey"),
        ("DRF003", "public.push_tokens.platform"),
        ("DRF003", "public.transactions.ix_transactions_user_id_created_at"),
        ("DRF004", "public.expenses.ck_expenses_amount_positive"),
        ("DRF004", "public.goals.ck_goals_target_positive"),
        ("DRF004", "public.transactions.ck_transactions_amount_positive"),
        ("DRF004", "public.users.ck_users_income_not_negative"),
        ("DRF005", "public.expenses.amount"),
        ("MON001", "public.expenses.amount"),
        ("MON003", "public.goals.saved_amount"),
        ("MON004", "public.subscriptions.price"),
    )
)
"""What the files show, whatever is live."""

BY_HAND = (
    "public.subscriptions.plan_expires_at",
    "public.subscriptions.plan_starts_at",
    "public.users.timezone",
)
"""Columns that the models have and the history lacks; somebody added them to production."""

LIVE: frozenset[Found] = FILES | {
    *(("DRF002", column) for column in BY_HAND),
    ("DRF002", "public.transactions.refund_reference"),
    ("DRF001", "public.expenses.ix_expenses_user_id_date"),
}
WITHOUT_DATABASE: frozenset[Found] = FILES | {("DRF003", column) for column in BY_HAND}

_SUBSCRIPTION_DATES = "migrations: 0002_subscription_plan_dates"
_FINANCIAL = "0006_fix_financial_data_types"

REVISIONS = {
    "public.ai_advice_templates": "migrations: 0007_ai_advice_templates",
    "public.budget_advice": "migrations: 0003_budget_advice_table",
    "public.expenses.amount": _FINANCIAL,
    "public.expenses.ck_expenses_amount_positive": _FINANCIAL,
    "public.expenses.ix_expenses_user_id_date": _FINANCIAL,
    "public.goals.ck_goals_target_positive": _FINANCIAL,
    "public.notification_logs.notification_logs_user_id_fkey": "a0d5ecc53667",
    "public.push_tokens.platform": "migrations: 0005_push_token_platform",
    "public.subscriptions.plan_expires_at": _SUBSCRIPTION_DATES,
    "public.subscriptions.plan_starts_at": _SUBSCRIPTION_DATES,
    "public.transactions.ck_transactions_amount_positive": _FINANCIAL,
    "public.transactions.ix_transactions_user_id_created_at": (
        "migrations: 0006_transactions_user_created_at_idx"
    ),
    "public.transactions.refund_reference": "0001_initial",
    "public.user_answers.user_answers_user_id_fkey": "0001_initial",
    "public.users.ck_users_income_not_negative": _FINANCIAL,
    "public.users.timezone": "migrations: 0004_user_timezone",
}
"""The revision that made the object or should have; of a hotfix of nobody's, its table's."""

NAMED: dict[str, tuple[Found, ...]] = {
    "Two histories for one database": (("HIS001", "alembic + migrations"),),
    "Two ways to migrate": (("HIS017", "alembic + migrations"),),
    "Both start with the id": (("HIS002", "0001_initial"),),
    "The second history cannot be built": (("HIS010", "migrations: 0002_subscription_plan_dates"),),
    "The same once more, with `push_tokens`": (("HIS010", "migrations: 0005_push_token_platform"),),
    "A revision id of 37 characters": (
        ("HIS003", "migrations: 0006_transactions_user_created_at_idx"),
    ),
    "Money as binary floating point": (
        ("MON001", "public.expenses.amount"),
        ("DRF005", "public.expenses.amount"),
    ),
    "Money as `Numeric` without precision": (("MON003", "public.goals.saved_amount"),),
    "Foreign keys the models declare": (
        ("DRF003", "public.user_answers.user_answers_user_id_fkey"),
        ("DRF003", "public.notification_logs.notification_logs_user_id_fkey"),
    ),
    "Tables the models have": (
        ("DRF003", "public.budget_advice"),
        ("DRF003", "public.ai_advice_templates"),
        ("DRF003", "public.user_profiles"),
    ),
    "Columns the models have": (
        ("DRF003", "public.push_tokens.platform"),
        *(("DRF003", column) for column in BY_HAND),
    ),
    "An index the models have": (
        ("DRF003", "public.transactions.ix_transactions_user_id_created_at"),
    ),
    "Checks the first history creates": (
        ("DRF004", "public.expenses.ck_expenses_amount_positive"),
        ("DRF004", "public.goals.ck_goals_target_positive"),
        ("DRF004", "public.transactions.ck_transactions_amount_positive"),
        ("DRF004", "public.users.ck_users_income_not_negative"),
    ),
    "A password in a committed file": (("SEC001", "alembic.ini: sqlalchemy.url"),),
    "`env.py` ignores `DATABASE_URL`": (
        ("HIS012", "alembic/env.py"),
        ("HIS012", "migrations/env.py"),
    ),
}
"""How a row of the README's first table begins -> the findings that name it, without a database."""

FAMILY_TO_COME = {
    "Four workers, each with a pool": "POL",
    "A backup that passes when": "BAK",
    "Two backups that hand": "BAK",
    "A backup that is never restored": "BAK",
}
"""Rows for families of checks that are not there yet."""


def planted_rows() -> list[str]:
    """The first column of the README's table of planted defects."""
    text = (EXAMPLE / "README.md").read_text("utf-8")
    section = text.partition("## Planted defects")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip() for line in section.splitlines() if line.startswith("|")]
    return rows[2:]


def check(*arguments: str) -> tuple[int, frozenset[Found], list[dict[str, Any]]]:
    """Exit status, findings and the report's list of them, of `pgassay check` on the example."""
    named = [n for n in os.environ if n.startswith("PG") or n.endswith("DATABASE_URL")]
    environment = {n: v for n, v in os.environ.items() if n not in named}
    environment |= {
        "PYTHONPATH": str(SOURCE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PGASSAY_NO_CACHE": "1",
    }
    done = subprocess.run(
        [
            *(sys.executable, "-c", "from pgassay.cli.main import run; run()"),
            *("check", str(EXAMPLE), "-q", "--output", "json", "--python", sys.executable),
            *arguments,
        ],
        capture_output=True,
        text=True,
        env=environment,
    )
    findings = json.loads(done.stdout)["findings"]
    pairs = [(f["code"], f["subject"]) for f in findings]
    assert len(pairs) == len(set(pairs))
    return done.returncode, frozenset(pairs), findings


@pytest.fixture(scope="module")
def production(planted_server: ScratchServer) -> Iterator[Database]:
    database = planted_server.create_database("mita")
    subprocess.run(
        [sys.executable, "production/build_production.py", "--url", database.url()],
        cwd=EXAMPLE,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    yield database
    planted_server.drop_database(database)


def test_with_the_database_it_exits_1_and_names_every_difference(production: Database) -> None:
    status, found, findings = check("--database-url", production.url())
    assert status == 1
    assert found == LIVE
    by_subject = {f["subject"]: f for f in findings if f["code"].startswith("DRF")}
    # Live lets it be null, where the model does not.
    assert "not null" in by_subject["public.users.timezone"]["message"]
    assert by_subject["public.expenses.ix_expenses_user_id_date"]["severity"] == "warning"


def test_without_a_database_it_exits_1_and_names_what_the_files_show() -> None:
    status, found, findings = check()
    assert status == 1
    assert found == WITHOUT_DATABASE
    for finding in findings:
        assert finding["location"], finding["subject"]
        assert (EXAMPLE / finding["location"]["path"]).is_file()


@pytest.mark.parametrize("row", planted_rows(), ids=lambda row: row[:40])
def test_every_row_of_the_readme_is_named(row: str) -> None:
    to_come = [family for start, family in FAMILY_TO_COME.items() if row.startswith(start)]
    if to_come:
        # As soon as the family is there, it must name this row: move it to NAMED.
        assert to_come[0] not in {check.family for check in ALL}
        return
    named = [findings for start, findings in NAMED.items() if row.startswith(start)]
    assert len(named) == 1, row
    assert frozenset(named[0]) <= WITHOUT_DATABASE


def test_each_drift_names_its_revision_and_a_fix(production: Database) -> None:
    _, _, findings = check("--database-url", production.url())
    drifts = {f["subject"]: f for f in findings if f["code"].startswith("DRF")}
    for finding in drifts.values():
        assert finding["fix"], finding["subject"]
        assert finding["location"], finding["subject"]
    made = {subject: f["evidence"].get("revision") for subject, f in drifts.items()}
    # No revision of either history makes it: what is known is which one a new one follows.
    assert made.pop("public.user_profiles") is None
    follows = drifts["public.user_profiles"]["evidence"]["follows"]
    assert follows == ["0006_fix_financial_data_types"]
    assert made == REVISIONS
