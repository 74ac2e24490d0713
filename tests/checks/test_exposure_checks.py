"""SEC002 to SEC007 and CON001 on facts that no server here can show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pgassay.analysis.managed_services import CLOUD_SQL, RDS, SUPABASE
from pgassay.check import Outcome, Status, run_checks
from pgassay.checks import (
    definer_functions,
    exposed_pending,
    exposed_policies,
    exposed_tables,
    exposed_views,
    public_rights,
    transaction_pooler,
)
from pgassay.facts.access import Access, ReadRelation, Role
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog, Function, Grant, Schema, Table, View
from pgassay.facts.entry_point import EntryPoint, SetVariable
from pgassay.facts.history import Build, History
from pgassay.facts.location import Location
from pgassay.facts.managed_service import ManagedService
from pgassay.facts.project import Project
from pgassay.facts.server import Server
from pgassay.facts.settings import Settings
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.findings import Severity

CHECKS = (
    *exposed_tables.CHECKS,
    *exposed_policies.CHECKS,
    *exposed_views.CHECKS,
    *exposed_pending.CHECKS,
    *public_rights.CHECKS,
    *definer_functions.CHECKS,
)
PUBLIC = Schema("public", grants=(Grant("PUBLIC", ("USAGE",)),))
ANON = Role("anon", acts_as=frozenset({"anon"}))
OWNER = Role("app", bypasses_row_security=True, acts_as=frozenset({"app"}))
READ = (Grant("anon", ("SELECT",)),)
NOTES = Table("public", "notes", owner="app", grants=READ)


def access(
    *things: Schema | View | Function, tables: tuple[Table, ...] = (), major: int = 18
) -> Access:
    catalog = Catalog(major * 10000, tables=tables, others=(PUBLIC, *things))
    return Access(catalog, SUPABASE, roles=(ANON, OWNER), api_roles=("anon",))


def outcome(of: Access | Unavailable | None) -> Outcome:
    return run_checks(CHECKS, Assay(Settings(), Project("/p", ()), access=of))


def test_a_foreign_table_has_no_row_security_to_switch_on() -> None:
    [finding] = outcome(access(tables=(replace(NOTES, foreign_server="far"),))).findings
    assert finding.fix == "REVOKE ALL ON TABLE public.notes FROM PUBLIC, anon;"


def test_many_partitions_are_one_finding() -> None:
    parent = replace(NOTES, partitioned=True, row_security=True)
    parts = tuple(
        replace(NOTES, name=f"notes_{year}", partition_of="public.notes")
        for year in range(2020, 2028)
    )
    [finding] = outcome(access(tables=(parent, *parts))).findings
    assert finding.subject == "public.notes"
    assert "public.notes_2024, ... (8) of public.notes can be asked by name" in finding.message
    assert len(finding.particulars) == 8
    assert finding.fix.count("ENABLE ROW LEVEL SECURITY;") == 8


@pytest.mark.parametrize("owner", ["supabase_admin", "supabase_auth_admin"])
def test_what_the_service_made_is_its_own_affair(owner: str) -> None:
    """Not what is in its users' schemas, whoever owns that."""
    function = Function("pg_catalog", "f()", owner=owner, security_definer=True, language="sql")
    assert outcome(access(function)).findings == ()
    users = replace(function, schema="public")
    found = outcome(access(users, tables=(replace(NOTES, owner=owner),))).findings
    assert [(f.code, f.subject) for f in found] == [
        ("SEC002", "public.notes"),
        ("SEC005", "public.f()"),
    ]


@pytest.mark.parametrize(
    ("service", "owner"), [(RDS, "rds_superuser"), (CLOUD_SQL, "cloudsqlsuperuser")]
)
def test_a_role_that_users_get_owns_what_is_theirs(service: ManagedService, owner: str) -> None:
    everybodys = replace(NOTES, owner=owner, grants=(Grant("PUBLIC", ("ALL",)),))
    facts = replace(access(tables=(everybodys,)), service=service, api_roles=())
    [finding] = outcome(facts).findings
    assert (finding.code, finding.severity) == ("SEC004", Severity.BLOCKER)
    assert finding.message == (
        "Every role may SELECT, INSERT, UPDATE and DELETE and has TRUNCATE, TRIGGER, REFERENCES "
        "and MAINTAIN on the table public.notes."
    )


def test_a_view_for_everybody_that_an_api_serves() -> None:
    view = View("public", "v", owner="app", grants=(Grant("PUBLIC", ("SELECT",)),))
    [finding] = outcome(access(view)).findings
    assert (finding.code, finding.subject) == ("SEC004", "public.v")


def test_a_role_that_acts_as_the_owner() -> None:
    acting = Role("anon", acts_as=frozenset({"anon", "app"}))
    shut = replace(NOTES, row_security=True, grants=())
    facts = replace(access(tables=(shut,)), roles=(acting, OWNER))
    [finding] = outcome(facts).findings
    assert (finding.code, finding.subject) == ("SEC002", "public.notes")
    assert finding.message.startswith(
        "Row security of public.notes does not hold for its owner app, as whom requests act: "
    )
    assert finding.fix.startswith("ALTER TABLE public.notes FORCE ROW LEVEL SECURITY;")
    forced = replace(shut, force_row_security=True)
    assert outcome(replace(facts, catalog=access(tables=(forced,)).catalog)).findings == ()


def test_a_role_past_row_security_that_reaches_nothing() -> None:
    """It is none while it has no right; a superuser always is one."""
    shut = replace(NOTES, row_security=True)
    past = replace(ANON, bypasses_row_security=True)
    for role, grants, subjects in (
        (past, READ, ["role anon"]),
        (past, (), []),
        (replace(past, superuser=True), (), ["role anon"]),
    ):
        facts = access(tables=(replace(shut, grants=grants),))
        found = outcome(replace(facts, service=None, roles=(role, OWNER))).findings
        assert [f.subject for f in found] == subjects


def test_a_search_path_on_which_pg_temp_is_first() -> None:
    function = Function(
        "public",
        "f()",
        owner="app",
        security_definer=True,
        language="sql",
        settings=("search_path=pg_temp, public",),
    )
    [finding] = outcome(access(function)).findings
    assert "search_path pg_temp, public, on which pg_temp is not last;" in finding.message


def test_a_role_that_reads_or_writes_all() -> None:
    shut = replace(NOTES, grants=())
    for name in ("reads", "writes"):
        predefined = "pg_read_all_data" if name == "reads" else "pg_write_all_data"
        role = Role("anon", acts_as=frozenset({"anon", predefined}))
        facts = replace(access(tables=(shut,)), roles=(role, OWNER))
        [finding] = outcome(facts).findings
        rights = ["SELECT"] if name == "reads" else ["INSERT", "UPDATE", "DELETE"]
        assert list(finding.evidence["rights"]["public.notes"]["anon"]) == rights


def test_a_role_whose_name_is_public_is_not_everybody() -> None:
    named = replace(NOTES, grants=(Grant('"PUBLIC"', ("ALL",)),))
    assert outcome(access(tables=(named,))).findings == ()
    [everybody] = outcome(
        replace(access(tables=(replace(NOTES, grants=(Grant("PUBLIC", ("ALL",)),)),)), api_roles=())
    ).findings
    assert (everybody.code, everybody.severity) == ("SEC004", Severity.BLOCKER)


@pytest.mark.parametrize(("major", "first"), [(14, "REVOKE ALL ON"), (15, "ALTER VIEW public.v")])
def test_a_view_before_security_invoker(major: int, first: str) -> None:
    view = View("public", "v", owner="app", grants=READ, definition=" SELECT 1")
    table = ReadRelation(("hidden", "t"), "table", "other", row_security=True)
    facts = replace(access(view, major=major), reads=((("public", "v"), table),))
    [finding] = outcome(facts).findings
    assert finding.code == "SEC006"
    assert finding.fix.startswith(first)


def test_what_could_not_be_read_is_never_passed() -> None:
    lost = outcome(Unavailable("database", "gone"))
    assert {r.status for r in lost.results} == {Status.UNAVAILABLE}
    unasked = outcome(NotAsked("database", "No database was asked for."))
    assert {r.status for r in unasked.results if r.code != "SEC007"} == {Status.SKIPPED}


POOLER = "postgresql://postgres.ref:***@aws-0-eu-west-1.pooler.supabase.com:6543/postgres"
SESSION = POOLER.replace("6543", "5432")
INI, ENV = Location("alembic.ini", 4), Location("alembic/env.py")
HISTORY = History("alembic", "/p/alembic", (), (), ini=INI, env=ENV)


def migrates(
    history: History, build: Build, *entries: EntryPoint, server: str = ""
) -> list[tuple[str, str, Severity, Location | None]]:
    facts = Assay(
        Settings(),
        Project("/p", (history,), entry_points=entries),
        builds=(build,),
        server=Server(server, "postgres", "postgres", "17.4", 170004) if server else None,
    )
    found = run_checks(transaction_pooler.CHECKS, facts).findings
    assert all(f.code == "CON001" and f.fix.endswith(SESSION) for f in found)
    return [(f.code, f.subject, f.severity, f.location) for f in found]


def test_the_url_of_the_ini_or_of_env_py() -> None:
    build = Build("alembic", requested_url=POOLER)
    expected = ("CON001", "alembic", Severity.WARNING)
    assert migrates(replace(HISTORY, url=POOLER), build) == [(*expected, INI)]
    bare = replace(HISTORY, url=POOLER.replace(":***", ""))
    assert migrates(bare, build) == [(*expected, INI)]
    assert migrates(HISTORY, build) == [(*expected, ENV)]
    assert migrates(replace(HISTORY, url=SESSION), replace(build, requested_url=SESSION)) == []


def test_the_ini_s_url_where_env_py_takes_a_variable() -> None:
    build = Build("alembic", requested_url=POOLER, url_variable="DATABASE_URL")
    assert migrates(replace(HISTORY, url=POOLER), build) == []


def test_a_script_s_url() -> None:
    build = Build("alembic", url_variable="DATABASE_URL")
    place = Location("deploy.sh", 3)
    job = EntryPoint(place, "alembic upgrade head", "alembic", history="alembic")
    taken, other = (SetVariable(n, POOLER, place) for n in ("DATABASE_URL", "APP_URL"))
    expected = [("CON001", "deploy.sh:3", Severity.WARNING, place)]
    assert migrates(HISTORY, build, replace(job, variables=(taken,))) == expected
    assert migrates(HISTORY, build, replace(job, variables=(other,))) == []
    assert migrates(HISTORY, build, replace(job, variables=(taken,), sets_url=True)) == []
    push = EntryPoint(place, f"supabase db push --db-url '{POOLER}'", "supabase")
    assert migrates(HISTORY, build, push) == expected


def test_the_url_of_this_run_is_information() -> None:
    build = Build("alembic", url_variable="DATABASE_URL")
    expected = [("CON001", "database URL", Severity.INFO, None)]
    assert migrates(HISTORY, build, server=POOLER) == expected
    assert migrates(HISTORY, build, server=SESSION) == []
