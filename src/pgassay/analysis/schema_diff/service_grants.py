"""Rights that a managed service gives in every database of its own, beside a history that knows
nothing of the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pgassay.analysis.side_scope import Scope
from pgassay.facts.catalog import Catalog, DefaultPrivileges, Grant, Schema, SchemaObject

SERVICE = "grants: Supabase makes them itself"
_OPTION = " WITH GRANT OPTION"


def without_service_grants(
    sides: Mapping[str, Catalog], scopes: Mapping[str, Scope]
) -> tuple[Mapping[str, Catalog], int]:
    """The sides, each database with such rights only as far as every history gives them too; and
    how many objects had more.

    What a history gives and the service has taken away is still missing then, and what a person
    gave beyond the service's still there.
    """
    builds = [c for s, c in sides.items() if s in scopes and _speaks_of_grants(scopes[s])]
    if not builds:
        return sides, 0
    given = [{_key(t): t.grants for t in c.others if isinstance(t, _HOLDERS)} for c in builds]
    filtered: dict[str, Catalog] = {}
    number = 0
    for side, catalog in sides.items():
        filtered[side] = catalog
        if side not in scopes or scopes[side].rights:
            filtered[side], changed = _without(catalog, given)
            number += changed
    return filtered, number


_HOLDERS = (Schema, DefaultPrivileges)
_Given = Sequence[Mapping[object, tuple[Grant, ...]]]


def _speaks_of_grants(scope: Scope) -> bool:
    kinds = scope.kinds
    return not scope.rights and (kinds is None or DefaultPrivileges.KIND in kinds)


def _key(thing: SchemaObject) -> object:
    return (thing.KIND, thing.identity)


def _without(catalog: Catalog, given: _Given) -> tuple[Catalog, int]:
    number = 0
    others: list[SchemaObject] = []
    for thing in catalog.others:
        if not isinstance(thing, _HOLDERS) or not thing.of_service:
            others.append(thing)
            continue
        told = [{g.grantee: g for g in grants.get(_key(thing), ())} for grants in given]
        kept = tuple(k for g in thing.grants if (k := _kept(g, thing.of_service, told)))
        number += kept != thing.grants
        # Default privileges are nothing but their grants.
        if kept or isinstance(thing, Schema):
            others.append(replace(thing, grants=kept))
    return (replace(catalog, others=tuple(others)) if number else catalog), number


def _kept(
    grant: Grant, of_service: tuple[Grant, ...], told: Sequence[Mapping[str, Grant]]
) -> Grant | None:
    if grant not in of_service:
        return grant
    theirs = [grants.get(grant.grantee) for grants in told]
    first = theirs[0]
    if first is None or None in theirs:
        return None
    within = first.privileges == grant.privileges or (
        grant.privileges == ("ALL",) and not any(p.endswith(_OPTION) for p in first.privileges)
    )
    return first if within else grant
