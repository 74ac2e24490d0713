"""Which revision made an object, from the SQL that each revision sent."""

from __future__ import annotations

from collections.abc import Sequence

from pgassay.analysis.sql_words import mentions, mentions_table, words
from pgassay.facts.catalog import TableName
from pgassay.facts.history import Statement


def attribute(
    statements: Sequence[Statement], table: TableName, name: str | None = None
) -> str | None:
    """The revision that last made or changed the object. None: no statement names it."""
    statement = making_statement(statements, table, name)
    return statement.revision if statement else None


def making_statement(
    statements: Sequence[Statement], table: TableName, name: str | None = None
) -> Statement | None:
    """The statement that last made or changed a table, or the part of it called `name`.

    `statements` are in the order executed. The last one that defines the object wins; if none is
    seen to, the last that names it, such as a DO block's.
    """
    about = [s for s in statements if mentions_table(s.sql, *table)]
    if name is not None:
        about = [s for s in about if mentions(s.sql, name)]
    made = [s for s in about if _defines(words(s.sql), table[1] if name is None else name, name)]
    return next(reversed(made or about), None)


def dropping_statement(
    statements: Sequence[Statement], table: TableName, name: str | None = None
) -> Statement | None:
    """The last statement that names the object and says DROP."""
    return next(
        (
            s
            for s in reversed(statements)
            if mentions(s.sql, "drop")
            and mentions(s.sql, table[1] if name is None else name)
            # DROP INDEX does not name the table.
            and (mentions(s.sql, "index") or mentions_table(s.sql, *table))
        ),
        None,
    )


_BEFORE_A_NAME = {"if", "not", "exists", "only", "concurrently"}
_DEFINING_A_PART = {
    ("create", "index"),
    ("unique", "index"),
    ("add", "column"),
    ("alter", "column"),
}


def _defines(found: Sequence[str], wanted: str, part: str | None) -> bool:
    """Whether the words define `wanted`: a table, or with `part`, a part of one."""
    creates_table = "create" in found[:1] and "table" in found[1:4]
    for place, word in enumerate(found):
        if word != wanted:
            continue
        before = [w for w in found[:place] if w not in _BEFORE_A_NAME]
        if len(before) >= 2 and before[-1] == ".":
            before = before[:-2]
        lead = tuple(before[-2:])
        if lead == ("rename", "to"):
            return True
        if part is None:
            if creates_table and lead[-1:] == ("table",):
                return True
            continue
        # COLUMN is optional in ADD x, ALTER x and RENAME x TO y.
        if lead in _DEFINING_A_PART or lead[-1:] in (("add",), ("to",), ("constraint",)):
            return True
        if creates_table and lead[-1:] in (("(",), (",",)):
            return True
    return False
