"""Each planted defect gives exactly its finding, and its removal takes exactly that away."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest

from tests.exposure.cloud import Planted

SEED = 20261126


def word(number: random.Random) -> str:
    return "".join(number.choice("bdfgklmnprstvz") + number.choice("aeiou") for _ in range(4))


@dataclass(frozen=True, slots=True)
class Defect:
    """`sql` plants it, as `role`; `mend` removes it. `{t}`, `{u}` and `{s}` are made-up names.
    `finding` is its code, severity and subject."""

    what: str
    sql: str
    finding: tuple[str, str, str]
    mend: str
    role: str = "postgres"


OPEN = "CREATE TABLE public.{t} (id int, owner uuid);"
SHUT = OPEN + "ALTER TABLE public.{t} ENABLE ROW LEVEL SECURITY;"
ROWS_OFF = "ALTER TABLE public.{t} ENABLE ROW LEVEL SECURITY"
NO_RIGHTS = "REVOKE ALL ON public.{t} FROM anon, authenticated;"
DROP_POLICY = "DROP POLICY {u} ON public.{t}"
OPEN_TABLE = ("SEC002", "blocker", "public.{t}")
DEFINER = "CREATE FUNCTION public.{t}(integer) RETURNS integer LANGUAGE sql SECURITY DEFINER {how}"
BODY = "AS 'SELECT 1'"
ON_DATABASE = "DO $$ BEGIN EXECUTE format('{}', current_database()); END $$"
HIDDEN = (
    "CREATE SCHEMA {s}; CREATE TABLE {s}.{t} (id int, body text);"
    "ALTER TABLE {s}.{t} ENABLE ROW LEVEL SECURITY;"
)

DEFECTS = [
    Defect("table", OPEN, OPEN_TABLE, ROWS_OFF),
    Defect("table-own-of-nobody", OPEN, OPEN_TABLE, NO_RIGHTS),
    Defect(
        "table-read-by-one-column",
        OPEN + NO_RIGHTS + "GRANT SELECT (id) ON public.{t} TO anon;",
        OPEN_TABLE,
        "REVOKE SELECT (id) ON public.{t} FROM anon",
    ),
    Defect(
        "table-by-public",
        OPEN + NO_RIGHTS + "GRANT INSERT ON public.{t} TO PUBLIC;",
        OPEN_TABLE,
        "REVOKE INSERT ON public.{t} FROM PUBLIC",
    ),
    Defect(
        "version-table",
        "ALTER TABLE public.alembic_version DISABLE ROW LEVEL SECURITY",
        ("SEC002", "blocker", "public.alembic_version"),
        "ALTER TABLE public.alembic_version ENABLE ROW LEVEL SECURITY",
    ),
    Defect(
        "partition",
        "ALTER TABLE public.orders_2026 DISABLE ROW LEVEL SECURITY",
        ("SEC002", "blocker", "public.orders"),
        "ALTER TABLE public.orders_2026 ENABLE ROW LEVEL SECURITY",
    ),
    Defect(
        "partition-in-another-schema",
        "CREATE SCHEMA {s}; GRANT USAGE ON SCHEMA {s} TO authenticated;"
        "CREATE TABLE {s}.{t} PARTITION OF public.orders"
        " FOR VALUES FROM ('2027-01-01') TO ('2028-01-01');"
        "GRANT SELECT ON {s}.{t} TO authenticated;",
        ("SEC002", "blocker", "public.orders"),
        "REVOKE USAGE ON SCHEMA {s} FROM authenticated",
    ),
    Defect(
        "table-in-a-schema-of-one-s-own",
        "CREATE SCHEMA {s}; CREATE TABLE {s}.{t} (id int); GRANT USAGE ON SCHEMA {s} TO anon;"
        "GRANT SELECT ON {s}.{t} TO anon;",
        ("SEC002", "blocker", "{s}.{t}"),
        "ALTER TABLE {s}.{t} ENABLE ROW LEVEL SECURITY",
    ),
    Defect(
        "policy-update-true",
        SHUT + "CREATE POLICY {u} ON public.{t} FOR UPDATE USING (true);",
        ("SEC003", "blocker", "public.{t}: {u}"),
        DROP_POLICY,
    ),
    Defect(
        "policy-all-one-is-one",
        SHUT + "CREATE POLICY {u} ON public.{t} TO anon USING (1 = 1);",
        ("SEC003", "blocker", "public.{t}: {u}"),
        "ALTER POLICY {u} ON public.{t} USING (owner = auth.uid())",
    ),
    Defect(
        "policy-delete-or-true",
        SHUT
        + "CREATE POLICY {u} ON public.{t} FOR DELETE USING (owner = auth.uid() OR NOT false);",
        ("SEC003", "blocker", "public.{t}: {u}"),
        DROP_POLICY,
    ),
    Defect(
        "policy-for-all-signed-in",
        SHUT + "CREATE POLICY {u} ON public.{t} TO authenticated USING (true);",
        ("SEC003", "warning", "public.{t}: {u}"),
        DROP_POLICY,
    ),
    Defect(
        "policy-asks-whether-signed-in",
        SHUT + "CREATE POLICY {u} ON public.{t} FOR UPDATE"
        " USING ((SELECT auth.role()) = 'authenticated') WITH CHECK (owner = auth.uid());",
        ("SEC003", "warning", "public.{t}: {u}"),
        DROP_POLICY,
    ),
    Defect(
        "policy-insert",
        SHUT + "CREATE POLICY {u} ON public.{t} FOR INSERT TO anon WITH CHECK (true);",
        ("SEC003", "warning", "public.{t}: {u}"),
        "REVOKE INSERT ON public.{t} FROM anon",
    ),
    Defect(
        "policy-insert-by-the-check-of-all",
        SHUT + "CREATE POLICY {u} ON public.{t} USING (owner = auth.uid()) WITH CHECK (true);",
        ("SEC003", "warning", "public.{t}: {u}"),
        DROP_POLICY,
    ),
    Defect(
        "policy-select",
        SHUT + "CREATE POLICY {u} ON public.{t} FOR SELECT USING (true);",
        ("SEC003", "info", "public.{t}: {u}"),
        "CREATE POLICY {s} ON public.{t} AS RESTRICTIVE USING (owner = auth.uid())",
    ),
    Defect(
        "policy-no-longer-behind-a-restrictive-one",
        "DROP POLICY only_own ON public.orders",
        ("SEC003", "blocker", "public.orders: anything"),
        "CREATE POLICY only_own ON public.orders AS RESTRICTIVE USING"
        " ((SELECT auth.uid()) = customer_id)",
    ),
    Defect(
        "policy-of-storage",
        "CREATE POLICY {u} ON storage.objects FOR DELETE TO anon USING (true);",
        ("SEC003", "blocker", "storage.objects: {u}"),
        "DROP POLICY {u} ON storage.objects",
        role="supabase_admin",
    ),
    Defect(
        "schema-for-everybody",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        # Its functions' search_path is then no protection.
        ("SEC004", "warning", "schema public"),
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    ),
    Defect(
        "schema-for-anon",
        "CREATE SCHEMA {s}; GRANT CREATE ON SCHEMA {s} TO anon",
        ("SEC004", "warning", "schema {s}"),
        "REVOKE CREATE ON SCHEMA {s} FROM anon",
    ),
    Defect(
        "rows-for-every-role",
        "ALTER ROLE authenticator SET pgrst.db_schemas = 'public'; SET ROLE postgres;"
        "CREATE SCHEMA {s}; CREATE TABLE {s}.{t} (id int); GRANT USAGE ON SCHEMA {s} TO PUBLIC;"
        "GRANT UPDATE (id) ON {s}.{t} TO PUBLIC;",
        ("SEC004", "blocker", "{s}.{t}"),
        "REVOKE UPDATE (id) ON {s}.{t} FROM PUBLIC;ALTER ROLE authenticator RESET pgrst.db_schemas",
        role="supabase_admin",
    ),
    Defect(
        "sequence-for-every-role",
        "CREATE SEQUENCE public.{t}; GRANT UPDATE ON SEQUENCE public.{t} TO PUBLIC",
        ("SEC004", "warning", "public.{t}"),
        "REVOKE UPDATE ON SEQUENCE public.{t} FROM PUBLIC",
    ),
    Defect(
        "defaults-for-every-role",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA private GRANT SELECT ON TABLES TO PUBLIC",
        ("SEC004", "warning", "default privileges of postgres for tables in schema private"),
        "ALTER DEFAULT PRIVILEGES IN SCHEMA private REVOKE SELECT ON TABLES FROM PUBLIC",
    ),
    Defect(
        "view-for-every-role",
        "CREATE VIEW public.{t} AS SELECT * FROM private.prices;"
        "REVOKE ALL ON public.{t} FROM anon, authenticated; GRANT SELECT ON public.{t} TO PUBLIC;",
        ("SEC004", "warning", "public.{t}"),
        "REVOKE SELECT ON public.{t} FROM PUBLIC",
    ),
    Defect(
        "materialized-view-for-every-role",
        "CREATE MATERIALIZED VIEW public.{t} AS SELECT * FROM private.prices;"
        "REVOKE ALL ON public.{t} FROM anon, authenticated; GRANT SELECT ON public.{t} TO PUBLIC;",
        ("SEC004", "warning", "public.{t}"),
        "REVOKE SELECT ON public.{t} FROM PUBLIC",
    ),
    Defect(
        "truncate-for-every-role",
        SHUT + "GRANT TRUNCATE ON public.{t} TO PUBLIC;",
        ("SEC004", "blocker", "public.{t}"),
        "REVOKE TRUNCATE ON public.{t} FROM PUBLIC",
    ),
    Defect(
        "trigger-for-every-role",
        SHUT + "GRANT TRIGGER ON public.{t} TO PUBLIC;",
        ("SEC004", "warning", "public.{t}"),
        "REVOKE TRIGGER ON public.{t} FROM PUBLIC",
    ),
    Defect(
        "references-for-every-role",
        SHUT + "GRANT REFERENCES (id) ON public.{t} TO PUBLIC;",
        ("SEC004", "warning", "public.{t}"),
        "REVOKE REFERENCES (id) ON public.{t} FROM PUBLIC",
    ),
    Defect(
        "database-for-every-role",
        ON_DATABASE.format("GRANT CREATE ON DATABASE %I TO PUBLIC"),
        ("SEC004", "warning", "database {database}"),
        ON_DATABASE.format("REVOKE CREATE ON DATABASE %I FROM PUBLIC"),
    ),
    Defect(
        "database-for-anon",
        ON_DATABASE.format("GRANT CREATE ON DATABASE %I TO anon"),
        ("SEC004", "warning", "database {database}"),
        ON_DATABASE.format("REVOKE CREATE ON DATABASE %I FROM anon"),
    ),
    Defect(
        "role-past-row-security",
        "ALTER ROLE anon BYPASSRLS",
        ("SEC002", "blocker", "role anon"),
        "ALTER ROLE anon NOBYPASSRLS",
        role="supabase_admin",
    ),
    Defect(
        "superuser-as-the-anonymous-role",
        "CREATE ROLE {u} SUPERUSER; GRANT {u} TO authenticator;"
        "ALTER ROLE authenticator SET pgrst.db_anon_role = '{u}'",
        ("SEC002", "blocker", "role {u}"),
        "ALTER ROLE authenticator RESET pgrst.db_anon_role; DROP ROLE {u}",
        role="supabase_admin",
    ),
    Defect(
        "the-first-superuser-as-the-anonymous-role",
        "GRANT bootstrap_owner TO authenticator;"
        "ALTER ROLE authenticator SET pgrst.db_anon_role = 'bootstrap_owner'",
        ("SEC002", "blocker", "role bootstrap_owner"),
        "ALTER ROLE authenticator RESET pgrst.db_anon_role;"
        "REVOKE bootstrap_owner FROM authenticator",
        role="supabase_admin",
    ),
    Defect(
        "role-that-acts-as-the-owner",
        "CREATE ROLE {u} NOLOGIN; ALTER ROLE anon INHERIT; GRANT {u} TO anon;"
        "CREATE TABLE public.{t} (id int); ALTER TABLE public.{t} ENABLE ROW LEVEL SECURITY;"
        "ALTER TABLE public.{t} OWNER TO {u};",
        OPEN_TABLE,
        "REVOKE {u} FROM anon; ALTER ROLE anon NOINHERIT; DROP TABLE public.{t}; DROP ROLE {u}",
        role="supabase_admin",
    ),
    Defect(
        "table-open-to-a-role-of-another-name",
        "CREATE ROLE {u} NOLOGIN; GRANT {u} TO authenticator; CREATE SCHEMA {s};"
        "CREATE TABLE {s}.{t} (id int); GRANT USAGE ON SCHEMA {s} TO {u};"
        "GRANT SELECT ON {s}.{t} TO {u};",
        ("SEC002", "blocker", "{s}.{t}"),
        "REVOKE {u} FROM authenticator; DROP OWNED BY {u}; DROP ROLE {u}",
        role="supabase_admin",
    ),
    Defect(
        "table-of-the-service-s-role-among-users",
        "CREATE TABLE public.{t} (id int)",
        OPEN_TABLE,
        ROWS_OFF,
        role="supabase_admin",
    ),
    Defect(
        "view-of-the-service-s-role-among-users",
        "CREATE VIEW public.{u} AS SELECT * FROM public.profiles",
        ("SEC006", "blocker", "public.{u}"),
        "DROP VIEW public.{u}",
        role="supabase_admin",
    ),
    Defect(
        "definer-of-the-service-s-role-among-users",
        DEFINER.format(how=BODY, t="{t}"),
        ("SEC005", "blocker", "public.{t}(integer)"),
        "DROP FUNCTION public.{t}",
        role="supabase_admin",
    ),
    Defect(
        "policy-for-a-role-of-another-name",
        "CREATE ROLE {s} NOLOGIN; GRANT {s} TO authenticator; GRANT USAGE ON SCHEMA public TO {s};"
        + SHUT
        + "GRANT UPDATE ON public.{t} TO {s};"
        "CREATE POLICY {u} ON public.{t} FOR UPDATE TO {s} USING (true);",
        # Who may ask as it has signed in.
        ("SEC003", "warning", "public.{t}: {u}"),
        "DROP TABLE public.{t}; DROP OWNED BY {s}; DROP ROLE {s}",
        role="supabase_admin",
    ),
    Defect(
        "definer",
        DEFINER.format(how=BODY, t="{t}"),
        ("SEC005", "blocker", "public.{t}(integer)"),
        "ALTER FUNCTION public.{t}(integer) SET search_path = ''",
    ),
    Defect(
        "definer-for-nobody",
        DEFINER.format(how=BODY, t="{t}")
        + "; REVOKE EXECUTE ON FUNCTION public.{t} FROM PUBLIC, anon, authenticated",
        ("SEC005", "warning", "public.{t}(integer)"),
        "ALTER FUNCTION public.{t} SECURITY INVOKER",
    ),
    Defect(
        "definer-with-the-caller-s-schema",
        DEFINER.format(how='SET search_path = "$user", public, pg_temp ' + BODY, t="{t}"),
        ("SEC005", "blocker", "public.{t}(integer)"),
        "ALTER FUNCTION public.{t} SET search_path = public, pg_temp",
    ),
    Defect(
        "definer-with-pg-temp-first",
        DEFINER.format(how="SET search_path = public " + BODY, t="{t}"),
        ("SEC005", "info", "public.{t}(integer)"),
        "ALTER FUNCTION public.{t} SET search_path = public, pg_temp",
    ),
    Defect(
        "definer-of-a-trigger",
        "CREATE FUNCTION public.{t}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " AS 'BEGIN RETURN new; END'",
        ("SEC005", "warning", "public.{t}()"),
        "DROP FUNCTION public.{t}()",
    ),
    Defect(
        "procedure",
        "CREATE PROCEDURE public.{t}(a text) LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN END'",
        ("SEC005", "blocker", "public.{t}(text)"),
        "ALTER ROUTINE public.{t}(text) SET search_path = public, pg_temp",
    ),
    Defect(
        "view",
        HIDDEN + "CREATE VIEW public.{u} AS SELECT * FROM {s}.{t};",
        ("SEC006", "blocker", "public.{u}"),
        "REVOKE ALL ON public.{u} FROM anon, authenticated",
    ),
    Defect(
        "view-of-a-view",
        HIDDEN + "CREATE VIEW {s}.inner_one AS SELECT * FROM {s}.{t};"
        "CREATE VIEW public.{u} AS SELECT id FROM {s}.inner_one;"
        "ALTER VIEW public.{u} SET (security_invoker = on);",
        ("SEC006", "blocker", "public.{u}"),
        "ALTER VIEW {s}.inner_one SET (security_invoker = on)",
    ),
    Defect(
        "view-that-asks-who",
        "CREATE VIEW public.{u} AS SELECT * FROM public.profiles WHERE user_id = auth.uid();",
        ("SEC006", "warning", "public.{u}"),
        "ALTER VIEW public.{u} SET (security_invoker = true)",
    ),
    Defect(
        "view-of-the-service-s-users",
        "CREATE VIEW public.{u} AS SELECT id, email FROM auth.users;",
        ("SEC006", "blocker", "public.{u}"),
        "ALTER VIEW public.{u} SET (security_invoker = true)",
    ),
    Defect(
        "view-of-the-service-s-secrets",
        "CREATE TABLE vault.secrets (secret text); GRANT SELECT ON vault.secrets TO postgres;"
        "GRANT USAGE ON SCHEMA vault TO postgres; SET ROLE postgres;"
        "CREATE VIEW public.{u} AS SELECT * FROM vault.secrets",
        ("SEC006", "blocker", "public.{u}"),
        "DROP VIEW public.{u}",
        role="supabase_admin",
    ),
    Defect(
        "view-by-one-column",
        "CREATE VIEW public.{u} AS SELECT * FROM public.profiles;"
        "REVOKE ALL ON public.{u} FROM anon, authenticated;"
        "GRANT SELECT (name) ON public.{u} TO anon",
        ("SEC006", "blocker", "public.{u}"),
        "REVOKE SELECT (name) ON public.{u} FROM anon",
    ),
    Defect(
        "materialized-view",
        "CREATE MATERIALIZED VIEW public.{u} AS SELECT name FROM public.profiles;",
        ("SEC006", "blocker", "public.{u}"),
        "ALTER MATERIALIZED VIEW public.{u} SET SCHEMA private",
    ),
]


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda d: d.what)
def test_exactly_its_finding(kept: Planted, defect: Defect) -> None:
    number = random.Random(f"{SEED} {defect.what}")
    names = {key: word(number) for key in ("t", "u", "s")} | {"database": kept.name}
    code, severity, subject = defect.finding
    try:
        kept.run(defect.sql.format(**names), defect.role)
        expected = [(code, severity, subject.format(**names))]
        found = kept.found()
        if defect.what == "schema-for-everybody":
            expected.append(("SEC005", "blocker", "public.order_count()"))
        assert sorted(found) == sorted(expected)
    finally:
        kept.run(defect.mend.format(**names), defect.role)
    assert kept.found() == []
