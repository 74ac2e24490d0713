"""What each tool makes of its SQL files: their order, what applies, what undoes, and how."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

from pgassay.analysis.dbmate_text import read_dbmate
from pgassay.analysis.flyway_names import FlywayName, flyway_name, is_run_alone, version_key
from pgassay.analysis.goose_text import read_goose
from pgassay.analysis.sql_effects import defines_schema
from pgassay.analysis.sql_script import pieces
from pgassay.facts.location import Location
from pgassay.facts.migration_system import MigrationFile, Section, SystemKind
from pgassay.facts.sql_text import SqlText

Files = tuple[MigrationFile, ...]
Read = Callable[[Sequence[SqlText]], Files]

UNDOES = re.compile(
    r"(?:^|/)(?:down|rollback|rollbacks|undo|revert)/|[._-](?:down|rollback|undo|revert)\.sql$"
    r"|/(?:down|rollback|undo|revert)[._-][^/]*\.sql$",
    re.IGNORECASE,
)
SEEDS = re.compile(r"(?:^|[/._-])seeds?(?:[/._-]|$)|(?:^|[/._-])seed_?data(?:[/._-]|$)", re.I)
_NUMBER = re.compile(r"^[vV]?(?P<number>\d[\d._-]*)")
_GOLANG = re.compile(r"^(?P<version>\d+)_(?P<what>.*)\.(?P<direction>up|down)\.sql$")
_ROLES = ("before", "baseline", "versioned", "repeatable", "after")


def numbered(file_name: str) -> tuple[int, ...] | None:
    """The numbers that a file's name begins with; None for a name without."""
    match = _NUMBER.match(file_name)
    return tuple(map(int, re.findall(r"\d+", match["number"]))) if match else None


def _whole(text: SqlText) -> Section:
    return Section(Location(text.path, 1), text.sql)


def _summary(file_name: str) -> str:
    stem = re.sub(r"\.sql$", "", file_name)
    return re.sub(r"[_-]+", " ", re.sub(r"^[vV]?\d[\d._-]*", "", stem)).strip() or stem


def _version(file_name: str) -> str:
    match = _NUMBER.match(file_name)
    return match["number"].rstrip("._-") if match else ""


def _several(sql: str) -> bool:
    """Whether more than one statement is sent at once, which PostgreSQL runs in one transaction."""
    return sum(p.kind == "sql" for p in pieces(sql, psql=False)) > 1


def read_plain(texts: Sequence[SqlText]) -> Files:
    """By number, then by name, each with `psql -f`."""
    found, others = [], []
    for text in sorted(texts, key=lambda t: (numbered(t.file_name) or (), t.path)):
        summary, at = _summary(text.file_name), Location(text.path)
        version = _version(text.file_name)
        if UNDOES.search(text.path):
            others.append(MigrationFile(version, at, "undo", summary, down=_whole(text)))
        elif SEEDS.search(text.file_name) and not defines_schema(text.sql):
            others.append(MigrationFile(version, at, "seed", summary, up=_whole(text)))
        else:
            found.append(
                MigrationFile(version, at, summary=summary, up=_whole(text), transaction=False)
            )
    return (*found, *others)


def read_supabase(texts: Sequence[SqlText]) -> Files:
    """By timestamp; what is in a file is one batch, and so one transaction."""
    return tuple(
        MigrationFile(
            _version(t.file_name), Location(t.path), summary=_summary(t.file_name), up=_whole(t)
        )
        for t in sorted(texts, key=lambda t: (_version(t.file_name), t.path))
    )


def read_prisma(texts: Sequence[SqlText]) -> Files:
    """By the folders' names; each migration.sql is sent at once."""
    down = {t.folder: t for t in texts if t.file_name == "down.sql"}
    found = []
    for text in sorted(texts, key=lambda t: t.path):
        if text.file_name != "migration.sql":
            continue
        folder = text.folder.rpartition("/")[2]
        back = down.get(text.folder)
        found.append(
            MigrationFile(
                folder,
                Location(text.path),
                summary=_summary(folder),
                up=_whole(text),
                down=_whole(back) if back else None,
                transaction=_several(text.sql),
            )
        )
    return tuple(found)


def read_golang(texts: Sequence[SqlText]) -> Files:
    """By the number before the first underscore; each file is sent at once."""
    named = [(m, t) for t in texts if (m := _GOLANG.match(t.file_name))]
    down = {int(m["version"]): t for m, t in named if m["direction"] == "down"}
    found = []
    for match, text in sorted(named, key=lambda n: (int(n[0]["version"]), n[1].path)):
        if match["direction"] == "up":
            back = down.get(int(match["version"]))
            found.append(
                MigrationFile(
                    match["version"],
                    Location(text.path),
                    summary=match["what"].replace("_", " "),
                    up=_whole(text),
                    down=_whole(back) if back else None,
                    transaction=_several(text.sql),
                )
            )
    return tuple(found)


def read_goose_files(texts: Sequence[SqlText]) -> Files:
    """By the number before the first underscore."""
    found = []
    for text in sorted(texts, key=lambda t: (numbered(t.file_name) or (), t.path)):
        read = read_goose(text.sql)

        def section(found: tuple[tuple[int, str], ...], path: str = text.path) -> Section | None:
            joined = "\n".join(sql for _, sql in found)
            return Section(Location(path, found[0][0]), joined) if found else None

        found.append(
            MigrationFile(
                _version(text.file_name),
                Location(text.path),
                summary=_summary(text.file_name),
                up=section(read.up),
                down=section(read.down),
                transaction=read.transaction,
                whole=read.up,
            )
        )
    return tuple(found)


def read_dbmate_files(texts: Sequence[SqlText]) -> Files:
    """By name."""
    found = []
    for text in sorted(texts, key=lambda t: t.file_name):
        read = read_dbmate(text.sql)
        up, down = (
            Section(Location(text.path, half[0]), half[1]) if half else None
            for half in (read.up, read.down)
        )
        found.append(
            MigrationFile(
                _version(text.file_name),
                Location(text.path),
                summary=_summary(text.file_name),
                up=up,
                down=down,
                transaction=read.transaction,
            )
        )
    return tuple(found)


def flyway_reader(apart: frozenset[str]) -> Read:
    """By version; repeatable ones after these, by description. A baseline is what an empty
    database begins with. `apart` are files whose own configuration says: no transaction."""

    def read(texts: Sequence[SqlText]) -> Files:
        named = [(n, t) for t in texts if (n := flyway_name(t.file_name))]
        bases = [version_key(n.version) for n, _ in named if n.role == "baseline"]
        base = max(bases, default=())
        undo = {version_key(n.version): t for n, t in named if n.role == "undo"}
        ordered = sorted(named, key=lambda f: (*_flyway_rank(f[0]), f[1].path))
        return tuple(_flyway_file(n, t, base, undo, apart) for n, t in ordered)

    return read


def _flyway_rank(name: FlywayName) -> tuple[int, tuple[int, ...], str]:
    rank = _ROLES.index(name.role) if name.role in _ROLES else len(_ROLES)
    return rank, version_key(name.version), name.what


def _flyway_file(
    name: FlywayName,
    text: SqlText,
    base: tuple[int, ...],
    undo: Mapping[tuple[int, ...], SqlText],
    apart: frozenset[str],
) -> MigrationFile:
    key = version_key(name.version)
    role = name.role
    if (role == "versioned" and base and key <= base) or (role == "baseline" and key != base):
        role = "other"
    back = undo.get(key) if name.role == "versioned" else None
    return MigrationFile(
        name.version,
        Location(text.path),
        role,
        name.what,
        up=None if role == "undo" else _whole(text),
        down=_whole(text) if role == "undo" else (_whole(back) if back else None),
        transaction=text.path not in apart and not is_run_alone(text.sql),
    )


def read_yoyo(texts: Sequence[SqlText]) -> Files:
    """By `-- depends:`, and by name where none says otherwise."""
    ups = sorted((t for t in texts if not UNDOES.search(t.path)), key=lambda t: t.file_name)
    back = {t.file_name.replace(".rollback.sql", ""): t for t in texts if UNDOES.search(t.path)}
    ids = {re.sub(r"\.sql$", "", t.file_name): t for t in ups}
    after = {i: [d for d in _header(t, "depends").split() if d in ids] for i, t in ids.items()}
    try:
        order = list(TopologicalSorter(after).static_order()) if any(after.values()) else list(ids)
    except CycleError:
        order = list(ids)
    return tuple(
        MigrationFile(
            i,
            Location(ids[i].path),
            summary=_summary(ids[i].file_name),
            up=_whole(ids[i]),
            down=_whole(back[i]) if i in back else None,
            transaction=_header(ids[i], "transactional").lower() != "false",
        )
        for i in order
    )


def _header(text: SqlText, key: str) -> str:
    """A `-- key: value` at the top of a file."""
    for line in text.sql.splitlines():
        if line.strip() and not line.startswith("--"):
            break
        if match := re.match(rf"--\s*{key}:\s*(.*)$", line):
            return match[1].strip()
    return ""


READERS: dict[SystemKind, Read] = {
    "plain": read_plain,
    "supabase": read_supabase,
    "prisma": read_prisma,
    "golang-migrate": read_golang,
    "goose": read_goose_files,
    "dbmate": read_dbmate_files,
    "yoyo": read_yoyo,
}
