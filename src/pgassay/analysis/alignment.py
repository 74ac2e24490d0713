"""Which objects of several catalogs are the same object under different names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from pgassay.facts.catalog import Constraint, Index

NamedObject = Constraint | Index

Named = TypeVar("Named", Constraint, Index)

Meaning = Callable[[str, NamedObject], Hashable]
"""(side, object) -> what it is, apart from its name and however it is written."""


def definition_of(thing: NamedObject) -> str:
    """What it is, apart from its name and from whether it has been validated."""
    return thing.definition.removesuffix(" NOT VALID")


def align(
    sides: Mapping[str, Sequence[Named]], meaning: Meaning | None = None
) -> list[dict[str, Named]]:
    """One table's constraints, or its indexes, from every side: each as side -> the object there.

    First what agrees in name and definition; then, among the rest, in definition; then in what the
    definition means, if `meaning` says so; then in name. Definition before name, because names that
    PostgreSQL makes (`t_check`, `t_check1`) depend on the order of creation, and swapped ones are a
    difference of names only. A table has one primary key at most, so those are one object whatever
    they are called and consist of.
    """
    clusters = [{side: thing} for side, things in sides.items() for thing in things]
    clusters = _merge(clusters, lambda _, thing: _whole(thing))
    clusters = _merge(clusters, lambda _, thing: _structure(thing))
    if meaning is not None:
        for names_too in (True, False):
            clusters = _merge(clusters, _meant(meaning, names_too))
    clusters = _merge(clusters, lambda _, thing: _name(thing))
    clusters = _merge(clusters, lambda _, thing: _only_one(thing))
    return sorted(clusters, key=lambda c: min(thing.name for thing in c.values()))


def _meant(meaning: Meaning, names_too: bool) -> Meaning:
    def same(side: str, thing: NamedObject) -> Hashable:
        name = thing.name if names_too else ""
        return (name, *_kind_and_uniqueness(thing), meaning(side, thing))

    return same


def _kind(thing: NamedObject) -> str:
    return thing.kind if isinstance(thing, Constraint) else "index"


def _kind_and_uniqueness(thing: NamedObject) -> tuple[str, str]:
    return (_kind(thing), "unique" if isinstance(thing, Index) and thing.unique else "")


def _whole(thing: NamedObject) -> Hashable:
    return (thing.name, *_structure(thing))


def _structure(thing: NamedObject) -> tuple[str, ...]:
    return (*_kind_and_uniqueness(thing), definition_of(thing))


def _name(thing: NamedObject) -> Hashable:
    return thing.name


def _only_one(thing: NamedObject) -> Hashable:
    return "primary key" if _kind(thing) == "primary key" else (_kind(thing), thing.name)


def _merge(clusters: list[dict[str, Named]], same: Meaning) -> list[dict[str, Named]]:
    """Joins clusters that share a key and no side, in the order they come."""
    merged: list[dict[str, Named]] = []
    by_key: dict[Hashable, list[dict[str, Named]]] = {}
    for cluster in clusters:
        keys = {same(side, thing) for side, thing in cluster.items()}
        partner = next(
            (
                other
                for key in sorted(keys, key=repr)
                for other in by_key.get(key, ())
                if not other.keys() & cluster.keys()
            ),
            None,
        )
        if partner is None:
            partner = cluster
            merged.append(cluster)
        else:
            partner.update(cluster)
        for key in keys:
            known = by_key.setdefault(key, [])
            if not any(partner is other for other in known):
                known.append(partner)
    return merged
