"""Migration systems whose files are Python: Django, yoyo and peewee-migrate.

They are read, not executed: each needs its own runtime and settings. What their text plainly names
is taken; the rest stays unknown.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgassay.analysis.sql_effects import tables_in
from pgassay.facts.catalog import TableName
from pgassay.facts.location import Location
from pgassay.facts.migration_system import (
    STATE_TABLES,
    MigrationFile,
    MigrationSystem,
    SystemKind,
)
from pgassay.sources.project_files import is_file, relative

_DJANGO = re.compile(r"^class Migration\((?:\w+\.)*Migration\)", re.MULTILINE)
_PEEWEE = re.compile(r"^def migrate\(\s*migrator\b", re.MULTILINE)
_YOYO = re.compile(r"^from yoyo import\b.*\bstep\b|^import yoyo\b", re.MULTILINE)
_ENGINE = re.compile(r"django\.(?:contrib\.gis\.)?db\.backends\.(\w+)")
_NEEDS = {
    "django": "Django runs it, which needs the project's settings",
    "yoyo": "it is Python, which needs yoyo",
    "peewee": "it is Python, which needs peewee-migrate",
}


def read_python_systems(root: Path, files: Sequence[Path]) -> tuple[MigrationSystem, ...]:
    """One system for each Django project, and one for each folder of the others."""
    groups: dict[tuple[SystemKind, Path], list[tuple[Path, str]]] = {}
    for path in files:
        if path.suffix != ".py" or path.name == "__init__.py":
            continue
        if (found := _kind_of(path)) is not None:
            kind, source = found
            folder = _django_top(path, root) if kind == "django" else path.parent
            groups.setdefault((kind, folder), []).append((path, source))
    django = [f for k, f in groups if k == "django"]
    dialect = _django_dialect(files) if django else "postgresql"
    return tuple(
        _system(kind, root, folder, of, dialect if kind == "django" else "postgresql")
        for (kind, folder), of in groups.items()
    )


def _kind_of(path: Path) -> tuple[SystemKind, str] | None:
    in_django = path.parent.name == "migrations" and re.match(r"\d{4}_", path.name)
    if not in_django and not re.match(r"[\d_.-]*\d|\w+\.\w+\.py$", path.name):
        return None
    try:
        source = path.read_text("utf-8", "replace")
    except OSError:
        return None
    if in_django and _DJANGO.search(source):
        return "django", source
    if _PEEWEE.search(source):
        return "peewee", source
    return ("yoyo", source) if _YOYO.search(source) else None


def _django_top(path: Path, root: Path) -> Path:
    """The folder with manage.py; without one, the folder of the app's migrations."""
    for folder in path.parents:
        if is_file(folder / "manage.py"):
            return folder
        if folder == root:
            break
    return path.parent


def _django_dialect(files: Sequence[Path]) -> str:
    """The one engine that the settings name, where it is not PostgreSQL."""
    named: set[str] = set()
    for path in files:
        if path.suffix == ".py" and "settings" in (path.stem, path.parent.name):
            try:
                named |= set(_ENGINE.findall(path.read_text("utf-8", "replace")))
            except OSError:
                continue
    engines = {"postgresql": "postgresql", "postgis": "postgresql", "sqlite3": "sqlite"}
    dialects = {engines.get(n, n) for n in named}
    return dialects.pop() if len(dialects) == 1 else "postgresql"


def _system(
    kind: SystemKind, root: Path, folder: Path, of: Sequence[tuple[Path, str]], dialect: str
) -> MigrationSystem:
    files: list[MigrationFile] = []
    makes: set[TableName] = set()
    whole = True
    for path, source in sorted(of):
        app = path.parent.parent.name if kind == "django" else ""
        files.append(
            MigrationFile(
                f"{app}.{path.stem}" if app else path.stem,
                Location(relative(path, root)),
                summary=re.sub(r"^[\d_.-]+", "", path.stem).replace("_", " "),
            )
        )
        try:
            module = ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            whole = False
            continue
        makes |= set(_django_tables(module, app) if kind == "django" else _step_tables(module))
        whole = whole and not _computes(module)
    why = _NEEDS[kind] if dialect == "postgresql" else f"it is written for {dialect}"
    return MigrationSystem(
        kind=kind,
        name=relative(folder, root),
        files=tuple(files),
        state_table=STATE_TABLES[kind],
        dialect=dialect,
        not_run=why,
        makes=frozenset(makes),
        reads_whole=whole,
    )


def _django_tables(module: ast.Module, app: str) -> Iterator[TableName]:
    """A model's table is `app_model`, unless its options name another."""
    for call in (n for n in ast.walk(module) if isinstance(n, ast.Call)):
        operation = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        given = {k.arg: k.value for k in call.keywords if k.arg}
        if operation == "CreateModel":
            name = _text(given.get("name", call.args[0] if call.args else None))
            table = _option(given.get("options"), "db_table")
            if table or name:
                yield ("", table or f"{app}_{name.lower()}")
        elif operation in ("AddField", "AlterField", "RemoveField", "RenameField"):
            name = _text(given.get("model_name", call.args[0] if call.args else None))
            if name:
                yield ("", f"{app}_{name.lower()}")
        elif operation == "RunSQL":
            yield from tables_in([_text(given.get("sql", call.args[0] if call.args else None))])


def _step_tables(module: ast.Module) -> Iterator[TableName]:
    """Of peewee's model classes, and of SQL texts in step() and migrator.sql()."""
    for node in ast.walk(module):
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.Assign) and getattr(inner.targets[0], "id", "") in (
                    "table_name",
                    "db_table",
                ):
                    yield ("", _text(inner.value))
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in ("step", "sql", "execute", "run") and node.args:
                yield from tables_in([_text(node.args[0])])


def _computes(module: ast.Module) -> bool:
    """Whether code of its own runs, which may touch what no text names."""
    calls = (n for n in ast.walk(module) if isinstance(n, ast.Call))
    return any(
        getattr(c.func, "attr", getattr(c.func, "id", "")) in ("RunPython", "execute", "exec")
        for c in calls
    )


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _option(node: ast.expr | None, key: str) -> str:
    if not isinstance(node, ast.Dict):
        return ""
    pairs = zip(node.keys, node.values, strict=True)
    return next((_text(v) for k, v in pairs if k is not None and _text(k) == key), "")
