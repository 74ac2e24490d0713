"""How SQLAlchemy models declare columns, constraints, indexes and tables."""

from __future__ import annotations

import re

from pgassay.analysis.alembic_operations import in_op_execute, sqlalchemy_column
from pgassay.facts.catalog import Column, Constraint, Index, SchemaObject

_NAME = r'(?:[a-z_][a-z0-9_]*|"[^".]+")'
_LIST = rf"\(({_NAME}(?:, {_NAME})*)\)"
_FOREIGN = re.compile(
    rf"FOREIGN KEY {_LIST} REFERENCES ((?:{_NAME}\.)?{_NAME}){_LIST}"
    r"(?: ON UPDATE (CASCADE|RESTRICT|SET NULL|SET DEFAULT))?"
    r"(?: ON DELETE (CASCADE|RESTRICT|SET NULL|SET DEFAULT))?"
    r"( DEFERRABLE)?( INITIALLY DEFERRED)?"
)
_INDEX = re.compile(rf"USING (\w+) {_LIST}(?: WHERE (.*))?", re.S)


def declaration(thing: SchemaObject) -> str | None:
    """Such as `sa.UniqueConstraint('email', name='users_email_key')`, `sa.` and `postgresql.`
    standing for the modules; None for what has no plain form."""
    match thing:
        case Column():
            return sqlalchemy_column(thing)
        case Constraint() if thing.validated and thing.enabled and not thing.options:
            return _constraint(thing)
        case Index() if thing.valid:
            return _index(thing)
    return None


def _constraint(thing: Constraint) -> str | None:
    name = f"name={thing.name!r}"
    columns = ", ".join(repr(c) for c in thing.columns)
    match thing.kind:
        case "primary key" if re.fullmatch(rf"PRIMARY KEY {_LIST}", thing.definition):
            return f"sa.PrimaryKeyConstraint({columns}, {name})"
        case "unique" if re.fullmatch(rf"UNIQUE {_LIST}", thing.definition):
            return f"sa.UniqueConstraint({columns}, {name})"
        case "check" if found := re.fullmatch(r"CHECK \((.*)\)", thing.definition, re.S):
            return f"sa.CheckConstraint({in_op_execute(_bare(found[1]))!r}, {name})"
        case "foreign key" if found := _FOREIGN.fullmatch(thing.definition):
            target = found[2].replace('"', "").removeprefix("public.")
            theirs = [f"{target}.{c}" for c in found[3].replace('"', "").split(", ")]
            parts = [repr(list(thing.columns)), repr(theirs), name]
            parts += [f"onupdate={found[4]!r}"] if found[4] else []
            parts += [f"ondelete={found[5]!r}"] if found[5] else []
            parts += ["deferrable=True"] if found[6] else []
            parts += ["initially='DEFERRED'"] if found[7] else []
            return f"sa.ForeignKeyConstraint({', '.join(parts)})"
    return None


def _index(thing: Index) -> str | None:
    found = _INDEX.fullmatch(thing.definition)
    if found is None:
        return None
    parts = [repr(thing.name), *(repr(c) for c in found[2].replace('"', "").split(", "))]
    parts += ["unique=True"] if thing.unique else []
    parts += [f"postgresql_using={found[1]!r}"] if found[1] != "btree" else []
    where = in_op_execute(_bare(found[3])) if found[3] else ""
    parts += [f"postgresql_where=sa.text({where!r})"] if where else []
    return f"sa.Index({', '.join(parts)})"


def _bare(expression: str) -> str:
    """Without the parentheses that are around all of it."""
    depth = 0
    for place, character in enumerate(expression):
        depth += (character == "(") - (character == ")")
        if depth == 0 and place < len(expression) - 1:
            return expression
    return expression[1:-1] if expression.startswith("(") else expression
