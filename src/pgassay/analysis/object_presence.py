"""SQL conditions that are true where a database has an object."""

from __future__ import annotations

from pgassay.analysis.sql_identifier import literal, qualified, quoted, split_signature
from pgassay.facts.catalog import (
    Aggregate,
    BaseType,
    Column,
    Composite,
    Constraint,
    Domain,
    DomainConstraint,
    Enum,
    Extension,
    Function,
    Index,
    MaterializedView,
    Policy,
    Range,
    Rule,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    Trigger,
    View,
)


def is_there(thing: SchemaObject) -> str:
    """Whatever its shape; "" for a kind that nothing here asks for. Reads the catalogs alone, and
    is no error where the object, its table or its schema is missing."""
    match thing:
        case Table() | View() | MaterializedView() | Sequence():
            return f"{_relation(thing.schema, thing.name)} IS NOT NULL"
        case Index():
            return f"{_relation(thing.schema, thing.name)} IS NOT NULL"
        case Column():
            return _of_column(thing, "")
        case Constraint():
            return _part("pg_constraint", "conrelid", "conname", thing)
        case Trigger():
            return _part("pg_trigger", "tgrelid", "tgname", thing)
        case Policy():
            return _part("pg_policy", "polrelid", "polname", thing)
        case Rule():
            return _part("pg_rewrite", "ev_class", "rulename", thing)
        case DomainConstraint():
            type_ = f"to_regtype({literal(qualified(thing.schema, thing.table))})"
            return _row("pg_constraint", f"contypid = {type_} AND conname = {literal(thing.name)}")
        case Enum() | Domain() | Composite() | Range() | BaseType():
            return f"to_regtype({literal(qualified(thing.schema, thing.name))}) IS NOT NULL"
        case Function() | Aggregate():
            name, arguments = split_signature(thing.name)
            signature = f"{qualified(thing.schema, name)}({arguments})"
            return f"to_regprocedure({literal(signature)}) IS NOT NULL"
        case Schema():
            return f"to_regnamespace({literal(quoted(thing.name))}) IS NOT NULL"
        case Extension():
            return _row("pg_extension", f"extname = {literal(thing.name)}")
    return ""


def is_so(thing: SchemaObject, written: str) -> str:
    """That it is there with the value of the property `written` that it has here; "" where nothing
    here asks for that."""
    match thing, written:
        case Column(), "type":
            # The schema is written or not as the search path has it.
            head, paren, rest = thing.type.partition("(")
            bare = head.rpartition(".")[2] + paren + rest
            types = ", ".join(literal(t) for t in dict.fromkeys((thing.type, bare)))
            return _of_column(thing, f" AND format_type(atttypid, atttypmod) IN ({types})")
        case Column(), "not_null":
            return _of_column(thing, f" AND attnotnull = {str(thing.not_null).lower()}")
        case Enum(), "labels":
            labels = ", ".join(literal(label) for label in thing.labels)
            type_ = f"to_regtype({literal(qualified(thing.schema, thing.name))})"
            own = f"FROM pg_enum WHERE enumtypid = {type_} ORDER BY enumsortorder"
            return f"ARRAY(SELECT enumlabel::text {own}) = ARRAY[{labels}]::text[]"
    return ""


def _of_column(column: Column, also: str) -> str:
    relation, name = _relation(*column.table_name), literal(column.name)
    return _row(
        "pg_attribute", f"attrelid = {relation} AND attname = {name} AND NOT attisdropped{also}"
    )


def _part(catalog: str, table: str, name: str, thing: Constraint | Trigger | Policy | Rule) -> str:
    relation = _relation(*thing.table_name)
    return _row(catalog, f"{table} = {relation} AND {name} = {literal(thing.name)}")


def _row(catalog: str, where: str) -> str:
    return f"EXISTS (SELECT FROM {catalog} WHERE {where})"


def _relation(schema: str, name: str) -> str:
    return f"to_regclass({literal(qualified(schema, name))})"
