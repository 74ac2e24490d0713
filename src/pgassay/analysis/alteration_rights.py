"""SQL that changes whose an object is, who may do what with it, and what is said of it."""

from __future__ import annotations

from pgassay.analysis.creation import drop, rights
from pgassay.analysis.creation.routines import signature
from pgassay.analysis.creation.system_grants import given_on
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import (
    Aggregate,
    BaseType,
    Column,
    Composite,
    Constraint,
    Domain,
    DomainConstraint,
    Enum,
    ForeignServer,
    Function,
    Grant,
    Language,
    MaterializedView,
    Operator,
    Owned,
    Range,
    SchemaObject,
    Sequence,
    SystemGrants,
    Table,
    View,
    ViewColumn,
)

_OF_TYPES = (Enum, Domain, Composite, Range, BaseType, Language)


def address(thing: SchemaObject) -> str:
    """How ALTER, COMMENT ON and DROP name it, such as `FUNCTION public.total(integer)`."""
    match thing:
        case Column() | ViewColumn():
            return f"COLUMN {qualified(*thing.table_name)}.{quoted(thing.name)}"
        case Constraint():
            return f"CONSTRAINT {quoted(thing.name)} ON {qualified(*thing.table_name)}"
        case DomainConstraint():
            return f"CONSTRAINT {quoted(thing.name)} ON DOMAIN {qualified(*thing.table_name)}"
        case Sequence():
            return f"SEQUENCE {qualified(*thing.table_name)}"
    return drop(thing).removeprefix("DROP ").removesuffix(";")


def alter_owner(new: Owned | SchemaObject) -> list[str]:
    return rights.owner(new, address(new)) if isinstance(new, Owned) else []


def alter_comment(new: SchemaObject) -> list[str]:
    said = literal(new.comment) if new.comment else "NULL"
    return [f"COMMENT ON {address(new)} IS {said};"]


def alter_grants(old: SchemaObject, new: SchemaObject) -> list[str]:
    """Each role that has other rights loses all and gets those of `new`."""
    if isinstance(old, SystemGrants) and isinstance(new, SystemGrants):
        return [drop(old), *given_on(new)]
    before, after = _by_grantee(old), _by_grantee(new)
    on, columns = _granted_on(new)
    owner = new.owner if isinstance(new, Owned) else ""
    statements = []
    for grantee in sorted(before.keys() | after.keys()):
        had, gets = before.get(grantee), after.get(grantee)
        if had == gets:
            continue
        if had is None or had.privileges:
            statements.append(f"REVOKE ALL{columns} ON {on} FROM {rights.role(grantee)};")
        if gets is not None and gets.privileges:
            statements += rights.grants((gets,), on, columns=columns)
        elif gets is None and (usual := _usual(new, grantee, owner)):
            statements.append(f"GRANT {usual} ON {on} TO {rights.role(grantee)};")
    return statements


def _by_grantee(thing: SchemaObject) -> dict[str, Grant]:
    given = thing.grants if isinstance(thing, Owned | Column | ViewColumn) else ()
    return {grant.grantee: grant for grant in given}


def _usual(thing: SchemaObject, grantee: str, owner: str) -> str:
    """What a role has that no grant is listed for: the owner everything, and PUBLIC what
    PostgreSQL's documentation lists under "Privileges", table 5.2."""
    if grantee == "PUBLIC":
        if isinstance(thing, Function | Aggregate):
            return "EXECUTE"
        return "USAGE" if isinstance(thing, _OF_TYPES) else ""
    return "ALL" if grantee == owner else ""


def _granted_on(thing: SchemaObject) -> tuple[str, str]:
    """What GRANT and REVOKE name, and the column list for rights on a column."""
    match thing:
        case Column() | ViewColumn():
            return f"TABLE {qualified(*thing.table_name)}", f" ({quoted(thing.name)})"
        case Table() | View() | MaterializedView():
            return f"TABLE {qualified(*thing.table_name)}", ""
        case Aggregate() | Operator():
            return f"FUNCTION {signature(thing)}", ""
        case Function() | Domain():
            return address(thing), ""
        case ForeignServer():
            return f"FOREIGN {address(thing)}", ""
    return address(thing), ""
