"""Reading one Alembic revision file without executing it.

Alembic reads the module-level names `revision`, `down_revision`, `branch_labels` and `depends_on`
(Alembic documentation, "Tutorial: Create a Migration Script").
"""

from __future__ import annotations

import ast
import hashlib
import re
from pathlib import Path
from typing import Any

from pgassay.facts.history import Revision, UnreadableRevision
from pgassay.facts.location import Location
from pgassay.sources.imported_functions import imported_functions
from pgassay.sources.revision_conditions import conditions_in
from pgassay.sources.revision_create_all import create_all_line
from pgassay.sources.revision_operations import made_by_operations

NAMES = ("revision", "down_revision", "branch_labels", "depends_on")


def read_revision(path: Path, shown: str) -> Revision | UnreadableRevision:
    """The revision in `path`; `shown` is the path for reports.

    A syntax error, an undecodable file and a missing or computed `revision` are reported, because
    Alembic refuses the whole history over each of them.
    """
    try:
        source = path.read_bytes()
    except OSError as error:
        return UnreadableRevision(Location(shown), f"cannot be read: {error.strerror}")
    return revision_in(source, shown, path)


def revision_in(
    source: bytes, shown: str, path: Path | None = None
) -> Revision | UnreadableRevision:
    """The revision that a file of this content is; `path`, where it is one that is there, leads to
    what it imports."""
    try:
        return _parsed(source, shown, path)
    except (RecursionError, MemoryError):
        # What Python's parser, or walking through what it made, says of it.
        return UnreadableRevision(
            Location(shown), "is nested too deeply to be read", *_salvaged(source)
        )


def _parsed(source: bytes, shown: str, path: Path | None) -> Revision | UnreadableRevision:
    try:
        module = ast.parse(source, filename=shown)
    except (SyntaxError, ValueError) as error:
        line = error.lineno if isinstance(error, SyntaxError) else None
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        return UnreadableRevision(
            Location(shown, line), f"syntax error: {reason}", *_salvaged(source)
        )
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for node in module.body:
        name, value = _assignment(node)
        if name in NAMES and value is not None:
            lines[name] = node.lineno
            try:
                values[name] = ast.literal_eval(value)
            except ValueError:
                reason = f"{name} is computed, not written as text"
                return UnreadableRevision(Location(shown, node.lineno), reason, computed=True)
    if not isinstance(values.get("revision"), str):
        return UnreadableRevision(Location(shown), 'no `revision = "..."` at module level')
    create_all = create_all_line(module) if b"create_all" in source else None
    summary = (ast.get_docstring(module) or "").strip().partition("\n")[0]
    return Revision(
        id=values["revision"],
        parents=_several(values.get("down_revision")),
        depends_on=_several(values.get("depends_on")),
        branch_labels=_several(values.get("branch_labels")),
        location=Location(shown, lines["revision"]),
        summary=summary,
        makes=made_by_operations(module),
        creates_all=Location(shown, create_all) if create_all is not None else None,
        asks=conditions_in(
            module, source, shown, imported_functions(module, path, shown) if path else ()
        ),
        digest=_digest(module),
    )


_SALVAGED = re.compile(
    r"^(?P<name>revision|down_revision)\s*(?::[^=\n]*)?=\s*(?P<value>.*?)\s*$", re.MULTILINE
)


def _salvaged(source: bytes) -> tuple[str, tuple[str, ...]]:
    """The id and parents in a text that is not Python."""
    text = source.decode("utf-8", "replace")
    values = {
        m["name"]: tuple(re.findall(r"""[\"']([^\"']+)[\"']""", m["value"]))
        for m in _SALVAGED.finditer(text)
    }
    return next(iter(values.get("revision", ())), ""), values.get("down_revision", ())


def is_revision_source(source: str) -> bool:
    """Whether a text looks like a revision file; cheap, to find folders of them."""
    return "down_revision" in source and "revision" in source and "def upgrade" in source


def _assignment(node: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        target = node.targets[0]
        if isinstance(target, ast.Name):
            return target.id, node.value
    return "", None


def _several(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(v) for v in value)


def _digest(module: ast.Module) -> str:
    """A hash of what the revision does: neither comments, layout nor docstrings count."""
    for node in ast.walk(module):
        if isinstance(node, (ast.Module, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return hashlib.sha256(ast.dump(module).encode()).hexdigest()
