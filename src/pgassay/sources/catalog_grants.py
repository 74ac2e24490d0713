"""Rights as facts: what differs from those that an object has by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

from pgassay.facts.catalog import Grant
from pgassay.sources.catalog_own import Own
from pgassay.sources.queries import query

# From PostgreSQL's documentation, "Privileges", table 5.2: all there are, and PUBLIC's usual ones.
_ALL: Mapping[str, frozenset[str]] = {
    "column": frozenset({"SELECT", "INSERT", "UPDATE", "REFERENCES"}),
    "database": frozenset({"CREATE", "CONNECT", "TEMPORARY"}),
    "foreign": frozenset({"USAGE"}),
    "function": frozenset({"EXECUTE"}),
    "language": frozenset({"USAGE"}),
    "large object": frozenset({"SELECT", "UPDATE"}),
    "schema": frozenset({"CREATE", "USAGE"}),
    "sequence": frozenset({"USAGE", "SELECT", "UPDATE"}),
    "table": frozenset(
        {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}
    ),
    "type": frozenset({"USAGE"}),
}
_PUBLIC: Mapping[str, frozenset[str]] = {
    "database": frozenset({"CONNECT", "TEMPORARY"}),
    "function": frozenset({"EXECUTE"}),
    "language": frozenset({"USAGE"}),
    "type": frozenset({"USAGE"}),
}
# acldefault()'s letters.
_SYSTEM_KINDS: Mapping[str, str] = {
    "r": "table",
    "s": "sequence",
    "c": "column",
    "f": "function",
    "T": "type",
    "n": "schema",
    "l": "language",
    "F": "foreign",
    "S": "foreign",
}
_NOTHING: frozenset[str] = frozenset()

Key = tuple[int, int, int]
"""An object's catalog, oid and part."""

Held = dict[int, tuple[set[str], set[str]]]
"""By a role's oid (0: PUBLIC): its privileges, and those it may pass on."""


class Grants:
    """Every access control list of the database, by catalog, oid and part."""

    def __init__(self, cursor: psycopg.Cursor[Any], own: Own) -> None:
        self._own = own
        self._lists: dict[Key, Held] = {}
        for row in cursor.execute(query("catalog/grants")):
            held = self._lists.setdefault((row.catalog, row.oid, row.part), {})
            if row.grantee is not None:
                privileges, passed_on = held.setdefault(row.grantee, (set(), set()))
                privileges.add(row.privilege)
                if row.grantable:
                    passed_on.add(row.privilege)

    def is_any(self, keys: Iterable[Key]) -> bool:
        """Whether a right on one of these objects was ever granted or revoked."""
        return not self._lists.keys().isdisjoint(keys)

    def of(self, key: Key, kind: str, holder: int) -> tuple[Grant, ...]:
        """The grants on one object of this kind of privileges, whose owner is `holder`."""
        held = self._lists.get(key)
        if held is None:
            return ()
        usual = (
            {} if kind == "column" else {0: _PUBLIC.get(kind, _NOTHING), holder: self._all(kind)}
        )
        return self._listed(held, kind, usual)

    def of_defaults(self, oid: int, kind: str, holder: int, schema: int) -> tuple[Grant, ...]:
        """What ALTER DEFAULT PRIVILEGES says. In a schema it adds to what there is already."""
        held = self._lists.get((self._own.classes["pg_default_acl"], oid, 0), {})
        usual = {} if schema else {0: _PUBLIC.get(kind, _NOTHING), holder: self._all(kind)}
        return self._listed(held, kind, usual)

    def of_system(
        self, held: Iterable[str], held_first: Iterable[str], kind: str
    ) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
        """Of the roles whose rights differ from those at first, each now and at first. Rights are
        such as "16401 SELECT*", by the role's oid, * for one that it may pass on."""
        now, first = _held(held), _held(held_first)
        nothing: tuple[set[str], set[str]] = (set(), set())
        others = [r for r in {*now, *first} if now.get(r, nothing) != first.get(r, nothing)]
        others.sort(key=self.grantee)
        grants, initial = (
            tuple(
                Grant(self.grantee(r), self._words(*of.get(r, nothing), _SYSTEM_KINDS[kind]))
                for r in others
            )
            for of in (now, first)
        )
        return grants, initial

    def grantee(self, role: int) -> str:
        """PUBLIC for 0; a role of that name is quoted."""
        if role == 0:
            return "PUBLIC"
        name = self._own.roles.get(role, f"role {role}")
        return '"PUBLIC"' if name == "PUBLIC" else name

    def _listed(
        self, held: Held, kind: str, usual: Mapping[int, frozenset[str]]
    ) -> tuple[Grant, ...]:
        grants = []
        for role in {*held, *usual}:
            privileges, passed_on = held.get(role, (set(), set()))
            if privileges != usual.get(role, _NOTHING) or (passed_on and role not in usual):
                grants.append(Grant(self.grantee(role), self._words(privileges, passed_on, kind)))
        return tuple(sorted(grants, key=lambda grant: grant.grantee))

    def _words(self, held: Iterable[str], passed_on: set[str], kind: str) -> tuple[str, ...]:
        held, every = set(held), self._all(kind)
        if passed_on == every:
            return ("ALL WITH GRANT OPTION",)
        option = {f"{privilege} WITH GRANT OPTION" for privilege in passed_on}
        return tuple(sorted(({"ALL"} if held == every else held - passed_on) | option))

    def _all(self, kind: str) -> frozenset[str]:
        newer = {"MAINTAIN"} if kind == "table" and self._own.major >= 17 else set()
        return _ALL[kind] | newer


def _held(texts: Iterable[str]) -> Held:
    held: Held = {}
    for text in texts:
        role, _, privilege = text.partition(" ")
        privileges, passed_on = held.setdefault(int(role), (set(), set()))
        privileges.add(privilege.removesuffix("*"))
        if privilege.endswith("*"):
            passed_on.add(privilege.removesuffix("*"))
    return held
