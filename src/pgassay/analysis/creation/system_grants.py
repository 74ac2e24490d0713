"""SQL that gives and takes rights on what the server or an extension made."""

from __future__ import annotations

import re

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.facts.catalog import Grant, SystemGrants

_COLUMN = re.compile(r'column (.+)\.("(?:[^"]|"")+"|[^".]+)')
_WORDS = (
    "foreign data wrapper ",
    "foreign server ",
    "function ",
    "language ",
    "procedure ",
    "schema ",
    "sequence ",
    "table ",
    "type ",
)


def system_grants(thing: SystemGrants, _: Surroundings) -> list[str]:
    return given_on(thing)


def given_on(thing: SystemGrants) -> list[str]:
    """Each role that has other rights than at first loses all and gets these."""
    return _set(thing, thing.grants)


def system_grants_undone(thing: SystemGrants) -> str:
    """What the object was made with, again."""
    return " ".join(_set(thing, thing.initial))


def _set(thing: SystemGrants, given: tuple[Grant, ...]) -> list[str]:
    column = _COLUMN.fullmatch(thing.name)
    address = f"table {column[1]}" if column else thing.name
    word = next((w for w in _WORDS if address.startswith(w)), "")
    address = word.upper() + address.removeprefix(word)
    columns = f" ({column[2]})" if column else ""
    statements = []
    for grant in given:
        revoke = f"REVOKE ALL{columns} ON {address} FROM {rights.role(grant.grantee)};"
        granted = rights.grants((grant,), address, columns=columns)
        statements += [revoke, *(s for s in granted if s != revoke)]
    return statements
