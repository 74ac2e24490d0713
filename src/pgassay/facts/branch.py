"""What a branch does to a history's files, next to the branch that it came from and others."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class EditedRevision:
    """A revision that was there before, and whose code is another now; `location` None: its file is
    gone."""

    id: str
    location: Location | None


@dataclass(frozen=True, slots=True)
class OtherBranch:
    """What merging with `ref` gives: `heads` of both together, those of ours and of theirs alone
    being `ours` and `theirs`. `clashes` are ids that both made, with different code."""

    ref: str
    heads: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    clashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """`since` says in words what it is compared with, "" for nothing."""

    since: str
    edited: tuple[EditedRevision, ...] = ()
    others: tuple[OtherBranch, ...] = ()
