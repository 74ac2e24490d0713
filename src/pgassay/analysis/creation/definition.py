"""The lines that CREATE TABLE and ALTER TABLE share: a column's, a constraint's, an index's."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count

from pgassay.analysis.creation.sql_text import foreign_options
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Column, Constraint, Index, Sequence

_SERIAL = {"smallint": "smallserial", "integer": "serial", "bigint": "bigserial"}
_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def column_line(
    column: Column,
    identity: Sequence | None = None,
    *,
    nullable: bool = False,
    serial: bool = True,
) -> str:
    """The column as CREATE TABLE and ADD COLUMN take it.

    `identity`: an identity column's sequence, for its options. `nullable`: without its NOT NULL.
    `serial`: as `serial` where its default is its own sequence's; else with that default.
    """
    name, rest = quoted(column.name), ""
    if column.compression:
        rest += f" COMPRESSION {column.compression}"
    if column.foreign_options:
        rest += f" OPTIONS ({foreign_options(column.foreign_options)})"
    if column.collation:
        rest += f" COLLATE {column.collation}"
    # A NOT VALID one cannot be written in the column.
    not_null = ""
    if column.not_null and column.not_null_valid and not nullable:
        named = f"CONSTRAINT {quoted(column.not_null_name)} " if column.not_null_name else ""
        not_null = f" {named}NOT NULL{' NO INHERIT' if column.not_null_no_inherit else ''}"
    if column.generated.endswith("identity"):
        options = identity_options(identity) if identity else ""
        rest += f" GENERATED {column.generated.upper()}{options}"
    elif column.generated:
        rest += f" GENERATED ALWAYS AS ({column.default}) {column.generated.upper()}"
    elif serial and is_serial(column):
        return f"{name} {_SERIAL[column.type]}{not_null}"
    elif column.default is not None:
        rest += f" DEFAULT {column.default}"
    return f"{name} {column.type}{rest}{not_null}"


def is_serial(column: Column) -> bool:
    """Whether its default takes from the sequence that `serial` would have made."""
    own = re.escape(f"{column.table}_{column.name}_seq")
    return (
        not column.generated
        and column.type in _SERIAL
        and re.search(rf"^nextval\('.*\b{own}\b.*'", column.default or "") is not None
    )


def identity_options(sequence: Sequence) -> str:
    """What differs from an identity's usual sequence, as ` (START WITH 5)`; "" where nothing."""
    schema, table, column = sequence.owned_by
    options = sequence_options(sequence)
    if (sequence.schema, sequence.name) != (schema, automatic_name(table, column, "seq")):
        options.insert(0, f"SEQUENCE NAME {qualified(*sequence.table_name)}")
    return f" ({' '.join(options)})" if options else ""


def sequence_options(sequence: Sequence) -> list[str]:
    """What differs from a sequence of its type as CREATE SEQUENCE makes it."""
    largest = _LARGEST.get(sequence.type, 2**63 - 1)
    up = sequence.increment > 0
    usual = (1, largest) if up else (-largest - 1, -1)
    options = []
    if sequence.increment != 1:
        options.append(f"INCREMENT BY {sequence.increment}")
    if sequence.minimum != usual[0]:
        options.append(f"MINVALUE {sequence.minimum}")
    if sequence.maximum != usual[1]:
        options.append(f"MAXVALUE {sequence.maximum}")
    if sequence.start != (sequence.minimum if up else sequence.maximum):
        options.append(f"START WITH {sequence.start}")
    if sequence.cache != 1:
        options.append(f"CACHE {sequence.cache}")
    if sequence.cycle:
        options.append("CYCLE")
    return options


def automatic_name(first: str, second: str, label: str) -> str:
    """The name that PostgreSQL makes (makeObjectName): at most 63 bytes, the longer part cut.
    A multibyte letter is not cut in two."""
    one, two = first.encode(), second.encode()
    room = 63 - len(label) - (2 if second else 1)
    while len(one) + len(two) > room:
        if len(one) > len(two):
            one = one[:-1]
        else:
            two = two[:-1]
    parts = (one.decode(errors="ignore"), two.decode(errors="ignore"), label)
    return "_".join(part for part in parts if part)


def free_name(first: str, second: str, label: str, taken: Container[str]) -> str:
    """`automatic_name`, with a number where that is taken."""
    names = (automatic_name(first, second, f"{label}{n or ''}") for n in count())
    return next(name for name in names if name not in taken)


def constraint_line(constraint: Constraint, *, valid: bool = False) -> str:
    """`CONSTRAINT name definition`. `valid`: without its NOT VALID, for a new table."""
    text = constraint.definition.removesuffix(" NOT VALID")
    if not valid and not constraint.validated:
        text += " NOT VALID"
    return f"CONSTRAINT {quoted(constraint.name)} {text}"


def index_line(
    index: Index, *, concurrently: bool = False, if_missing: bool = False, only: bool = False
) -> str:
    """`CREATE INDEX ...;`. `only`: not on a partitioned table's partitions."""
    unique = "UNIQUE " if index.unique else ""
    how = ("CONCURRENTLY " if concurrently else "") + ("IF NOT EXISTS " if if_missing else "")
    table = ("ONLY " if only else "") + qualified(*index.table_name)
    return f"CREATE {unique}INDEX {how}{quoted(index.name)} ON {table} {index.definition};"
