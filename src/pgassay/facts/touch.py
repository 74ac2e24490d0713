"""What a migration did to a schema, as the server itself tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Action = Literal["create", "alter", "drop", "rewrite"]


@dataclass(frozen=True, slots=True)
class Touch:
    """One object that one statement created, altered, dropped or rewrote.

    `revision` is the revision or file that ran, "" where none was. `command` is the statement's
    tag, such as "ALTER TABLE". `kind` and `name` are the object's type and identity in
    PostgreSQL's words (pg_event_trigger_ddl_commands(), PostgreSQL documentation, "Event Trigger
    Functions"): "table" and "public.users", "table column" and "public.users.phone". `table` is
    the (schema, table) that the object is or hangs on, None where it is neither. `reason` of a
    rewrite is a sum of 1 persistence, 2 default, 4 column type, 8 access method.
    """

    revision: str
    action: Action
    command: str
    kind: str
    name: str
    table: tuple[str, str] | None = None
    reason: int = 0
