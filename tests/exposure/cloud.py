"""A server made like Supabase's, and a database of a project on it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.scratch_server import ScratchServer
from pgassay.verdict import Report

FOLDER = Path(__file__).parent
PROJECT = FOLDER.parent / "cases" / "base"
CODES = ("SEC002", "SEC003", "SEC004", "SEC005", "SEC006")

Connection = psycopg.Connection[Any]


@dataclass(frozen=True, slots=True)
class Cloud:
    """A server on which `postgres` is no superuser, and supabase_admin is one."""

    server: ScratchServer
    parameters: dict[str, str]

    @property
    def major(self) -> int:
        return self.server.major

    def connect(self, database: str, role: str) -> Connection:
        parameters = {**self.parameters, "dbname": database, "user": role}
        return psycopg.connect(make_conninfo("", **parameters), autocommit=True)

    def url(self, database: str, role: str) -> str:
        return f"postgresql://{role}@/{database}?host={self.parameters['host']}"


@dataclass(frozen=True, slots=True)
class Planted:
    """A database of a project on it."""

    cloud: Cloud
    name: str

    def run(self, sql: str, role: str = "postgres") -> None:
        with self.cloud.connect(self.name, role) as connection:
            connection.execute(sql.encode())

    def report(self, *select: str, role: str = "postgres") -> Report:
        request = CheckRequest(
            root=PROJECT, database_url=self.cloud.url(self.name, role), select=select or CODES
        )
        return check(request, lambda _: None)

    def found(self) -> list[tuple[str, str, str]]:
        """(code, severity, subject) of each finding; nothing may be unknown."""
        report = self.report()
        assert report.unavailable == ()
        return [(f.code, f.severity.value, f.subject) for f in report.findings]


def script(name: str) -> str:
    return (FOLDER / f"{name}.sql").read_text()
