"""The files of a money conversion, and what proves them."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.consolidation import FilePatch
from pgassay.facts.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class MoneyRevision:
    """A revision to be written; `path` is its file's, relative to the project's root."""

    id: str
    path: str
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class MoneyScript:
    """SQL for tables that no revision makes; `path` as a revision's."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class MoneyProof:
    """What was tried on scratch; `failed` says what was in the way, "" where nothing was."""

    claim: str
    failed: str = ""


@dataclass(frozen=True, slots=True)
class MoneyWritten:
    """`not_written` says of columns why no revision converts them, one sentence each. `models` is
    proposed and never applied; `models_left` what it leaves to people. `patch` is the file that
    holds it. `unavailable`: why nothing could be planned or proven."""

    history: str = ""
    revisions: tuple[MoneyRevision, ...] = ()
    scripts: tuple[MoneyScript, ...] = ()
    proofs: tuple[MoneyProof, ...] = ()
    not_written: tuple[str, ...] = ()
    models: tuple[FilePatch, ...] = ()
    models_left: tuple[str, ...] = ()
    patch: str = ""
    written: bool = False
    unavailable: tuple[Unavailable, ...] = ()

    @property
    def is_proven(self) -> bool:
        return (
            not self.unavailable
            and not any(proof.failed for proof in self.proofs)
            and (bool(self.proofs) or not (self.revisions or self.scripts))
        )

    @property
    def exit_status(self) -> int:
        """0 all was written, or there was nothing to write; 1 not all; 3 unknown."""
        if self.unavailable:
            return 3
        failed = not self.is_proven or self.not_written or self.models_left
        files = self.revisions or self.scripts or self.models
        return 1 if failed or (files and not self.written) else 0
