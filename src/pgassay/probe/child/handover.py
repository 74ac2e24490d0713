"""A connection handed over, for an env.py that makes none of its own.

Programs that call Alembic leave one in `config.attributes["connection"]` (Alembic's cookbook:
"Sharing a Connection across one or more programmatic migration commands"), and env.py takes it
from there. Which name it looks under is seen, not guessed. Whether theirs is in autocommit cannot
be seen: ours is where a statement needs it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any, Iterator

NAMES = ("connection", "connectable", "conn", "engine", "bind")
KINDS = ("connection", "engine")
"""What may be handed over, in the order in which it is tried: SQLAlchemy 2's Connection has no
`connect()`, which some env.py call on whatever they get."""


def needs_autocommit(error: BaseException) -> bool:
    """Whether PostgreSQL refused a statement since it was inside a transaction (25001)."""
    origin = getattr(error, "orig", None) or error
    return "25001" in (getattr(origin, "sqlstate", None), getattr(origin, "pgcode", None))


class Attributes(dict):  # type: ignore[type-arg]
    """`Config.attributes`. `asked` are the names under which a connection was not found."""

    def __init__(self, values: Any) -> None:
        super().__init__(values)
        self.asked: list[str] = []

    def __missing__(self, key: Any) -> Any:
        self._note(key)
        raise KeyError(key)

    def __contains__(self, key: Any) -> bool:
        self._note(key)
        return super().__contains__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self._note(key)
        return super().get(key, default)

    def pop(self, key: Any, *default: Any) -> Any:
        self._note(key)
        return super().pop(key, *default)

    def _note(self, key: Any) -> None:
        if key in NAMES and not super().__contains__(key) and key not in self.asked:
            self.asked.append(key)


@contextmanager
def handed_over(attributes: Attributes, kind: str, url: str, *, autocommit: bool) -> Iterator[None]:
    """Under each name that was asked for stands an engine of `url`, or a connection of it, which is
    committed in the end as the calling program would."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import NullPool

    options = {"isolation_level": "AUTOCOMMIT"} if autocommit else {}
    engine = create_engine(url, poolclass=NullPool, **options)
    with engine.connect() as connection:
        given = engine if kind == "engine" else connection
        attributes.update(dict.fromkeys(attributes.asked, given))
        yield
        if hasattr(connection, "commit"):
            connection.commit()
