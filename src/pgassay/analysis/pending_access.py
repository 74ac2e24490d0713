"""Who may reach what once the pending revisions have run: live rights, and what these change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from pgassay.facts.access import Access
from pgassay.facts.catalog import (
    Catalog,
    Column,
    DefaultPrivileges,
    Function,
    Grant,
    MaterializedView,
    Owned,
    Policy,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
    ViewColumn,
)

Key = tuple[str, tuple[str, str, str]]
Thing = TypeVar("Thing", bound=SchemaObject)

# What rights and exposure are judged by; which role makes default privileges is not known on
# scratch.
_JUDGED = (
    Table,
    Column,
    View,
    ViewColumn,
    MaterializedView,
    Sequence,
    Schema,
    Function,
    Policy,
)
# As the name of `DefaultPrivileges` says what they are for.
_BORN = {
    Table.KIND: "tables",
    View.KIND: "tables",
    MaterializedView.KIND: "tables",
    Sequence.KIND: "sequences",
    Function.KIND: "functions",
}


def access_after(access: Access, before: Catalog, after: Catalog) -> Access:
    """The live access with what the revisions changed between the two schemas of scratch.

    Of what changed only the difference counts: whoever owns or was granted a thing in the live
    database keeps that. What is new is its maker's, with the maker's default privileges.
    """
    had, has = _by_key(before), _by_key(after)
    live = access.catalog
    things = _by_key(live)
    for key in had.keys() - has.keys():
        things.pop(key, None)
    for key, thing in has.items():
        old, there = had.get(key), things.get(key)
        if old == thing:
            continue
        things[key] = _born(thing, live, after) if there is None else _changed(there, old, thing)
    judged = [thing for thing in things.values() if not isinstance(thing, (Table, Column))]
    return replace(
        access,
        catalog=replace(
            live,
            tables=tuple(t for t in things.values() if isinstance(t, Table)),
            columns=tuple(c for c in things.values() if isinstance(c, Column)),
            others=(*(o for o in live.others if not isinstance(o, _JUDGED)), *judged),
        ),
    )


def maker_in(catalog: Catalog) -> str:
    """Who makes the tables: the owner of most."""
    owners = Counter(t.owner for t in catalog.tables).most_common(1)
    return owners[0][0] if owners else catalog.role


def _by_key(catalog: Catalog) -> dict[Key, SchemaObject]:
    return {(t.KIND, t.identity): t for t in catalog.objects() if isinstance(t, _JUDGED)}


def _born(thing: Thing, live: Catalog, scratch: Catalog) -> Thing:
    if not isinstance(thing, Owned):
        return thing
    kind, schema = _BORN.get(thing.KIND, ""), getattr(thing, "schema", "")
    owner = maker_in(live) if thing.owner in ("", scratch.role, maker_in(scratch)) else thing.owner
    names = (f"{owner} for {kind}", f"{owner} for {kind} in schema {schema}")
    given = [g for d in live.of(DefaultPrivileges) if d.name in names for g in d.grants]
    return replace(thing, owner=owner, grants=(*thing.grants, *given))


def _changed(live: SchemaObject, before: SchemaObject | None, after: SchemaObject) -> SchemaObject:
    if before is None:
        return live
    changes: dict[str, Any] = {
        f.name: getattr(after, f.name)
        for f in fields(after)
        if f.compare and getattr(before, f.name) != getattr(after, f.name)
    }
    if "grants" in changes:
        sets = [_pairs(getattr(thing, "grants", ())) for thing in (live, before, after)]
        changes["grants"] = _grants((sets[0] - (sets[1] - sets[2])) | (sets[2] - sets[1]))
    return replace(live, **changes)


def _pairs(grants: Iterable[Grant]) -> set[tuple[str, str]]:
    """One without a privilege says that PUBLIC has lost its usual ones."""
    return {(g.grantee, p) for g in grants for p in g.privileges or ("",)}


def _grants(pairs: Iterable[tuple[str, str]]) -> tuple[Grant, ...]:
    by_grantee: dict[str, list[str]] = {}
    for grantee, privilege in sorted(pairs):
        by_grantee.setdefault(grantee, []).extend([privilege] if privilege else [])
    return tuple(Grant(grantee, tuple(held)) for grantee, held in by_grantee.items())
