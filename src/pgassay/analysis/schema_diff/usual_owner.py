"""Default privileges of whoever built a side, under the name of whoever owns the live database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from pgassay.analysis.side_scope import Scope
from pgassay.facts.catalog import Catalog, DefaultPrivileges


def under_one_owner(
    sides: Mapping[str, Catalog], scopes: Mapping[str, Scope]
) -> Mapping[str, Catalog]:
    """ALTER DEFAULT PRIVILEGES without FOR ROLE is for the role that runs it: on scratch that is
    scratch's own, on the live database its usual owner. The same statement must be the same fact.
    """
    builds = {s for s in sides if s in scopes and not scopes[s].rights}
    others = [c for s, c in sides.items() if s not in builds]
    if not builds or not others:
        return sides
    owners = Counter(t.owner for c in others for t in c.tables if t.owner)
    owner = owners.most_common(1)[0][0] if owners else others[0].role
    return {
        side: _renamed(catalog, catalog.role, owner) if side in builds and owner else catalog
        for side, catalog in sides.items()
    }


def _renamed(catalog: Catalog, old: str, new: str) -> Catalog:
    start = f"{old} for "
    if not old or old == new or not catalog.of(DefaultPrivileges):
        return catalog
    others = tuple(
        replace(thing, name=f"{new} for {thing.name.removeprefix(start)}")
        if isinstance(thing, DefaultPrivileges) and thing.name.startswith(start)
        else thing
        for thing in catalog.others
    )
    return replace(catalog, others=others)
