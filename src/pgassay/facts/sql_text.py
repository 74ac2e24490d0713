"""An SQL file's contents."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SqlText:
    """`path` is relative to the project's root, with forward slashes."""

    path: str
    sql: str = field(repr=False)

    @property
    def folder(self) -> str:
        """The folder it is in, "" for the root."""
        return self.path.rpartition("/")[0]

    @property
    def file_name(self) -> str:
        return self.path.rpartition("/")[2]
