"""The project's own functions that a revision imports, read without executing anything."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_DEEPEST = 3
_LARGEST = 1 << 20
# Not looked for in each folder above each revision.
_NOT_OF_PROJECTS = sys.stdlib_module_names | {"alembic", "sqlalchemy", "sqlmodel"}


@dataclass(frozen=True, slots=True)
class _Module:
    """`imports` has by name (level, module, what is taken from it: "" the module itself)."""

    path: Path
    defined: dict[str, ast.stmt]
    imports: dict[str, tuple[int, str, str]]


def imported_functions(
    module: ast.Module, path: Path, shown: str
) -> tuple[tuple[str, ast.stmt], ...]:
    """(file, statement) of each function that `module` imports from the project and names, under
    the name that it has there, of what that uses of its own module, and so on. `path` is the file
    of `module`, `shown` the same from the project's root; files are told from there too."""
    path = path.absolute()
    root = path.parents[min(len(Path(shown).parts), len(path.parents)) - 1]
    start = _Module(path, {}, _imports(module))
    if not start.imports:
        return ()
    found: list[tuple[str, ast.stmt]] = []
    seen: set[tuple[int, str]] = set()
    waiting = [(start, statement, 0) for statement in module.body]
    while waiting:
        within, statement, depth = waiting.pop()
        for node in ast.walk(statement):
            for owner, used in _meant(root, within, node) if depth < _DEEPEST else ():
                called = node.id if isinstance(node, ast.Name) else ""
                if (id(used), called) not in seen:
                    seen.add((id(used), called))
                    found.append((owner.path.relative_to(root).as_posix(), _as(used, called)))
                    waiting.append((owner, used, depth + 1))
    return tuple(found)


def _as(statement: ast.stmt, called: str) -> ast.stmt:
    """A function as it is called where it was imported."""
    if not isinstance(statement, ast.FunctionDef) or called in ("", statement.name):
        return statement
    renamed = copy(statement)
    renamed.name = called
    return renamed


def _meant(root: Path, within: _Module, node: ast.AST) -> Iterator[tuple[_Module, ast.stmt]]:
    """The function, or in an imported module the assignment, that a name stands for."""
    if isinstance(node, ast.Name):
        if node.id in within.defined:
            yield within, within.defined[node.id]
        elif node.id in within.imports:
            yield from _taken(root, within, *within.imports[node.id])
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        level, module, name = within.imports.get(node.value.id, (0, "", ""))
        whole = f"{module}.{name}".strip(".")
        if whole or level:
            yield from _taken(root, within, level, whole, node.attr)


def _taken(
    root: Path, within: _Module, level: int, module: str, name: str
) -> Iterator[tuple[_Module, ast.stmt]]:
    file = _file(root, within.path, level, module)
    read = _read(file, file.stat().st_mtime_ns) if file else None
    if read is not None and isinstance(read.defined.get(name), ast.FunctionDef):
        yield read, read.defined[name]


def _file(root: Path, importing: Path, level: int, module: str) -> Path | None:
    """Below the root; an import that is not relative may begin in any folder above the file."""
    parts = [part for part in module.split(".") if part]
    if not level and (not parts or parts[0] in _NOT_OF_PROJECTS):
        return None
    above = [p for p in importing.parents if p == root or root in p.parents]
    folders = above[level - 1 : level] if level else [*above, root / "src"]
    for folder in folders:
        whole = folder.joinpath(*parts)
        for file in (whole.with_suffix(".py"), whole / "__init__.py"):
            if file.is_file() and file != importing and file.stat().st_size < _LARGEST:
                return file
    return None


@lru_cache(maxsize=256)
def _read(path: Path, _changed_at: int) -> _Module | None:
    try:
        module = ast.parse(path.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    defined: dict[str, ast.stmt] = {}
    for statement in module.body:
        if isinstance(statement, ast.FunctionDef):
            defined[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            defined |= {t.id: statement for t in statement.targets if isinstance(t, ast.Name)}
    return _Module(path, defined, _imports(module))


def _imports(module: ast.Module) -> dict[str, tuple[int, str, str]]:
    found: dict[str, tuple[int, str, str]] = {}
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                name = alias.asname or alias.name
                found[name] = (node.level, node.module or "", alias.name)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.asname or "." not in alias.name:
                    found[alias.asname or alias.name] = (0, alias.name, "")
    return found
