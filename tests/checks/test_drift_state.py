"""The checks of a live database's state, on hand-written facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.check import Status, run_checks
from pgassay.checks.drift import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    Catalog,
    Collation,
    Column,
    Constraint,
    Database,
    DomainConstraint,
    Index,
    MaterializedView,
    SchemaObject,
    Sequence,
    Table,
    Trigger,
)
from pgassay.facts.column_maximum import ColumnMaximum
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding

USERS = Table("public", "users")
ID = Column("public", "users", "id", 1, "integer", True, "nextval('public.users_id_seq'::regclass)")
KEY = Constraint("public", "users", "users_pkey", "primary key", ("id",), "PRIMARY KEY (id)")
CHECK = Constraint("public", "users", "ck", "check", ("id",), "CHECK ((id > 0))")
FOREIGN = Constraint("public", "users", "fk", "foreign key", ("id",), "FOREIGN KEY (id) ...")
INDEX = Index("public", "users", "ix", False, ("id",), "USING btree (id)")
NUMBERS = Sequence(
    "public", "users_id_seq", type="integer", maximum=2147483647, owned_by=("public", "users", "id")
)
TRIGGER = Trigger("public", "users", "log_it", "BEFORE UPDATE ...", "disabled")


def catalog(*things: SchemaObject, column: Column = ID) -> Catalog:
    return Catalog(
        180000,
        (USERS,),
        (column,),
        tuple(t for t in things if isinstance(t, Constraint)),
        tuple(t for t in things if isinstance(t, Index)),
        tuple(t for t in things if not isinstance(t, Constraint | Index)),
    )


def assay(live: Catalog, applied: Catalog | None = None, *maxima: ColumnMaximum) -> Assay:
    compared = None if applied is None else compare({"live": live, "applied": applied})
    return Assay(
        Settings(),
        Project("/p", ()),
        live=live,
        applied=applied,
        history=applied,
        comparison=compared,
        maxima=maxima,
    )


def found(facts: Assay) -> list[Finding]:
    outcome = run_checks(CHECKS, facts)
    assert outcome.crashes == ()
    return list(outcome.findings)


def reach(maximum: int, last: int, *, called: bool = True, taken: bool = False) -> ColumnMaximum:
    names = ("public", "users", "id", ("public", "users_id_seq"))
    return ColumnMaximum(*names, 1, maximum, last, called, taken)


def test_a_sequence_behind_its_data() -> None:
    (finding,) = found(assay(catalog(KEY, NUMBERS), None, reach(41520, 1, taken=True)))
    assert (finding.code, finding.subject, finding.severity) == (
        "DRF009",
        "public.users.id",
        "blocker",
    )
    assert (
        "goes up to 41,520, and the next number of sequence public.users_id_seq is 2, which a "
        in (finding.message)
    )
    assert (
        "SELECT pg_catalog.setval('public.users_id_seq', (SELECT max(id) FROM public.users));"
    ) in finding.fix
    assert finding.why.startswith("The next INSERT fails")
    (silent,) = found(assay(catalog(NUMBERS), None, reach(41520, 1)))
    assert "without an error" in silent.why


def test_a_sequence_that_turns_gives_its_numbers_again() -> None:
    turning = replace(NUMBERS, cycle=True, maximum=100)
    assert found(assay(catalog(turning), None, reach(90, 5))) == []
    behind, ending = found(assay(catalog(KEY, turning), None, reach(90, 5)))
    assert (behind.code, ending.code) == ("DRF009", "DRF010")
    (finding,) = found(assay(catalog(KEY, turning), None, reach(70, 5)))
    assert finding.code == "DRF009"


def test_a_key_fed_by_a_sequence_that_turns_is_near_its_end() -> None:
    turning = replace(NUMBERS, cycle=True, maximum=100, last_value=96)
    (finding,) = found(assay(catalog(KEY, turning)))
    assert (finding.code, finding.severity) == ("DRF010", "blocker")
    assert "begins again with numbers that rows have already" in finding.why
    assert found(assay(catalog(turning))) == []


@pytest.mark.parametrize(
    ("column", "behind"),
    [
        (replace(ID, default="(nextval('public.users_id_seq'::regclass) * 10)"), False),
        (replace(ID, default="(nextval('public.users_id_seq'::regclass))::integer"), True),
        (replace(ID, type="numeric"), True),
        (replace(ID, type="numeric(12,0)"), True),
        (replace(ID, default=None), True),
        (replace(ID, default="7"), False),
        (replace(ID, type="text"), False),
    ],
)
def test_which_columns_a_sequence_feeds(column: Column, behind: bool) -> None:
    facts = assay(catalog(KEY, NUMBERS, column=column), None, reach(41520, 1))
    assert [f.code for f in found(facts)] == (["DRF009"] if behind else [])


def test_a_sequence_that_only_the_code_asks() -> None:
    live = catalog(KEY, NUMBERS, column=replace(ID, default=None))
    (finding,) = found(assay(live, None, reach(41520, 1)))
    assert "code that asks the sequence" in finding.why


def test_a_numeric_key_is_not_made_bigint() -> None:
    narrow = catalog(
        replace(NUMBERS, maximum=2**63 - 1, type="bigint", last_value=990),
        column=replace(ID, type="numeric(3,0)"),
    )
    (finding,) = found(assay(narrow))
    assert (finding.code, finding.subject) == ("DRF010", "public.users.id")
    assert "ALTER COLUMN id TYPE numeric;" in finding.fix


@pytest.mark.parametrize(
    ("maximum", "last", "called", "behind"),
    [(10, 10, True, False), (10, 9, True, True), (10, 10, False, True), (10, 11, False, False)],
)
def test_the_next_number_decides(maximum: int, last: int, called: bool, behind: bool) -> None:
    facts = assay(catalog(KEY, NUMBERS), None, reach(maximum, last, called=called))
    assert [f.code for f in found(facts)] == (["DRF009"] if behind else [])


def test_positions_that_are_not_known_are_not_passed() -> None:
    facts = replace(assay(catalog(NUMBERS)), maxima=(Unavailable("sequence positions", "denied"),))
    ended = {r.code: r.status for r in run_checks(CHECKS, facts).results}
    assert ended["DRF009"] is Status.UNAVAILABLE
    assert ended["DRF010"] is Status.PARTIAL


@pytest.mark.parametrize(
    ("last", "severity"),
    [(1717986917, None), (1717986918, "warning"), (2040109465, "blocker")],
)
def test_numbers_that_run_out(last: int, severity: str | None) -> None:
    findings = found(assay(catalog(replace(NUMBERS, last_value=last))))
    assert [f.severity for f in findings] == ([severity] if severity else [])


def test_figures_and_the_way_out() -> None:
    (finding,) = found(assay(catalog(replace(NUMBERS, last_value=1932735283))))
    assert (finding.code, finding.subject) == ("DRF010", "public.users_id_seq")
    assert "used 1,932,735,283 of 2,147,483,647 (90.0 %), left 214,748,364" in finding.message
    assert "ALTER TABLE public.users ALTER COLUMN id TYPE bigint;" in finding.fix
    assert "ALTER SEQUENCE public.users_id_seq AS bigint;" in finding.fix
    assert "rewrites the table" in finding.fix


def test_a_narrow_column_of_a_wide_sequence() -> None:
    wide = Sequence("public", "users_id_seq", last_value=32000, cycle=True)
    (finding,) = found(assay(catalog(wide, column=replace(ID, type="smallint"))))
    assert finding.subject == "public.users.id"
    assert "the type of column public.users.id ends at 32,767" in finding.message
    turning = Sequence("public", "turning", maximum=10, last_value=10, cycle=True)
    assert found(assay(catalog(turning))) == []


@pytest.mark.parametrize(
    ("thing", "fix"),
    [
        (replace(CHECK, validated=False), "ALTER TABLE public.users VALIDATE CONSTRAINT ck;"),
        (
            replace(CHECK, definition="CHECK ((id > 0)) NOT ENFORCED"),
            "ALTER TABLE public.users ADD CONSTRAINT ck CHECK ((id > 0)) NOT VALID;",
        ),
        (
            DomainConstraint("public", "eur", "pos", "CHECK ((VALUE > 0))", validated=False),
            "ALTER DOMAIN public.eur VALIDATE CONSTRAINT pos;",
        ),
    ],
)
def test_constraints_that_never_looked(thing: SchemaObject, fix: str) -> None:
    live = catalog(thing)
    for applied in (None, live):
        (finding,) = found(assay(live, applied))
        assert (finding.code, finding.severity) == ("DRF011", "warning")
        assert fix in finding.fix


def test_a_not_null_that_never_looked() -> None:
    (finding,) = found(assay(catalog(column=replace(ID, not_null_valid=False))))
    assert (finding.code, finding.subject) == ("DRF011", "public.users.id")
    assert "VALIDATE CONSTRAINT users_id_not_null;" in finding.fix


def test_one_fact_is_named_once() -> None:
    live = catalog(replace(CHECK, validated=False), replace(INDEX, valid=False))
    findings = found(assay(live, catalog(CHECK, INDEX)))
    assert [(f.code, f.subject) for f in findings] == [
        ("DRF005", "public.users.ck"),
        ("DRF005", "public.users.ix"),
    ]


@pytest.mark.parametrize(
    ("index", "severity", "fix"),
    [
        (INDEX, "warning", "REINDEX INDEX CONCURRENTLY public.ix;"),
        (replace(INDEX, unique=True), "blocker", "mend them first"),
        (
            replace(INDEX, name="ix_ccnew", unique=True),
            "warning",
            "DROP INDEX CONCURRENTLY public.ix_ccnew;",
        ),
    ],
)
def test_invalid_indexes(index: Index, severity: str, fix: str) -> None:
    (finding,) = found(assay(catalog(replace(index, valid=False))))
    assert (finding.code, finding.severity) == ("DRF012", severity)
    assert fix in finding.fix


def test_an_invalid_index_that_only_live_has_is_not_recorded() -> None:
    live = catalog(replace(INDEX, unique=True, valid=False))
    compared = compare({"live": live, "applied": catalog(), "history": catalog()})
    (finding,) = found(replace(assay(live, catalog()), comparison=compared))
    assert (finding.code, finding.subject, finding.severity) == (
        "DRF012",
        "public.users.ix",
        "blocker",
    )
    assert "No revision makes it." in finding.message
    assert "DROP INDEX CONCURRENTLY public.ix;" in finding.fix
    assert "REINDEX INDEX CONCURRENTLY public.ix;" in finding.fix


@pytest.mark.parametrize("unique", [True, False])
def test_an_invalid_unique_index_may_have_duplicates(unique: bool) -> None:
    index = replace(INDEX, unique=unique)
    (finding,) = found(assay(catalog(replace(index, valid=False)), catalog(index)))
    assert finding.code == "DRF005"
    assert ("duplicates may be in the table" in finding.why) is unique


def test_materialized_views_without_data() -> None:
    empty = MaterializedView("public", "totals", definition="SELECT 1", populated=False)
    for applied in (None, catalog(empty)):
        (finding,) = found(assay(catalog(empty), applied))
        assert (finding.code, finding.subject, finding.severity) == (
            "DRF015",
            "public.totals",
            "blocker",
        )
        assert finding.fix.endswith("    REFRESH MATERIALIZED VIEW public.totals;")
    filled = catalog(replace(empty, populated=True))
    assert found(assay(filled)) == []
    assert found(assay(filled, catalog(empty))) == []
    assert [f.code for f in found(assay(catalog(empty), filled))] == ["DRF005"]


def test_collations_of_another_version() -> None:
    here = Database("database", version="2.31", actual_version="2.36")
    german = Collation("public", "german", "icu", "de", version="153.14", actual_version="153.120")
    database, own = found(assay(catalog(here, german)))
    assert (database.code, database.subject, database.severity) == (
        "DRF013",
        "database",
        "blocker",
    )
    assert "was version 2.31" in database.message
    assert "ALTER DATABASE NAME REFRESH COLLATION VERSION;" in database.fix
    assert "ALTER COLLATION public.german REFRESH VERSION;" in own.fix
    same = replace(here, actual_version="2.31")
    assert found(assay(catalog(same, replace(german, version="")))) == []


def test_foreign_keys_that_sleep() -> None:
    asleep = catalog(replace(FOREIGN, enabled=False))
    for applied in (None, asleep):
        (finding,) = found(assay(asleep, applied))
        assert (finding.code, finding.severity) == ("DRF014", "blocker")
        assert "ENABLE TRIGGER ALL;" in finding.fix
    (finding,) = found(assay(asleep, catalog(FOREIGN)))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "meanwhile were never checked" in finding.why
    assert finding.fix.endswith("ALTER TABLE public.users VALIDATE CONSTRAINT fk;")
    assert "NOT VALID" in finding.fix
    assert "DISABLE" not in finding.fix


def test_triggers_that_sleep_where_no_history_says_so() -> None:
    (finding,) = found(assay(catalog(TRIGGER)))
    assert (finding.code, finding.severity) == ("DRF014", "warning")
    assert found(assay(catalog(TRIGGER), catalog(TRIGGER))) == []
