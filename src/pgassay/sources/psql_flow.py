r"""What psql's commands do to a run of a script: variables, \if, included files, query results."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg

from pgassay.analysis.psql_command import (
    NOT_CARRIED_OUT,
    SILENT,
    PsqlCommand,
    psql_command,
    truth,
)
from pgassay.analysis.psql_variables import substitute
from pgassay.facts.location import Location
from pgassay.facts.migration_system import Section
from pgassay.sources.project_files import is_file, relative

_INCLUDED_AT_MOST = 200
"""Files of one script; one that includes itself never ends."""
Run = Callable[[psycopg.Connection[Any], str, Location], None]


class LeaveOut(Protocol):
    def __call__(self, at: Location, what: str, reason: str, *, matters: bool = ...) -> None: ...


class PsqlFlow:
    r"""The state of one script. `ended` after \q and \connect; `runs` is False inside a branch of
    \if that is not taken."""

    def __init__(self, root: Path, leave_out: LeaveOut) -> None:
        self.variables: dict[str, str] = {}
        self.ended = False
        self.took_query = False
        self._root = root.resolve()
        self._leave_out = leave_out
        self._included_files = 0
        # Of each \if that is open: what its present branch is, and whether one was taken.
        self._branches: list[tuple[bool, bool]] = []

    @property
    def runs(self) -> bool:
        return all(taken for taken, _ in self._branches)

    def command(self, text: str, at: Location) -> Section | None:
        """Carry a command out; the text that it includes, if any."""
        command = psql_command(text)
        name = command.name.removesuffix("+")
        if name in ("if", "elif", "else", "endif"):
            self._branch(name, command, at)
            return None
        if not self.runs:
            return None
        if name in ("i", "ir", "include", "include_relative"):
            return self._included(command, at)
        if name == "set" and command.arguments:
            values = [substitute(v, self.variables) for v in command.arguments[1:]]
            self.variables[command.arguments[0]] = "".join(values)
        elif name == "unset":
            self.variables.pop(next(iter(command.arguments), ""), None)
        elif name in ("q", "quit"):
            self.ended = True
        elif name in ("c", "connect"):
            self._connects(command, at)
        elif name in NOT_CARRIED_OUT:
            self._leave_out(at, text, NOT_CARRIED_OUT[name], matters=name in ("copy", "bind", "!"))
        elif name not in SILENT and name not in ("gexec", "gset") and name[:1] not in "dlz":
            self._leave_out(at, text, "it is not known here")
        return None

    def query(
        self,
        connection: psycopg.Connection[Any],
        text: str,
        following: str,
        at: Location,
        run: Run,
    ) -> None:
        r"""Take a query whose rows \gexec runs or \gset keeps; `took_query` says whether it did."""
        name = psql_command(following).name
        self.took_query = False
        if name not in ("gexec", "gset"):
            return
        try:
            with connection.transaction():
                cursor = connection.execute(text.encode())
                rows = cursor.fetchall() if cursor.description else []
                columns = [c.name for c in cursor.description or ()]
        except psycopg.Error:
            # It is run like any other statement, which tells what is wrong with it.
            return
        self.took_query = True
        if name == "gset":
            prefix = next(iter(psql_command(following).arguments), "")
            for column, value in zip(columns, rows[0] if len(rows) == 1 else (), strict=False):
                self.variables[prefix + column] = "" if value is None else str(value)
            return
        for row in rows:
            for value in row:
                if value is not None:
                    run(connection, str(value), at)

    def _branch(self, name: str, command: PsqlCommand, at: Location) -> None:
        if name == "if":
            self._branches.append(self._decided(command, at) if self.runs else (False, True))
        elif not self._branches:
            return
        elif name == "endif":
            self._branches.pop()
        else:
            _, done = self._branches.pop()
            if done or not self.runs:
                self._branches.append((False, True))
            else:
                self._branches.append(
                    (True, True) if name == "else" else self._decided(command, at)
                )

    def _decided(self, command: PsqlCommand, at: Location) -> tuple[bool, bool]:
        value = truth(substitute(command.rest, self.variables))
        if value is None:
            self._leave_out(at, f"\\if {command.rest}", "what it asks for is not known here")
            return False, True
        return value, value

    def _connects(self, command: PsqlCommand, at: Location) -> None:
        if any(a != "-" for a in command.arguments):
            self._leave_out(at, f"\\connect {command.rest}", "what follows is for another database")
            self.ended = True

    def _included(self, command: PsqlCommand, at: Location) -> Section | None:
        asked = substitute(next(iter(command.arguments), ""), self.variables)
        beside = (self._root / at.path).parent
        own = [beside] if command.name in ("ir", "include_relative") else [self._root, beside]
        for folder in own:
            path = (folder / asked).resolve()
            if path.is_relative_to(self._root) and is_file(path):
                self._included_files += 1
                if self._included_files > _INCLUDED_AT_MOST:
                    self._leave_out(at, f"\\{command.name} {asked}", "it includes without end")
                    self.ended = True
                    return None
                try:
                    text = path.read_text("utf-8-sig", "replace")
                except OSError:
                    break
                return Section(Location(relative(path, self._root), 1), text)
        self._leave_out(at, f"\\{command.name} {command.rest}", "no such file of the project")
        return None
