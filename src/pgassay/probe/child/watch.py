"""Looking at the session before and after each statement of a revision.

The looking is done in the session itself, whose transaction and locks it is about, by a cursor of
its own; it takes no lock on a table of the project's.
"""

from __future__ import annotations

import re
from typing import Any, Callable

from pgassay.probe.child.events import Events

_OF_A_FAILED_TRANSACTION = ("ROLLBACK", "RELEASE", "SAVEPOINT")
_MARKS = {
    "pyformat": re.compile(r"%(?:\((?P<name>[^)]*)\)s|s|%)"),
    "format": re.compile(r"%(?:s|%)"),
    "numeric_dollar": re.compile(r"\$(?P<name>\d+)"),
}
"""Where parameters stand, by SQLAlchemy's name for the driver's way; %% is one %."""


class Watch:
    """`question` is the SQL that asks for the session's state, "" for none: then nothing is looked
    at. `plan` asks how a statement will be run, whose hexadecimal stands there for SENT. `revision`
    says whose statement is next, "" for nobody's."""

    def __init__(
        self, question: str, plan: str, revision: Callable[[], str], events: Events
    ) -> None:
        self._question = question
        self._plan = plan
        self._revision = revision
        self._events = events
        self._before: Any = None
        self._planned: Any = None

    def install(self) -> None:
        if not self._question:
            return
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", self._begins)
        event.listen(Engine, "after_cursor_execute", self._ended)

    def _begins(self, connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        self._before = None
        if not self._revision():
            return
        try:
            sent = _numbered(statement, parameters, connection.dialect.paramstyle)
            asked = self._plan.replace("SENT", sent.encode().hex())
            self._planned = self._ask(connection, asked)[0]
            self._before = self._ask(connection, self._question)
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
            after=self._ask(connection, self._question),
            plan=self._planned,
        )
        self._before = None

    def _ask(self, connection: Any, question: str) -> Any:
        cursor = connection.connection.cursor()
        try:
            cursor.execute(question)
            return list(cursor.fetchone())
        finally:
            cursor.close()


def _numbered(statement: str, parameters: Any, style: str) -> str:
    """With $1, $2 for its parameters, as PREPARE has them, and whole numbers as they are: how far
    a range goes depends on them. Of many sets of parameters the first counts."""
    marks = _MARKS.get(style)
    if isinstance(parameters, list):
        parameters = parameters[0] if parameters else ()
    if not parameters or marks is None:
        return statement
    numbers: dict[Any, int] = {}
    place = iter(range(len(parameters)))

    def put(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return "%"
        name: Any = mark.groupdict().get("name")
        if name is None:
            name = next(place)
        elif style == "numeric_dollar":
            name = int(name) - 1
        value = parameters[name]
        if isinstance(value, int) and not isinstance(value, bool):
            return f"({value})"
        return f"${numbers.setdefault(name, len(numbers) + 1)}"

    return marks.sub(put, statement)
