"""Going on after a statement that fails, so that a history's other defects are seen too.

SQLAlchemy's `do_execute` events (DialectEvents) stand in for each execution: it runs inside a
savepoint, and what fails is reported and left out. Where the parent knows what is missing, such as
a table that another history makes, it is made first and the statement tried again.
"""

from __future__ import annotations

import os
import sys
from typing import Any, Callable

from pgassay.probe.child.events import Events

_DEPTH = 8


class Lenient:
    """`remedies` are statements by what PostgreSQL says when the object is missing, such as
    `relation "subscriptions" does not exist`. `revision` tells which one runs, "" for none."""

    def __init__(
        self, remedies: dict[str, list[str]], revision: Callable[[], str], events: Events
    ) -> None:
        self.remedies = dict(remedies)
        self.revision = revision
        self.events = events
        self.made: list[str] = []
        self.statement = ""

    def install(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        def one(cursor: Any, statement: str, parameters: Any, context: Any) -> Any:
            def execute() -> Any:
                return cursor.execute(statement, parameters)

            return self._run(cursor, statement, execute, context)

        def bare(cursor: Any, statement: str, context: Any) -> Any:
            return self._run(cursor, statement, lambda: cursor.execute(statement), context)

        def many(cursor: Any, statement: str, parameters: Any, context: Any) -> Any:
            def execute() -> Any:
                return cursor.executemany(statement, parameters)

            return self._run(cursor, statement, execute, context)

        event.listen(Engine, "do_execute", one)
        event.listen(Engine, "do_execute_no_params", bare)
        event.listen(Engine, "do_executemany", many)

    def _run(self, cursor: Any, statement: str, execute: Callable[[], Any], context: Any) -> Any:
        """True tells SQLAlchemy that it was executed. Inside a savepoint of the revision's own a
        failure is its own to meet, since that is what it made one for."""
        if not self.revision():
            return None
        self.statement = statement
        # SQLAlchemy's own, for a driver that is asynchronous.
        connection = getattr(cursor, "_adapt_connection", None) or cursor.connection
        for _ in range(_DEPTH):
            saved = _saved(connection)
            try:
                execute()
            except Exception as error:
                if not _is_of_driver(error):
                    raise
                _back(connection, saved)
                if not self._remedied(connection, str(error)):
                    if context.root_connection.in_nested_transaction():
                        raise
                    self._leave_out(cursor, statement, error)
                    return True
                continue
            _kept(connection, saved)
            return True
        return None

    def _remedied(self, connection: Any, message: str, depth: int = 0) -> bool:
        """Whether what the message misses could be made."""
        first = message.strip().split("\n", 1)[0]
        known = next((key for key in self.remedies if key in first), None)
        if known is None or depth > _DEPTH:
            return self._taken_back(connection, first)
        for statement in self.remedies.pop(known):
            if not self._made(connection, statement, depth):
                return False
        self.made.append(known)
        if depth == 0:
            self.events.send(
                "assumed",
                revision=self.revision(),
                missing=known,
                left_out=self.statement[:4000],
                stack=_stack(),
            )
        return True

    def _made(self, connection: Any, statement: str, depth: int) -> bool:
        """Whether a remedy could be executed, after what it needs itself."""
        for _ in range(_DEPTH):
            saved = _saved(connection)
            try:
                _execute(connection, statement)
            except Exception as error:
                _back(connection, saved)
                if not self._remedied(connection, str(error), depth + 1):
                    return False
            else:
                _kept(connection, saved)
                return True
        return False

    def _taken_back(self, connection: Any, message: str) -> bool:
        """A column that an assumed table has and this history adds itself is not assumed."""
        words = message.split('"')
        if len(words) < 5 or not message.rstrip().endswith("already exists"):
            return False
        column, table = words[1], words[3]
        if not any('relation "' + table + '"' in made for made in self.made):
            return False
        _execute(
            connection,
            'ALTER TABLE "{}" DROP COLUMN "{}" CASCADE'.format(table, column.replace('"', '""')),
        )
        return True

    def _leave_out(self, cursor: Any, statement: str, error: BaseException) -> None:
        """Report it; a query in its place keeps SQLAlchemy's result in order."""
        self.events.failed(
            "statement",
            error,
            revision=self.revision(),
            left_out=statement[:4000],
            stack=_stack(),
        )
        cursor.execute("SELECT 1 WHERE false")


def _is_of_driver(error: BaseException) -> bool:
    """PEP 249: every driver's errors are of a class called Error."""
    return any(kind.__name__ == "Error" for kind in type(error).__mro__)


def _execute(connection: Any, statement: str) -> None:
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
    finally:
        cursor.close()


def _saved(connection: Any) -> bool:
    """Whether there is a transaction, and now a savepoint in it."""
    if getattr(connection, "autocommit", False) is True:
        return False
    try:
        _execute(connection, "SAVEPOINT pgassay_statement")
    except Exception:
        return False
    return True


def _back(connection: Any, saved: bool) -> None:
    if saved:
        _execute(connection, "ROLLBACK TO SAVEPOINT pgassay_statement")
        _execute(connection, "RELEASE SAVEPOINT pgassay_statement")


def _kept(connection: Any, saved: bool) -> None:
    if saved:
        try:
            _execute(connection, "RELEASE SAVEPOINT pgassay_statement")
        except Exception:
            # The statement was a COMMIT or ROLLBACK, and took the savepoint with it.
            connection.rollback()


def _stack() -> list[list[Any]]:
    """The files and lines that lead here, the innermost last."""
    frames: list[list[Any]] = []
    frame = sys._getframe(1)
    while frame is not None:
        frames.append([os.path.normpath(frame.f_code.co_filename), frame.f_lineno])
        frame = frame.f_back  # type: ignore[assignment]
    return frames[::-1]
