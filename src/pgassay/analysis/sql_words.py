"""The identifiers in an SQL text, without parsing it."""

from __future__ import annotations

import re
from functools import lru_cache

from pgassay.analysis.sql_tokens import Token, tokens

_TOKEN = re.compile(
    r"""
      --[^\n]* | /\*.*?\*/                  # comments: skipped
    | "(?P<quoted>(?:[^"]|"")+)"
    | (?P<plain>[^\W\d][\w$]*)
    | (?P<sign>[.(),;=])
    """,
    re.VERBOSE | re.DOTALL,
)


@lru_cache(maxsize=8192)
def words(sql: str) -> tuple[str, ...]:
    """Identifiers, keywords and the signs between them, in order.

    An unquoted word is lower case, as PostgreSQL folds it; a quoted one keeps its case and has
    its quotes taken off. Words in string literals count too: a DO block's statements are there.
    """
    found = []
    for token in _TOKEN.finditer(sql):
        quoted, plain, sign = token.group("quoted", "plain", "sign")
        if quoted is not None:
            found.append(quoted.replace('""', '"'))
        elif plain is not None:
            found.append(plain.lower())
        elif sign is not None:
            found.append(sign)
    return tuple(found)


def mentions(sql: str, name: str) -> bool:
    """Whether the name stands in the text as a whole identifier, also in a string."""
    return name in words(sql)


def names(deparsed: str, column: str) -> bool:
    """Whether the column's name stands in a text that PostgreSQL deparsed as that of a column: not
    in a string, not as a type's or function's name."""
    found = tokens(deparsed)
    if found is None:
        return mentions(deparsed, column)
    quoted = Token("quoted", '"' + column.replace('"', '""') + '"')
    for place, token in enumerate(found):
        if token not in (quoted, Token("word", column)):
            continue
        before = found[place - 1].text if place else ""
        after = found[place + 1].text if place + 1 < len(found) else ""
        if before != "::" and after != "(":
            return True
    return False


def mentions_table(sql: str, schema: str, table: str) -> bool:
    """Whether the text names the table, qualified by its own schema or by none."""
    found = words(sql)
    for place, word in enumerate(found):
        if word == table:
            qualified = place >= 2 and found[place - 1] == "."
            if not qualified or found[place - 2] == schema:
                return True
    return False
