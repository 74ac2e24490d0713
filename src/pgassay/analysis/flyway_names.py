"""Flyway's file names: prefix, version and description, and its callbacks."""

from __future__ import annotations

import re
from typing import NamedTuple

from pgassay.facts.migration_system import FileRole

_NAME = re.compile(r"^(?P<prefix>[VUBR])(?P<version>\d[\d._]*)?__(?P<what>.+)\.sql$")
_CALLBACK = re.compile(
    r"^(?P<event>(?:before|after|create)[A-Z]\w*?|createSchema)(?:__(?P<what>.+))?\.sql$"
)
_ROLES: dict[str, FileRole] = {"V": "versioned", "U": "undo", "B": "baseline", "R": "repeatable"}
_EVENTS: dict[str, FileRole] = {
    "beforeMigrate": "before",
    "beforeEachMigrate": "before-each",
    "afterEachMigrate": "after-each",
    "afterMigrate": "after",
    "afterMigrateApplied": "after",
    "afterVersioned": "after",
}
_ALONE = re.compile(
    r"^\s*(?:CREATE\s+(?:UNIQUE\s+)?INDEX\s+CONCURRENTLY|DROP\s+INDEX\s+CONCURRENTLY|VACUUM"
    r"|(?:CREATE|DROP)\s+(?:DATABASE|TABLESPACE|SUBSCRIPTION)|ALTER\s+SYSTEM"
    r"|REINDEX\s+(?:SCHEMA|DATABASE|SYSTEM|\w+\s+CONCURRENTLY))\b",
    re.IGNORECASE | re.MULTILINE,
)


class FlywayName(NamedTuple):
    role: FileRole
    version: str
    what: str


def flyway_name(name: str) -> FlywayName | None:
    """What a file's name says to Flyway; None for one that it does not take."""
    if match := _NAME.match(name):
        version = (match["version"] or "").strip("._").replace("_", ".")
        if bool(version) == (match["prefix"] == "R"):
            return None
        return FlywayName(_ROLES[match["prefix"]], version, match["what"].replace("_", " "))
    if match := _CALLBACK.match(name):
        return FlywayName(_EVENTS.get(match["event"], "other"), "", match["event"])
    return None


def version_key(version: str) -> tuple[int, ...]:
    """Versions as Flyway orders them: by their numbers, so that 1.10 follows 1.9 and 1 is 1.0."""
    numbers = [int(part) for part in re.split(r"[._]", version) if part]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def is_run_alone(sql: str) -> bool:
    """Whether Flyway finds a statement in it that no transaction may hold, and so opens none."""
    return _ALONE.search(sql) is not None
