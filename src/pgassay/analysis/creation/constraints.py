"""SQL that makes constraints, indexes and extended statistics."""

from __future__ import annotations

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.definition import constraint_line, index_line
from pgassay.analysis.creation.sql_text import storage_options
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import Constraint, Index, Statistics


def constraint(thing: Constraint, around: Surroundings) -> list[str]:
    """A foreign key whose own triggers are asleep is made awake: to sleep is no part of its
    definition. One whose index waits for partitions is made on the parent only."""
    name = qualified(*thing.table_name)
    owning = around.table(thing.table_name)
    foreign = "FOREIGN " if owning and owning.foreign_server else ""
    only = "" if thing.index_valid else "ONLY "
    statements = [f"ALTER {foreign}TABLE {only}{name} ADD {constraint_line(thing)};"]
    if not thing.enabled:
        statements.append(f"-- The triggers of {quoted(thing.name)} are disabled there.")
    index_name = qualified(thing.schema, thing.name)
    if thing.options:
        statements.append(f"ALTER INDEX {index_name} SET ({storage_options(thing.options)});")
    if thing.tablespace:
        tablespace = quoted(thing.tablespace)
        statements.append(f"ALTER INDEX {index_name} SET TABLESPACE {tablespace};")
    if thing.clustered:
        statements.append(f"ALTER TABLE {name} CLUSTER ON {quoted(thing.name)};")
    if thing.index_comment:
        statements.append(f"COMMENT ON INDEX {index_name} IS {literal(thing.index_comment)};")
    return [*statements, *rights.comment(thing, f"CONSTRAINT {quoted(thing.name)} ON {name}")]


def index(thing: Index, around: Surroundings) -> list[str]:
    """An index that is invalid on an ordinary table was left so by a failure: it is made valid."""
    owning = around.table(thing.table_name)
    only = bool(owning and owning.partitioned and not thing.valid)
    name = qualified(thing.schema, thing.name)
    statements = [index_line(thing, only=only)]
    if thing.tablespace:
        statements.append(f"ALTER INDEX {name} SET TABLESPACE {quoted(thing.tablespace)};")
    for target in thing.statistics:
        number, _, value = target.partition("=")
        statements.append(f"ALTER INDEX {name} ALTER COLUMN {number} SET STATISTICS {value};")
    if thing.clustered:
        kind = "MATERIALIZED VIEW" if thing.table_name in around.materialized else "TABLE"
        table = qualified(*thing.table_name)
        statements.append(f"ALTER {kind} {table} CLUSTER ON {quoted(thing.name)};")
    statements += rights.dependence(thing.extensions, f"INDEX {name}")
    return [*statements, *rights.comment(thing, f"INDEX {name}")]


def statistics(thing: Statistics, _: Surroundings) -> list[str]:
    address = f"STATISTICS {qualified(thing.schema, thing.name)}"
    statements = [f"CREATE {address} {thing.definition};"]
    if thing.target is not None:
        statements.append(f"ALTER {address} SET STATISTICS {thing.target};")
    return [*statements, *rights.owner(thing, address), *rights.comment(thing, address)]
