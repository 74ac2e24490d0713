"""Which SQL files are a migration system's, and which system that is."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pgassay.analysis.dbmate_text import is_dbmate
from pgassay.analysis.flyway_names import flyway_name
from pgassay.analysis.goose_text import is_goose
from pgassay.analysis.sql_dialect import POSTGRESQL, dialect_of, dialect_of_path
from pgassay.analysis.sql_effects import hides_something, tables_in
from pgassay.analysis.sql_migration_files import READERS, UNDOES, flyway_reader, numbered
from pgassay.facts.migration_system import STATE_TABLES, MigrationSystem, SystemKind
from pgassay.facts.sql_text import SqlText

_MIGRATIONS = frozenset(
    (
        "changes",
        "deltas",
        "evolutions",
        "migrate",
        "migration",
        "migrations",
        "patches",
        "upgrades",
        "versions",
    )
)
_GOLANG_UP = re.compile(r"^\d+_.*\.up\.sql$")
_GOLANG = re.compile(r"^\d+_.*\.(?:up|down)\.sql$")
_SUPABASE = re.compile(r"(?:^|/)supabase/migrations/\d+_[^/]*\.sql$")
_PRISMA = re.compile(r"(?:^|/)prisma/(?:[^/]+/)*migrations/[^/]+/(?:migration|down)\.sql$")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What files that are no SQL say. `prisma` is the provider by folder, `flyway_apart` files
    without a transaction, `flyway_urls` and `flyway_placeholders` by the configuration's folder,
    `flyway_java` and `yoyo_python` the folders that hold such, `yoyo` those that its ini names."""

    prisma: Mapping[str, str] = field(default_factory=dict)
    flyway_apart: frozenset[str] = frozenset()
    flyway_urls: Mapping[str, str] = field(default_factory=dict)
    flyway_placeholders: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    flyway_java: frozenset[str] = frozenset()
    yoyo: frozenset[str] = frozenset()
    yoyo_python: frozenset[str] = frozenset()


def sql_systems(
    texts: Sequence[SqlText], around: Surroundings = Surroundings()
) -> tuple[MigrationSystem, ...]:
    """The systems, sorted by name; a file is of one at most."""
    groups: dict[tuple[SystemKind, str], list[SqlText]] = {}
    golang = frozenset(t.folder for t in texts if _GOLANG_UP.match(t.file_name))
    for text in texts:
        if (kind := _kind(text, around, golang)) is not None:
            folder = text.folder
            if kind == "prisma" or (
                kind == "plain" and UNDOES.search(text.path) and _is_undo_folder(folder)
            ):
                folder = folder.rpartition("/")[0]
            groups.setdefault((kind, folder), []).append(text)
    _join_flyway(groups)
    _one_a_folder(groups)
    found = [_system(kind, folder, of, around) for (kind, folder), of in groups.items()]
    return tuple(sorted((s for s in found if s.applied), key=lambda s: (s.name, s.kind)))


def _one_a_folder(groups: dict[tuple[SystemKind, str], list[SqlText]]) -> None:
    """A folder is one tool's: of the most files, and numbers alone say the least."""
    by_folder: dict[str, list[SystemKind]] = {}
    for kind, folder in groups:
        by_folder.setdefault(folder, []).append(kind)
    for folder, kinds in by_folder.items():
        best = max(kinds, key=lambda k: (k != "plain", len(groups[k, folder])))
        for kind in kinds:
            if kind != best:
                del groups[kind, folder]


def _is_undo_folder(folder: str) -> bool:
    return folder.rpartition("/")[2].lower() in ("down", "rollback", "rollbacks", "undo", "revert")


def _kind(text: SqlText, around: Surroundings, golang: frozenset[str]) -> SystemKind | None:
    name, folder = text.file_name, text.folder
    if name in ("migration.sql", "down.sql") and (
        folder.rpartition("/")[0] in around.prisma or _PRISMA.search(text.path)
    ):
        return "prisma"
    if _SUPABASE.search(text.path):
        return "supabase"
    if is_goose(text.sql):
        return "goose"
    if is_dbmate(text.sql):
        return "dbmate"
    if folder in golang and _GOLANG.match(name):
        return "golang-migrate"
    if (flyway := flyway_name(name)) is not None and (flyway.role != "other" or flyway.version):
        return "flyway"
    if (
        folder in around.yoyo | around.yoyo_python
        or name.endswith(".rollback.sql")
        or _says_depends(text.sql)
    ):
        return "yoyo"
    if numbered(name) is not None and _is_migrations(folder):
        return "plain"
    return None


def _says_depends(sql: str) -> bool:
    return re.match(r"(?:--[^\n]*\n)*--\s*depends:", sql) is not None


def _is_migrations(folder: str) -> bool:
    """Whether a folder's own name, but for its dialect, says that it holds migrations."""
    parts = folder.lower().split("/")
    while parts and (dialect_of_path(parts[-1]) or _is_undo_folder(parts[-1])):
        if set(re.split(r"[._-]", parts[-1])) & _MIGRATIONS:
            return True
        parts.pop()
    return bool(parts) and bool(set(re.split(r"[._-]", parts[-1])) & _MIGRATIONS)


def _join_flyway(groups: dict[tuple[SystemKind, str], list[SqlText]]) -> None:
    """Flyway looks below its location: a folder in another of its folders is of that one. What is
    for all databases goes with each folder of one database below or beside it."""
    found = {f: of for (k, f), of in groups.items() if k == "flyway"}
    for folder in found:
        del groups["flyway", folder]
    vendors = {f for f in found if dialect_of_path(f.rpartition("/")[2])}
    shared = {f: list(of) for f, of in found.items() if f not in vendors}
    for folder in sorted(shared, reverse=True):
        above = [f for f in shared if f != folder and _is_below(folder, f)]
        if above:
            shared[max(above, key=len)] += shared.pop(folder)
    joined = {f: list(found[f]) for f in vendors}
    for folder, of in shared.items():
        beside = [v for v in vendors if folder in (v.rpartition("/")[0], _sibling(folder, v))]
        for vendor in beside:
            joined[vendor] += of
        if not beside:
            joined[folder] = of
    for folder, of in joined.items():
        if any(n.version for t in of if (n := flyway_name(t.file_name)) is not None):
            groups["flyway", folder] = of


def _sibling(folder: str, other: str) -> str:
    """`folder` where it lies in the same folder as `other`; "" elsewhere."""
    return folder if folder.rpartition("/")[0] == other.rpartition("/")[0] else ""


def _is_below(folder: str, other: str) -> bool:
    return folder.startswith(f"{other}/") or (other == "" and folder != "")


def _system(
    kind: SystemKind, folder: str, texts: Sequence[SqlText], around: Surroundings
) -> MigrationSystem:
    reader = flyway_reader(around.flyway_apart) if kind == "flyway" else READERS[kind]
    files = reader(texts)
    ups = [f.up.sql for f in files if f.up is not None and f.role not in ("undo", "seed", "other")]
    dialect = dialect_of(folder, ups)
    database = ""
    placeholders: tuple[tuple[str, str], ...] = ()
    if kind == "prisma" and folder in around.prisma:
        dialect = around.prisma[folder]
    if kind == "flyway":
        database, placeholders = _flyway_configuration(folder, around)
        if database:
            dialect = dialect_of_path(database.partition("://")[0].rpartition(":")[2]) or dialect
    return MigrationSystem(
        kind=kind,
        name=folder or ".",
        files=files,
        state_table=STATE_TABLES.get(kind),
        dialect=dialect,
        not_run=_not_run(kind, folder, dialect, around),
        makes=tables_in(ups),
        reads_whole=not any(hides_something(sql) for sql in ups),
        database=database,
        placeholders=placeholders,
    )


def _flyway_configuration(
    folder: str, around: Surroundings
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What the nearest configuration above the folder says."""
    for known in (around.flyway_urls, around.flyway_placeholders):
        at = [f for f in known if f == folder or _is_below(folder, f)]
        if at:
            nearest = max(at, key=len)
            return (
                around.flyway_urls.get(nearest, ""),
                around.flyway_placeholders.get(nearest, ()),
            )
    return "", ()


def _not_run(kind: SystemKind, folder: str, dialect: str, around: Surroundings) -> str:
    if dialect != POSTGRESQL:
        return f"it is written for {dialect}"
    if kind == "flyway" and any(f == folder or _is_below(f, folder) for f in around.flyway_java):
        return "some of it is Java"
    if kind == "yoyo" and folder in around.yoyo_python:
        return "some of it is Python, which needs yoyo"
    return ""
