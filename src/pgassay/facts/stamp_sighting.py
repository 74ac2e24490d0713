"""Where a revision was seen that a database is stamped with and the history's files lack."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StampSighting:
    """`path` is its file, relative to the project's root: at `commit` in git, or a leftover on disk
    where `commit` is "". `ref` is a branch, tag or stash that has it, "" for none.

    `steps` are the revisions from what this history has up to it, itself last, and `paths` their
    files; `continues` is the revision of this history that they go on from, "" where they lead to
    none. `removed` is the commit in the checked-out code's own past that took the file away.
    `makes` are the (table, part) that the steps name as text, part "" for the table itself.
    """

    revision: str
    path: str
    commit: str = ""
    ref: str = ""
    continues: str = ""
    steps: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    removed: str = ""
    makes: tuple[tuple[str, str], ...] = ()

    @property
    def is_ahead(self) -> bool:
        """Whether a database with it is ahead of the files: they never had it, and it goes on from
        one that they have."""
        return bool(self.continues) and not self.removed
