"""`pgassay money plan --write`: what is written is run on a real server with rows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from pgassay.analysis.schema_diff import compare
from pgassay.facts.catalog import Catalog
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from tests.flows.money_project import LARGE, ROWS, SMALL, MoneyProject, money_project

MONEY = ("amount", "tip_amount", "fee_amount", "net_amount")
WANTED = ["numeric(12,2)"] * 4
ORIGINAL = ["double precision", "real", "numeric(10,2)", "numeric"]
ALL = (
    "SELECT id, amount::text, tip_amount::text, fee_amount::text, net_amount::text FROM payments"
    " ORDER BY id"
)


ON_18 = pytest.mark.parametrize("server", [18], indirect=True)
"""What no version of PostgreSQL does otherwise."""


@pytest.fixture(scope="module", params=[18, 15])
def server(request: pytest.FixtureRequest) -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(request.param)) as running:
        assert running.major == request.param
        yield running


@pytest.fixture
def project(
    server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MoneyProject]:
    with money_project(server, tmp_path, monkeypatch) as made:
        yield made


def differing(one: Catalog, other: Catalog) -> list[str]:
    """But for the order of columns."""
    found = compare({"one": one, "other": other}).differences
    return [f"{d.subject}: {d.property}" for d in found if d.property != "column order"]


def exact(rows: list[tuple[Any, ...]]) -> list[list[Decimal | None]]:
    """1.00 and 1.0000 are one number."""
    return [[None if v is None else Decimal(v) for v in row] for row in rows]


@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_the_sums_are_kept_and_the_downgrade_gives_all_back(
    project: MoneyProject, settings: str
) -> None:
    project.write(settings=settings)
    project.run(ROWS)
    sums, rows, before = project.sums(), project.ask(ALL), project.catalog()
    written = project.written()["written"]
    assert (written["not_written"], written["scripts"]) == ([], [])
    assert project.sums() == sums
    project.upgrade()
    assert project.types(MONEY) == WANTED
    assert project.sums() == sums
    # What the policy makes of each value, reckoned without PostgreSQL.
    rounded = [
        (
            i,
            *(
                None if v is None else Decimal(v).quantize(Decimal("0.01"), "ROUND_HALF_UP")
                for v in r
            ),
        )
        for i, *r in rows
    ]
    assert (
        project.ask(
            "SELECT id, amount, tip_amount, fee_amount, net_amount FROM payments ORDER BY id"
        )
        == rounded
    )
    # All that hung on the columns is there, of the new type.
    after = project.catalog()
    definitions = {c.name: c.definition for c in after.constraints}
    assert definitions["ck_amount"] == "CHECK ((amount >= (0)::numeric))"
    indexes = {i.name: (i.definition, i.unique, i.valid) for i in after.indexes}
    assert indexes["ix_amount"] == (
        "USING btree (amount) WHERE (amount > (100)::numeric)",
        False,
        True,
    )
    assert indexes["ux_note"] == ("USING btree (note, amount)", True, True)
    facts = {c.name: c for c in after.columns if c.table == "payments"}
    assert (facts["amount"].not_null, facts["amount"].comment) == (True, "what was paid")
    assert (facts["amount"].default, facts["net_amount"].default) == ("0.5", "1.5")
    assert project.ask("SELECT total FROM of_all") == [
        (pytest.approx(float(2 * sum(r[1] for r in rounded))),)
    ]
    # A row that was written to has the new value; the others all their digits.
    project.run(
        "UPDATE payments SET amount = 7.25 WHERE id = 1",
        "UPDATE payments SET note = 'x' WHERE id = 3",
    )
    project.downgrade()
    assert differing(project.catalog(), before) == []
    assert exact(project.ask(ALL)) == exact([(1, "7.25", *rows[0][2:]), *rows[1:]])
    project.upgrade()
    assert project.types(MONEY) == WANTED


_TYPES = ("real", "double precision", "numeric", "numeric(18,6)", "numeric(10,3)", "money")


def _value(random: Random, type_: str) -> str | None:
    """With as many digits as the type keeps, and at times right between two cents."""
    if random.random() < 0.1:
        return None
    digits = {"real": 6, "numeric(10,3)": 9}.get(type_, random.randint(1, 12))
    decimals = {"money": 2, "numeric(10,3)": 3}.get(type_, random.randint(0, 6))
    number = random.randint(0, 10**digits - 1) * 10 + random.choice((5, random.randint(0, 9)))
    shown = Decimal(number).scaleb(-decimals - 1 if type_ not in ("money",) else -2)
    return str(-shown if random.random() < 0.3 else shown)


@pytest.mark.parametrize("seed", range(4))
def test_random_money(project: MoneyProject, seed: int) -> None:
    random = Random(seed)
    types = {f"{letter}_amount": random.choice(_TYPES) for letter in "abc"}
    columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
    code = random.choice(("", ", currency text"))
    made = f"CREATE TABLE fees (id int PRIMARY KEY, {columns}{code})"
    settings = random.choice((SMALL, LARGE))
    settings += '[[money.policy]]\npattern = "*"\nprecision = 16\nscale = 2\n'
    project.write([made], settings)
    names = ", ".join(types)
    for number in range(150):
        values = [
            "NULL" if v is None else f"'{v}'" for v in (_value(random, t) for t in types.values())
        ]
        project.run(f"INSERT INTO fees (id, {names}) VALUES ({number}, {', '.join(values)})")
    shown = ", ".join(f"{n}::{'numeric' if t == 'money' else 'text'}" for n, t in types.items())
    rows = exact(project.ask(f"SELECT {shown} FROM fees ORDER BY id"))
    plan = project.written()
    project.upgrade()
    cent = Decimal("0.01")
    expected = [[None if v is None else v.quantize(cent, "ROUND_HALF_UP") for v in r] for r in rows]
    assert exact(project.ask(f"SELECT {names} FROM fees ORDER BY id")) == expected
    for place, column in enumerate(sorted(types)):
        (told,) = [c for c in plan["columns"] if c["subject"].endswith(column)]
        pairs = [(a[place], b[place]) for a, b in zip(rows, expected, strict=True)]
        changed = [(a, b) for a, b in pairs if a is not None and b is not None and a != b]
        assert sum(c["changed"] for c in told["currencies"]) == len(changed)
        total = sum(Decimal(c["change"] or 0) for c in told["currencies"])
        assert total == sum(b - a for a, b in changed)
    project.downgrade()
    assert project.types(list(types), "fees") == list(types.values())
    assert exact(project.ask(f"SELECT {shown} FROM fees ORDER BY id")) == rows


def test_each_step_and_back(project: MoneyProject) -> None:
    project.write(settings=LARGE)
    project.run(ROWS)
    written = project.written()["written"]
    ids = [revision["id"] for revision in written["revisions"]]
    names = [re.sub(r".*_(payments\w+)\.py", r"\1", r["path"]) for r in written["revisions"]]
    assert names == [
        "payments_money",
        "payments_money_expand",
        "payments_money_fill",
        "payments_amount_swap",
        "payments_net_amount_swap",
        "payments_tip_amount_swap",
    ]
    states = [(project.catalog(), project.sums())]
    for id_ in ids:
        project.upgrade(id_)
        states.append((project.catalog(), project.sums()))
    for number in reversed(range(len(ids))):
        project.downgrade(ids[number - 1] if number else "alembic_1")
        assert differing(project.catalog(), states[number][0]) == []
        assert project.sums() == states[number][1]
        project.upgrade(ids[number])
        assert differing(project.catalog(), states[number + 1][0]) == []
        project.downgrade(ids[number - 1] if number else "alembic_1")


@ON_18
def test_others_write_all_the_while(project: MoneyProject) -> None:
    project.write(settings=LARGE)
    project.run(ROWS)
    project.written()
    over, expected, failed = Event(), {}, []

    def write() -> None:
        number = 1000
        with project.database.connect(autocommit=True) as connection:
            while not over.is_set():
                number += 1
                value = f"{number}.{number % 1000:03}"
                try:
                    connection.execute(
                        "INSERT INTO payments (id, amount, note) VALUES (%s, %s, %s)",
                        [number, value, str(number)],
                    )
                    connection.execute(
                        "UPDATE payments SET amount = amount + 1 WHERE id = %s", [number]
                    )
                except psycopg.Error as error:
                    failed.append(error)
                    return
                expected[number] = value

    writer = Thread(target=write)
    writer.start()
    try:
        project.upgrade()
        project.run("UPDATE payments SET changed = 1")
    finally:
        over.set()
        writer.join()
    assert failed == []
    assert len(expected) > 20
    # Old and new are alike in every row, whenever it was written.
    wrong = (
        "SELECT id, amount, amount_before FROM payments"
        " WHERE amount IS DISTINCT FROM round(amount_before::text::numeric, 2)"
    )
    assert project.ask(wrong) == []
    assert project.ask("SELECT count(*) FROM payments WHERE id > 1000") == [(len(expected),)]
    project.downgrade()
    assert project.ask("SELECT count(*) FROM payments WHERE id > 1000") == [(len(expected),)]


def refused(project: MoneyProject) -> str:
    with pytest.raises(DBAPIError) as error:
        project.upgrade()
    return str(error.value.orig)


@ON_18
@pytest.mark.parametrize("settings", [SMALL, LARGE])
@pytest.mark.parametrize("value", ["NaN", "Infinity", "9999999999.995"])
def test_what_nothing_keeps_and_came_later(
    project: MoneyProject, settings: str, value: str
) -> None:
    project.write(settings=settings)
    project.run(ROWS)
    project.written()
    project.run(f"UPDATE payments SET amount = '{value}' WHERE id = 9")
    assert "public.payments.amount: 1 values are NaN, infinite or too large" in refused(project)
    assert project.types(["amount"]) == ["double precision"]
    # Nobody's writing fails because of the new column beside.
    project.run(f"UPDATE payments SET amount = '{value}', changed = 1 WHERE id = 10")
    assert "2 values are NaN" in refused(project)
    project.run("UPDATE payments SET amount = 1 WHERE id IN (9, 10)")
    project.upgrade()
    assert project.types(MONEY) == WANTED


@ON_18
def test_values_that_came_later_and_would_be_rounded(project: MoneyProject) -> None:
    """In place their digits would be lost, and nobody had seen them."""
    project.write()
    project.run(ROWS)
    project.run("UPDATE payments SET amount = 2, net_amount = 3")
    project.written()
    project.run("UPDATE payments SET amount = 2.005 WHERE id = 9")
    assert "public.payments.amount: 1 values are finer than numeric(12,2)" in refused(project)
    project.run("UPDATE payments SET amount = 2 WHERE id = 9")
    project.upgrade()
    assert project.types(MONEY) == WANTED
    assert project.ask("SELECT to_regclass('payments_rounded')") == [(None,)]


@ON_18
def test_guards_see_damage_in_place(project: MoneyProject) -> None:
    project.write()
    project.run(ROWS)
    sums = project.sums()
    project.written()
    project.edit(
        "_payments_money.py",
        "USING amount::text::numeric(12,2)",
        "USING trunc(amount::text::numeric, 2)",
    )
    assert "public.payments cannot be converted: its sums would be EUR 200" in refused(project)
    assert (project.sums(), project.types(MONEY)) == (sums, ORIGINAL)


@ON_18
@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE payments SET amount_new = amount_new + 0.01 WHERE id = 9",
        # The sums are the same.
        "UPDATE payments SET amount_new = amount_new + id - 9 WHERE id IN (8, 10)",
        "UPDATE payments SET amount_new = NULL WHERE id = 9",
        "INSERT INTO payments (id, amount) VALUES (1001, 5)",
    ],
)
def test_guards_see_damage_beside(project: MoneyProject, damage: str) -> None:
    project.write(settings=LARGE)
    project.run(ROWS)
    ids = [r["id"] for r in project.written()["written"]["revisions"]]
    project.upgrade(ids[2])
    off = "ALTER TABLE payments DISABLE TRIGGER zpayments_amount_new_alike"
    project.run(off, damage, off.replace("DISABLE", "ENABLE ALWAYS"))
    assert re.search(
        r"public.payments.amount: [12] values are not what amount makes", refused(project)
    )
    project.run("UPDATE payments SET changed = 1")
    project.upgrade()
    assert project.types(MONEY) == WANTED


def test_a_swap_that_was_stopped_is_run_again(project: MoneyProject) -> None:
    project.write(settings=LARGE)
    project.run(ROWS)
    ids = [r["id"] for r in project.written()["written"]["revisions"]]
    project.upgrade(ids[2])
    # As a run leaves it that ends after its first part; an index that was stopped is invalid.
    project.run(
        "ALTER TABLE payments ADD CONSTRAINT ck_amount_new CHECK (amount_new >= 0) NOT VALID",
        "CREATE INDEX ix_amount_new ON payments (note)",
    )
    project.upgrade()
    assert project.types(MONEY) == WANTED
    definitions = {i.name: i.definition for i in project.catalog().indexes}
    assert definitions["ix_amount"] == "USING btree (amount) WHERE (amount > (100)::numeric)"


@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_the_contract_drops_what_was_left(project: MoneyProject, settings: str) -> None:
    project.write(settings=settings)
    project.run(ROWS)
    project.written()
    project.upgrade()
    with_left, sums = project.catalog(), project.sums()
    plan = project.plan("--output", "json")
    assert plan.exit_code == 0
    kept = ["public.payments_rounded"]
    if settings == LARGE:
        kept = [f"public.payments.{name}_before" for name in ("amount", "net_amount", "tip_amount")]
    assert sorted(json.loads(plan.stdout)["left"]) == sorted(kept)
    written = project.written("--contract")["written"]
    assert [Path(r["path"]).name.partition("_")[2] for r in written["revisions"]] == [
        "money_contract.py"
    ]
    project.upgrade()
    assert project.types([*MONEY, "amount_before"]) == [*WANTED, ""]
    assert project.ask("SELECT to_regclass('payments_rounded')") == [(None,)]
    assert project.ask("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'payments'::regclass") == [
        (0,)
    ]
    assert project.ask("SELECT proname FROM pg_proc WHERE proname LIKE 'payments%'") == []
    project.downgrade("-1")
    assert differing(project.catalog(), with_left) == []
    if settings == LARGE:
        wrong = "SELECT id FROM payments WHERE amount IS DISTINCT FROM amount_before::numeric(12,2)"
        assert project.ask(wrong) == []
    project.upgrade()
    assert project.sums() == sums
    nothing = project.plan("--contract", "--write", "--no-color")
    assert nothing.exit_code == 0
    assert "Nothing is to be written." in nothing.stdout


@ON_18
def test_a_contract_is_refused_where_the_two_are_not_alike(project: MoneyProject) -> None:
    project.write(settings=LARGE)
    project.run(ROWS)
    project.written()
    project.upgrade()
    project.written("--contract")
    project.run("UPDATE payments SET amount_before = 5 WHERE id = 9")
    assert "amount_before: 1 values are not those of amount" in refused(project)
    project.run("UPDATE payments SET amount = 5 WHERE id = 9")
    project.upgrade()
    assert project.types(["amount_before"]) == [""]
