"""Looking at the session before and after each statement of a revision.

The looking is done in the session itself, whose transaction and locks it is about, by a cursor of
its own; it takes no lock on a table of the project's.
"""

from __future__ import annotations

from typing import Any, Callable

from pgassay.probe.child.events import Events

_OF_A_FAILED_TRANSACTION = ("ROLLBACK", "RELEASE", "SAVEPOINT")


class Watch:
    """`question` is the SQL that asks for the session's state, "" for none: then nothing is looked
    at. `revision` says whose statement is next, "" for nobody's."""

    def __init__(self, question: str, revision: Callable[[], str], events: Events) -> None:
        self._question = question
        self._revision = revision
        self._events = events
        self._before: Any = None

    def install(self) -> None:
        if not self._question:
            return
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", self._begins)
        event.listen(Engine, "after_cursor_execute", self._ended)

    def _begins(self, connection: Any, _: Any, statement: str, *__: Any) -> None:
        self._before = None
        if not self._revision():
            return
        try:
            self._before = self._ask(connection)
        except Exception:
            # In a transaction that failed nothing can be asked, and only one thing can be done.
            if statement.strip().upper().split(" ", 1)[0] not in _OF_A_FAILED_TRANSACTION:
                self._events.send("unwatched", revision=self._revision(), sql=statement)

    def _ended(self, connection: Any, _: Any, statement: str, *__: Any) -> None:
        if self._before is None or not self._revision():
            return
        self._events.send(
            "watched",
            revision=self._revision(),
            sql=statement,
            before=self._before,
            after=self._ask(connection),
        )
        self._before = None

    def _ask(self, connection: Any) -> Any:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._question)
            return list(cursor.fetchone())
        finally:
            cursor.close()
