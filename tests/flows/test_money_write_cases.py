"""`pgassay money plan --write`: what it does not write, and why; scripts; the models; check."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.binaries import find_binaries
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report
from tests.flows.money_project import LARGE, PAYMENTS, ROWS, SMALL, MoneyProject, money_project

ONE = ("CREATE TABLE sales (id int PRIMARY KEY, amount float8, currency text)",)
MODELS = """
from sqlalchemy import Column, Float, Integer, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class Sale(Base):
    __tablename__ = "sales"
    id = Column(Integer, primary_key=True)
    amount: Mapped[float | None] = mapped_column(Float)
    currency = Column(Text)
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ScratchServer]:
    with ScratchServer(find_binaries(18)) as running:
        yield running


@pytest.fixture
def project(
    server: ScratchServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MoneyProject]:
    with money_project(server, tmp_path, monkeypatch) as made:
        yield made


def told(project: MoneyProject, *arguments: str) -> tuple[int, dict[str, Any]]:
    done = project.plan("--write", "--output", "json", *arguments)
    return done.exit_code, json.loads(done.stdout)


def report(project: MoneyProject) -> Report:
    request = CheckRequest(
        project.root, database_url=project.database.url(), scratch_url=project.scratch
    )
    return check(request, progress=lambda _: None)


def found(report: Report) -> dict[str, set[str]]:
    """Codes of findings by severity."""
    codes: dict[str, set[str]] = {}
    for finding in report.findings:
        codes.setdefault(finding.severity.value, set()).add(finding.code)
    return codes


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("'NaN'", "1 NaN for numeric(12,2): decide what they are"),
        ("1e10", "1 too large for numeric(12,2): decide what they are"),
    ],
)
def test_nothing_is_written_before_people_decide(
    project: MoneyProject, value: str, says: str
) -> None:
    project.write(ONE)
    project.run(f"INSERT INTO sales VALUES (1, 1, 'EUR'), (7, {value}, 'EUR')")
    status, plan = told(project)
    (column,) = plan["columns"]
    assert (status, plan["verdict"], plan["written"]) == (1, "refused", None)
    assert (column["refused"], column["keys"]) == (says, [["7"]])
    assert project.revisions() == []
    shown = project.plan("--write", "--no-color").stdout
    assert "next: decide what is refused above" in shown
    project.run("DELETE FROM sales WHERE id = 7")
    project.written()
    assert len(project.revisions()) == 1


def test_decimals_that_a_currency_has_are_not_cut(project: MoneyProject) -> None:
    project.write(ONE)
    project.run("INSERT INTO sales VALUES (1, 1.234, 'KWD'), (2, 1.234, 'EUR'), (3, 5, 'JPY')")
    status, plan = told(project)
    assert (status, plan["columns"][0]["refused"]) == (
        1,
        "amounts with more decimals than numeric(12,2) has, which their currency has: 1 of KWD: "
        "give the column a scale of 3 in [[money.policy]]",
    )
    policy = '[[money.policy]]\npattern = "*.sales.amount"\nprecision = 15\nscale = 3\n'
    (project.root / "pgassay.toml").write_text(f"[models]\nnone = true\n{policy}")
    project.written()
    project.upgrade()
    assert project.types(["amount"], "sales") == ["numeric(15,3)"]
    assert [str(v) for (v,) in project.ask("SELECT amount FROM sales ORDER BY id")] == [
        "1.234",
        "1.234",
        "5.000",
    ]


def test_each_value_that_is_rounded_is_listed(project: MoneyProject) -> None:
    project.write(("CREATE TABLE sales (who text PRIMARY KEY, amount float8, currency text)",))
    project.run(
        "INSERT INTO sales VALUES ('a@b.c', 1.005, 'EUR'), ('b', 2, 'EUR'), ('c', -1.005, NULL)"
    )
    _, plan = told(project)
    (column,) = plan["columns"]
    assert column["key_columns"] == ["who"]
    # Who it is nobody needs to know.
    assert [r.pop("key")[0][:5] for r in column["roundings"]] == ["hmac:", "hmac:"]
    assert column["roundings"] == [
        {"currency": "EUR", "was": "1.005", "becomes": "1.01"},
        {"currency": "", "was": "-1.005", "becomes": "-1.01"},
    ]
    assert len(project.ask(column["roundings_sql"])) == 2
    project.upgrade()
    kept = 'SELECT key, "column", was, became::text FROM sales_rounded ORDER BY 1'
    assert project.ask(kept) == [
        ({"who": "a@b.c"}, "amount", "1.005", "1.01"),
        ({"who": "c"}, "amount", "-1.005", "-1.01"),
    ]
    # Nobody but its owner reads it.
    assert project.ask(
        "SELECT relrowsecurity FROM pg_class WHERE oid = 'sales_rounded'::regclass"
    ) == [(True,)]


@pytest.mark.parametrize(
    ("statement", "settings", "says"),
    [
        ("CREATE MATERIALIZED VIEW m AS SELECT amount FROM sales", SMALL, "view public.m"),
        ("CREATE POLICY p ON sales USING (amount > 0)", SMALL, "policy public.sales.p"),
        (
            "ALTER TABLE sales ADD net numeric GENERATED ALWAYS AS (amount * 2) STORED",
            SMALL,
            "column public.sales.net",
        ),
        ("ALTER TABLE sales FORCE ROW LEVEL SECURITY", SMALL, "row security of its table"),
        ("CREATE TABLE heir () INHERITS (sales)", LARGE, "public.sales is partitioned, or shares"),
        (
            "ALTER TABLE sales ADD UNIQUE (amount); "
            "CREATE TABLE k (a float8 REFERENCES sales (amount))",
            LARGE,
            "foreign key public.k.k_a_fkey points to it",
        ),
    ],
)
def test_what_stands_in_the_way_is_named(
    project: MoneyProject, statement: str, settings: str, says: str
) -> None:
    project.write([*ONE, *statement.split("; ")], settings)
    project.run("INSERT INTO sales (id, amount) SELECT n, n FROM generate_series(1, 99) n")
    status, plan = told(project)
    assert status == 1
    written = plan["written"]
    assert (written["revisions"], written["written"]) == ([], False)
    (said,) = [s for s in written["not_written"] if s.startswith("public.sales.amount: ")]
    assert says in said
    assert project.revisions() == []


@pytest.mark.parametrize(
    ("by_hand", "says"),
    [
        ("ALTER TABLE sales ALTER amount TYPE real", "the history makes it double precision: mend"),
        ("CREATE INDEX hotfix ON sales (amount)", "index public.sales.hotfix is not in both"),
    ],
)
def test_a_hotfix_comes_first(project: MoneyProject, by_hand: str, says: str) -> None:
    project.write(ONE)
    project.run(by_hand)
    status, plan = told(project)
    (said,) = plan["written"]["not_written"]
    assert (status, says in said) == (1, True)


def test_what_is_pending_comes_first(project: MoneyProject) -> None:
    project.write(ONE)
    project.written()
    status, plan = told(project)
    (lost,) = plan["written"]["unavailable"]
    assert (status, lost["needs"]) == (3, "the live database at the head of alembic/")
    assert lost["reason"].startswith("It is at alembic_1, the head is ")
    assert lost["next_step"] == "Deploy what is pending first."


def test_two_histories_come_first(project: MoneyProject) -> None:
    project.write(ONE)
    other = project.root / "migrations"
    (project.root / "alembic").joinpath("versions", "__init__.py").touch()
    subprocess.run(["cp", "-r", project.root / "alembic", other], check=True)
    (project.root / "alembic.ini").write_text(
        "[alembic]\nscript_location = alembic\n[other]\nscript_location = migrations\n"
    )
    status, plan = told(project)
    (lost,) = plan["written"]["unavailable"]
    assert (status, lost["needs"]) == (3, "one history")
    assert lost["next_step"].startswith("pgassay history consolidate --into ")


def test_tables_that_no_revision_makes_get_a_script(project: MoneyProject) -> None:
    project.write(ONE)
    project.run(
        "CREATE SCHEMA books", "CREATE TABLE books.fees (id int PRIMARY KEY, fee_amount real)"
    )
    project.run("INSERT INTO books.fees VALUES (1, 1.005), (2, 93690.67)")
    project.run("INSERT INTO sales VALUES (1, 2)")
    written = project.written()["written"]
    assert [p["claim"] for p in written["proofs"]] == [
        "the revisions run, and change nothing but the types",
        "their downgrade ends in the schema from before",
        "and they run again",
        "the script runs on the live schema, and changes nothing but the types",
        "its undo ends in the schema from before",
    ]
    script, undo = (project.root / s["path"] for s in written["scripts"])
    project.run(script.read_text())
    assert project.ask("SELECT id, fee_amount::text FROM books.fees ORDER BY 1") == [
        (1, "1.01"),
        (2, "93690.67"),
    ]
    project.upgrade()
    # The files are no broken scripts, and nothing of the money is wrong any more.
    codes = {finding.code for finding in report(project).findings}
    assert not {c for c in codes if c.startswith("MON")} | (codes & {"HIS025"})
    project.run(undo.read_text())
    assert project.ask("SELECT id, fee_amount FROM books.fees ORDER BY 1") == [
        (1, pytest.approx(1.005)),
        (2, pytest.approx(93690.67)),
    ]
    assert project.ask("SELECT to_regclass('books.fees_rounded')") == [(None,)]
    project.run(script.read_text())
    contract = project.written("--contract")["written"]
    (path,) = [s["path"] for s in contract["scripts"]]
    project.run((project.root / path).read_text())
    assert project.ask("SELECT to_regclass('books.fees_rounded')") == [(None,)]


def test_large_tables_that_no_revision_makes_are_named(project: MoneyProject) -> None:
    project.write(ONE, LARGE)
    project.run("CREATE TABLE fees (id int PRIMARY KEY, fee_amount real)")
    project.run("INSERT INTO fees SELECT n, n FROM generate_series(1, 99) n")
    status, plan = told(project, "--column", "fees.*")
    assert status == 1
    assert plan["written"]["not_written"] == [
        "public.fees.fee_amount: no revision of this history makes it, and its table is large: "
        "convert it by hand"
    ]


@pytest.mark.parametrize("settings", [SMALL, LARGE])
def test_with_the_models_half_nothing_of_the_money_is_wrong(
    project: MoneyProject, settings: str
) -> None:
    project.write(ONE, settings, MODELS)
    project.run("INSERT INTO sales SELECT n, n * 1.005, 'EUR' FROM generate_series(1, 300) n")
    assert "MON001" in found(report(project))["blocker"]
    written = project.written()["written"]
    assert written["models_left"] == []
    patch = project.root / written["patch"]
    assert (
        "+    amount: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))" in patch.read_text()
    )
    subprocess.run(["git", "apply", patch], cwd=project.root, check=True)
    # What is pending is no blocker of its own deployment.
    codes = found(report(project))
    assert not {c for c in codes.get("blocker", ()) if c.startswith(("MON", "MIG"))}
    assert not {c for c in codes.get("warning", ()) if c.startswith("MIG")}
    assert "MON001" in codes["warning"]
    project.upgrade()
    after = report(project)
    # Nor does the history ask before it acts: its blocks only stop.
    assert not [f for f in after.findings if f.code.startswith(("MON", "HIS028"))]
    status, plan = told(project)
    assert (status, plan["verdict"], plan["written"]["revisions"]) == (0, "done", [])


def test_models_that_are_not_plainly_written_are_left_to_people(project: MoneyProject) -> None:
    strange = MODELS.replace("mapped_column(Float)", "mapped_column(KIND)").replace(
        "\n\nclass Base", "\n\nKIND = Float()\n\n\nclass Base", 1
    )
    project.write(ONE, SMALL, strange)
    status, plan = told(project)
    (said,) = plan["written"]["models_left"]
    assert said.startswith("public.sales.amount (models.py:")
    assert said.endswith("write Numeric(12, 2) and Decimal by hand: it is not plainly written")
    # The rest is written all the same, and the status says that not all was.
    assert (status, plan["written"]["written"]) == (1, True)


def test_a_way_back_for_the_swap_is_no_rename_to_code(project: MoneyProject) -> None:
    project.write(PAYMENTS, LARGE)
    project.run(ROWS)
    project.written()
    said = [f for f in report(project).findings if f.code.startswith("MIG")]
    # The view is made again, of another type.
    assert [(f.code, f.subject) for f in said] == [("MIG021", "public.twice")]


@pytest.mark.parametrize(
    ("settings", "subject"),
    [(SMALL, "public.sales_rounded"), (LARGE, "public.sales.amount_before")],
)
def test_the_contract_is_no_blocker(project: MoneyProject, settings: str, subject: str) -> None:
    project.write(ONE, settings)
    project.run("INSERT INTO sales SELECT n, n * 1.005, 'EUR' FROM generate_series(1, 300) n")
    project.written()
    project.upgrade()
    project.written("--contract")
    said = [f for f in report(project).findings if f.code.startswith("MIG")]
    assert {f.severity.value for f in said} == {"warning"}
    assert [f.subject for f in said if f.code == "MIG008"] == [subject]


def test_subscribers_are_thought_of(project: MoneyProject) -> None:
    project.write(ONE, LARGE)
    project.run("INSERT INTO sales (id, amount) SELECT n, n FROM generate_series(1, 99) n")
    project.run(
        "CREATE PUBLICATION whole FOR TABLE sales WHERE (id > 0)",
        "CREATE PUBLICATION part FOR TABLE sales (id, currency)",
    )
    project.written()
    (expand,) = [p for p in project.revisions() if p.name.endswith("_expand.py")]
    said = " ".join(expand.read_text().split())
    assert "It is published (whole): subscribers that lack amount_new, amount_before stop" in said


def test_wrong_words(project: MoneyProject) -> None:
    project.write(ONE)
    unknown = project.plan("--column", "nosuch.*")
    assert unknown.exit_code == 1
    assert (
        "--column nosuch.* fits none of the money columns: public.sales.amount." in unknown.output
    )
    alone = project.plan("--contract")
    assert (alone.exit_code, "--contract goes with --write." in alone.output) == (2, True)
