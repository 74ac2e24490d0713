"""SQL that makes schemas, extensions, replication, foreign servers and database settings."""

from __future__ import annotations

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.sql_text import dollar_quoted, foreign_options, setting
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import literal, quoted, split_signature
from pgassay.facts.catalog import (
    Database,
    DefaultPrivileges,
    Extension,
    ForeignDataWrapper,
    ForeignServer,
    Publication,
    Schema,
    SecurityLabel,
    Setting,
    Subscription,
    UserMapping,
)

# What the facts do not say of a database: how it is called where the statements run.
_DATABASE = "BEGIN EXECUTE pg_catalog.format({text}, pg_catalog.current_database()); END"

_USUAL_OF_PUBLIC = {"FUNCTIONS": "EXECUTE", "TYPES": "USAGE"}


def database(thing: Database, _: Surroundings) -> list[str]:
    """Its encoding and locale are given when it is made, not by a statement in it; the rest is
    here. It is addressed by the name it has where the statements run."""
    statements = [*rights.owner(thing, "DATABASE %I"), *rights.comment(thing, "DATABASE %I")]
    statements += rights.grants(thing.grants, "DATABASE %I", holder=thing.owner)
    if thing.connection_limit != -1:
        statements.append(f"ALTER DATABASE %I CONNECTION LIMIT {thing.connection_limit};")
    if thing.is_template:
        statements.append("ALTER DATABASE %I IS_TEMPLATE true;")
    return [_in_database(s) for s in statements]


def database_setting(thing: Setting, _: Surroundings) -> list[str]:
    where = _setting_head(thing)
    return [_in_database(f"ALTER {where} SET {setting(s)};") for s in thing.settings]


def schema(thing: Schema, _: Surroundings) -> list[str]:
    """`public` is in every new database, and may have been dropped."""
    address = f"SCHEMA {quoted(thing.name)}"
    exists = "IF NOT EXISTS " if thing.name == "public" else ""
    # Where it is there already, so are rights of PUBLIC.
    revoke = [f"REVOKE ALL ON {address} FROM PUBLIC;"] if exists else []
    return [
        f"CREATE SCHEMA {exists}{quoted(thing.name)};",
        *rights.owner(thing, address),
        *revoke,
        *rights.grants(thing.grants, address, holder=thing.owner),
        *rights.comment(thing, address),
    ]


def extension(thing: Extension, _: Surroundings) -> list[str]:
    """In the version that it has. Its own comment comes with it."""
    words = [f" SCHEMA {quoted(thing.schema)}"] if thing.schema else []
    words += [f" VERSION {literal(thing.version)}"] if thing.version else []
    name = quoted(thing.name)
    return [
        f"CREATE EXTENSION IF NOT EXISTS {name}{''.join(words)};",
        *rights.comment(thing, f"EXTENSION {name}"),
    ]


def default_privileges(thing: DefaultPrivileges, _: Surroundings) -> list[str]:
    head, objects = _default_privileges_head(thing)
    # Those of one schema add to the role's; only the latter take usual rights away.
    holder = "" if " IN SCHEMA " in head else thing.name.rpartition(" for ")[0]
    return [f"{head} {s}" for s in rights.grants(thing.grants, objects, holder=holder)]


def security_label(thing: SecurityLabel, _: Surroundings) -> list[str]:
    """Needs its provider's module to be loaded."""
    provider, _on, where = thing.name.partition(" on ")
    if where == "database":
        label = f"SECURITY LABEL FOR {quoted(provider)} ON DATABASE %I IS {literal(thing.label)};"
        return [_in_database(label)]
    return [f"SECURITY LABEL FOR {quoted(provider)} ON {where} IS {literal(thing.label)};"]


def publication(thing: Publication, _: Surroundings) -> list[str]:
    address = f"PUBLICATION {quoted(thing.name)}"
    parts = [f"TABLE {t}" for t in thing.tables]
    parts += [f"TABLES IN SCHEMA {quoted(s)}" for s in thing.schemas]
    of = " FOR ALL TABLES" if thing.all_tables else f" FOR {', '.join(parts)}" if parts else ""
    options = []
    if set(thing.operations) != {"insert", "update", "delete", "truncate"}:
        options.append(f"publish = {literal(', '.join(thing.operations))}")
    if thing.via_root:
        options.append("publish_via_partition_root = true")
    if thing.generated_columns not in ("", "none"):
        options.append(f"publish_generated_columns = {thing.generated_columns}")
    with_ = f" WITH ({', '.join(options)})" if options else ""
    return [
        f"CREATE {address}{of}{with_};",
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def subscription(thing: Subscription, _: Surroundings) -> list[str]:
    """Its connection string is not among the facts, and making one copies data: a comment says
    what to write."""
    return [
        f"-- CREATE SUBSCRIPTION {quoted(thing.name)} CONNECTION '...' "
        f"PUBLICATION {', '.join(map(quoted, thing.publications))}; "
        "the connection string is not read."
    ]


def foreign_data_wrapper(thing: ForeignDataWrapper, _: Surroundings) -> list[str]:
    address = f"FOREIGN DATA WRAPPER {quoted(thing.name)}"
    text = f"CREATE {address}"
    text += f" HANDLER {split_signature(thing.handler)[0]}" if thing.handler else ""
    text += f" VALIDATOR {split_signature(thing.validator)[0]}" if thing.validator else ""
    return [
        f"{text}{_options(thing.options)};",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, address, holder=thing.owner),
        *rights.comment(thing, address),
    ]


def foreign_server(thing: ForeignServer, _: Surroundings) -> list[str]:
    """A password that the facts hide is *** here too."""
    text = f"CREATE SERVER {quoted(thing.name)}"
    text += f" TYPE {literal(thing.type)}" if thing.type else ""
    text += f" VERSION {literal(thing.version)}" if thing.version else ""
    address = f"SERVER {quoted(thing.name)}"
    return [
        f"{text} FOREIGN DATA WRAPPER {quoted(thing.wrapper)}{_options(thing.options)};",
        *rights.owner(thing, address),
        *rights.grants(thing.grants, f"FOREIGN {address}", holder=thing.owner),
        *rights.comment(thing, address),
    ]


def user_mapping_address(thing: UserMapping) -> str:
    user, _for, server = thing.name.rpartition(" for server ")
    return f"USER MAPPING FOR {rights.role(user)} SERVER {quoted(server)}"


def user_mapping(thing: UserMapping, _: Surroundings) -> list[str]:
    """A password that the facts hide is *** here too."""
    address = user_mapping_address(thing)
    if thing.options == ("hidden",):
        return [f"-- CREATE {address} OPTIONS (...); its options may not be seen by this role."]
    return [f"CREATE {address}{_options(thing.options)};"]


def _default_privileges_head(thing: DefaultPrivileges) -> tuple[str, str]:
    role, _for, rest = thing.name.rpartition(" for ")
    objects, _in, schema_name = rest.partition(" in schema ")
    where = f" IN SCHEMA {quoted(schema_name)}" if schema_name else ""
    # Without a role they are of the one that runs it.
    for_role = f" FOR ROLE {quoted(role)}" if role else ""
    return f"ALTER DEFAULT PRIVILEGES{for_role}{where}", objects.upper()


def _setting_head(thing: Setting) -> str:
    role = thing.name.removeprefix("role ")
    return "DATABASE %I" if thing.name == "database" else f"ROLE {quoted(role)} IN DATABASE %I"


def _options(options: tuple[str, ...]) -> str:
    return f" OPTIONS ({foreign_options(options)})" if options else ""


def _in_database(statement: str) -> str:
    # format()'s own sign doubled, but for the one place that is meant.
    text = statement.replace("%", "%%").replace("%%I", "%I", 1).removesuffix(";")
    return f"DO {dollar_quoted(_DATABASE.format(text=literal(text)))};"


def default_privileges_undone(thing: DefaultPrivileges) -> str:
    head, objects = _default_privileges_head(thing)
    owner = thing.name.rpartition(" for ")[0]
    statements = []
    for grant in thing.grants:
        usual = "ALL" if grant.grantee == owner else _USUAL_OF_PUBLIC.get(objects, "")
        if " IN SCHEMA " in head or grant.grantee not in ("PUBLIC", owner) or not usual:
            statements.append(f"{head} REVOKE ALL ON {objects} FROM {rights.role(grant.grantee)};")
        else:
            statements.append(f"{head} GRANT {usual} ON {objects} TO {rights.role(grant.grantee)};")
    return " ".join(statements)


def settings_reset(thing: Setting, names: list[str]) -> str:
    """`names` as SQL writes them."""
    where = _setting_head(thing)
    return " ".join(_in_database(f"ALTER {where} RESET {name};") for name in names)
