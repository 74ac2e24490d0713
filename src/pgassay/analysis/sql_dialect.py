"""Which database an SQL text is written for, by its path and by what PostgreSQL has not."""

from __future__ import annotations

import re
from collections.abc import Iterable

POSTGRESQL = "postgresql"

_NAMES = {
    "pg": POSTGRESQL,
    "pgsql": POSTGRESQL,
    "postgres": POSTGRESQL,
    "postgresql": POSTGRESQL,
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "mssql": "mssql",
    "sqlserver": "mssql",
    "oracle": "oracle",
    "clickhouse": "clickhouse",
    "snowflake": "snowflake",
    "bigquery": "bigquery",
    "redshift": "redshift",
    "cockroach": "cockroachdb",
    "cockroachdb": "cockroachdb",
    "crdb": "cockroachdb",
    "duckdb": "duckdb",
    "cassandra": "cassandra",
    "spanner": "spanner",
    "h2": "h2",
    "hsqldb": "hsqldb",
    "db2": "db2",
}
_SIGNS = (
    (
        "mysql",
        re.compile(
            r"`\w+`|\bAUTO_INCREMENT\b|\bENGINE\s*=\s*(?:InnoDB|MyISAM)\b"
            r"|^\s*DELIMITER\s+\S",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    ("sqlite", re.compile(r"\bAUTOINCREMENT\b|^\s*PRAGMA\s+\w", re.IGNORECASE | re.MULTILINE)),
    (
        "mssql",
        re.compile(
            r"^\s*GO\s*$|\[dbo\]|\bIDENTITY\s*\(\s*\d|\bNVARCHAR\s*\(", re.IGNORECASE | re.MULTILINE
        ),
    ),
    ("clickhouse", re.compile(r"\bENGINE\s*=\s*\w*MergeTree\b", re.IGNORECASE)),
    ("oracle", re.compile(r"\bVARCHAR2\s*\(|\bNUMBER\s*\(\s*\d", re.IGNORECASE)),
)
_NO_CODE = re.compile(
    r"--[^\n]*|/\*.*?\*/|'[^']*(?:''[^']*)*'|(?P<tag>\$(?:[^\W\d]\w*)?\$).*?(?P=tag)", re.DOTALL
)


def dialect_of_path(path: str) -> str:
    """The dialect that the innermost folder or file name tells; "" where none does."""
    for part in reversed(path.split("/")):
        for word in reversed(re.split(r"[._-]", part.lower())):
            if word in _NAMES:
                return _NAMES[word]
    return ""


def dialect_of(path: str, texts: Iterable[str]) -> str:
    """The dialect of the files in one folder: what the path says, else what a text cannot be."""
    if named := dialect_of_path(path):
        return named
    for text in texts:
        code = _NO_CODE.sub(" ", text)
        for dialect, sign in _SIGNS:
            if sign.search(code):
                return dialect
    return POSTGRESQL
