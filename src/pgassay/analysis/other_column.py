"""The texts of a table's parts, written for another column in one's place."""

from __future__ import annotations

import re

from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Constraint

_PIECE = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|[^\W\d][\w$]*|.", re.DOTALL)
# What PostgreSQL writes into definitions and quotes in no name.
_WORDS = """
action btree by cascade deferred delete enforced first full immediate include inherit key last
match no nulls of partial period restrict simple update valid without
"""
_SYNTAX = frozenset(_WORDS.split())
_REFERENCES = ") REFERENCES "


def of_other_column(text: str, old: str, new: str) -> str | None:
    """A deparsed text in which the column `old` is `new`; None where a word may be the column or
    something else."""
    if old == new:
        return text
    name, pieces = quoted(old), _PIECE.findall(text)
    for at, piece in enumerate(pieces):
        if piece != name:
            continue
        before = "".join(pieces[:at]).rstrip()
        after = "".join(pieces[at + 1 : at + 3]).lstrip()
        if old in _SYNTAX or before.endswith((".", "::")) or after.startswith(("(", ".")):
            return None
        pieces[at] = quoted(new)
    return "".join(pieces)


def names_column(text: str, column: str) -> bool:
    """Whether the text has the column's name as a word."""
    return re.search(rf'(?<![\w"]){re.escape(quoted(column))}(?![\w"])', text) is not None


def listed(columns: tuple[str, ...], old: str = "", new: str = "") -> str:
    """Names with commas between, `new` for `old`."""
    return ", ".join(quoted(new if c == old else c) for c in columns)


def key_of_other_column(constraint: Constraint, old: str, new: str) -> tuple[str, str, str] | None:
    """A primary or unique key's kind, what its index is over, and what follows the constraint:
    `("UNIQUE", "NULLS NOT DISTINCT"...)`. None where it is not of a kind that is known."""
    head = re.match(r"(PRIMARY KEY|UNIQUE)( NULLS NOT DISTINCT)? \(", constraint.definition)
    if head is None:
        return None
    rest = constraint.definition[head.end() :]
    own = listed(constraint.columns)
    if not rest.startswith(f"{own})"):
        return None
    found = re.fullmatch(
        r"( INCLUDE \(.*\))?( DEFERRABLE)?( INITIALLY DEFERRED)?", rest[len(own) + 1 :]
    )
    if found is None:
        return None
    include = _included(found[1] or "", old, new)
    if include is None:
        return None
    over = f"({listed(constraint.columns, old, new)}){include}{head[2] or ''}"
    return head[1], over, (found[2] or "") + (found[3] or "")


def _included(text: str, old: str, new: str) -> str | None:
    if not text:
        return ""
    columns = of_other_column(text.removeprefix(" INCLUDE "), old, new)
    return None if columns is None else f" INCLUDE {columns}"


def foreign_key_of_other_column(constraint: Constraint, old: str, new: str) -> str | None:
    """A foreign key's definition for its own column; None where it may name it elsewhere too."""
    if old == new:
        return constraint.definition
    head = f"FOREIGN KEY ({listed(constraint.columns)}"
    rest = constraint.definition.removeprefix(head)
    if rest == constraint.definition or " SET NULL (" in rest or " SET DEFAULT (" in rest:
        return None
    return f"FOREIGN KEY ({listed(constraint.columns, old, new)}{rest}"


def referenced_columns(constraint: Constraint, table: str) -> tuple[str, ...]:
    """The columns, quoted as SQL needs, of `table` that a foreign key points to; () where it
    points elsewhere."""
    before, found, after = constraint.definition.partition(f"{_REFERENCES}{table}(")
    if not before or not found:
        return ()
    return tuple(re.findall(r'"(?:[^"]|"")*"|[^\s,"]+', after.partition(")")[0]))
