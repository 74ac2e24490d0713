"""The statement that drops one object."""

from __future__ import annotations

from pgassay.analysis.creation import database, routines
from pgassay.analysis.creation.sql_text import setting
from pgassay.analysis.creation.system_grants import system_grants_undone
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import (
    AccessMethod,
    Aggregate,
    BaseType,
    Cast,
    Collation,
    Column,
    Composite,
    Constraint,
    Conversion,
    Database,
    DefaultPrivileges,
    Domain,
    DomainConstraint,
    Enum,
    EventTrigger,
    Extension,
    ForeignDataWrapper,
    ForeignServer,
    Function,
    Global,
    Index,
    Language,
    MaterializedView,
    Member,
    Operator,
    OperatorClass,
    OperatorFamily,
    Policy,
    Publication,
    Range,
    Rule,
    Schema,
    SchemaObject,
    SecurityLabel,
    Sequence,
    Setting,
    Statistics,
    Subscription,
    SystemGrants,
    Table,
    TextSearchConfiguration,
    TextSearchDictionary,
    TextSearchParser,
    TextSearchTemplate,
    Transform,
    Trigger,
    UserMapping,
    View,
    ViewColumn,
)

_WORDS: dict[type[SchemaObject], str] = {
    Schema: "SCHEMA",
    Extension: "EXTENSION",
    Language: "LANGUAGE",
    AccessMethod: "ACCESS METHOD",
    Collation: "COLLATION",
    Enum: "TYPE",
    Domain: "DOMAIN",
    Composite: "TYPE",
    Range: "TYPE",
    BaseType: "TYPE",
    Conversion: "CONVERSION",
    View: "VIEW",
    MaterializedView: "MATERIALIZED VIEW",
    Statistics: "STATISTICS",
    EventTrigger: "EVENT TRIGGER",
    TextSearchParser: "TEXT SEARCH PARSER",
    TextSearchTemplate: "TEXT SEARCH TEMPLATE",
    TextSearchDictionary: "TEXT SEARCH DICTIONARY",
    TextSearchConfiguration: "TEXT SEARCH CONFIGURATION",
    ForeignDataWrapper: "FOREIGN DATA WRAPPER",
    ForeignServer: "SERVER",
    Publication: "PUBLICATION",
    Subscription: "SUBSCRIPTION",
    Sequence: "SEQUENCE",
    Trigger: "TRIGGER",
    Rule: "RULE",
    Policy: "POLICY",
    Index: "INDEX",
}


def drop(thing: SchemaObject) -> str:
    """The SQL that takes the object away, and nothing that hangs on it: no CASCADE.

    A base type cannot be dropped without the functions it is made of: its statement fails and
    says so. A database is not dropped: that is a comment.
    """
    match thing:
        case Column():
            return f"ALTER TABLE {qualified(*thing.table_name)} DROP COLUMN {quoted(thing.name)};"
        case Constraint():
            table = qualified(*thing.table_name)
            return f"ALTER TABLE {table} DROP CONSTRAINT {quoted(thing.name)};"
        case DomainConstraint():
            domain = qualified(*thing.table_name)
            return f"ALTER DOMAIN {domain} DROP CONSTRAINT {quoted(thing.name)};"
        case Sequence(identity_column=True, owned_by=(schema, table, column)):
            alter = f"ALTER TABLE {qualified(schema, table)} ALTER COLUMN {quoted(column)}"
            return f"{alter} DROP IDENTITY;"
        case ViewColumn():
            return _drop_view_column(thing)
        case Database():
            return "-- A database is not dropped from inside."
        case SystemGrants():
            return system_grants_undone(thing)
        case Setting() | DefaultPrivileges() | SecurityLabel():
            return _undo(thing)
        case _:
            return f"DROP {_address(thing)};"


def _address(thing: SchemaObject) -> str:
    match thing:
        case Table():
            foreign = "FOREIGN " if thing.foreign_server else ""
            return f"{foreign}TABLE {qualified(*thing.table_name)}"
        case Trigger() | Rule() | Policy():
            word = _WORDS[type(thing)]
            return f"{word} {quoted(thing.name)} ON {qualified(*thing.table_name)}"
        case Index():
            return f"INDEX {qualified(thing.schema, thing.name)}"
        case Function():
            return routines.function_address(thing)
        case Aggregate():
            return routines.aggregate_address(thing)
        case Operator():
            return routines.operator_address(thing)
        case OperatorClass() | OperatorFamily():
            return routines.operator_group_address(thing)
        case Cast():
            return f"CAST {thing.name}"
        case Transform():
            return f"TRANSFORM {thing.name}"
        case UserMapping():
            return database.user_mapping_address(thing)
        case Member() | View() | MaterializedView() | Sequence():
            return f"{_WORDS[type(thing)]} {qualified(thing.schema, thing.name)}"
        case Global() | Schema():
            return f"{_WORDS[type(thing)]} {quoted(thing.name)}"
    raise TypeError(f"no way to drop a {thing.KIND} is known")


def _drop_view_column(thing: ViewColumn) -> str:
    view, name = qualified(*thing.table_name), quoted(thing.name)
    if thing.default is not None:
        return f"ALTER VIEW {view} ALTER COLUMN {name} DROP DEFAULT;"
    if thing.statistics is not None:
        return f"ALTER MATERIALIZED VIEW {view} ALTER COLUMN {name} SET STATISTICS -1;"
    if thing.options:
        options = ", ".join(option.partition("=")[0] for option in thing.options)
        return f"ALTER MATERIALIZED VIEW {view} ALTER COLUMN {name} RESET ({options});"
    if thing.grants:
        grantees = ", ".join(g.grantee for g in thing.grants)
        return f"REVOKE ALL ({name}) ON TABLE {view} FROM {grantees};"
    return f"COMMENT ON COLUMN {view}.{name} IS NULL;"


def _undo(thing: Setting | DefaultPrivileges | SecurityLabel) -> str:
    if isinstance(thing, SecurityLabel):
        provider, _on, where = thing.name.partition(" on ")
        return f"SECURITY LABEL FOR {quoted(provider)} ON {where} IS NULL;"
    if isinstance(thing, DefaultPrivileges):
        return database.default_privileges_undone(thing)
    names = [setting(text).partition(" TO ")[0] for text in thing.settings]
    return database.settings_reset(thing, names)
