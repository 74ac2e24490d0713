"""Makes a complete small Alembic project, and the live database that its history says it has.

Everything is drawn from one seed: names, folders, styles. Each dimension in `CHOICES` goes round
its values as seeds go up, so that six seeds in a row show every one of them. What is planted draws
from a generator of its own, so that leaving one defect out changes nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from random import Random

from tests.planted import planted_env
from tests.planted import planted_names as names_of
from tests.planted.planted_history import HistoryWriter, Revision, file_name, revision_text
from tests.planted.planted_live import live_sql, version_sql
from tests.planted.planted_models import IMPORTS, ModelWriter
from tests.planted.planted_schema import (
    LATER,
    Check,
    Column,
    ForeignKey,
    Index,
    Names,
    Side,
    Table,
    Unique,
    quoted,
)

CHOICES: dict[str, tuple[str, ...]] = {
    "env": planted_env.STYLES,
    "models": ("mapped", "classic", "core"),
    "models_in": ("one module", "a package"),
    "package": ("app", "src/{w}", "services/{w}/{v}", "{w}/{v}"),
    "script": ("alembic", "migrations", "db/{v}", "{package}/migrations", "database/{w}/history"),
    "ini": ("plain", "here", "in a folder", "own section", "beside the package"),
    "ini_url": ("absent", "empty", "template", "local", "filled in"),
    "path": ("ini", "env.py"),
    "versions": ("default", "one elsewhere", "two"),
    "ids": ("numbered", "hex", "words", "dated"),
    "files": ("id", "slug", "dated", "versioned"),
    "revisions": ("0", "1", "2"),
    "history": ("operations", "sql", "mixed"),
    "naming": ("server", "explicit", "convention"),
    "schema": ("public", "own, on tables", "public", "own, on metadata"),
    "version_table": ("default", "own", "default"),
    "case": ("snake", "snake", "camel"),
    "merged": ("no", "yes", "no"),
    "variable": ("DATABASE_URL", "{W}_DATABASE_URL", "DB_URL", "SQLALCHEMY_DATABASE_URI"),
    "example": ("yes", "no"),
    "configuration": ("pgassay.toml", "pyproject.toml"),
}


@dataclass
class SideHistory:
    """Another history in the project. `version_table` "" shares the main one's."""

    folder: str
    revisions: list[Revision]
    version_table: str
    has_env: bool = True


@dataclass
class Project:
    """`files` are further ones: path -> text. `stamp` None means the heads; `unstamped`: no version
    table at all. `env_ignores_variable`: the main env.py reads the ini's URL only. `by_hand`: SQL
    for the live database once all else is there. `failing`: statements for it that must fail, each
    by itself, after that. `in_models`: code that names `metadata`, `sa` and `postgresql`."""

    seed: int
    tables: list[Table] = field(default_factory=list)
    revisions: list[Revision] = field(default_factory=list)
    sides: list[SideHistory] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    critical: list[str] = field(default_factory=list)
    url: str | None = None
    stamp: list[str] | None = None
    unstamped: bool = False
    by_hand: list[str] = field(default_factory=list)
    failing: list[str] = field(default_factory=list)
    in_models: list[str] = field(default_factory=list)
    env_ignores_variable: bool = False

    def __post_init__(self) -> None:
        random = Random(self.seed)
        words = {"w": names_of.word(random), "v": names_of.word(random)}
        words["W"] = words["w"].upper()
        self.style = {
            name: _turn(name, values, self.seed).format(package="{package}", **words)
            for name, values in CHOICES.items()
        }
        beside = self.style["ini"] == "beside the package"
        self.run_folder = f"{words['v']}-service/" if beside else ""
        self.package = self.run_folder + self.style["package"]
        script = self.style["script"].format(package=self.style["package"])
        self.script = self.run_folder + script
        self.schema = "public" if self.style["schema"] == "public" else f"{words['w']}_data"
        self.variable = self.style["variable"]
        own = self.style["version_table"] == "own"
        self.version_table = f"{words['v']}_version" if own else "alembic_version"
        self.names = Names(self.style["naming"])  # type: ignore[arg-type]
        self.url = {
            "absent": None,
            "empty": "",
            "template": "driver://user:pass@localhost/dbname",
            "local": "postgresql://localhost/dev",
            "filled in": "postgresql://%(DB_USER)s:%(DB_PASS)s@%(DB_HOST)s/app",
        }[self.style["ini_url"]]
        self._make_revisions(random)
        self._make_tables(random)
        self.base_tables = list(self.tables)
        named = random.sample(self.tables, 2)
        qualified = random.random() < 0.5
        self.critical = [f"{self.schema}.{t.name}" if qualified else t.name for t in named]

    # --- what planters ask and do -----------------------------------------------------------

    @property
    def env(self) -> str:
        return f"{self.script}/env.py"

    @property
    def ini(self) -> str:
        folder = {"in a folder": "deploy/", "beside the package": self.run_folder}
        name = "alembic.ini" if self.seed % 2 else "migrate.ini"
        return folder.get(self.style["ini"], "") + name

    @property
    def stamped(self) -> str:
        """The version table as findings show it."""
        return f"{self._version_schema}.{self.version_table}"

    @property
    def heads(self) -> list[str]:
        followed = {p for r in self.revisions for p in r.parents}
        # A file that cannot be read is no revision to anyone.
        return sorted(r.id for r in self.revisions if r.id not in followed and not r.text)

    def subject(self, *parts: str) -> str:
        """`schema.table.column` as findings name it."""
        return ".".join((self.schema, *parts))

    def name(self, written: str) -> str:
        """A name in the project's spelling of tables and columns."""
        return names_of.camel(written) if self.style["case"] == "camel" else written

    def new_table(self, random: Random, *, made_in: int | None = None, rows: int = 3) -> Table:
        """One more table, everywhere; the caller takes it from where it should not be."""
        at = random.randrange(self.base_revisions) if made_in is None else made_in
        key = Column("id", "integer", primary=random.choice(("serial", "identity", "uuid")))
        columns = [key, Column(self.name(names_of.plain(random)), "varchar(40)")]
        table = Table(self.name(names_of.table(random)), columns, made_in=at, rows=rows)
        self.tables.append(table)
        return table

    def some_table(self, random: Random) -> Table:
        return random.choice(self.base_tables)

    def some_revision(self, random: Random, table: Table) -> int:
        """One that may alter the table."""
        return random.randrange(table.made_in, self.base_revisions)

    def new_column(self, random: Random, type_: str, name: str = "") -> tuple[Table, Column]:
        """One more column on some table, everywhere."""
        table = self.some_table(random)
        column = Column(
            self.name(name or names_of.plain(random)),
            type_,
            made_in=self.some_revision(random, table),
        )
        table.columns.append(column)
        return table, column

    def new_revision(self, random: Random, parents: Sequence[str], body: Sequence[str]) -> Revision:
        """One more file in the main history; `parents` of () make it a base."""
        revision = Revision(
            names_of.revision_id(random, self.style["ids"], 50 + len(self.revisions)),
            tuple(parents),
            f"{names_of.word(random)}_{names_of.word(random)}",
            list(body),
        )
        self.revisions.append(revision)
        return revision

    def also(self, statement: str, *sides: Side, made_in: int | None = None) -> None:
        """A statement of the history (in the revision `made_in`, else the last), live or both."""
        if "history" in sides:
            at = self.base_revisions - 1 if made_in is None else made_in
            self.revisions[at].body.append(f"op.execute({statement!r})")
        if "live" in sides:
            self.by_hand.append(f"{statement};")

    def place(self, *names: str) -> str:
        """`"schema"."name"`, as SQL wants it."""
        return ".".join(quoted(n) for n in (self.schema, *names))

    @property
    def in_schema(self) -> str:
        """The argument that puts a model of `in_models` into the schema."""
        return "" if self.schema == "public" else f", schema={self.schema!r}"

    def pending_revision(self) -> Revision:
        """The one that the live database does not have yet; made when first asked for."""
        if self._pending is None:
            random = Random(f"{self.seed} pending")
            self.stamp = self.heads
            self._pending = self.new_revision(random, self.heads, [])
        return self._pending

    def revision_file(self, revision: Revision, number: int) -> str:
        """The name of the file of a history's revision of that number, from 1."""
        return file_name(revision, self.style["files"], number)

    # --- making ----------------------------------------------------------------------------

    _pending: Revision | None = None
    base_revisions: int = 0

    @property
    def _version_schema(self) -> str:
        return self.schema

    def _make_revisions(self, random: Random) -> None:
        self.base_revisions = random.randrange(4, 7)
        last: tuple[str, ...] = ()
        for number in range(1, self.base_revisions + 1):
            id_ = names_of.revision_id(random, self.style["ids"], number)
            slug = f"{random.choice(('add', 'make', 'sync'))}_{names_of.word(random)}_{number}"
            folder = number % 2 if self.style["versions"] == "two" else 0
            self.revisions.append(Revision(id_, last, slug, folder=folder))
            last = (id_,)
        if self.style["merged"] == "yes":
            branch = self.new_revision(random, self.revisions[1].parents, [])
            self.new_revision(random, (*last, branch.id), [])

    def _make_tables(self, random: Random) -> None:
        kind = random.choice(("serial", "bigserial", "identity", "uuid"))
        key_type = {"serial": "integer", "uuid": "uuid"}.get(kind, "bigint")
        for made_in in sorted(random.randrange(self.base_revisions) for _ in range(5)):
            key = Column(
                self.name("id" if random.random() < 0.7 else "ref"), key_type, primary=kind
            )
            table = Table(self.name(names_of.table(random)), [key], made_in=made_in)
            for type_ in random.sample(
                ("text", "varchar(80)", "boolean", "date", "timestamptz", "jsonb", "bigint"), 3
            ):
                column = Column(self.name(names_of.plain(random)), type_)
                column.nullable = random.random() < 0.5
                if type_ in ("boolean", "timestamptz"):
                    column.default = "true" if type_ == "boolean" else "now()"
                column.made_in = random.choice((made_in, self.some_revision(random, table)))
                table.columns.append(column)
            table.columns += [
                Column(self.name(names_of.money(random)), "numeric(12,2)", random.random() < 0.5),
                Column(self.name(names_of.not_money(random)), "double precision"),
            ]
            self._constrain(random, table, key_type)
            self.tables.append(table)

    def _constrain(self, random: Random, table: Table, key_type: str) -> None:
        later = self.some_revision(random, table)
        money, plain = table.columns[-2], table.columns[1]
        table.checks.append(
            Check(names_of.word(random), f'"{money.name}" > 0', made_in=random.choice((0, later)))
        )
        if plain.type in ("text", "varchar(80)"):
            made_in = max(plain.made_in, random.choice((0, later)))
            table.uniques.append(Unique((plain.name,), made_in=made_in))
        if self.tables:
            target = random.choice(self.tables)
            column = Column(self.name(f"{names_of.word(random)}_ref"), key_type)
            table.columns.append(column)
            deleted = random.choice(("", "CASCADE", "SET NULL"))
            made_in = random.choice((0, later))
            table.foreign_keys.append(
                ForeignKey(column.name, target.name, deleted, made_in=made_in)
            )
            index = f"ix_{table.name}_{column.name}"
            table.indexes.append(Index(index, (column.name,), made_in=later))

    # --- writing ---------------------------------------------------------------------------

    def live(self) -> str:
        """SQL that makes an empty database the project's live one."""
        made = live_sql(self.schema, self.tables, self.names)
        text = "\n".join([made, *self.by_hand])
        if self.unstamped:
            return text
        rows = self.heads if self.stamp is None else self.stamp
        return f"{text}\n{version_sql(self._version_schema, self.version_table, rows)}"

    def write(self, root: Path) -> None:
        files = {**self._package_files(), **self._history_files(), **self._ini_files()}
        for side in self.sides:
            files |= self._side_files(side)
        critical = ", ".join(f'"{name}"' for name in self.critical)
        head = "tool.pgassay." if self.style["configuration"] == "pyproject.toml" else ""
        files[self.style["configuration"]] = f"[{head}critical]\ntables = [{critical}]\n"
        if self.style["example"] == "yes":
            files[".env.example"] = f"{self.variable}={self.scheme}://app:changeme@localhost/app\n"
        files |= self.files
        for path, text in files.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")

    @property
    def scheme(self) -> str:
        if self.style["env"] in planted_env.ASYNC:
            return "postgresql+asyncpg"
        return "postgresql+psycopg" if self.style["env"] == "psycopg3" else "postgresql"

    @property
    def _module(self) -> str:
        return PurePosixPath(self.package).name

    def _package_files(self) -> dict[str, str]:
        package = self.package
        own = self.style["schema"] != "own, on metadata"
        tables = [t for t in self.tables if "models" in t.on]
        writer = ModelWriter(
            self.style["models"], self.names, self.schema, self.tables, own_schema=own
        )
        dialect = "\nfrom sqlalchemy.dialects import postgresql\n\n"
        base = writer.base() + (dialect + "\n".join(self.in_models) if self.in_models else "")
        orm = "from sqlalchemy.orm import Mapped, mapped_column\n"
        imports = IMPORTS + (orm if self.style["models"] == "mapped" else "")
        files = {
            f"{package}/__init__.py": "",
            f"{package}/settings.py": (
                "import os\n\n\nclass Settings:\n"
                f'    database_url = os.environ["{self.variable}"]\n\n\nsettings = Settings()\n'
            ),
        }
        if self.style["models_in"] == "one module":
            body = "\n\n".join(writer.table(t) for t in tables)
            files[f"{package}/models.py"] = f"{imports}\n{base}\n\n{body}"
            return files
        imported = "metadata" if self.style["models"] == "core" else "Base"
        files[f"{package}/models/base.py"] = base
        modules = []
        for table in tables:
            modules.append(table.name.lower())
            files[f"{package}/models/{modules[-1]}.py"] = (
                f"{imports}\nfrom {self._module}.models.base import {imported}\n\n\n"
                + writer.table(table)
            )
        files[f"{package}/models/__init__.py"] = (
            "".join(
                f"from {self._module}.models import {m}  # noqa: F401\n" for m in sorted(modules)
            )
            + f"from {self._module}.models.base import metadata  # noqa: F401\n"
        )
        return files

    def version_folders(self) -> list[str]:
        return {
            "default": [f"{self.script}/versions"],
            "one elsewhere": [f"{self.script}/steps"],
            "two": [f"{self.script}/versions/early", f"{self.script}/versions/late"],
        }[self.style["versions"]]

    def _history_files(self) -> dict[str, str]:
        tables = sorted(self.tables, key=lambda t: t.made_in)
        files = {f"{self.script}/script.py.mako": "", self.env: self._env()}
        folders = self.version_folders()
        for number, revision in enumerate(self.revisions):
            at = LATER if revision is self._pending else number
            writer = HistoryWriter(
                self.style["history"], self.names, self.schema, tables, Random(f"{self.seed} {at}")
            )
            if number < self.base_revisions or at == LATER:
                revision.body[:0] = writer.body(at)
            if number == 0 and self.schema != "public":
                made = f"op.execute('CREATE SCHEMA IF NOT EXISTS \"{self.schema}\"')"
                revision.body.insert(0, made)
            name = self.revision_file(revision, number + 1)
            text = revision_text(revision, int(self.style["revisions"]))
            files[f"{folders[revision.folder % len(folders)]}/{name}"] = text
        return files

    def _env(self) -> str:
        depth = len(PurePosixPath(self.script).parts)
        root = f"Path(__file__).resolve().parents[{depth}]"
        inside = "".join(f' / "{p}"' for p in PurePosixPath(self._import_root).parts)
        schema = self.schema if self.schema != "public" else ""
        own = self.version_table if self.version_table != "alembic_version" else ""
        return planted_env.env_text(
            self.style["env"],
            variable=self.variable,
            settings=f"{self._module}.settings",
            metadata=f"from {self._module}.models import metadata",
            version_table=own,
            schema=schema,
            path=f"{root}{inside}" if self.style["path"] == "env.py" else "",
            ignore_variable=self.env_ignores_variable,
        )

    @property
    def _import_root(self) -> str:
        return str(PurePosixPath(self.package).parent)

    def _ini_files(self) -> dict[str, str]:
        where = self.style["ini"]
        section = f"{self._module}_schema" if where == "own section" else "alembic"
        # What a path is written with, so that it holds wherever the command is run.
        start = {"here": "%(here)s/", "in a folder": "%(here)s/../"}.get(where, "")

        def written(path: str) -> str:
            return start + path.removeprefix(self.run_folder)

        lines = ["# how the schema is changed", f"[{section}]"]
        lines.append(f"script_location = {written(self.script)}")
        if self.style["path"] == "ini":
            lines.append(f"prepend_sys_path = {written(self._import_root)}")
        folders = self.version_folders()
        if self.style["versions"] != "default":
            lines.append(f"version_locations = {' '.join(written(f) for f in folders)}")
            lines.append("path_separator = space")
        if self.url is not None:
            lines.append(f"sqlalchemy.url = {self.url}")
        return {self.ini: "\n".join(lines) + "\n" + _LOGGING}

    def _side_files(self, side: SideHistory) -> dict[str, str]:
        files = {}
        if side.has_env:
            own = side.version_table or self.version_table
            shared = not side.version_table and self.schema != "public"
            files[f"{side.folder}/env.py"] = planted_env.env_text(
                "psycopg3",
                variable=self.variable,
                settings="",
                metadata="",
                version_table=own if own != "alembic_version" else "",
                schema=self.schema if shared else "",
            )
        for number, revision in enumerate(side.revisions, 1):
            name = self.revision_file(revision, number)
            text = revision_text(revision, int(self.style["revisions"]))
            files[f"{side.folder}/versions/{name}"] = text
        return files


def _turn(name: str, values: Sequence[str], seed: int) -> str:
    """The value of that dimension for a seed: each in turn, the order and start by its name."""
    order = list(values)
    Random(name).shuffle(order)
    return order[seed % len(order)]


_LOGGING = """
[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console
qualname =

[handler_console]
class = StreamHandler
args = (sys.stderr,)
level = NOTSET
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
"""
