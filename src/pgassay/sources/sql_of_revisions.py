"""Which SQL files are an Alembic history's own, as far as its revisions' text tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.facts.history import History
from pgassay.facts.sql_text import SqlText
from pgassay.sources.project_files import relative

_OFFLINE = re.compile(r"^-- Running (?:upgrade|downgrade) .*->", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Known:
    """`names` are the SQL files that a history's text names; `runs_sql` that it speaks of some."""

    name: str
    folder: str
    version_folders: tuple[str, ...]
    names: frozenset[str]
    runs_sql: bool


class SqlOfRevisions:
    """The SQL files of a project's Alembic histories."""

    def __init__(self, root: Path, histories: Sequence[History]) -> None:
        self._known = [_known(root, h) for h in histories]

    def why(self, text: SqlText) -> str:
        """Why a file is a history's own; "" where it is not.

        It is what `alembic upgrade --sql` writes; it lies among the revisions; their text names it;
        or it lies in the history's folder and they put names of SQL files together.
        """
        if _OFFLINE.search(text.sql):
            return "`alembic upgrade --sql` wrote it"
        for history in self._known:
            if text.folder in history.version_folders:
                return f"it lies among the revisions of {history.name}/"
            inside = text.path.startswith(f"{history.folder}/")
            if text.file_name in history.names or (inside and history.runs_sql):
                return f"revisions of {history.name}/ run it"
        return ""


def _known(root: Path, history: History) -> _Known:
    text = "\n".join(_texts(root, history))
    return _Known(
        history.name,
        relative(Path(history.script_directory), root),
        tuple(relative(Path(v), root) for v in history.version_directories),
        frozenset(re.findall(r"[\w.-]+\.sql\b", text)),
        ".sql" in text,
    )


def _texts(root: Path, history: History) -> list[str]:
    paths = [root / r.location.path for r in history.revisions]
    if history.env is not None:
        paths.append(root / history.env.path)
    texts = []
    for path in paths:
        try:
            texts.append(path.read_text("utf-8", "replace"))
        except OSError:
            continue
    return texts
