"""Which migration systems look after the same objects, whatever their version tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from pgassay.analysis.ownership import OwnedObject, Ownership, of_history, of_system
from pgassay.analysis.rival_histories import target
from pgassay.facts.catalog import TableName
from pgassay.facts.history import Build, History
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.project import Project
from pgassay.facts.sql_run import SqlRun

System = History | MigrationSystem


@dataclass(frozen=True, slots=True)
class Sharing:
    """Two systems and what both create or alter, as their own words for it. `owners` are theirs,
    in the order of `systems`. `apart`: each is in a sub-project of its own, and nothing says
    whether they are for one database."""

    systems: tuple[System, System]
    owners: tuple[Ownership, Ownership]
    objects: tuple[OwnedObject, ...]
    apart: bool = False

    @property
    def executed(self) -> bool:
        """Whether the server named the objects, for both."""
        return all(o.executed.issuperset(self.objects) for o in self.owners)


def sharing(
    project: Project, builds: Mapping[str, Build], runs: Mapping[str, SqlRun]
) -> tuple[Sharing, ...]:
    """The pairs that share objects, in the order of the project's histories and systems.

    Systems for another kind of database share nothing with these, nor do those that are known to
    be for different databases, and a copy of a system is the same system. `builds` and `runs` are
    those that could be had, by name.
    """
    return tuple(_pairs(project, builds, runs))


def _pairs(
    project: Project, builds: Mapping[str, Build], runs: Mapping[str, SqlRun]
) -> Iterator[Sharing]:
    known: list[tuple[System, Ownership]] = [
        (h, of_history(h, builds.get(h.name))) for h in project.histories
    ]
    known += [
        (s, of_system(s, runs.get(s.name))) for s in project.systems if s.dialect == "postgresql"
    ]
    for (one, owner), (other, second) in combinations(known, 2):
        both = tuple(sorted(owner.objects.keys() & second.objects.keys()))
        unbuilt = [s for s in (one, other) if isinstance(s, History) and s.name not in builds]
        if len(unbuilt) == 2:
            # What their operations name says nothing of schemas; that they were not built is said.
            continue
        if not both or _copies(one, other) or _other_databases(one, other, builds):
            continue
        places = {sub_project(s.name, project.sub_projects) for s in (one, other)}
        apart = len(places) == 2 and not any(
            not a or b.startswith(f"{a}/") for a in places for b in places if a != b
        )
        yield Sharing((one, other), (owner, second), both, apart)


def tables_of_systems(
    main: History,
    systems: Sequence[MigrationSystem],
    builds: Mapping[str, Build],
    runs: Mapping[str, SqlRun],
) -> frozenset[TableName]:
    """The tables that other systems beside `main` look after and `main` does not, and those where
    they write their state: in one database with it, they are no drift of `main`."""
    found: set[TableName] = set()
    for system in systems:
        if system.dialect == "postgresql":
            found |= _tables(of_system(system, runs.get(system.name)))
            if system.state_table is not None:
                schema, name = system.state_table
                found.add((schema or "public", name))
    return frozenset(found) - _tables(of_history(main, builds.get(main.name)))


def _tables(owner: Ownership) -> frozenset[TableName]:
    named = (name.partition(".") for kind, name in owner.objects if kind == "table")
    return frozenset((schema, table) for schema, _, table in named)


def sub_project(name: str, sub_projects: Sequence[str]) -> str:
    """The innermost sub-project that a folder lies in, "" for the project's own."""
    around = [p for p in sub_projects if name == p or name.startswith(f"{p}/")]
    return max(around, key=len, default="")


def _copies(one: System, other: System) -> bool:
    if isinstance(one, History) or isinstance(other, History):
        return False
    first, second = (
        [(f.version, f.up.sql if f.up else None) for f in s.applied] for s in (one, other)
    )
    return first == second and all(sql is not None for _, sql in first)


def _other_databases(one: System, other: System, builds: Mapping[str, Build]) -> bool:
    """Whether both say which database they are for, and it is not the same."""
    first, second = (
        target(s, builds.get(s.name)) if isinstance(s, History) else s.database
        for s in (one, other)
    )
    if not first or not second or first == second:
        return False
    if isinstance(one, History) and isinstance(other, History):
        return True
    places = [_place(p) for p in (first, second)]
    return all("/" in p for p in places) and places[0] != places[1]


def _place(url: str) -> str:
    """`host:port/database` of any kind of URL."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0].replace(":5432/", "/")
