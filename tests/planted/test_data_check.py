"""`data check` on the generated data: exactly the planted rows, under any names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from pgassay.flows.check import CheckRequest, check
from pgassay.flows.data_infer import InferRequest, infer
from pgassay.postgres.scratch import Database
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report, Verdict
from tests.planted.generated_data import Generated, build
from tests.random_names import NewNames, meaningless, read_columns, rename, synonyms

RULES = Path(__file__).parent / "data_rules.yml"
Keys = dict[tuple[str, str], list[str]]
"""By check and `schema.table.column (rule)`."""

# What of the plan each rule meets: kind and table -> checks and the column's rules.
MEETS: dict[str, dict[str, list[str]]] = {
    "orphans": {
        "public.user_answers": ["DAT001 user_id references"],
        "public.notification_logs": ["DAT001 user_id references"],
        "ledger.invoices": ["DAT001 user_id references"],
    },
    "orphans_behind_fk": {
        "public.transactions": ["DAT001 user_id references"],
        "public.expenses": ["DAT001 user_id references"],
    },
    "negatives": {
        "public.goals": ["DAT003 saved_amount range"],
        "public.subscriptions": ["DAT003 price range"],
        "public.daily_plan": ["DAT003 spent_amount range"],
    },
    "emails": {"public.users": ["DAT004 email unique"]},
    "sub_cent": {
        "public.transactions": ["DAT006 amount minor_units"],
        "public.goals": ["DAT006 saved_amount minor_units"],
        "ledger.card_fees": ["DAT006 amount minor_units"],
    },
    "nan": {
        "public.users": ["DAT003 annual_income range"],
        "public.transactions": ["DAT003 amount range"],
        "ledger.card_fees": ["DAT003 amount range", "DAT003 amount fits"],
    },
    "infinite": {
        "public.goals": ["DAT003 saved_amount range", "DAT003 saved_amount fits"],
        "ledger.card_fees": ["DAT003 amount range", "DAT003 amount fits"],
    },
    "overflow": {
        "public.goals": ["DAT003 saved_amount fits"],
        "ledger.card_fees": ["DAT003 amount fits"],
    },
    "future": {
        "public.transactions": ["DAT007 spent_at in_time"],
        "public.expenses": ["DAT007 date in_time"],
        "public.notification_logs": ["DAT007 sent_at in_time"],
    },
    "pre_epoch": {
        "public.transactions": ["DAT007 spent_at in_time"],
        "public.expenses": ["DAT007 date in_time"],
    },
    "currency": {
        "public.transactions": ["DAT005 currency currency"],
        "public.subscriptions": ["DAT005 currency currency"],
        "ledger.card_fees": ["DAT005 currency currency"],
    },
    "unbalanced": {"ledger.journal_entries": ["DAT009 amount balanced"]},
    "headers": {"ledger.invoices": ["DAT008 total total"]},
}


@pytest.fixture(scope="module")
def generated(
    planted_server: ScratchServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Generated]:
    database = planted_server.create_database("data_check")
    build(database)
    yield Generated(database, tmp_path_factory.mktemp("truth") / "planted.json")
    planted_server.drop_database(database)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pgassay-data.yml").write_text(RULES.read_text())
    return tmp_path


def asked(project: Path, database: Database) -> Report:
    request = CheckRequest(project, database_url=database.url(), select=["DAT"], data_demanded=True)
    return check(request, lambda _: None)


def found(report: Report) -> Keys:
    keys: Keys = {}
    for finding in report.findings:
        shown = [key[0] for key in finding.evidence["keys"]]
        assert finding.evidence["failing"] == len(shown)
        keys[finding.code, finding.subject] = sorted(shown)
    return keys


def planted(generated: Generated, names: NewNames | None = None) -> Keys:
    expected: Keys = {}
    for (kind, table), keys in generated.planted().items():
        for met in MEETS[kind][table]:
            code, column, rule = met.split()
            if names is None:
                subject = f"{table}.{column} ({rule})"
            else:
                subject = f"{names.table(table)}.{names.column(table, column)} ({rule})"
            told = expected.setdefault((code, subject), [])
            told += {str(key) for key in keys} - {*told}
    return {where: sorted(keys) for where, keys in expected.items()}


@pytest.mark.parametrize("seed", [1, 2])
def test_exactly_what_is_planted(generated: Generated, project: Path, seed: int) -> None:
    generated.fill(200, 3_000, seed)
    report = asked(project, generated.database)
    assert found(report) == planted(generated)
    assert (report.verdict, report.unavailable) == (Verdict.UNSAFE, ())


def test_clean_rows_are_clear(generated: Generated, project: Path) -> None:
    generated.fill(200, 3_000, 3, "--defects=none")
    report = asked(project, generated.database)
    assert (report.findings, report.unavailable) == ((), ())
    assert report.verdict is Verdict.CLEAR
    line = next(item for item in report.checklist if item.item.startswith("Data integrity"))
    assert line.status == "done"
    assert "proved by constraints" in line.evidence


def test_the_money_is_that_of_the_plan(generated: Generated, project: Path) -> None:
    generated.fill(200, 3_000, 4)
    report = asked(project, generated.database)
    for kind, table, subject in (
        ("orphans", "ledger.invoices", "ledger.invoices.user_id (references)"),
        ("negatives", "public.subscriptions", "public.subscriptions.price (range)"),
        ("headers", "ledger.invoices", "ledger.invoices.total (total)"),
        ("unbalanced", "ledger.journal_entries", "ledger.journal_entries.amount (balanced)"),
    ):
        places = generated.truth["defects"][kind]["places"]
        amounts = next(place["amounts"] for place in places if place["table"] == table)
        finding = next(f for f in report.findings if f.subject == subject)
        told = {a["currency"]: Decimal(a["amount"]) for a in finding.evidence["affected"]}
        assert told == {currency: Decimal(amount) for currency, amount in amounts.items()}


@pytest.mark.parametrize("how", [synonyms, meaningless])
def test_under_other_names(
    planted_server: ScratchServer, generated: Generated, project: Path, how: Any
) -> None:
    generated.fill(200, 3_000, 5)
    copy = planted_server.create_database("renamed", template=generated.database.name)
    try:
        with copy.connect() as connection:
            names = how(read_columns(connection), 7)
            rename(connection, names)
        (project / "pgassay-data.yml").write_text(yaml.safe_dump(renamed(names)))
        there = replace(generated, database=copy)
        assert found(asked(project, copy)) == planted(there, names)
    finally:
        planted_server.drop_database(copy)


@pytest.mark.parametrize("seed", [0, 8])
def test_what_is_inferred_finds_it_too(
    planted_server: ScratchServer, generated: Generated, tmp_path: Path, seed: int
) -> None:
    """From names, types, relationships and statistics alone; with seed 8 from other names, which
    tell the same."""
    generated.fill(400, 6_000, 9)
    copy = planted_server.create_database("inferred", template=generated.database.name)
    try:
        with copy.connect(autocommit=True) as connection:
            names = synonyms(read_columns(connection), seed) if seed else None
            if names:
                rename(connection, names)
            connection.execute("ANALYZE")
        (tmp_path / "pgassay.toml").touch()
        wanted = infer(InferRequest(tmp_path, None, copy.url(), write=True), lambda _: None)
        assert (wanted.path, wanted.lost) == ("pgassay-data.yml", ())
        hits = found(asked(tmp_path, copy))
        expected = planted(replace(generated, database=copy), names)
        assert {subject: hits.get(subject) for subject in expected} == expected
        # What else is found is another column of a row that is planted: both of its times.
        more = {subject: keys for subject, keys in hits.items() if subject not in expected}
        planted_keys = {key for keys in expected.values() for key in keys}
        assert {code for code, _ in more} <= {"DAT007"}
        assert {key for keys in more.values() for key in keys} <= planted_keys
        again = infer(InferRequest(tmp_path, None, copy.url()), lambda _: None)
        assert (again.proposals, again.known) == ((), len(wanted.proposals))
    finally:
        planted_server.drop_database(copy)


def renamed(names: NewNames) -> dict[str, Any]:
    """The rules in the new names."""
    rules = yaml.safe_load(RULES.read_text())

    def column(table: str, word: Any) -> Any:
        if isinstance(word, list):
            return [column(table, one) for one in word]
        schema, _, name = table.partition(".")
        return names.columns.get((schema, name, str(word)), word)

    def rule(table: str, said: dict[str, Any]) -> dict[str, Any]:
        (kind, value), *_ = said.items()
        if not isinstance(value, dict):
            return {kind: column(table, value)}
        made = {}
        for key, word in value.items():
            if key in ("parent", "lines"):
                made[key] = names.table(word)
            elif kind == "references" and key == "key":
                made[key] = column(value["parent"], word)
            elif kind == "total" and key in ("line", "by"):
                made[key] = column(value["lines"], word)
            elif key == "alike":
                made[key] = word
            else:
                made[key] = column(table, word)
        return {kind: made}

    return {
        "tables": {
            names.table(table): [rule(table, said) for said in rules_of]
            for table, rules_of in rules["tables"].items()
        }
    }
