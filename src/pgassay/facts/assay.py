"""Everything one run gathered: what the checks judge."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgassay.facts.access import Access
from pgassay.facts.branch import Branch
from pgassay.facts.catalog import Catalog
from pgassay.facts.column_maximum import ColumnMaximum
from pgassay.facts.comparison import Comparison
from pgassay.facts.data_run import DataRun
from pgassay.facts.earlier_values import EarlierValues
from pgassay.facts.entry_point import UrlTried
from pgassay.facts.history import Build, History, Stamp
from pgassay.facts.model_rules import ModelRules
from pgassay.facts.models import Models
from pgassay.facts.money import MoneyColumn
from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.other_path import HistoryPaths
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.project import Project
from pgassay.facts.round_trip import RoundTrip
from pgassay.facts.second_opinion import SecondOpinion, SecondOpinions
from pgassay.facts.server import Server
from pgassay.facts.settings import Settings
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.facts.table_rows import TableRows
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import Unavailable
from pgassay.facts.written_password import WrittenPassword


@dataclass(frozen=True, slots=True)
class Assay:
    """The facts of one run.

    A field is `Unavailable` where gathering it failed, and None where the project has no such
    thing (no models, no history), so that "not there" and "not known" never look alike.

    `main` is the history that production follows. `round_trips` and `other_paths` are of the
    histories that build. `sql_runs` are of the other migration systems' SQL, `loose_runs` of
    scripts that belong to none, on the schema that `main` builds. `applied` is the schema that
    `main` makes up to the stamp of the live database, `history` the one it makes up to its heads;
    the same when nothing is pending. `sightings` are of revisions that live is stamped with and no
    file has. `beside` has one for each history that shares the live database with `main` and is no
    rival of it: itself as `main`, with its own share of live. `comparison` is of live and these
    two with the models. `pending` are the revisions of `main` that are new, as they ran on scratch,
    `second_opinion` what another tool says of their SQL, `branch` what git says of them;
    `pending_beside` has the same of each other history, itself as `main`, `pending_unjudged` what
    else is new and was not run. `sizes` are of production's tables, from a file or the live
    database. `maxima` are of the live database's columns that a sequence feeds. `access` is who may
    reach what there, in all of its schema.
    `model_rules` are rules for rows as the models carry them, None where none are looked for.
    `data` is what the live database's rows showed of their rules, `data_lost` what of that could
    not be had. `earlier` is what its compliance queries gave in an earlier report.
    `urls_tried` are for entry points that set another URL variable than the one env.py took.
    `isolation` says how the project's own code was kept from other servers.
    """

    settings: Settings
    project: Project
    passwords: tuple[WrittenPassword | Unavailable, ...] = ()
    main: History | None = None
    builds: tuple[Build | Unavailable, ...] | Unavailable = ()
    round_trips: tuple[RoundTrip | Unavailable, ...] | Unavailable | None = None
    other_paths: tuple[HistoryPaths | Unavailable, ...] | Unavailable | None = None
    sql_runs: tuple[SqlRun | Unavailable, ...] | Unavailable = ()
    loose_runs: tuple[SqlRun | Unavailable, ...] | Unavailable | None = None
    applied: Catalog | Unavailable | None = None
    history: Catalog | Unavailable | None = None
    models: Models | Unavailable | None = None
    server: Server | Unavailable | None = None
    live: Catalog | Unavailable | None = None
    access: Access | Unavailable | None = None
    stamps: tuple[Stamp, ...] | Unavailable | None = None
    sightings: tuple[StampSighting, ...] = ()
    beside: tuple[Assay, ...] = ()
    comparison: Comparison | Unavailable | None = None
    critical_rows: tuple[TableRows, ...] | Unavailable | None = None
    pending: PendingRun | Unavailable | None = None
    second_opinion: SecondOpinions | Unavailable | None = None
    branch: Branch | Unavailable | None = None
    pending_beside: tuple[Assay, ...] = ()
    pending_unjudged: tuple[Unavailable, ...] = ()
    sizes: TableSizes | Unavailable | None = None
    maxima: tuple[ColumnMaximum | Unavailable, ...] | Unavailable | None = None
    money: tuple[MoneyColumn, ...] | Unavailable = ()
    money_in_code: tuple[MoneyInCode | Unavailable, ...] = ()
    model_rules: ModelRules | Unavailable | None = None
    data: DataRun | Unavailable | None = None
    data_lost: tuple[Unavailable, ...] = ()
    earlier: EarlierValues | Unavailable | None = None
    urls_tried: tuple[UrlTried, ...] = ()
    isolation: str = ""
    unavailable: tuple[Unavailable, ...] = field(default=())

    @property
    def known_builds(self) -> dict[str, Build]:
        """The builds that could be had, by history name, in the order of the histories."""
        builds = self.builds if isinstance(self.builds, tuple) else ()
        return {b.history: b for b in builds if isinstance(b, Build)}

    @property
    def known_runs(self) -> dict[str, SqlRun]:
        """The runs of SQL systems that could be had, by the system's name."""
        runs = self.sql_runs if isinstance(self.sql_runs, tuple) else ()
        return {r.name: r for r in runs if isinstance(r, SqlRun)}

    @property
    def opinion(self) -> SecondOpinion | None:
        """The second opinion, where it could be had."""
        said = self.second_opinion if isinstance(self.second_opinion, tuple) else ()
        return next((one for one in said if isinstance(one, SecondOpinion)), None)
