"""The database itself, and what belongs to it as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from pgassay.facts.catalog.schema_object import Global, Grant, Identity, Owned


@dataclass(frozen=True, slots=True)
class Database(Global):
    """`name` is always "database", so that databases compare under any name. `locale` is the ICU
    or builtin provider's. The two versions are as in `Collation`."""

    KIND: ClassVar[str] = "database"

    encoding: str = ""
    collate: str = ""
    ctype: str = ""
    locale_provider: str = "libc"
    locale: str = ""
    icu_rules: str = ""
    tablespace: str = ""
    connection_limit: int = -1
    is_template: bool = False
    version: str = field(default="", compare=False)
    actual_version: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Setting(Global):
    """ALTER DATABASE ... SET, ALTER ROLE ... IN DATABASE ... SET. `name` is "database" or "role
    NAME"; `settings` are "name=value" in alphabetical order."""

    KIND: ClassVar[str] = "database setting"

    settings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schema(Owned):
    """`of_service` are those of `grants` that a managed service gives in every database."""

    KIND: ClassVar[str] = "schema"

    name: str
    of_service: tuple[Grant, ...] = field(default=(), compare=False, kw_only=True)

    @property
    def identity(self) -> Identity:
        return (self.name, "", "")


@dataclass(frozen=True, slots=True)
class Extension(Global):
    """`schema` is where its objects are; they are left out, being the extension's."""

    KIND: ClassVar[str] = "extension"

    version: str = ""
    schema: str = ""


@dataclass(frozen=True, slots=True)
class DefaultPrivileges(Global):
    """`name` is such as `app for tables in schema public`; `grants` what new objects get.
    `of_service` as in `Schema`."""

    KIND: ClassVar[str] = "default privileges"

    of_service: tuple[Grant, ...] = field(default=(), compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class SystemGrants(Global):
    """Rights on an object of the server's own or of an extension's, where they are not those that
    it was made with (pg_init_privs). `name` is such as `function pg_catalog.pg_read_file(text)` or
    `column pg_catalog.pg_authid.rolname`. `grants` has only roles whose rights are others than at
    first, with all that they have now; `initial` the same roles with what they had."""

    KIND: ClassVar[str] = "system grants"

    initial: tuple[Grant, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class SecurityLabel(Global):
    """`name` is such as `anon on column public.users.email`."""

    KIND: ClassVar[str] = "security label"

    label: str = ""


@dataclass(frozen=True, slots=True)
class Publication(Global):
    """`tables` are each "schema.table", with its columns and WHERE; `operations` such as
    "insert"."""

    KIND: ClassVar[str] = "publication"

    all_tables: bool = False
    operations: tuple[str, ...] = ()
    via_root: bool = False
    tables: tuple[str, ...] = ()
    schemas: tuple[str, ...] = ()
    generated_columns: str = ""


@dataclass(frozen=True, slots=True)
class Subscription(Global):
    """Its connection string may hold a password, and is not read."""

    KIND: ClassVar[str] = "subscription"

    enabled: bool = True
    publications: tuple[str, ...] = ()
    slot: str = ""
    properties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignDataWrapper(Global):
    """`options` are "name=value"; a password's value is replaced by ***."""

    KIND: ClassVar[str] = "foreign data wrapper"

    handler: str = ""
    validator: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ForeignServer(Global):
    KIND: ClassVar[str] = "foreign server"

    wrapper: str = ""
    type: str = ""
    version: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserMapping(Global):
    """`name` is such as `app for server warehouse`. `options` as in `ForeignDataWrapper`;
    ("hidden",) where this role may not see them."""

    KIND: ClassVar[str] = "user mapping"

    options: tuple[str, ...] = ()
