"""The project under assay, as its files tell it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import History
from pgassay.facts.location import Location
from pgassay.facts.loose_sql import LeftOutScript, LooseScript
from pgassay.facts.migration_system import MigrationSystem
from pgassay.facts.models import ModelTable
from pgassay.facts.monitoring import Monitoring
from pgassay.facts.startup_call import StartupCall
from pgassay.facts.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class UrlVariable:
    """An environment variable that names a database, and where the project reads or sets it.

    `scheme` is the URL scheme that a file gives it (`postgresql+asyncpg`), "" when none does.
    """

    name: str
    read_at: tuple[Location, ...] = ()
    set_at: tuple[Location, ...] = ()
    scheme: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """`root` is absolute. `entry_points` are the places that run migrations, `dumps` those that run
    pg_dump, `startup_calls` what the application does to the schema when it starts, `model_tables`
    the tables that its files write as models. `files_read` are the files whose contents the facts
    rest on; `unavailable` what of the files could not be read.

    `histories` are Alembic's, `systems` all others, `loose` the SQL that belongs to none and
    `left_out` the SQL files that are not taken for such. `sub_projects` are the folders below the
    root that are projects of their own. `monitoring` is what alerts and dashboards look at.
    """

    root: str
    histories: tuple[History, ...]
    url_variables: tuple[UrlVariable, ...] = ()
    entry_points: tuple[EntryPoint, ...] = ()
    dumps: tuple[EntryPoint, ...] = ()
    startup_calls: tuple[StartupCall, ...] = ()
    model_tables: tuple[ModelTable, ...] = ()
    files_read: tuple[str, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()
    systems: tuple[MigrationSystem, ...] = ()
    loose: tuple[LooseScript, ...] = ()
    left_out: tuple[LeftOutScript, ...] = ()
    sub_projects: tuple[str, ...] = ()
    monitoring: Monitoring = field(default_factory=Monitoring)
