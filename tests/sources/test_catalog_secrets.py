"""No password, token or key becomes a fact, and what is hidden is counted."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from pgassay.facts.catalog import Catalog, UserMapping
from pgassay.sources.catalog import read_catalog
from pgassay.sources.catalog_secrets import without_secrets, without_values

Connection = psycopg.Connection[Any]

SECRETS = (
    "url=jdbc:postgresql://h/db?user=u&password=HUNTER2",
    "url=jdbc:postgresql://h/db?password=HUNTER2&user=u",
    "url=jdbc:sqlserver://h:1433;user=u;password={HUN;TER2};ssl=true",
    "url=jdbc:oracle:thin:scott/HUNTER2@h:1521:db",
    "conn=host=h password=HUNTER2",
    "conn=host=h password = HUNTER2 dbname=d",
    "conn=host=h password='it\\'s HUNTER2' dbname=d",
    "conn=host=h password=a&b,HUNTER2 dbname=d",
    "conn=host=h options='-c app.secret=HUNTER2' dbname=d",
    "dsn=Driver=X;Uid=u;Pwd=HUNTER2;",
    "dsn=Driver=X;Pwd=a;HUNTER2;Uid=u",
    'config={"user": "u", "password": "HUNTER2"}',
    "address=h:6380,password=HUNTER2,ssl=True",
    "pwd=HUNTER2",
    "passcode=HUNTER2",
    "odbc_PWD=HUNTER2",
    "PASSWORD2=HUNTER2",
    "account_key=HUNTER2",
    "accessKeyId=HUNTER2",
    "pass_word=HUNTER2",
    "auth=HUNTER2",
    "sas=sv=2020&sig=HUNTER2",
    "endpoint=https://h/c?sv=2020&sig=HUNTER2&x=1",
    "url=redis://HUNTER2@h",
    "url=redis://:HUNTER2@h:6379/0",
    "url=postgresql://u:HUN@HUNTER2@h/db",
    "url=postgresql://u:a/HUNTER2@h/db",
    "url=https://HUNTER2:x-oauth-basic@h/a",
    "app.conn=host=h password=HUNTER2",
    "app.jwt_secret=HUNTER2",
    "header=Authorization: Bearer HUNTER2",
    "password=HUNTER2=",
    "password=HUNTER2",
    "pin=HUNTER2",
)


@pytest.mark.parametrize("option", SECRETS)
def test_hides(option: str) -> None:
    shown, number = without_secrets([option])
    assert "HUNTER2" not in shown[0]
    assert "***" in shown[0]
    assert shown[0].partition("=")[0] == option.partition("=")[0]
    assert number == 1


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        ("url=postgresql://u:X@h/db", "url=postgresql://u:***@h/db"),
        ("url=postgresql://u:a@X@h/db?a=1", "url=postgresql://u:***@h/db?a=1"),
        ("conn=host=h password=X dbname=d", "conn=host=h password=*** dbname=d"),
        ("dsn=Pwd=X;Uid=u", "dsn=Pwd=***;Uid=u"),
        ("url=jdbc:a://h/d?password=X&user=u", "url=jdbc:a://h/d?password=***&user=u"),
        ("app.pin=1234", "app.pin=***"),
        ("password=1234", "password=***"),
    ],
)
def test_hides_no_more_than_it_must(option: str, shown: str) -> None:
    assert without_secrets([option]) == ((shown,), 1)


@pytest.mark.parametrize(
    "option",
    [
        "app.token_limit=1",
        "app.max_password_age=90.5",
        "require_password=true",
        "password_required=false",
        "password_encryption=scram-sha-256",
        "search_path=public, auth_data",
        "host=db.example.com",
        "url=postgresql://u@h:5432/db?sslmode=require",
        "url=https://h:8080/path",
        "options=-c statement_timeout=5s",
        "table_name=keys",
        "monkey=1",
        "sslmode=require",
        "fetch_size=100",
        "conn=host=h user=u dbname=pass",
        "work_mem=4MB",
    ],
)
def test_hides_nothing_else(option: str) -> None:
    assert without_secrets([option]) == ((option,), 0)


def test_of_a_user_mapping_only_the_name_is_shown() -> None:
    options = ["user=u", "pin=1234", "code=X", "username=v", "password_required=false"]
    assert without_values(options) == (
        ("code=***", "password_required=false", "pin=***", "user=u", "username=v"),
        2,
    )


def test_hidden_values_are_counted(connection: Connection) -> None:
    database = connection.info.dbname
    connection.execute(
        (
            "CREATE FOREIGN DATA WRAPPER w OPTIONS (secret_key 'HUNTER2');"
            "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', dsn 'Uid=u;Pwd=HUNTER2;');"
            "CREATE USER MAPPING FOR PUBLIC SERVER s"
            " OPTIONS (user 'u', pin 'HUNTER2', x 'HUNTER2');"
            "CREATE FOREIGN TABLE t (a int OPTIONS (token 'HUNTER2')) SERVER s"
            " OPTIONS (url 'redis://HUNTER2@h');"
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql"
            " SET app.conn = 'host=h password=HUNTER2' AS 'SELECT 1';"
            f"ALTER DATABASE {database} SET app.conn = 'host=h password=HUNTER2'"
        ).encode()
    )
    catalog = read_catalog(connection)
    assert isinstance(catalog, Catalog)
    assert "HUNTER2" not in repr(catalog)
    assert dict(catalog.left_out)["hidden value"] == 8
    assert [m.options for m in catalog.of(UserMapping)] == [("pin=***", "user=u", "x=***")]
