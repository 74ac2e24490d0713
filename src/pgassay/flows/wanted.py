"""What a run was asked to gather."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from pgassay.facts.assay import Assay
from pgassay.facts.earlier_values import EarlierValues
from pgassay.facts.settings import Settings

STAMP = "stamp"
"""The word for the live database's, as --since has it."""

Progress = Callable[[str], None]
"""Told what is being done, in a few words; called from several threads."""

_OF_BUILDS = frozenset(
    (
        "applied",
        "builds",
        "comparison",
        "history",
        "models",
        "money",
        "other_paths",
        "pending",
        "round_trips",
        "second_opinion",
        "urls_tried",
        "loose_runs",
        "sql_runs",
    )
)
_OF_SQL = frozenset(("sql_runs", "loose_runs", "comparison"))
_OF_LIVE = frozenset(
    (
        "access",
        "live",
        "applied",
        "stamps",
        "maxima",
        "comparison",
        "critical_rows",
        "data",
        "money",
    )
)
NOT_OF_FILES = _OF_BUILDS | _OF_SQL | _OF_LIVE | {"server", "sightings"}
"""What takes a scratch server, the project's code or a database to know."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run was asked for. `database_url` None: what the settings or the environment name.
    `since` (a git ref, a revision, or "stamp" for the live database's) says where pending revisions
    begin, "" for the stamp where there is one; `against` are the git refs of other branches.
    `fields` are the assay's that somebody will look at; the others are left None. `sizes` is the
    file that a run was given for them; None for what the settings name. `no_database`: the run is
    to do without one, whoever names it. `builds_judged`: a history that does not build is a
    finding, so what it keeps from being known need not be said again. `data_demanded`: rows are
    looked at also where no file has rules for them. `earlier` is what compliance queries are to
    give still. `show_values`: keys that may be personal are shown."""

    root: Path
    settings: Settings
    database_url: str | None = None
    python: str = ""
    since: str = ""
    against: tuple[str, ...] = ()
    sizes: Path | None = None
    no_database: bool = False
    builds_judged: bool = True
    data_demanded: bool = False
    show_values: bool = False
    earlier: EarlierValues | None = None
    fields: frozenset[str] = frozenset(f.name for f in fields(Assay))

    @property
    def live(self) -> bool:
        """Whether somebody looks at the live database."""
        sizes = "sizes" in self.fields and self.size_file is None
        stamp = "pending" in self.fields and self.since in ("", STAMP)
        return sizes or stamp or bool(self.fields & _OF_LIVE)

    @property
    def size_file(self) -> Path | None:
        """The file that says how big production's tables are; None where the database does."""
        named = self.settings.migrations.sizes
        return self.sizes or (self.root / named if named else None)

    @property
    def builds(self) -> bool:
        """Whether histories and models are to be built."""
        return bool(self.fields & _OF_BUILDS)

    @property
    def sql(self) -> bool:
        """Whether the SQL of other systems, and that of none, is to be run."""
        return bool(self.fields & _OF_SQL)
