"""Where the SQLAlchemy models are written: tables and columns by file and line, read as text."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

from pgassay.analysis.model_columns import written_columns
from pgassay.facts.location import Location
from pgassay.sources.project_files import relative
from pgassay.sources.revision_file import is_revision_source

TableColumn = tuple[str, str]
"""(table, column), the column "" for the table itself"""


def read_model_locations(root: Path, files: Sequence[Path]) -> dict[TableColumn, Location]:
    """All that written_columns() finds; a finding on anything else has no model location. The
    tables that revisions write down for their own use are no models.
    """
    found: dict[TableColumn, Location] = {}
    for path in files:
        if path.suffix != ".py":
            continue
        try:
            source = path.read_text("utf-8-sig")
            if not any(word in source for word in ("__tablename__", "Table(", "table=True")):
                continue
            if is_revision_source(source):
                continue
            module = ast.parse(source)
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        shown = relative(path, root)
        for one in written_columns(module):
            found.setdefault((one.table, one.column), Location(shown, one.node.lineno))
    return found
