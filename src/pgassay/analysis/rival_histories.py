"""Which histories would stamp one and the same version table of one database."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations

from pgassay.analysis.catalog_share import Anchor, anchors
from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.history import Build, History

_TABLE = re.compile(
    r"\b(?:CREATE|ALTER)\s+TABLE\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?([\w.\"]+)",
    re.IGNORECASE,
)


def rival_groups(
    histories: Sequence[History], builds: Mapping[str, Build]
) -> tuple[tuple[History, ...], ...]:
    """Groups of two or more histories, in the order given.

    Two histories with revisions are rivals when they use the same version table, unless they are
    for different databases: env.py asks for different ones, and the revisions have no table in
    common. `builds` are by history name, those that could be had.
    """
    group = {h.name: {h.name} for h in histories}
    for one, other in combinations(histories, 2):
        if _rivals(one, other, builds):
            joined = group[one.name] | group[other.name]
            for name in joined:
                group[name] = joined
    found: list[tuple[History, ...]] = []
    for history in histories:
        members = tuple(h for h in histories if h.name in group[history.name])
        if len(members) > 1 and members not in found:
            found.append(members)
    return tuple(found)


def histories_beside(
    main: History, histories: Sequence[History], builds: Mapping[str, Build]
) -> tuple[History, ...]:
    """The histories that have a version table of their own, so that they may share a database with
    `main`: neither it nor its rivals."""
    rivals = {h.name for group in rival_groups(histories, builds) for h in group if main in group}
    return tuple(h for h in histories if h.name not in rivals | {main.name})


def share_of(
    histories: Sequence[History], main: History, builds: Mapping[str, Build]
) -> frozenset[Anchor]:
    """What these histories make and `main` does not: in one database with it, it is theirs to
    judge, and no drift of `main`."""
    made = {
        name: anchors(build.catalog)
        for name, build in builds.items()
        if isinstance(build.catalog, Catalog)
    }
    none = frozenset[Anchor]()
    return none.union(*(made.get(h.name, none) for h in histories)) - made.get(main.name, none)


def version_table(history: History, build: Build | None) -> TableName:
    """The table that the history stamps, the schema "" for where the search path finds it; what
    the text of its env.py says where that could not be run."""
    if build is None:
        return history.version_table
    if not build.version_schema and build.touches is not None:
        # Where the search path of env.py put it.
        made = [t.table[0] for t in build.touches if t.table and t.table[1] == build.version_table]
        if made and made[-1] != "public":
            return (made[-1], build.version_table)
    return (build.version_schema or "", build.version_table)


def target(history: History, build: Build | None) -> str:
    """The database that a history is for, as far as it says so."""
    if build is not None and (build.url_variable or build.requested_url):
        return build.url_variable or build.requested_url
    return history.url


def _rivals(one: History, other: History, builds: Mapping[str, Build]) -> bool:
    if not all(h.revisions or h.unreadable for h in (one, other)):
        # Without a revision there is nothing to stamp.
        return False
    first, second = builds.get(one.name), builds.get(other.name)
    if version_table(one, first) != version_table(other, second):
        return False
    targets = target(one, first), target(other, second)
    if not all(targets) or targets[0] == targets[1]:
        return True
    return bool(_tables(first) & _tables(second))


def _tables(build: Build | None) -> frozenset[str]:
    if build is None:
        return frozenset()
    if isinstance(build.catalog, Catalog):
        return frozenset(t.name for t in build.catalog.tables)
    return frozenset(
        name.replace('"', "").rpartition(".")[2]
        for statement in build.statements
        for name in _TABLE.findall(statement.sql)
    ) - {build.version_table}
