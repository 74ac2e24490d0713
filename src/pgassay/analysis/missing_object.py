"""What PostgreSQL says is missing, out of its message."""

from __future__ import annotations

import re

# SQLSTATE class 42's "undefined" codes and 3F000, in PostgreSQL's English messages
# (src/backend/utils/errcodes.txt; stable from 13 to 18).
_MISSING = re.compile(
    r"(?P<what>(?:relation|table|column|type|schema|function|index|constraint|sequence|view|role|"
    r'extension|trigger|operator|collation|database|materialized view) ("[^"]+"|\S+)'
    r'(?: (?:of|for) (?:relation|table) "[^"]+")?) does not exist'
)


def missing_object(message: str) -> str:
    """Such as `relation "subscriptions"`; "" where the message names nothing that is missing."""
    found = _MISSING.search(message)
    return found["what"] if found else ""


def role_of_missing(missing: str) -> str:
    """The role that `missing_object` names; "" where it is something else."""
    found = re.fullmatch(r'role "(.+)"', missing)
    return found[1] if found else ""


def schema_of_missing(missing: str) -> str:
    """The schema that `missing_object` names or its object stands in; "" where it names none."""
    found = re.match(r'schema "([^"]+)"|[a-z ]+ "?([^".(]+)\.', missing)
    return (found[1] or found[2]) if found else ""
