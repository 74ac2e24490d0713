"""A well-kept database like Supabase's is silent, and what the API serves is what counts."""

from __future__ import annotations

import pytest

from pgassay.analysis.managed_services import CLOUD_SQL, RDS, SERVICES, SUPABASE, service_of
from pgassay.facts.managed_service import ManagedService
from pgassay.verdict import Verdict
from tests.exposure.cloud import Planted

OPEN = "CREATE TABLE public.open_one (id int)"


def test_silent(kept: Planted) -> None:
    assert kept.found() == []
    report = kept.report()
    assert report.verdict is Verdict.CLEAR
    assert {c.status for c in report.checks if c.code in ("SEC002", "SEC006")} == {"passed"}
    assert report.facts["server"]["service"] == "Supabase"


def test_a_role_that_may_do_nothing_sees_the_same(kept: Planted) -> None:
    """Rights, policies and views are there for everybody to read."""
    kept.run(f"{OPEN}; CREATE VIEW public.past AS SELECT * FROM public.profiles")
    by_postgres, by_onlooker = (kept.report(role=role) for role in ("postgres", "onlooker"))
    assert [f.subject for f in by_postgres.findings] == ["public.open_one", "public.past"]
    assert by_onlooker.findings == by_postgres.findings
    # It may not read which revisions ran, and that is said.
    assert [u.needs for u in by_onlooker.unavailable] == ["stamp"]


def test_only_schemas_that_the_api_serves(kept: Planted) -> None:
    """What PostgREST is told in the database counts; of the two places, the nearer one."""
    kept.run(OPEN)
    served = [("SEC002", "blocker", "public.open_one")]
    try:
        kept.run("ALTER ROLE authenticator SET pgrst.db_schemas = 'api'", "supabase_admin")
        assert kept.found() == []
        near = f"ALTER ROLE authenticator IN DATABASE {kept.name} SET pgrst.db_schemas ="
        kept.run(f"{near} 'api, public'", "supabase_admin")
        assert kept.found() == served
    finally:
        kept.run("ALTER ROLE authenticator RESET pgrst.db_schemas", "supabase_admin")
        kept.run(f"ALTER ROLE authenticator IN DATABASE {kept.name} RESET ALL", "supabase_admin")
    assert kept.found() == served


@pytest.mark.parametrize("inherits", [True, False])
def test_rights_through_a_membership(kept: Planted, inherits: bool) -> None:
    """They are the role's own only where it inherits them; requests may run as the other too."""
    kept.run(f"{OPEN}; REVOKE ALL ON public.open_one FROM anon, authenticated")
    attribute = "INHERIT" if inherits else "NOINHERIT"
    try:
        kept.run(
            f"CREATE ROLE readers; ALTER ROLE anon {attribute}; GRANT readers TO anon;"
            "GRANT SELECT ON public.open_one TO readers",
            "supabase_admin",
        )
        [finding] = kept.report().findings
        assert (finding.code, finding.subject) == ("SEC002", "public.open_one")
        by_role = {"readers": ("SELECT",), **({"anon": ("SELECT",)} if inherits else {})}
        assert finding.evidence["rights"]["public.open_one"] == by_role
    finally:
        kept.run("ALTER ROLE anon NOINHERIT; DROP OWNED BY readers", "supabase_admin")
        kept.run("DROP ROLE readers", "supabase_admin")


def test_which_roles_an_api_takes_on(kept: Planted) -> None:
    """Those that it is a member of, also through a group; nor superusers, PostgreSQL's own, the
    service's, and where a membership says so, those that it may not."""
    served = "GRANT USAGE ON SCHEMA public TO web; GRANT SELECT ON public.open_one TO web"
    try:
        kept.run(
            f"{OPEN}; REVOKE ALL ON public.open_one FROM anon, authenticated;"
            f"CREATE ROLE web; CREATE ROLE many NOINHERIT; {served}; GRANT web TO many;"
            "CREATE ROLE mighty SUPERUSER; GRANT mighty, pg_monitor TO authenticator;"
            "GRANT SELECT ON public.open_one TO supabase_storage_admin, service_role",
            "supabase_admin",
        )
        assert kept.found() == []
        kept.run("GRANT many TO authenticator", "supabase_admin")
        [finding] = kept.report().findings
        assert finding.evidence["rights"] == {"public.open_one": {"web": ("SELECT",)}}
        assert finding.message.endswith("through the API, web may SELECT every row.")
        if kept.cloud.major >= 16:
            kept.run("GRANT many TO authenticator WITH SET FALSE", "supabase_admin")
            assert kept.found() == []
    finally:
        kept.run("REVOKE mighty, pg_monitor FROM authenticator", "supabase_admin")
        kept.run("DROP OWNED BY web; DROP ROLE web, many, mighty", "supabase_admin")


def test_the_service_s_role_for_everybody(kept: Planted) -> None:
    """It is meant to see all, but not to be what whoever has not signed in runs as."""
    try:
        kept.run(
            "ALTER ROLE authenticator SET pgrst.db_anon_role = 'service_role'", "supabase_admin"
        )
        # Its rights on a table without row security count then, too.
        assert kept.found() == [
            ("SEC002", "blocker", "public.ledger"),
            ("SEC002", "blocker", "role service_role"),
        ]
    finally:
        kept.run("ALTER ROLE authenticator RESET pgrst.db_anon_role", "supabase_admin")


def test_a_view_s_owner_whom_row_security_holds(kept: Planted) -> None:
    """Neither BYPASSRLS nor the table's owner: the table's policies count for it."""
    try:
        kept.run(
            "CREATE ROLE viewer; GRANT ALL ON SCHEMA public TO viewer;"
            "GRANT SELECT ON public.profiles TO viewer; GRANT USAGE ON SCHEMA auth TO viewer;"
            "CREATE VIEW public.held AS SELECT * FROM public.profiles;"
            "ALTER VIEW public.held OWNER TO viewer; GRANT SELECT ON public.held TO anon",
            "supabase_admin",
        )
        assert kept.found() == []
        kept.run("GRANT postgres TO viewer", "supabase_admin")
        # As a member it owns the table, which has it past row security, unless that is forced.
        assert kept.found() == [("SEC006", "blocker", "public.held")]
        kept.run("ALTER TABLE public.profiles FORCE ROW LEVEL SECURITY")
        assert kept.found() == []
    finally:
        kept.run("DROP VIEW public.held; DROP OWNED BY viewer; DROP ROLE viewer", "supabase_admin")


def test_without_an_api_only_rights_of_everybody_count(kept: Planted) -> None:
    kept.run(f"{OPEN}; CREATE VIEW public.past AS SELECT * FROM public.profiles")
    kept.run("GRANT SELECT ON public.open_one TO PUBLIC")
    try:
        kept.run("ALTER ROLE authenticator RENAME TO somebody", "supabase_admin")
        assert kept.found() == [("SEC004", "warning", "public.open_one")]
    finally:
        kept.run("ALTER ROLE somebody RENAME TO authenticator", "supabase_admin")


@pytest.mark.parametrize(
    ("roles", "service"),
    [
        (["postgres", "supabase_admin"], SUPABASE),
        (["rds_superuser", "rdsadmin"], RDS),
        (["cloudsqlsuperuser", "cloudsqladmin"], CLOUD_SQL),
        (["postgres", "app"], None),
    ],
)
def test_a_service_is_known_by_its_role(roles: list[str], service: ManagedService | None) -> None:
    assert service_of(roles) is service


def test_what_is_known_of_each_service_holds_together() -> None:
    for service in SERVICES:
        assert service.role in service.roles
        assert list(service.roles) == sorted(service.roles)
        assert list(service.schemas) == sorted(service.schemas)
