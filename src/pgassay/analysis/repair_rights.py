"""Rights that a new object gets by itself from default privileges, taken back where not wanted."""

from __future__ import annotations

from dataclasses import replace

from pgassay.analysis.alteration_rights import alter_grants
from pgassay.facts.catalog import (
    Aggregate,
    Catalog,
    Composite,
    DefaultPrivileges,
    Domain,
    Enum,
    Function,
    Grant,
    MaterializedView,
    Owned,
    Range,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)

_WORDS: tuple[tuple[tuple[type[SchemaObject], ...], str], ...] = (
    ((Table, View, MaterializedView), "tables"),
    ((Sequence,), "sequences"),
    ((Function, Aggregate), "functions"),
    ((Enum, Domain, Composite, Range), "types"),
    ((Schema,), "schemas"),
)


def without_default_privileges(thing: SchemaObject, onto: Catalog | None) -> list[str]:
    """What gives a new object the rights that `thing` has, and no more, in the database `onto`
    whose default privileges add some. Those of any role there count: who runs it is not known."""
    word = next((word for kinds, word in _WORDS if isinstance(thing, kinds)), "")
    if onto is None or not word or not isinstance(thing, Owned):
        return []
    added: dict[str, Grant] = {}
    for privileges in onto.of(DefaultPrivileges):
        role, _for, objects = privileges.name.rpartition(" for ")
        if objects in (word, f"{word} in schema {thing.identity[0]}"):
            added |= {g.grantee: g for g in privileges.grants if g.grantee != role}
    wanted = {grant.grantee: grant for grant in thing.grants}
    given = {g: grant for g, grant in (wanted | added).items() if g in added}
    kept = tuple(grant for g, grant in wanted.items() if g not in added)
    return alter_grants(replace(thing, grants=(*kept, *given.values())), thing)
