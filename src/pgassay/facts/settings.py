"""The configuration: what `pgassay.toml` or `[tool.pgassay]` may say, with the defaults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pgassay.facts.acceptance import Waiver
from pgassay.facts.money import MoneyPrecision


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """`url`: the database under assay; `env:NAME` keeps passwords out of the file."""

    url: str = ""
    statement_timeout_s: float = 30.0


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """`exclude`: folders and files left out, relative to the root. `python`: the project's
    interpreter. `roles`: of the server, which migrations need and something else makes (Terraform,
    the host). `environment`: variables that its code is given, over what is set; a secret's name
    gets a value made up for it, where the code needs one of the right form."""

    python: str = ""
    exclude: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """`main`: the script directory that production follows, where several exist."""

    main: str = ""


@dataclass(frozen=True, slots=True)
class ModelsSettings:
    """`metadata`: such as `app.db:Base.metadata`, where env.py names none. `none`: there are no
    models, so do not look for them."""

    metadata: str = ""
    none: bool = False


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """`time_limit_s`: how long the project's own code may run, in seconds, for each history."""

    time_limit_s: float = 60.0


@dataclass(frozen=True, slots=True)
class CriticalSettings:
    """`tables`: must exist and hold rows; `name` or `schema.name`."""

    tables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoneySettings:
    """The money policy. Patterns match `schema.table.column` or its end, by shell rules; those of
    `columns` and `not_money` also names in code, below their module, class and function:
    `app.schemas.expense.ExpenseIn.amount`."""

    precision: int = 12
    scale: int = 2
    columns: tuple[str, ...] = ()
    not_money: tuple[str, ...] = ()
    policy: tuple[MoneyPrecision, ...] = ()


LONGEST_S = 2_000_000.0
"""A server takes no statement_timeout above 2,147,483,647 ms (documentation, "Client Connection
Defaults")."""


@dataclass(frozen=True, slots=True)
class DataSettings:
    """`file` has the rules for rows, relative to the root. `time_limit_s` is for all of them
    together, while one snapshot is held; `workers` read at once. It waits while a standby is
    `pause_lag_s` behind, or `pause_sessions` others are at work (0: half of what the server
    takes). `keys` is how many wrong rows are brought by key for each rule."""

    file: str = "pgassay-data.yml"
    time_limit_s: float = 600.0
    workers: int = 2
    pause_lag_s: float = 10.0
    pause_sessions: int = 0
    keys: int = 100


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`select` and `ignore`: codes, names or prefixes of codes. `baseline`: the file with the
    findings that are accepted since they were there already, relative to the root."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    baseline: str = "pgassay-baseline.json"


@dataclass(frozen=True, slots=True)
class MigrationsSettings:
    """`sizes`: a snapshot that says how big production's tables are, relative to the root.
    `small_table_mb`: a table below that, with its indexes, is read or rewritten before anybody
    waits for long."""

    sizes: str = ""
    small_table_mb: float = 16.0


@dataclass(frozen=True, slots=True)
class Settings:
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    project: ProjectSettings = field(default_factory=ProjectSettings)
    history: HistorySettings = field(default_factory=HistorySettings)
    models: ModelsSettings = field(default_factory=ModelsSettings)
    probe: ProbeSettings = field(default_factory=ProbeSettings)
    critical: CriticalSettings = field(default_factory=CriticalSettings)
    money: MoneySettings = field(default_factory=MoneySettings)
    checks: CheckSettings = field(default_factory=CheckSettings)
    data: DataSettings = field(default_factory=DataSettings)
    migrations: MigrationsSettings = field(default_factory=MigrationsSettings)
    waivers: tuple[Waiver, ...] = ()
