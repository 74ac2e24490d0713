"""Every way to write down where a database is."""

from pathlib import Path

import psycopg.conninfo
import pytest

from pgassay.postgres.connection_target import ConnectionTarget, TargetInvalid

FORMS = {
    "postgresql://u:p@h:5433/d": {"user": "u", "password": "p", "host": "h", "port": "5433"},
    "postgres://u@h/d": {"user": "u", "host": "h"},
    "postgresql+asyncpg://u:p%40x%2F@h/d?ssl=require": {
        "user": "u",
        "password": "p@x/",
        "host": "h",
        "sslmode": "require",
    },
    "postgresql+asyncpg://u@h/d?ssl=true": {"user": "u", "host": "h", "sslmode": "require"},
    "postgresql+psycopg2://u@h/d?sslmode=verify-full&application_name=a": {
        "user": "u",
        "host": "h",
        "sslmode": "verify-full",
        "application_name": "a",
    },
    "postgresql+psycopg://u:a#b/c?d@h/d": {"user": "u", "password": "a#b/c?d", "host": "h"},
    "postgresql:///d?host=/var/run/postgresql&port=5433": {
        "host": "/var/run/postgresql",
        "port": "5433",
    },
    "postgresql://u@%2Ftmp%2Fs/d": {"user": "u", "host": "/tmp/s"},
    "postgresql+pg8000://u@/d?unix_sock=/tmp/s/.s.PGSQL.5499": {
        "user": "u",
        "host": "/tmp/s",
        "port": "5499",
    },
    "postgresql://u@[2001:db8::1]:5433/d": {"user": "u", "host": "2001:db8::1", "port": "5433"},
    "postgresql://u@a:1,b:2/d": {"user": "u", "host": "a,b", "port": "1,2"},
    "postgresql+psycopg2://u@/d?host=a:1&host=b:2": {"user": "u", "host": "a,b", "port": "1,2"},
    "jdbc:postgresql://h:5433/d?user=u&password=p": {
        "user": "u",
        "password": "p",
        "host": "h",
        "port": "5433",
    },
    "host=h user=u password='p q' dbname=d": {"host": "h", "user": "u", "password": "p q"},
}


@pytest.mark.parametrize(("text", "expected"), FORMS.items(), ids=list(FORMS))
def test_each_form_is_read(text: str, expected: dict[str, str]) -> None:
    target = ConnectionTarget.parse(text, {})
    assert target.keywords() == {**expected, "dbname": "d"}
    assert target.has_password == ("password" in expected)


@pytest.mark.parametrize("text", [text for text in FORMS if text.startswith("postgresql://")])
def test_libpq_reads_the_plain_forms_the_same(text: str) -> None:
    libpq = psycopg.conninfo.conninfo_to_dict(text)
    assert ConnectionTarget.parse(text, {}).keywords() == libpq


def test_the_driver_and_what_libpq_does_not_know_are_kept() -> None:
    target = ConnectionTarget.parse(
        "postgresql+asyncpg://u@h/d?prepared_statement_cache_size=0&pgbouncer=true", {}
    )
    assert target.driver == "asyncpg"
    assert target.ignored == ("prepared_statement_cache_size", "pgbouncer")


def test_a_variable_is_resolved() -> None:
    target = ConnectionTarget.parse("env:DB", {"DB": "postgresql://u:geheim@h/d"})
    assert (target.origin, target.host, target.database) == ("DB", "h", "d")


@pytest.mark.parametrize(
    ("text", "environ", "reason"),
    [
        ("env:DB", {}, "the environment variable DB is not set"),
        ("env:DB", {"DB": " "}, "the environment variable DB is empty"),
        ("mysql://u:geheim@h/d", {}, "mysql:// is not PostgreSQL"),
        ("postgresql://u:geheim@x@h/d", {}, "%40"),
        ("postgresql://u:ge:heim/geheim", {}, "percent-encoded"),
        ("host=h password=x geheim", {}, "neither a URL nor"),
        ("env:DB", {"DB": "sqlite:///geheim"}, "DB cannot be used: sqlite:// is not PostgreSQL"),
    ],
)
def test_what_cannot_be_read_says_why_without_the_password(
    text: str, environ: dict[str, str], reason: str
) -> None:
    with pytest.raises(TargetInvalid) as failed:
        ConnectionTarget.parse(text, environ)
    assert reason in failed.value.reason
    assert failed.value.next_step
    assert "geheim" not in str(failed.value)
    assert failed.value.__cause__ is None


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://u:geheim@h:5433/d?sslmode=require",
        "postgresql+asyncpg://u@h:5433/d?password=geheim&ssl=require",
        "host=h port=5433 user=u password=geheim dbname=d sslmode=require",
    ],
)
def test_masked_shows_everything_but_the_password(text: str) -> None:
    target = ConnectionTarget.parse(text, {})
    assert target.masked() == "postgresql://u:***@h:5433/d?sslmode=require"
    for shown in (repr(target), str(target), f"{target}", repr([target])):
        assert "geheim" not in shown


def test_nothing_given_means_libpqs_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "from-env")
    monkeypatch.setenv("PGUSER", "someone")
    monkeypatch.setenv("PGPASSWORD", "geheim")
    target = ConnectionTarget.parse("")
    assert target.keywords() == {}
    assert (target.host, target.user, target.database) == ("from-env", "someone", "someone")
    assert target.masked() == "postgresql://someone@from-env:5432/someone"
    assert not target.has_password


def test_a_service_is_looked_up(tmp_path: Path) -> None:
    file = tmp_path / "services"
    file.write_text("# ours\n[a]\nhost=wrong\n[b]\nhost=h\nport=5433\ndbname=x\n[c]\nhost=no\n")
    environ = {"PGSERVICEFILE": str(file)}
    given = ConnectionTarget.parse("service=b dbname=d", environ)
    assert given.keywords() == {"host": "h", "port": "5433", "dbname": "d"}
    assert ConnectionTarget.parse("", {**environ, "PGSERVICE": "b"}).host == "h"
    # What we do not find is left to libpq, which may know more places.
    assert ConnectionTarget.parse("service=z", environ).keywords() == {"service": "z"}


def test_a_child_gets_everything_in_its_environment() -> None:
    target = ConnectionTarget.parse("postgresql://u:geheim@h:5433/d?sslmode=require", {})
    assert target.environment() == {
        "PGUSER": "u",
        "PGPASSWORD": "geheim",
        "PGHOST": "h",
        "PGPORT": "5433",
        "PGDATABASE": "d",
        "PGSSLMODE": "require",
    }
