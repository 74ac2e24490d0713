"""A history on Supabase refers to what Supabase makes; scratch stands in for it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from pgassay.facts.history import History, Revision
from pgassay.facts.location import Location
from pgassay.facts.project import Project
from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.sources.managed_stand_in import stands_in
from pgassay.verdict import Report, Verdict
from tests.exposure.cloud import PROJECT, Cloud, Planted

REVISION = '''"""What this project keeps of each user."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in {statements!r}:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE members")
'''
MEMBERS = "CREATE TABLE members (user_id uuid PRIMARY KEY REFERENCES auth.users (id))"
POLICIES = [
    "ALTER TABLE members ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY own ON members TO authenticated USING ((SELECT auth.uid()) = user_id)",
]
SHUT = "; ".join(
    f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for table in ("accounts", "payments", "alembic_version")
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made = tmp_path / "ledger"
    shutil.copytree(PROJECT, made, ignore=shutil.ignore_patterns("__pycache__", "live.sql"))
    (made / "alembic.ini").write_text((made / "alembic.ini").read_text())
    with (made / "pgassay.toml").open("a") as settings:
        settings.write("\n[models]\nnone = true\n")
    return made


def write(
    project: Path,
    *statements: str,
    revision: str = "0004_members",
    before: str = "0003_payments_by_day",
) -> None:
    text = REVISION.format(statements=list(statements), revision=revision, before=before)
    (project / "alembic" / "versions" / f"{revision}.py").write_text(text)


def judged(project: Path, url: str | None, **options: object) -> Report:
    request = CheckRequest(project, database_url=url, python=sys.executable, **options)  # type: ignore[arg-type]
    return check(request, lambda _: None)


@pytest.fixture
def live(cloud: Cloud) -> Planted:
    """The project's database, made by its administrator, who is no superuser."""
    name = "ledger_live"
    with cloud.connect("postgres", "supabase_admin") as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        connection.execute(f"CREATE DATABASE {name} TEMPLATE bare OWNER postgres".encode())
    made = Planted(cloud, name)
    made.run((PROJECT / "live.sql").read_text())
    made.run("UPDATE alembic_version SET version_num = '0004_members'")
    made.run(";".join([MEMBERS, *POLICIES]))
    return made


def test_a_whole_run(live: Planted, project: Path) -> None:
    """As the administrator: the history builds, nothing differs, what is open is named."""
    write(project, MEMBERS, *POLICIES)
    report = judged(project, live.cloud.url(live.name, "postgres"))
    assert report.unavailable == ()
    open_tables = ["public.accounts", "public.alembic_version", "public.payments"]
    assert [(f.code, f.subject) for f in report.findings] == [("SEC002", t) for t in open_tables]
    assert report.facts["scratch"]["origin"].endswith("with stand-ins for what Supabase makes")
    assert dict(report.facts["sides"]["live"]["left_out"])["managed by Supabase"] > 0


def test_a_well_kept_project_is_clear(live: Planted, project: Path) -> None:
    rows_off = [statement for statement in SHUT.split("; ") if "alembic_version" not in statement]
    write(project, MEMBERS, *POLICIES, *rows_off)
    live.run(SHUT)
    report = judged(project, live.cloud.url(live.name, "postgres"))
    assert (report.findings, report.unavailable) == ((), ())
    assert report.verdict is Verdict.CLEAR


def test_a_pending_table_that_will_be_open(live: Planted, project: Path) -> None:
    """By Supabase's default privileges, or by the history's own grant."""
    write(project, MEMBERS, *POLICIES)
    notes = [
        "CREATE TABLE notes (id int)",
        "CREATE TABLE kept (id int)",
        "ALTER TABLE kept ENABLE ROW LEVEL SECURITY",
    ]

    def messages(*more: str) -> list[str]:
        write(project, *notes, *more, revision="0005_notes", before="0004_members")
        report = judged(project, live.cloud.url(live.name, "postgres"), select=["SEC007"])
        assert report.unavailable == ()
        return [f.message for f in report.findings]

    said = "Once it is deployed, the new table public.notes is open, since its row security is off:"
    assert messages() == [
        f"{said} through the API, anon and authenticated may SELECT, INSERT, UPDATE and DELETE "
        "every row."
    ]
    live.run("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon")
    live.run("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM authenticated")
    assert messages() == []
    granted = messages("GRANT SELECT ON notes TO anon")
    assert granted == [f"{said} through the API, anon may SELECT every row."]


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        ("ALTER TABLE members DISABLE ROW LEVEL SECURITY", ("blocker", "public.members")),
        ("ALTER POLICY own ON members USING (true)", ("warning", "public.members: own")),
        ("ALTER POLICY own ON members TO PUBLIC USING (true)", ("blocker", "public.members: own")),
        ("CREATE POLICY p ON notes USING (true)", ("blocker", "public.notes: p")),
        ("GRANT TRUNCATE ON members TO PUBLIC", ("blocker", "public.members")),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", ("warning", "schema public")),
        ("ALTER VIEW mine SET (security_invoker = off)", ("blocker", "public.mine")),
        (
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
            ("blocker", "public.f()"),
        ),
        ("ALTER FUNCTION kept() RESET search_path", ("blocker", "public.kept()")),
        ("CREATE POLICY two ON members FOR SELECT USING (user_id = auth.uid())", None),
        ("CREATE TABLE more (id int)", None),
        ("CREATE INDEX ON members (user_id)", None),
        ("DROP TABLE members CASCADE", None),
    ],
)
def test_what_pending_revisions_open(
    live: Planted, project: Path, statement: str, finding: tuple[str, str] | None
) -> None:
    """With the live database's owners and grants, not those of scratch."""
    there = [
        MEMBERS,
        *POLICIES,
        "CREATE VIEW mine WITH (security_invoker = on) AS SELECT * FROM members",
        "CREATE FUNCTION kept() RETURNS int LANGUAGE sql SECURITY DEFINER "
        "SET search_path = '' AS 'SELECT 1'",
    ]
    live.run(";".join(there[-2:]))
    write(project, *there)
    notes = ["CREATE TABLE notes (id int)", "ALTER TABLE notes ENABLE ROW LEVEL SECURITY"]
    write(project, *notes, statement, revision="0005_next", before="0004_members")
    report = judged(project, live.cloud.url(live.name, "postgres"), select=["SEC008"])
    assert report.unavailable == ()
    found = [(f.severity.value, f.subject) for f in report.findings]
    assert found == ([finding] if finding else [])
    assert all(f.message.startswith("Once 0005_next is deployed: ") for f in report.findings)


@pytest.mark.parametrize(
    ("to", "severity"), [("anon", "blocker"), ("authenticated", "warning"), ("service_role", "")]
)
def test_what_a_first_deployment_opens(
    live: Planted, project: Path, to: str, severity: str
) -> None:
    """Nothing is stamped and no table is there, so all revisions are pending."""
    open_to = f"CREATE POLICY any_row ON members FOR UPDATE TO {to} USING (true)"
    write(project, MEMBERS, *POLICIES, open_to)
    live.run("DROP TABLE members, payments, accounts, alembic_version CASCADE")
    report = judged(project, live.cloud.url(live.name, "postgres"), select=["SEC008"])
    assert report.unavailable == ()
    found = [(f.severity.value, f.subject) for f in report.findings]
    assert found == ([(severity, "public.members: any_row")] if severity else [])


def test_extensions_that_every_database_of_the_service_has(live: Planted, project: Path) -> None:
    """They are its own in its schema; made elsewhere they are somebody's."""
    write(project, MEMBERS, *POLICIES)
    url = live.cloud.url(live.name, "postgres")
    with live.cloud.connect(live.name, "postgres") as connection:
        asked = "SELECT FROM pg_available_extensions WHERE name = 'pgcrypto'"
        is_here = connection.execute(asked).rowcount == 1
    # The embedded server has no pgcrypto; the others here do.
    assert is_here == (live.cloud.major < 18)
    if is_here:
        live.run("CREATE EXTENSION pgcrypto SCHEMA extensions", "supabase_admin")
    report = judged(project, url, select=["DRF"])
    assert (report.findings, report.unavailable) == ((), ())
    if is_here:
        live.run("ALTER EXTENSION pgcrypto SET SCHEMA public", "supabase_admin")
        report = judged(project, url, select=["DRF"])
        assert [(f.code, f.subject) for f in report.findings] == [("DRF002", "pgcrypto")]


def test_what_a_powerless_role_cannot_read_is_said(live: Planted, project: Path) -> None:
    write(project, MEMBERS, *POLICIES)
    report = judged(project, live.cloud.url(live.name, "onlooker"))
    assert report.verdict is Verdict.UNSAFE
    assert {f.code for f in report.findings} == {"SEC002"}
    lost = {u.needs: u for u in report.unavailable}
    assert "role onlooker may not read the version table" in lost["stamp"].reason
    assert sorted(lost) == ["critical tables", "sequence positions", "stamp"]
    assert all("GRANT" in u.next_step for u in lost.values())


def test_what_is_not_stood_in_for_is_unknown(live: Planted, project: Path) -> None:
    write(project, MEMBERS, "CREATE VIEW sessions AS SELECT * FROM auth.sessions", *POLICIES)
    report = judged(project, live.cloud.url(live.name, "postgres"))
    assert "HIS010" not in {f.code for f in report.findings}
    lost = {u.needs: u for u in report.unavailable}["history alembic"]
    assert lost.reason == (
        'alembic/ needs relation "auth.sessions", which Supabase makes and scratch does not stand '
        "in for (in revision 0004_members)."
    )


def test_its_names_in_the_revisions_are_enough(project: Path) -> None:
    write(project, MEMBERS, *POLICIES)
    report = judged(project, None, no_database=True)
    assert (report.findings, report.unavailable) == ((), ())


def test_a_schema_auth_of_ones_own(project: Path) -> None:
    """Not Supabase's: the table that is missing is missing, and the message says what else."""
    write(project, MEMBERS)
    report = judged(project, None, no_database=True)
    [finding] = [f for f in report.findings if f.code == "HIS010"]
    assert 'schema "auth"' in finding.message
    assert "If Supabase makes auth: `pgassay check --database-url`" in finding.fix


@pytest.mark.parametrize(
    ("text", "is_its"),
    [
        ("CREATE POLICY own ON notes FOR ALL TO authenticated USING (true)", True),
        ("GRANT SELECT ON notes TO anon, service_role", True),
        ("ALTER TABLE notes ALTER owner SET DEFAULT auth.uid()", True),
        ("Opened to authenticated users.", False),
        ("op.execute(CreateSchema('auth'))  # GRANT SELECT ON notes TO authenticated", False),
        ("CREATE SCHEMA vault; GRANT SELECT ON vault.notes TO authenticated", False),
        ("CREATE SCHEMA IF NOT EXISTS extensions; GRANT ALL ON notes TO authenticated", True),
    ],
)
def test_whose_revisions_they_are(tmp_path: Path, text: str, is_its: bool) -> None:
    (tmp_path / "r1.py").write_text(f"{text!r}\n{text}\n")
    first = Revision("r1", (), Location("r1.py"))
    facts = Project(str(tmp_path), (History("alembic", str(tmp_path), (), (first,)),))
    assert stands_in(None, tmp_path, facts) is is_its
    # A live database knows better.
    assert stands_in(True, tmp_path, facts) is True
    assert stands_in(False, tmp_path, facts) is False


def test_one_that_makes_its_own_is_left_alone(project: Path) -> None:
    write(
        project,
        "CREATE SCHEMA auth",
        "CREATE TABLE auth.users (id uuid PRIMARY KEY)",
        "CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        MEMBERS,
        "CREATE POLICY own ON members USING (auth.uid() = user_id)",
    )
    report = judged(project, None, no_database=True, select=["HIS010"])
    assert (report.findings, report.unavailable) == ((), ())
    assert "stand-ins" not in report.facts["scratch"]["origin"]


def test_a_scratch_server_by_a_role_without_superuser(live: Planted, project: Path) -> None:
    """Such as the local stack's `postgres`."""
    write(project, MEMBERS, *POLICIES)
    url, scratch = (live.cloud.url(name, "postgres") for name in (live.name, "postgres"))
    report = judged(project, url, scratch_url=scratch, select=["HIS", "DRF"])
    assert (report.findings, report.unavailable) == ((), ())
    assert report.facts["scratch"]["origin"].startswith("--scratch-url")


def test_nothing_is_left_on_a_scratch_server_of_others(
    project: Path, server: ScratchServer
) -> None:
    """Its roles would make every database there look like Supabase's."""
    write(project, MEMBERS, *POLICIES)
    database = server.create_database("ground")
    with database.connect(autocommit=True) as connection:
        connection.execute("CREATE ROLE anon")
    report = judged(project, None, no_database=True, scratch_url=database.url())
    assert (report.findings, report.unavailable) == ((), ())
    with database.connect(autocommit=True) as connection:
        roles = connection.execute("SELECT rolname FROM pg_roles WHERE oid >= 16384").fetchall()
        databases = connection.execute("SELECT datname FROM pg_database ORDER BY 1").fetchall()
    assert roles == [("anon",)]
    assert databases == [("ground",), ("postgres",), ("template0",), ("template1",)]


def test_a_scratch_server_by_a_role_that_can_make_no_role(
    project: Path, server: ScratchServer
) -> None:
    write(project, MEMBERS, *POLICIES)
    database = server.create_database("ground")
    with database.connect(autocommit=True) as connection:
        connection.execute("CREATE ROLE maker LOGIN CREATEDB")
    scratch = database.url().replace("postgres@", "maker@")
    report = judged(project, None, no_database=True, scratch_url=scratch, select=["HIS010"])
    [lost] = report.unavailable
    assert lost.reason.startswith("what Supabase makes could not be made there: permission denied")
    assert "CREATEDB and CREATEROLE" in lost.next_step
    assert "leave --scratch-url out" in lost.next_step
