"""A migration history: its files, what executing it did, and what a database says of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pgassay.facts.catalog import Catalog, TableName
from pgassay.facts.location import Location
from pgassay.facts.other_path import Condition
from pgassay.facts.touch import Touch
from pgassay.facts.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision file. `digest` is over its code without comments, docstrings and layout.

    `makes` are the (table, part) that its operations name as text, part "" for the table itself.
    `creates_all` is where it calls `create_all()` on a MetaData that it imports. `asks` is what its
    text asks before it acts.
    """

    id: str
    parents: tuple[str, ...]
    location: Location
    summary: str = ""
    digest: str = ""
    depends_on: tuple[str, ...] = ()
    branch_labels: tuple[str, ...] = ()
    makes: tuple[tuple[str, str], ...] = ()
    creates_all: Location | None = None
    asks: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class UnreadableRevision:
    """A file among the revisions that cannot be read as one.

    `id` and `parents` are what its text seems to say, so that the graph has no hole where it
    stands; "" where that too is lost. `computed`: Alembic, which executes the file, can read it.
    """

    location: Location
    reason: str
    id: str = ""
    parents: tuple[str, ...] = ()
    computed: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """One Alembic history as its files tell it.

    `name` is the script directory relative to the project's root. `ini` is the ini file and
    section that name it, or None where no ini does. `env` is its env.py. `url` is the database the
    ini names, password masked, "" where it names none. `version_table` is the (schema, table) that
    the text of env.py names; what running env.py showed, where it ran, is its build's.
    `names_version_num`: env.py or a revision speaks of that column, so perhaps widens it.
    """

    name: str
    script_directory: str
    version_directories: tuple[str, ...]
    revisions: tuple[Revision, ...]
    unreadable: tuple[UnreadableRevision, ...] = ()
    ini: Location | None = None
    ini_section: str = "alembic"
    env: Location | None = None
    url: str = ""
    version_table: TableName = ("", "alembic_version")
    names_version_num: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQL text that a revision sent to the scratch server.

    `filled`, of one that changes rows, is the whole text with the values that it was sent with, one
    for each row of values; () where that is not known. `sql` is as the driver was given it, at most
    4,000 characters."""

    revision: str
    sql: str
    filled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BuildFailure:
    """Why a history does not build from scratch.

    `missing_object` is such as `relation "subscriptions"` where PostgreSQL named one.
    """

    revision: str
    error: str
    statement: str = ""
    missing_object: str = ""
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Assumed:
    """What a history needs and does not make, such as `relation "subscriptions"`, which was made
    for it as `source` has it, so that what comes after could be seen."""

    revision: str
    missing: str
    source: str


@dataclass(frozen=True, slots=True)
class Salvage:
    """What came of a history that does not build, once each statement that fails was left out, or
    what it needs made for it. `failures` are all of them in order, those that were helped too.
    `catalog` is the schema that was then there; it proves nothing."""

    failures: tuple[BuildFailure, ...]
    assumed: tuple[Assumed, ...]
    catalog: Catalog | Unavailable
    statements: tuple[Statement, ...] = ()
    touches: tuple[Touch, ...] | None = None


@dataclass(frozen=True, slots=True)
class OutsideAttempt:
    """A revision reached for something beside the connection it was given: another server, or a
    database client such as psql. `what` names it, password masked. It was refused."""

    revision: str
    what: str


@dataclass(frozen=True, slots=True)
class HandedOver:
    """What env.py was given in `config.attributes`, as the programs that call Alembic give it:
    under `names` a `kind` ("connection", "engine") of scratch. `why`: how it ended without."""

    names: tuple[str, ...]
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class AssumedRole:
    """A role that `revision` was the first to need and no revision makes; it was made on scratch,
    since roles are the server's."""

    name: str
    revision: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Build:
    """What came of executing a history's revisions, in order, on an empty scratch database.

    `catalog` is None where the build failed. `requested_url` is the database that env.py asked
    for, masked, also one of another dialect, which was built on PostgreSQL in its place;
    `url_variable` the environment variable it took that from, "" for none. `handed_over` is what
    env.py would not run without. `touches`
    are what the server saw each revision do, None where it could not be asked. `salvage` is of a
    second run, only where this one failed. `roles` are those that it found because they were made
    for it. `files_read` are the project's files that it opened,
    relative to the root.
    `version_width` is the length of version_num that the project itself asks for (Alembic: 32).
    """

    history: str
    version_table: str = "alembic_version"
    version_schema: str | None = None
    version_width: int = 32
    catalog: Catalog | Unavailable | None = None
    failure: BuildFailure | None = None
    salvage: Salvage | Unavailable | None = None
    touches: tuple[Touch, ...] | None = None
    statements: tuple[Statement, ...] = ()
    files_read: tuple[str, ...] = field(default=(), repr=False)
    outside: tuple[OutsideAttempt, ...] = ()
    requested_url: str = ""
    url_variable: str = ""
    handed_over: HandedOver | None = None
    roles: tuple[AssumedRole, ...] = ()


@dataclass(frozen=True, slots=True)
class Stamp:
    """The rows of a version table. `table` is schema-qualified; None rows: the table is absent.
    `elsewhere` names those that are in schemas where Alembic does not look, schema-qualified."""

    table: str
    revisions: tuple[str, ...] | None
    elsewhere: tuple[str, ...] = ()
