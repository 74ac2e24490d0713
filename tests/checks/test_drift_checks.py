"""The DRF checks, on hand-written facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY, MODELS
from pgassay.check import Status, run_checks
from pgassay.checks.drift import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    ConstraintKind,
    Domain,
    Enum,
    Index,
    Table,
)
from pgassay.facts.history import Build, History, Revision, Statement
from pgassay.facts.location import Location
from pgassay.facts.models import Models
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.facts.table_rows import TableRows
from pgassay.facts.unavailable import Unavailable
from pgassay.findings import Finding, Severity

Part = Column | Constraint | Index

ID = Column("public", "users", "id", 1, "integer", True)
PHONE = Column("public", "users", "phone", 2, "text")
LOST = Unavailable("database", "no route to host")


def catalog(*parts: Part, tables: tuple[str, ...] = ("users",), schema: str = "public") -> Catalog:
    return Catalog(
        180000,
        tuple(Table(schema, t) for t in tables),
        tuple(p for p in parts if isinstance(p, Column)),
        tuple(p for p in parts if isinstance(p, Constraint)),
        tuple(p for p in parts if isinstance(p, Index)),
    )


def constraint(name: str, kind: ConstraintKind, definition: str, *columns: str) -> Constraint:
    return Constraint("public", "users", name, kind, columns, definition)


FK = constraint("fk", "foreign key", "FOREIGN KEY (id) REFERENCES public.people(id)", "id")
CK = constraint("ck", "check", "CHECK ((id > 0))", "id")
IX = Index("public", "users", "ix", False, ("id",), "USING btree (id)")
BASE = catalog(ID)
PLUS = catalog(ID, PHONE)

MAIN = History(
    "alembic",
    "alembic",
    ("alembic/versions",),
    tuple(
        Revision(id_, (), Location(f"alembic/versions/{id_}.py", 9)) for id_ in ("r1", "r2", "r3")
    ),
    ini=Location("alembic.ini"),
)
BUILD = Build(
    "alembic",
    statements=(
        Statement("r1", "CREATE TABLE users (id integer NOT NULL)"),
        Statement("r2", "ALTER TABLE users ADD COLUMN phone text"),
        Statement("r3", "ALTER TABLE users DROP COLUMN phone"),
    ),
)
MODEL_AT = Location("app/models.py", 12)
MODELS_AT = {("public", "users", ""): Location("app/models.py", 10)}


def assay(
    live: Any = None, applied: Any = None, history: Any = None, models: Any = None, **other: Any
) -> Assay:
    if isinstance(models, Catalog):
        models = Models(models, {**MODELS_AT, ("public", "users", "phone"): MODEL_AT})
    return Assay(
        Settings(),
        Project("/p", (MAIN,)),
        main=MAIN,
        builds=(BUILD,),
        live=live,
        applied=applied,
        history=history,
        models=models,
        **other,
    )


SCOPES = {"applied": HISTORY, "history": HISTORY, "models": MODELS}


def with_comparison(facts: Assay) -> Assay:
    """As the flow does it: of the sides that are there, if there are two."""
    models = facts.models.catalog if isinstance(facts.models, Models) else None
    candidates = {
        "live": facts.live,
        "applied": facts.applied,
        "history": facts.history,
        "models": models,
    }
    sides = {side: c for side, c in candidates.items() if isinstance(c, Catalog)}
    return replace(facts, comparison=compare(sides, scopes=SCOPES) if len(sides) > 1 else None)


def found(facts: Assay) -> list[Finding]:
    outcome = run_checks(CHECKS, with_comparison(facts))
    assert outcome.crashes == ()
    return list(outcome.findings)


def only(facts: Assay) -> Finding:
    findings = found(facts)
    assert len(findings) == 1, [(f.code, f.subject) for f in findings]
    return findings[0]


def statuses(facts: Assay) -> dict[str, Status]:
    return {r.code: r.status for r in run_checks(CHECKS, with_comparison(facts)).results}


def test_agreement_finds_nothing() -> None:
    facts = replace(assay(PLUS, PLUS, PLUS, PLUS), critical_rows=(), maxima=())
    assert found(facts) == []
    assert set(statuses(facts).values()) == {Status.PASSED}


def test_an_ordinary_pending_revision_is_no_drift() -> None:
    assert found(assay(BASE, BASE, PLUS, PLUS)) == []
    wider = catalog(replace(ID, type="bigint"))
    assert found(assay(BASE, BASE, wider, wider)) == []


@pytest.mark.parametrize(
    ("live", "applied", "history", "models", "code"),
    [
        (0, 1, 1, 1, "DRF001"),
        (0, 1, 1, 0, "DRF001"),
        (1, 0, 0, 1, "DRF002"),
        (1, 0, 0, 0, "DRF002"),
        (0, 0, 0, 1, "DRF003"),
        (1, 1, 0, 1, "DRF003"),
        (1, 1, 1, 0, "DRF004"),
        (0, 0, 1, 0, "DRF004"),
        (1, 0, 1, 1, "DRF006"),
        (1, 0, 1, 0, "DRF006"),
        (0, 1, 0, 0, "DRF006"),
        (1, 1, 0, 0, None),
        (0, 0, 1, 1, None),
        (1, 1, 1, 1, None),
        (0, 0, 0, 0, None),
    ],
)
def test_presence_is_one_case_at_most(
    live: int, applied: int, history: int, models: int, code: str | None
) -> None:
    sides = [PLUS if there else BASE for there in (live, applied, history, models)]
    findings = found(assay(*sides))
    assert [(f.code, f.subject) for f in findings] == (
        [(code, "public.users.phone")] if code else []
    )


def test_not_applied() -> None:
    finding = only(assay(BASE, PLUS, PLUS, PLUS))
    assert (finding.code, finding.severity) == ("DRF001", "blocker")
    assert "live: absent; history = models: present" in finding.message
    assert "Revision r2 should have made it." in finding.message
    assert "    ALTER TABLE public.users ADD COLUMN phone text;" in finding.fix
    assert finding.location == Location("alembic/versions/r2.py", 9)
    assert finding.evidence == {
        "kind": "column",
        "consequence": "data loss",
        "autogenerate": True,
        "presence": {
            "live": "absent",
            "applied": "present",
            "history": "present",
            "models": "present",
        },
        "type": {"applied": "text", "history": "text", "models": "text"},
        "revision": "r2",
    }


def test_a_missing_table_is_one_finding_with_its_sql() -> None:
    whole = catalog(ID, FK, IX)
    finding = only(assay(catalog(tables=()), whole, whole, whole))
    assert (finding.code, finding.subject) == ("DRF001", "public.users")
    assert "It has 1 column, 1 constraint, 1 index." in finding.message
    assert finding.fix.splitlines()[1:] == [
        "    CREATE TABLE public.users (",
        "      id integer NOT NULL,",
        "      CONSTRAINT fk FOREIGN KEY (id) REFERENCES public.people(id)",
        "    );",
        "    CREATE INDEX ix ON public.users USING btree (id);",
    ]


@pytest.mark.parametrize(
    ("part", "severity", "sql"),
    [
        (FK, "blocker", "ALTER TABLE public.users VALIDATE CONSTRAINT fk;"),
        (CK, "blocker", "ALTER TABLE public.users ADD CONSTRAINT ck CHECK ((id > 0)) NOT VALID;"),
        (IX, "warning", "CREATE INDEX CONCURRENTLY ix ON public.users USING btree (id);"),
        (replace(IX, unique=True), "blocker", "CREATE UNIQUE INDEX CONCURRENTLY ix ON"),
        (replace(PHONE, not_null=True), "blocker", "ALTER COLUMN phone SET NOT NULL;"),
        (replace(PHONE, name="Order By"), "blocker", 'ADD COLUMN "Order By" text;'),
    ],
)
def test_not_applied_by_kind(part: Part, severity: str, sql: str) -> None:
    whole = catalog(ID, part)
    finding = only(assay(BASE, whole, whole, whole))
    assert (finding.code, finding.severity) == ("DRF001", severity)
    assert finding.subject == f"public.users.{part.name}"
    assert sql in finding.fix


def test_a_hotfix_that_only_live_has() -> None:
    finding = only(assay(PLUS, BASE, BASE, BASE))
    assert (finding.code, finding.severity) == ("DRF002", "blocker")
    assert "a hotfix that no revision records" in finding.message
    assert "live: present; history = models: absent" in finding.message
    assert "autogenerate would drop it, with its data" in finding.message
    assert "ALTER TABLE public.users DROP COLUMN phone;" in finding.fix
    assert "ALTER TABLE public.users ADD COLUMN IF NOT EXISTS phone text;" in finding.fix
    assert 'alembic revision -m "record public.users.phone"' in finding.fix


def test_a_hotfix_that_the_models_know() -> None:
    finding = only(assay(PLUS, BASE, BASE, PLUS))
    assert "live = models: present; history: absent" in finding.message
    assert "autogenerate" not in finding.message
    assert "DROP" not in finding.fix
    assert finding.location == MODEL_AT


def test_a_hotfix_that_the_models_write_otherwise() -> None:
    finding = only(assay(PLUS, BASE, BASE, retyped("bytea")))
    assert finding.code == "DRF002"
    assert "The models have it otherwise: column public.users.phone (bytea)." in finding.message


def test_a_hotfix_in_a_schema_of_others_is_a_warning() -> None:
    foreign = Table("reporting", "t")
    live = replace(BASE, tables=(*BASE.tables, foreign))
    finding = only(assay(live, BASE, BASE, BASE))
    assert (finding.subject, finding.severity) == ("reporting.t", "warning")
    assert "Neither the history nor the models use schema reporting." in finding.message


def test_models_ahead() -> None:
    finding = only(assay(BASE, BASE, BASE, PLUS))
    assert (finding.code, finding.severity) == ("DRF003", "blocker")
    assert "live = history: absent; models: present" in finding.message
    assert 'alembic revision --autogenerate -m "add public.users.phone"' in finding.fix
    assert "op.add_column('users', sa.Column('phone', sa.Text(), nullable=True))" in finding.fix
    assert finding.location == MODEL_AT


def test_a_missing_foreign_key_blocks() -> None:
    finding = only(assay(None, None, BASE, catalog(ID, FK)))
    assert (finding.code, finding.severity) == ("DRF003", "blocker")
    assert "refer to nothing" in finding.why
    assert finding.location == Location("app/models.py", 10)


def test_autogenerate_is_not_offered_for_a_check_constraint() -> None:
    finding = only(assay(None, None, BASE, catalog(ID, CK)))
    assert "--autogenerate" not in finding.fix
    assert "ADD CONSTRAINT ck CHECK ((id > 0))" in finding.fix


def test_a_pending_drop_of_what_models_use() -> None:
    finding = only(assay(PLUS, PLUS, BASE, PLUS))
    assert finding.code == "DRF003"
    assert "Pending revision r3 drops it." in finding.message


@pytest.mark.parametrize(
    ("part", "severity", "dropped"),
    [(PHONE, "warning", True), (FK, "warning", True), (CK, "info", False), (IX, "info", True)],
)
def test_models_behind(part: Part, severity: str, dropped: bool) -> None:
    whole = catalog(ID, part)
    finding = only(assay(whole, whole, whole, BASE))
    assert (finding.code, finding.severity) == ("DRF004", severity)
    assert ("Autogenerate would drop it." in finding.message) is dropped
    assert "live = history: present; models: absent" in finding.message


def retyped(type_: str) -> Catalog:
    return catalog(ID, replace(PHONE, type=type_))


def test_models_with_a_lossy_type_block() -> None:
    exact = retyped("numeric(12,2)")
    finding = only(assay(exact, exact, exact, retyped("double precision")))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "Type: live = history: numeric(12,2); models: double precision." in finding.message
    assert "Autogenerate now would change it to double precision." in finding.message
    assert "sa.Column('phone', sa.Numeric(12, 2), nullable=True)" in finding.fix
    assert finding.location == MODEL_AT
    assert finding.evidence["type"] == {
        "live": "numeric(12,2)",
        "applied": "numeric(12,2)",
        "history": "numeric(12,2)",
        "models": "double precision",
    }


def test_models_with_a_wider_type_warn() -> None:
    narrow = retyped("character varying(20)")
    assert only(assay(None, None, narrow, retyped("text"))).severity == "warning"


def test_live_with_another_type_blocks_and_gets_sql() -> None:
    right = retyped("numeric(12,2)")
    finding = only(assay(retyped("double precision"), right, right, right))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "live: double precision; history = models: numeric(12,2)" in finding.message
    assert (
        "    ALTER TABLE public.users ALTER COLUMN phone TYPE numeric(12,2) "
        "USING phone::numeric(12,2);"
    ) in finding.fix
    assert finding.location == Location("alembic/versions/r2.py", 9)


def test_live_that_is_already_what_a_pending_revision_makes() -> None:
    finding = only(assay(retyped("text"), retyped("bigint"), retyped("text"), retyped("text")))
    assert finding.severity == "warning"
    assert "history up to live's stamp: bigint" in finding.message


@pytest.mark.parametrize(
    ("live", "applied", "severity", "sql"),
    [
        (replace(PHONE, not_null=True), PHONE, "blocker", "DROP NOT NULL;"),
        (PHONE, replace(PHONE, default="''::text"), "warning", "SET DEFAULT ''::text;"),
        (
            PHONE,
            replace(PHONE, generated="always as identity"),
            "blocker",
            "ADD GENERATED ALWAYS AS IDENTITY;",
        ),
        (replace(CK, definition="CHECK ((id > 1))"), CK, "blocker", "DROP CONSTRAINT IF EXISTS"),
        (replace(CK, validated=False), CK, "blocker", "VALIDATE CONSTRAINT ck;"),
        (
            CK,
            replace(CK, validated=False),
            "warning",
            "in a new revision:\n    ALTER TABLE public.users VALIDATE",
        ),
        (replace(CK, name="other"), CK, "info", "RENAME CONSTRAINT other TO ck;"),
        (replace(IX, name="other"), IX, "info", "ALTER INDEX public.other RENAME TO ix;"),
        (replace(IX, definition="USING hash (id)"), IX, "warning", "DROP INDEX CONCURRENTLY"),
        (replace(IX, unique=True), IX, "blocker", "CREATE INDEX CONCURRENTLY ix"),
        (replace(IX, valid=False), IX, "warning", "REINDEX INDEX CONCURRENTLY public.ix;"),
    ],
)
def test_live_that_differs(live: Part, applied: Part, severity: str, sql: str) -> None:
    right = catalog(ID, applied)
    finding = only(assay(catalog(ID, live), right, right, None))
    assert (finding.code, finding.severity) == ("DRF005", severity)
    assert sql in finding.fix


def test_defaults_of_models_say_nothing() -> None:
    with_default = catalog(ID, replace(PHONE, default="'x'::text"))
    assert found(assay(with_default, with_default, with_default, PLUS)) == []


def test_a_revision_for_the_models_keeps_the_default() -> None:
    old = catalog(ID, replace(PHONE, type="integer", default="0"))
    finding = only(assay(old, old, old, retyped("bigint")))
    assert "SET DEFAULT 0;" in finding.fix


def test_a_table_that_is_partitioned_on_one_side() -> None:
    parted = replace(BASE, tables=(Table("public", "users", partitioned=True),))
    finding = only(assay(BASE, parted, parted, parted))
    assert (finding.subject, finding.severity) == ("public.users", "blocker")
    assert "Partitioned: live: no; history = models: yes." in finding.message
    assert "make it anew" in finding.fix


def of_kind(*labels: str, type_: str = "public.kind", **other: Any) -> Catalog:
    whole = catalog(ID, replace(PHONE, type=type_, labels=labels, **other))
    return replace(whole, others=(Enum("public", "kind", labels),))


def test_a_label_that_only_live_has_blocks() -> None:
    right = of_kind("a", "b")
    finding = only(assay(of_kind("a", "b", "z"), right, right, right))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "Labels: live: a, b, z; history = models: a, b." in finding.message
    assert (
        "in a new revision:\n"
        "    with op.get_context().autocommit_block():\n"
        "        op.execute(\"ALTER TYPE public.kind ADD VALUE IF NOT EXISTS 'z'\")"
    ) in finding.fix
    assert "run on the live database" not in finding.fix


def test_a_label_that_live_lacks_gets_sql() -> None:
    right = of_kind("a", "b", "it's")
    finding = only(assay(of_kind("b"), right, right, right))
    assert finding.severity == "blocker"
    assert "    ALTER TYPE public.kind ADD VALUE 'a' BEFORE 'b';" in finding.fix
    assert "    ALTER TYPE public.kind ADD VALUE 'it''s';" in finding.fix
    assert "revision" not in finding.fix


def test_a_label_that_a_pending_revision_adds_too() -> None:
    new = of_kind("a", "z")
    finding = only(assay(new, of_kind("a"), new, new))
    assert finding.severity == "blocker"
    assert "A pending revision adds z, which live has" in finding.fix
    assert "autocommit_block" not in finding.fix


def test_a_pending_label_alone_is_no_drift() -> None:
    old, new = of_kind("a"), of_kind("a", "b")
    assert found(assay(old, old, new, new)) == []


@pytest.mark.parametrize("type_", ["public.kind", "public.kind[]"])
def test_a_label_that_only_the_models_have_blocks(type_: str) -> None:
    old = of_kind("a", "b", type_=type_)
    finding = only(assay(old, old, old, of_kind("a", "b", "c", type_=type_)))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "Autogenerate does not see labels." in finding.message
    assert "--autogenerate" not in finding.fix
    assert "take c out of the model at app/models.py:12" in finding.fix
    assert (
        "    with op.get_context().autocommit_block():\n"
        "        op.execute(\"ALTER TYPE public.kind ADD VALUE 'c'\")"
    ) in finding.fix


def test_models_that_lack_a_label_warn() -> None:
    old = of_kind("a", "b")
    finding = only(assay(old, old, old, of_kind("a")))
    assert finding.severity == "warning"
    assert "Add b to the model at app/models.py:12" in finding.fix


def test_labels_in_another_order() -> None:
    old, other = of_kind("a", "b"), of_kind("b", "a")
    of_models = only(assay(old, old, old, other))
    assert of_models.severity == "info"
    assert "Only the order of the labels differs" in of_models.fix
    of_live = only(assay(other, old, old, old))
    assert of_live.severity == "blocker"
    assert "make the type anew" in of_live.fix


def test_labels_beside_another_property() -> None:
    old = of_kind("a")
    labels, column = found(assay(None, None, old, of_kind("a", "c", not_null=True)))
    assert (labels.subject, labels.severity) == ("public.kind", "blocker")
    assert "ADD VALUE 'c'" in labels.fix
    assert (column.subject, column.severity) == ("public.users.phone", "warning")
    assert "SET NOT NULL" in column.fix


def on_domain(base: str) -> Catalog:
    whole = catalog(ID, replace(PHONE, type="public.eur", base_type=base))
    return replace(whole, others=(Domain("public", "eur", base),))


def test_a_domain_that_rests_on_something_else() -> None:
    exact, loose = on_domain("numeric(12,2)"), on_domain("double precision")
    of_live = only(assay(loose, exact, exact, exact))
    assert of_live.severity == "blocker"
    assert "Base type: live: double precision; history = models: numeric(12,2)." in (
        of_live.message
    )
    assert "PostgreSQL cannot change what a domain rests on" in of_live.fix
    assert only(assay(exact, exact, exact, loose)).severity == "blocker"
    assert only(assay(exact, exact, exact, on_domain("numeric(14,2)"))).severity == "warning"


def test_several_properties_are_one_finding_of_the_worst_severity() -> None:
    other = catalog(ID, replace(PHONE, type="bytea", not_null=True))
    finding = only(assay(None, None, PLUS, other))
    assert finding.severity == "blocker"
    assert "Type: history: text; models: bytea. Not null: history: no; models: yes." in (
        finding.message
    )


def test_a_pending_revision_that_collides() -> None:
    finding = only(assay(PLUS, BASE, PLUS, PLUS))
    assert (finding.code, finding.severity) == ("DRF006", "blocker")
    assert "which pending revision r2 creates" in finding.message
    assert "alembic stamp r2" in finding.fix
    assert finding.location == Location("alembic/versions/r2.py", 9)


def test_a_pending_drop_of_what_is_gone() -> None:
    finding = only(assay(BASE, PLUS, BASE, BASE))
    assert finding.code == "DRF006"
    assert "which pending revision r3 drops" in finding.message
    assert "say IF EXISTS" in finding.fix


def test_a_guarded_pending_revision_only_warns() -> None:
    statement = Statement("r2", "ALTER TABLE users\n ADD COLUMN if  not exists phone text")
    facts = replace(
        assay(PLUS, BASE, PLUS, PLUS), builds=(replace(BUILD, statements=(statement,)),)
    )
    assert only(facts).severity == "warning"


def test_a_collision_with_something_else_says_so() -> None:
    finding = next(
        f for f in found(assay(retyped("bytea"), BASE, PLUS, PLUS)) if f.code == "DRF006"
    )
    assert "not what the revision would make" in finding.message


def test_without_a_live_database_models_and_history_are_compared() -> None:
    assert only(assay(None, None, BASE, PLUS)).code == "DRF003"
    facts = assay(LOST, LOST, PLUS, PLUS)
    assert statuses(facts) == {
        "DRF001": Status.UNAVAILABLE,
        "DRF002": Status.UNAVAILABLE,
        "DRF003": Status.PARTIAL,
        "DRF004": Status.PARTIAL,
        "DRF005": Status.PARTIAL,
        "DRF006": Status.UNAVAILABLE,
        # No table was named as critical.
        "DRF007": Status.VACUOUS,
        "DRF008": Status.VACUOUS,
        **dict.fromkeys((f"DRF{number:03}" for number in range(9, 16)), Status.UNAVAILABLE),
    }


def test_without_the_applied_history_nothing_passes() -> None:
    lost = Unavailable("applied history", "the stamp is of no known revision")
    facts = assay(PLUS, lost, PLUS, PLUS)
    ended = statuses(facts)
    assert ended["DRF001"] is Status.UNAVAILABLE
    assert ended["DRF006"] is Status.UNAVAILABLE
    assert Status.PASSED not in {ended[c] for c in ("DRF002", "DRF003", "DRF004", "DRF005")}
    finding = only(assay(PLUS, lost, BASE, BASE))
    assert finding.code == "DRF002"
    assert "Whether a pending revision drops it is not known." in finding.message


def test_without_statements_findings_have_no_revision() -> None:
    facts = replace(assay(BASE, PLUS, PLUS, PLUS), builds=LOST)
    finding = only(facts)
    assert "revision" not in finding.evidence
    assert finding.location == MODEL_AT


def test_the_ini_file_is_named_where_it_is_not_alembics_default() -> None:
    other = replace(MAIN, ini=Location("db/migrate.ini"), ini_section="app")
    finding = only(replace(assay(BASE, BASE, BASE, PLUS), main=other))
    assert "alembic -c db/migrate.ini -n app revision --autogenerate" in finding.fix


def test_critical_tables() -> None:
    rows = (
        TableRows("users", True, True),
        TableRows("payments", True, False),
        TableRows("ledger", False, None, "no table ledger in any schema"),
        TableRows("secret", True, None, "permission denied"),
    )
    missing, empty = found(assay(critical_rows=rows))
    assert (missing.code, missing.subject, missing.severity) == ("DRF007", "ledger", "blocker")
    assert "no table ledger in any schema" in missing.message
    assert (empty.code, empty.subject, empty.severity) == ("DRF008", "payments", "blocker")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.code))
def test_every_check_has_its_page(check: Any) -> None:
    for section in ("What:", "Why:", "Fix:", "Example:"):
        assert f"\n{section}\n" in check.page


def test_sides_that_nobody_compared_are_not_taken_for_alike() -> None:
    outcome = run_checks(CHECKS, replace(assay(None, None, PLUS, BASE), comparison=None))
    assert [c.needs for c in outcome.crashes] == ["check DRF005"]
    lost = replace(assay(PLUS, PLUS, PLUS, PLUS), comparison=LOST)
    ended = {r.code: r.status for r in run_checks(CHECKS, lost).results}
    assert {ended[f"DRF00{n}"] for n in (1, 2, 3, 4, 6)} == {Status.UNAVAILABLE}
    assert ended["DRF005"] is Status.PARTIAL


NEWER = StampSighting(
    "r9",
    "r9.py",
    "abc1234",
    "feature",
    "r3",
    ("r8", "r9"),
    ("r8.py", "r9.py"),
    makes=(("users", "phone"),),
)


def test_what_newer_code_made_is_no_hotfix() -> None:
    """HIS029 says that the database is ahead; to record it here would make it twice."""
    found = only(assay(PLUS, LOST, BASE, BASE, sightings=(NEWER,)))
    assert (found.code, found.subject, found.severity) == (
        "DRF002",
        "public.users.phone",
        Severity.INFO,
    )
    assert found.message.endswith("It is ahead of them: stamped r9, which makes it (feature).")
    assert "hotfix that no revision" not in found.message
    assert "alembic revision" not in found.fix
    assert found.fix.startswith("Bring the newer revisions here, or deploy their code (HIS029")
    assert found.evidence["ahead"] == ["r9"]


def test_what_newer_code_does_not_name_is_a_warning() -> None:
    unnamed = replace(NEWER, makes=(("orders", ""),))
    found = only(assay(PLUS, LOST, BASE, BASE, sightings=(unnamed,)))
    assert (found.code, found.severity) == ("DRF002", Severity.WARNING)
    assert "r9, which most likely makes it, or comes after what does (feature)" in found.message


def test_a_table_that_newer_code_makes() -> None:
    newer = replace(NEWER, makes=(("orders", ""),))
    live = catalog(ID, tables=("users", "orders"))
    found = only(assay(live, LOST, BASE, BASE, sightings=(newer,)))
    assert (found.subject, found.severity) == ("public.orders", Severity.INFO)


@pytest.mark.parametrize(
    "seen", [(), (replace(NEWER, removed="f00"),), (replace(NEWER, continues=""),)]
)
def test_where_it_is_not_ahead_it_is_a_hotfix(seen: tuple[StampSighting, ...]) -> None:
    found = only(assay(PLUS, LOST, BASE, BASE, sightings=seen))
    assert (found.code, found.severity) == ("DRF002", Severity.BLOCKER)
    assert "a hotfix that no revision records" in found.message
