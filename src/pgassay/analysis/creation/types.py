"""SQL that makes types, casts and collations."""

from __future__ import annotations

import re

from pgassay.analysis.creation import rights
from pgassay.analysis.creation.surroundings import Surroundings
from pgassay.analysis.sql_identifier import literal, qualified, quoted
from pgassay.facts.catalog import (
    BaseType,
    Cast,
    Collation,
    Composite,
    Domain,
    DomainConstraint,
    Enum,
    Member,
    Range,
)

_ATTRIBUTE_COMMENT = re.compile(r'("(?:[^"]|"")+"|[^":]+): (.*)', re.DOTALL)


def enum(thing: Enum, _: Surroundings) -> list[str]:
    labels = ", ".join(map(literal, thing.labels))
    return _type(thing, [f"CREATE TYPE {_name(thing)} AS ENUM ({labels});"])


def domain(thing: Domain, _: Surroundings) -> list[str]:
    text = f"CREATE DOMAIN {_name(thing)} AS {thing.base_type}"
    text += f" COLLATE {thing.collation}" if thing.collation else ""
    text += f" DEFAULT {thing.default}" if thing.default is not None else ""
    text += " NOT NULL" if thing.not_null else ""
    return _type(thing, [f"{text};"], word="DOMAIN")


def domain_constraint(thing: DomainConstraint, _: Surroundings) -> list[str]:
    name, table = quoted(thing.name), qualified(*thing.table_name)
    definition = thing.definition.removesuffix(" NOT VALID")
    definition += "" if thing.validated else " NOT VALID"
    return [
        f"ALTER DOMAIN {table} ADD CONSTRAINT {name} {definition};",
        *rights.comment(thing, f"CONSTRAINT {name} ON DOMAIN {table}"),
    ]


def composite(thing: Composite, _: Surroundings) -> list[str]:
    statements = _type(thing, [f"CREATE TYPE {_name(thing)} AS ({', '.join(thing.attributes)});"])
    for said in thing.attribute_comments:
        if found := _ATTRIBUTE_COMMENT.fullmatch(said):
            on = f"{_name(thing)}.{found[1]}"
            statements.append(f"COMMENT ON COLUMN {on} IS {literal(found[2])};")
    return statements


def range_type(thing: Range, _: Surroundings) -> list[str]:
    """With a canonical function, which takes the type, the shell comes first."""
    properties = {
        "subtype": thing.subtype,
        "subtype_opclass": thing.operator_class,
        "collation": thing.collation,
        "canonical": thing.canonical,
        "subtype_diff": thing.subtype_diff,
        "multirange_type_name": thing.multirange,
    }
    listed = ", ".join(f"{name} = {value}" for name, value in properties.items() if value)
    shell = [f"CREATE TYPE {_name(thing)};"] if thing.canonical else []
    statements = _type(thing, [*shell, f"CREATE TYPE {_name(thing)} AS RANGE ({listed});"])
    if thing.multirange_comment:
        said = literal(thing.multirange_comment)
        statements.append(f"COMMENT ON TYPE {thing.multirange} IS {said};")
    return statements


def base_type(thing: BaseType, _: Surroundings) -> list[str]:
    """The shell, for the functions that take it; then the type that is made of them."""
    statements = [f"CREATE TYPE {_name(thing)};"]
    if thing.properties:
        listed = ", ".join(p.replace("=", " = ", 1) for p in thing.properties)
        statements.append(f"CREATE TYPE {_name(thing)} ({listed});")
    return _type(thing, statements)


def cast(thing: Cast, _: Surroundings) -> list[str]:
    how = {
        "binary": "WITHOUT FUNCTION",
        "inout": "WITH INOUT",
    }.get(thing.method, f"WITH FUNCTION {thing.function}")
    context = "" if thing.context == "explicit" else f" AS {thing.context.upper()}"
    address = f"CAST {thing.name}"
    return [f"CREATE {address} {how}{context};", *rights.comment(thing, address)]


def collation(thing: Collation, _: Surroundings) -> list[str]:
    parts = [f"provider = {thing.provider}"] if thing.provider else []
    if thing.ctype and thing.ctype != thing.locale:
        parts += [f"lc_collate = {literal(thing.locale)}", f"lc_ctype = {literal(thing.ctype)}"]
    else:
        parts.append(f"locale = {literal(thing.locale)}")
    if not thing.deterministic:
        parts.append("deterministic = false")
    if thing.rules:
        parts.append(f"rules = {literal(thing.rules)}")
    address = f"COLLATION {_name(thing)}"
    return [
        f"CREATE {address} ({', '.join(parts)});",
        *rights.owner(thing, address),
        *rights.comment(thing, address),
    ]


def _name(thing: Member) -> str:
    return qualified(thing.schema, thing.name)


def _type(thing: Member, statements: list[str], word: str = "TYPE") -> list[str]:
    address = f"{word} {_name(thing)}"
    return [
        *statements,
        *rights.owner(thing, address),
        *rights.grants(thing.grants, address, holder=thing.owner),
        *rights.comment(thing, address),
    ]
