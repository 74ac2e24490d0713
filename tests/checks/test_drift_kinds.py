"""The DRF checks on kinds of objects beside tables and their columns, on hand-written facts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY, MODELS
from pgassay.check import run_checks
from pgassay.checks.drift import CHECKS
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import (
    Catalog,
    Column,
    Constraint,
    Extension,
    Function,
    Grant,
    Index,
    Policy,
    Publication,
    SchemaObject,
    Sequence,
    Table,
    Trigger,
    View,
)
from pgassay.facts.history import Build, History, Revision, Statement
from pgassay.facts.location import Location
from pgassay.facts.models import Models
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.findings import Finding

USERS = Table("public", "users")
ID = Column("public", "users", "id", 1, "integer", True)
NOTE = Column("public", "users", "note", 2, "text")
VIEW = View("public", "adults", definition="SELECT users.id FROM public.users")
FUNCTION = Function(
    "public", "total(integer)", arguments="a integer", returns="integer", language="sql", body="x"
)
POLICY = Policy("public", "users", "own_rows", using="(id = 1)")
TRIGGER = Trigger(
    "public", "users", "log_it", definition="BEFORE UPDATE ON public.users EXECUTE FUNCTION f()"
)
FREE = Sequence("public", "invoice_numbers")
PUBLICATION = Publication("changes", all_tables=True, operations=("insert",))

MAIN = History(
    "alembic",
    "alembic",
    ("alembic/versions",),
    tuple(
        Revision(id_, before, Location(f"alembic/versions/{id_}.py", 9))
        for id_, before in (("r1", ()), ("r2", ("r1",)), ("r3", ("r2",)))
    ),
    ini=Location("alembic.ini"),
)
BUILD = Build(
    "alembic",
    statements=(
        Statement("r1", "CREATE TABLE users (id integer NOT NULL)"),
        Statement("r2", "CREATE VIEW adults AS SELECT id FROM users"),
        Statement("r2", "CREATE OR REPLACE FUNCTION total(a int) RETURNS int AS 'x' LANGUAGE sql"),
        Statement("r2", "CREATE POLICY own_rows ON users USING (id = 1)"),
        Statement("r3", "ALTER TABLE users ENABLE ROW LEVEL SECURITY"),
        Statement("r3", "CREATE TRIGGER log_it BEFORE UPDATE ON users EXECUTE FUNCTION f()"),
        Statement("r3", "CREATE SEQUENCE invoice_numbers"),
        Statement("r3", "GRANT SELECT ON users TO app_ro"),
        Statement("r3", "CREATE PUBLICATION changes FOR ALL TABLES"),
    ),
)


def catalog(*others: SchemaObject, table: Table = USERS) -> Catalog:
    columns = tuple(c for c in others if isinstance(c, Column))
    return Catalog(
        180000, (table,), (ID, *columns), others=tuple(o for o in others if o not in columns)
    )


def found(live: Catalog, history: Catalog, models: Catalog | None = None) -> list[Finding]:
    sides = {"live": live, "applied": history, "history": history}
    if models is not None:
        sides["models"] = models
    scopes = {"applied": HISTORY, "history": HISTORY, "models": MODELS}
    facts = Assay(
        Settings(),
        Project("/p", (MAIN,)),
        main=MAIN,
        builds=(BUILD,),
        live=live,
        applied=history,
        history=history,
        models=Models(models) if models else None,
        comparison=compare(sides, scopes=scopes),
        maxima=(),
    )
    outcome = run_checks(CHECKS, facts)
    assert outcome.crashes == ()
    return list(outcome.findings)


def only(live: Catalog, history: Catalog, models: Catalog | None = None) -> Finding:
    findings = found(live, history, models)
    assert len(findings) == 1, [(f.code, f.subject, f.message) for f in findings]
    return findings[0]


def test_an_owner_that_stands_out() -> None:
    def side(owner: str, odd: str, role: str) -> Catalog:
        rest = tuple(Sequence("public", f"s{n}", owner=owner) for n in range(9))
        users = replace(USERS, owner=odd)
        return replace(catalog(*rest, table=users), role=role)

    finding = only(side("app", "alice", "app"), side("postgres", "postgres", "postgres"))
    assert (finding.subject, finding.severity.value) == ("public.users", "blocker")
    assert "Owner: live: alice; history: app." in finding.message
    assert (
        "The history names no owner for it, so it is compared with app, who owns more on live than "
        "any other role." in finding.message
    )
    assert "ALTER TABLE public.users OWNER TO app;" in finding.fix
    assert (
        "write in a new revision, in op.execute():\n    ALTER TABLE public.users OWNER TO alice;"
        in finding.fix
    )
    assert "postgres" not in finding.fix


@pytest.mark.parametrize(
    ("thing", "subject", "severity", "revision", "sql"),
    [
        (VIEW, "public.adults", "blocker", "r2", "CREATE VIEW public.adults AS"),
        (FUNCTION, "public.total(integer)", "blocker", "r2", "CREATE FUNCTION public.total("),
        (POLICY, "public.users.own_rows", "blocker", "r2", "CREATE POLICY own_rows ON"),
        (TRIGGER, "public.users.log_it", "blocker", "r3", "CREATE TRIGGER log_it BEFORE UPDATE"),
        (FREE, "public.invoice_numbers", "blocker", "r3", "CREATE SEQUENCE public.invoice_numbers"),
        (PUBLICATION, "changes", "warning", "r3", "CREATE PUBLICATION changes FOR ALL TABLES"),
    ],
)
def test_what_live_lacks(
    thing: SchemaObject, subject: str, severity: str, revision: str, sql: str
) -> None:
    finding = only(catalog(), catalog(thing))
    assert (finding.code, finding.subject, finding.severity) == ("DRF001", subject, severity)
    assert f"Revision {revision} should have made it." in finding.message
    assert finding.evidence["revision"] == revision
    assert finding.evidence["kind"] == thing.KIND
    assert finding.evidence["autogenerate"] is False
    assert sql in finding.fix


@pytest.mark.parametrize(
    ("thing", "severity", "sql"),
    [
        (VIEW, "warning", "CREATE OR REPLACE VIEW public.adults"),
        (FUNCTION, "warning", "CREATE OR REPLACE FUNCTION public.total("),
        (POLICY, "blocker", "DROP POLICY IF EXISTS own_rows ON public.users;"),
        (TRIGGER, "blocker", "DROP TRIGGER IF EXISTS log_it ON public.users;"),
        (FREE, "warning", "CREATE SEQUENCE IF NOT EXISTS public.invoice_numbers"),
        (PUBLICATION, "warning", "EXCEPTION WHEN duplicate_object"),
        (Extension("hstore", version="1.8"), "info", "CREATE EXTENSION IF NOT EXISTS hstore"),
    ],
)
def test_a_hotfix_of_any_kind(thing: SchemaObject, severity: str, sql: str) -> None:
    finding = only(catalog(thing), catalog(), catalog())
    assert (finding.code, finding.severity) == ("DRF002", severity)
    assert "Autogenerate does not see it: no revision will come by itself." in finding.message
    assert sql in finding.fix
    assert "Record it, after r3" in finding.fix
    assert finding.evidence["follows"] == ["r3"]


def test_row_security_that_live_has_off() -> None:
    finding = only(catalog(), catalog(table=replace(USERS, row_security=True)))
    assert (finding.code, finding.subject, finding.severity) == (
        "DRF005",
        "public.users",
        "blocker",
    )
    assert "Row security: live: no; history: yes." in finding.message
    assert "Revision r3 makes it what the history has." in finding.message
    assert "    ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;" in finding.fix
    assert "    ALTER TABLE public.users DISABLE ROW LEVEL SECURITY;" in finding.fix
    assert finding.evidence["row_security"] == {"live": "no", "applied": "yes", "history": "yes"}
    assert finding.evidence["consequence"] == "security"
    assert finding.location == Location("alembic/versions/r3.py", 9)


def test_grants_come_from_the_revision_that_granted() -> None:
    granted = replace(USERS, grants=(Grant("app_ro", ("SELECT",)),))
    more = replace(USERS, grants=(Grant("app_ro", ("ALL",)),))
    finding = only(catalog(table=more), catalog(table=granted))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert finding.evidence["revision"] == "r3"
    assert "    REVOKE ALL ON TABLE public.users FROM app_ro;" in finding.fix
    assert "    GRANT SELECT ON TABLE public.users TO app_ro;" in finding.fix


def test_a_trigger_that_sleeps() -> None:
    finding = only(catalog(replace(TRIGGER, enabled="disabled")), catalog(TRIGGER))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "ALTER TABLE public.users ENABLE TRIGGER log_it;" in finding.fix


def test_a_function_with_other_settings() -> None:
    safe = replace(FUNCTION, settings=("search_path=pg_catalog",), security_definer=True)
    finding = only(catalog(replace(safe, settings=())), catalog(safe))
    assert (finding.code, finding.severity) == ("DRF005", "blocker")
    assert "CREATE OR REPLACE FUNCTION public.total(a integer)" in finding.fix
    assert "SET search_path TO" in finding.fix


def test_a_comment_is_only_worth_an_info() -> None:
    finding = only(catalog(table=replace(USERS, comment="People")), catalog())
    assert (finding.code, finding.severity) == ("DRF005", "info")
    assert "COMMENT ON TABLE public.users IS NULL;" in finding.fix


def test_columns_in_another_order() -> None:
    other = replace(catalog(NOTE), columns=(replace(ID, position=2), replace(NOTE, position=1)))
    finding = only(other, catalog(NOTE))
    assert (finding.code, finding.severity) == ("DRF005", "info")
    assert "Column order: live: note, id; history: id, note." in finding.message
    assert finding.fix == "Nothing to run: let every INSERT and COPY name its columns."


def test_a_text_that_scratch_could_not_parse_says_so() -> None:
    live, history = catalog(VIEW), catalog(replace(VIEW, definition="SELECT 1"))
    compared = compare({"live": live, "applied": history})
    (difference,) = compared.differences
    facts = Assay(
        Settings(),
        Project("/p", ()),
        live=live,
        applied=history,
        history=history,
        comparison=replace(
            compared, differences=(replace(difference, undecided="no function f()"),)
        ),
        maxima=(),
    )
    (finding,) = run_checks(CHECKS, facts).findings
    assert "it may be only another spelling: no function f()." in finding.message
    assert finding.evidence["undecided"] == "no function f()"


def test_a_column_that_was_perhaps_only_renamed() -> None:
    missing, extra = found(catalog(replace(NOTE, name="remark")), catalog(NOTE))
    assert (missing.code, extra.code) == ("DRF001", "DRF002")
    assert "Live has a column remark in its place: perhaps it was renamed." in missing.message
    assert "    ALTER TABLE public.users RENAME COLUMN remark TO note;" in missing.fix
    assert "    ALTER TABLE public.users RENAME COLUMN note TO remark;" in extra.fix


def test_a_unique_constraint_that_became_an_index() -> None:
    key = Constraint("public", "users", "uq", "unique", ("id",), "UNIQUE (id)")
    index = Index("public", "users", "uq", True, ("id",), "USING btree (id)")
    live = replace(catalog(), indexes=(index,))
    finding = only(live, replace(catalog(), constraints=(key,)))
    assert (finding.code, finding.severity) == ("DRF005", "warning")
    assert "live: unique index; history: unique constraint" in finding.message
    assert "DROP INDEX CONCURRENTLY IF EXISTS public.uq;" in finding.fix
    assert "ALTER TABLE public.users ADD CONSTRAINT uq UNIQUE (id);" in finding.fix
