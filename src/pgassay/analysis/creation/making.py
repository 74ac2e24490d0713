"""The statements that make one object, and those that make a whole schema."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pgassay.analysis.creation import (
    constraints,
    database,
    relations,
    routines,
    system_grants,
    tables,
    text_search,
    triggers,
    types,
)
from pgassay.analysis.creation.surroundings import Surroundings, surroundings
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.catalog import (
    AccessMethod,
    Aggregate,
    BaseType,
    Cast,
    Catalog,
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
    Index,
    Language,
    MaterializedView,
    Operator,
    OperatorClass,
    OperatorFamily,
    Part,
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

_Maker = Callable[[Any, Surroundings], list[str]]

# In an order in which most can be made. Columns are their table's; default privileges come late,
# or they would give rights on what follows; event triggers last, or they would fire.
_MAKERS: dict[type[SchemaObject], _Maker] = {
    Schema: database.schema,
    Extension: database.extension,
    Collation: types.collation,
    Enum: types.enum,
    BaseType: types.base_type,
    Domain: types.domain,
    Composite: types.composite,
    Range: types.range_type,
    TextSearchParser: text_search.parser,
    TextSearchTemplate: text_search.template,
    TextSearchDictionary: text_search.dictionary,
    TextSearchConfiguration: text_search.configuration,
    ForeignDataWrapper: database.foreign_data_wrapper,
    ForeignServer: database.foreign_server,
    UserMapping: database.user_mapping,
    Sequence: relations.sequence,
    Table: tables.table,
    Column: tables.column,
    Function: routines.function,
    Language: routines.language,
    AccessMethod: routines.access_method,
    Aggregate: routines.aggregate,
    Operator: routines.operator,
    OperatorFamily: routines.operator_family,
    OperatorClass: routines.operator_class,
    Cast: types.cast,
    Conversion: routines.conversion,
    Transform: routines.transform,
    DomainConstraint: types.domain_constraint,
    Constraint: constraints.constraint,
    Index: constraints.index,
    View: relations.view,
    MaterializedView: relations.materialized_view,
    ViewColumn: relations.view_column,
    Statistics: constraints.statistics,
    Rule: triggers.rule,
    Trigger: triggers.trigger,
    Policy: triggers.policy,
    Publication: database.publication,
    Subscription: database.subscription,
    SecurityLabel: database.security_label,
    SystemGrants: system_grants.system_grants,
    DefaultPrivileges: database.default_privileges,
    Setting: database.database_setting,
    Database: database.database,
    EventTrigger: triggers.event_trigger,
}

SESSION = (
    # Texts are qualified, and mean the same only where no other schema is searched.
    "SET search_path = pg_catalog;",
    # A body may name what is made after it.
    "SET check_function_bodies = off;",
)
"""What the session must be set to for the statements to mean what they meant."""


def make(thing: SchemaObject, catalog: Catalog) -> list[str]:
    """The SQL statements that make the object as it is in `catalog`, with its owner, rights and
    comment, where all it needs is there.

    A table comes with its columns; its constraints, indexes, triggers, rules and policies are
    objects of their own. A line that starts with `--` stands for what the facts do not hold.
    """
    around = surroundings(catalog)
    statements = _MAKERS[type(thing)](thing, around)
    match thing:
        case Table():
            statements += tables.replica_index(thing)
        case Constraint() | Index():
            # Which rows are told apart by it is the table's, and lost with the index.
            owning = around.table(thing.table_name)
            if owning and owning.replica_identity == f"index {thing.name}":
                statements += tables.replica_index(owning)
    return statements


def make_table(table: Table, catalog: Catalog) -> list[str]:
    """The table with all that hangs on it. Its foreign keys need the tables they point to, its
    triggers their functions."""
    around = surroundings(catalog)
    parts = [thing for thing in catalog.objects() if _hangs_on(thing, table)]
    ranks = {kind: rank for rank, kind in enumerate(_MAKERS)}
    parts.sort(key=lambda thing: (ranks[type(thing)], _is_foreign_key(thing)))
    return [
        *make_bare_table(table, catalog),
        *(line for thing in parts for line in _MAKERS[type(thing)](thing, around)),
        *tables.replica_index(table),
    ]


def make_bare_table(table: Table, catalog: Catalog) -> list[str]:
    """The table with its columns and their sequences, and nothing else that hangs on it."""
    around = surroundings(catalog)
    owned = [s for s in catalog.of(Sequence) if s.owned_by[:2] == table.table_name]
    return [
        *(line for s in owned for line in relations.sequence_itself(s)),
        *tables.table(table, around),
        *(line for s in owned for line in relations.sequence_rest(s, around)),
    ]


def make_all(catalog: Catalog) -> list[str]:
    """The statements that make the whole schema in an empty database, after SESSION.

    What stands on what is not among the facts, so some need a later one: who runs them runs those
    that failed again, until a whole pass gets nothing done. Roles must be there.
    """
    return list(_all(catalog))


def _all(catalog: Catalog) -> Iterator[str]:
    around = surroundings(catalog)
    things: dict[type[SchemaObject], list[Any]] = {kind: [] for kind in _MAKERS}
    for thing in catalog.objects():
        things[type(thing)].append(thing)
    things[Table].sort(key=lambda table: _depth(table, around))
    # A parent's index made late would take a partition's own for its part.
    things[Constraint].sort(key=lambda c: (_is_foreign_key(c), _depth_of(c, around)))
    things[Index].sort(key=lambda index: _depth_of(index, around))
    # A parent's trigger is put to sleep with its partitions', which may then say otherwise.
    things[Trigger].sort(key=lambda t: _depth_of(t, around))
    for kind, make_one in _MAKERS.items():
        if kind is Sequence:
            yield from _lines(things[Sequence], lambda s: relations.sequence_itself(s))
        elif kind is Table:
            yield from _lines(things[Table], lambda t: tables.table_itself(t, around))
            yield from _lines(things[Table], tables.table_rest)
            yield from _lines(things[Sequence], lambda s: relations.sequence_rest(s, around))
        elif kind is not Column:
            for thing in things[kind]:
                yield from make_one(thing, around)
        if kind is Index:
            yield from _lines(things[Table], tables.replica_index)


def _lines(things: list[Any], lines: Callable[[Any], list[str]]) -> Iterator[str]:
    for thing in things:
        yield from lines(thing)


def _hangs_on(thing: SchemaObject, table: Table) -> bool:
    if isinstance(thing, Statistics):
        return thing.table in (qualified(*table.table_name), table.name)
    hanging = Constraint | Index | Rule | Trigger | Policy
    return isinstance(thing, hanging) and thing.table_name == table.table_name


def _is_foreign_key(thing: SchemaObject) -> bool:
    return isinstance(thing, Constraint) and thing.kind == "foreign key"


def _depth_of(part: Part, around: Surroundings) -> int:
    table = around.table(part.table_name)
    return _depth(table, around) if table else 0


def _depth(table: Table, around: Surroundings) -> int:
    """How many generations of parents it has."""
    depth, known = 0, {qualified(*table.table_name)}
    parents = {table.partition_of, *table.inherits} - {""}
    while parents:
        depth += 1
        known |= parents
        found = [around.tables[p] for p in parents if p in around.tables]
        parents = {p for t in found for p in (t.partition_of, *t.inherits)} - {""} - known
    return depth
