"""Which URLs lead to a pooler in transaction mode, and where its sessions are."""

from __future__ import annotations

import pytest

from pgassay.analysis.transaction_pooler import dump_pooler, session_url, transaction_pooler

SHARED = "postgresql://postgres.abc:***@aws-0-eu-west-1.pooler.supabase.com"
OWN = "postgres://postgres:***@db.abcdefghijklmnop.supabase.co"


@pytest.mark.parametrize(
    ("url", "session"),
    [
        (f"{SHARED}:6543/postgres", f"{SHARED}:5432/postgres"),
        (f"{SHARED}:6543/postgres?pgbouncer=true", f"{SHARED}:5432/postgres"),
        (
            f"{SHARED}:6543/postgres?pgbouncer=true&sslmode=require",
            f"{SHARED}:5432/postgres?sslmode=require",
        ),
        (f"{OWN}:6543/postgres", f"{OWN}:5432/postgres"),
        ("postgresql+asyncpg://a@pool.example.com:6432/a?x=1&pgbouncer=true", ""),
    ],
)
def test_one(url: str, session: str) -> None:
    assert transaction_pooler(url) == url
    assert transaction_pooler(f'supabase db push --db-url "{url}" --yes') == url
    assert session_url(url) == session


@pytest.mark.parametrize(
    "text",
    [
        "",
        "alembic upgrade head",
        f"{SHARED}:5432/postgres",
        f"{SHARED}/postgres",
        f"{OWN}:5432/postgres",
        f"{SHARED}:65430/postgres",
        "postgresql://app@db.example.com:6543/app",
        "postgresql://app@pool.example.com:6432/app?pgbouncer=false",
        "https://aws-0-eu-west-1.pooler.supabase.com:6543/",
    ],
)
def test_none(text: str) -> None:
    assert transaction_pooler(text) == ""


HOST = "aws-0-eu-west-1.pooler.supabase.com"


@pytest.mark.parametrize(
    ("command", "variables", "leads_to"),
    [
        (f"pg_dump -Fc {SHARED}:6543/postgres", {}, f"{SHARED}:6543/postgres"),
        ('pg_dump "$DB_URL"', {"DB_URL": f"{OWN}:6543/postgres"}, f"{OWN}:6543/postgres"),
        ("pg_dump -d ${DB_URL}", {"DB_URL": f"{OWN}:6543/postgres"}, f"{OWN}:6543/postgres"),
        (f'pg_dump "host={HOST} port=6543 user=a"', {}, f"{HOST}:6543"),
        (f"pg_dump -h {HOST} -p 6543 postgres", {}, f"{HOST}:6543"),
        (f"pg_dump --host={HOST} --port 6543 postgres", {}, f"{HOST}:6543"),
        ("pg_dump postgres", {"PGHOST": HOST, "PGPORT": "6543"}, f"{HOST}:6543"),
        (f"pg_dump -h {HOST} postgres", {"PGPORT": "6543"}, f"{HOST}:6543"),
        ("pg_dump -p 5432 postgres", {"PGHOST": HOST, "PGPORT": "6543"}, ""),
        ("pg_dump postgres", {"PGHOST": HOST}, ""),
        ("pg_dump postgres", {"PGHOST": "db.example.com", "PGPORT": "6543"}, ""),
        ("pg_dump $OTHER_URL", {"DB_URL": f"{OWN}:6543/postgres"}, ""),
        (f"pg_dump {SHARED}:5432/postgres", {}, ""),
    ],
)
def test_dumps(command: str, variables: dict[str, str], leads_to: str) -> None:
    assert dump_pooler(command, variables) == leads_to
    if leads_to:
        assert session_url(leads_to) == leads_to.replace("6543", "5432")
