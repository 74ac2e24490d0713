"""Running SQL texts on scratch statement by statement, so that each failure has its line.

A failure undoes its own statement only, and the run goes on. What psql's commands do is done where
it stays inside the project and the database; the rest is named as not run.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.pq import TransactionStatus

from pgassay.analysis.missing_object import missing_object
from pgassay.analysis.psql_variables import substitute, variables_in
from pgassay.analysis.refused_sql import refusal
from pgassay.analysis.sql_effects import bare
from pgassay.analysis.sql_fate import fate
from pgassay.analysis.sql_script import Piece, pieces
from pgassay.facts.location import Location
from pgassay.facts.migration_system import Section
from pgassay.facts.sql_run import NotRun, SqlFailure
from pgassay.sources.psql_flow import PsqlFlow

Connection = psycopg.Connection[Any]

_CONTROL = re.compile(
    r"(?:BEGIN|START\s+TRANSACTION|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE"
    r"|PREPARE\s+TRANSACTION)\b",
    re.IGNORECASE,
)
_COPY = re.compile(r"COPY\b.*\b(?:FROM\s+STDIN|TO\s+STDOUT)\b", re.IGNORECASE | re.DOTALL)
_CREATE_ROLE = re.compile(
    r'CREATE\s+(?:ROLE|USER|GROUP)\s+(?!MAPPING\b)("(?:[^"]|"")+"|[\w$]+)', re.IGNORECASE
)
_NO_ROLE = re.compile(r'role "([^"]+)" does not exist')
_NEEDS_EXTENSION = re.compile(r"CREATE\s+(?:EXTENSION|(?:\w+\s+)*LANGUAGE)\b", re.IGNORECASE)
_SETS = re.compile(r"SET\b", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")
_FORGETS = re.compile(r"(?:RESET|DISCARD)\s+ALL\b", re.IGNORECASE)


class OutOfTime(Exception):
    """The run's time is over."""


class SqlSession:
    """What happened to the texts that one run was given, over one connection or several.

    `on_empty`: a whole system on an empty database; else scripts on a built schema, each statement
    of which is undone in the end, so that what ends a transaction is passed over. `deadline` is by
    time.monotonic().
    """

    def __init__(
        self,
        root: Path,
        deadline: float,
        *,
        on_empty: bool,
        managed: tuple[str, ...] = (),
        renamed: Callable[[Connection, str], None] = lambda _connection, _file: None,
    ) -> None:
        self.statements = 0
        self.failures: list[SqlFailure] = []
        self.not_run: list[NotRun] = []
        self.assumed: list[str] = []
        self.included: list[str] = []
        self._root = root
        self._deadline = deadline
        self._on_empty = on_empty
        self._managed = managed
        self._renamed = renamed
        self._incomplete = False

    def run(
        self,
        connection: Connection,
        section: Section,
        *,
        psql: bool = False,
        whole: tuple[tuple[int, str], ...] = (),
        placeholders: dict[str, str] | None = None,
    ) -> None:
        """Run a text; `connection` is in autocommit. Raises OutOfTime.

        `placeholders` are values of `${name}`; None: the tool replaces none.
        """
        flow = PsqlFlow(self._root, self._leave_out)
        self._pieces(connection, section, flow, psql, whole, placeholders)

    def _pieces(
        self,
        connection: Connection,
        section: Section,
        flow: PsqlFlow,
        psql: bool,
        whole: tuple[tuple[int, str], ...],
        placeholders: dict[str, str] | None,
    ) -> None:
        path, first = section.location.path, section.location.line or 1
        found = (
            [Piece("sql", text, line) for line, text in whole]
            if whole
            else [Piece(p.kind, p.text, p.line + first - 1) for p in pieces(section.sql, psql=psql)]
        )
        for number, piece in enumerate(found):
            at = Location(path, piece.line)
            if flow.ended:
                return
            if piece.kind == "meta":
                included = flow.command(piece.text, at)
                if included is not None:
                    self.included.append(included.location.path)
                    self._pieces(connection, included, flow, True, (), placeholders)
            elif piece.kind == "sql" and flow.runs:
                follows = found[number + 1] if number + 1 < len(found) else None
                data = follows.text if follows is not None and follows.kind == "data" else ""
                text = self._filled_in(piece.text, at, flow, psql, placeholders)
                if text is None:
                    continue
                if follows is not None and follows.kind == "meta" and refusal(text) is None:
                    flow.query(connection, text, follows.text, at, self.statement)
                    if flow.took_query:
                        continue
                self.statement(connection, text, at, data)

    def _filled_in(
        self,
        text: str,
        at: Location,
        flow: PsqlFlow,
        psql: bool,
        placeholders: dict[str, str] | None,
    ) -> str | None:
        if placeholders is not None:
            lacking = [n for n in _PLACEHOLDER.findall(text) if n not in placeholders]
            if lacking:
                self._leave_out(at, text, f"the placeholder ${{{lacking[0]}}} has no value here")
                return None
            text = _PLACEHOLDER.sub(lambda m: placeholders[m[1]], text)
        return substitute(text, flow.variables) if psql else text

    def statement(self, connection: Connection, text: str, at: Location, data: str = "") -> None:
        """Run one statement, or say why not. Raises OutOfTime."""
        if time.monotonic() > self._deadline:
            raise OutOfTime
        plain = bare(text)
        if not plain:
            return
        self.statements += 1
        if _CONTROL.match(plain):
            if self._on_empty:
                self._try(connection, text, at, "", guarded=False)
            return
        if (refused := refusal(text)) is not None:
            self._leave_out(at, text, refused.reason, matters=refused.matters)
        elif match := _CREATE_ROLE.match(plain):
            written = match[1]
            role = written[1:-1].replace('""', '"') if written[0] == '"' else written.lower()
            self._assume_role(connection, role)
        else:
            self._try(connection, text, at, data, guarded=True)
            if _FORGETS.match(plain):
                self._renamed(connection, at.path)

    def finish(self, connection: Connection, at: Location) -> None:
        """Commit, which what was put off until then may refuse."""
        self._try(connection, "COMMIT", at, "", guarded=False)

    def _try(
        self, connection: Connection, text: str, at: Location, data: str, *, guarded: bool
    ) -> None:
        for _ in range(8):
            error = self._execute(connection, text, data, guarded=guarded)
            if error is None:
                return
            role = _NO_ROLE.search(_message(error))
            if role is None or not self._assume_role(connection, role[1]):
                break
        assert error is not None
        self._failed(connection, error, text, at)

    def _failed(
        self, connection: Connection, error: psycopg.Error, text: str, at: Location
    ) -> None:
        state, message = error.sqlstate or "", _message(error)
        if time.monotonic() > self._deadline:
            raise OutOfTime
        if connection.closed:
            raise error
        if state == "25001" and not self._on_empty:
            alone = re.sub(r"\bCONCURRENTLY\b", " ", text, flags=re.IGNORECASE)
            if alone != text:
                self._try(connection, alone, at, "", guarded=True)
            return
        if state == "3D000":
            self._leave_out(at, text, "the database has another name here", matters=False)
            return
        if state == "42704" and _SETS.match(bare(text)) and "configuration parameter" in message:
            self._leave_out(at, text, "this server has no such setting", matters=False)
            return
        if _NEEDS_EXTENSION.match(bare(text)):
            self._leave_out(at, text, f"the scratch server cannot: {message}")
            return
        if state == "42601" and (asked := variables_in(text)):
            self._leave_out(at, text, f"the variable {asked[0]} has no value here")
            return
        decided = fate(
            state,
            message,
            text,
            before=self.failures,
            incomplete=self._incomplete,
            on_empty=self._on_empty,
            managed=self._managed,
        )
        shown = " ".join(bare(text).split())
        self.failures.append(
            SqlFailure(at, shown[:2000], message, state, decided, missing_object(message))
        )

    def _execute(
        self, connection: Connection, text: str, data: str, *, guarded: bool
    ) -> psycopg.Error | None:
        """The server's error; its statement, and no other, is undone."""
        held = guarded and connection.info.transaction_status == TransactionStatus.INTRANS
        try:
            if held:
                connection.execute("SAVEPOINT pgassay")
            _send(connection, text, data)
            if held:
                connection.execute("RELEASE SAVEPOINT pgassay")
        except psycopg.Error as error:
            if held and not connection.closed:
                connection.execute("ROLLBACK TO SAVEPOINT pgassay")
            elif connection.info.transaction_status == TransactionStatus.INERROR:
                connection.execute("ROLLBACK")
            return error
        return None

    def _assume_role(self, connection: Connection, name: str) -> bool:
        """Roles are the server's, so what a project's SQL says of them is assumed, not judged."""
        known = connection.execute(
            "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = %s", [name]
        ).fetchone()
        if known is None:
            making = sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name))
            if self._execute(connection, making.as_string(None), "", guarded=True) is not None:
                return False
            self.assumed.append(name)
        return known is None

    def _leave_out(self, at: Location, what: str, reason: str, *, matters: bool = True) -> None:
        shown = " ".join(bare(what).split()) or what
        self.not_run.append(NotRun(at, shown[:300], reason, matters))
        self._incomplete = self._incomplete or matters


def _send(connection: Connection, text: str, data: str) -> None:
    if not _COPY.match(bare(text)):
        connection.execute(text.encode())
        return
    with connection.cursor() as cursor, cursor.copy(text.encode()) as copy:
        if re.search(r"\bFROM\s+STDIN\b", text, re.IGNORECASE):
            copy.write(data.encode())
        else:
            for _ in copy:
                pass


def _message(error: psycopg.Error) -> str:
    return error.diag.message_primary or str(error).strip().split("\n", 1)[0]
