"""Writes names as SQL identifiers."""

from __future__ import annotations

import re

# pg_get_keywords() of PostgreSQL 18, all but the unreserved: what quote_ident() quotes.
_WORDS = """
all analyse analyze and any array as asc asymmetric authorization between bigint binary bit
boolean both case cast char character check coalesce collate collation column concurrently
constraint create cross current_catalog current_date current_role current_schema current_time
current_timestamp current_user dec decimal default deferrable desc distinct do else end except
exists extract false fetch float for foreign freeze from full grant greatest group grouping
having ilike in initially inner inout int integer intersect interval into is isnull join json
json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar
json_serialize json_table json_value lateral leading least left like limit localtime
localtimestamp merge_action national natural nchar none normalize not notnull null nullif
numeric offset on only or order out outer overlaps overlay placing position precision primary
real references returning right row select session_user setof similar smallint some substring
symmetric system_user table tablesample then time timestamp to trailing treat trim true union
unique user using values varchar variadic verbose when where window with xmlattributes
xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize
xmltable
"""
_KEYWORDS = frozenset(_WORDS.split())
_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")


def quoted(name: str) -> str:
    """The name as PostgreSQL's quote_ident() writes it: in double quotes only where needed."""
    if _PLAIN.fullmatch(name) and name not in _KEYWORDS:
        return name
    return '"' + name.replace('"', '""') + '"'


def unquoted(text: str) -> str:
    """A text in which every name that stands in double quotes is as it is."""
    return re.sub(r'"((?:[^"]|"")*)"', lambda found: found[1].replace('""', '"'), text)


def qualified(schema: str, name: str) -> str:
    return f"{quoted(schema)}.{quoted(name)}"


def literal(text: str) -> str:
    """The text as a string constant, under standard_conforming_strings = on."""
    return "'" + text.replace("'", "''") + "'"


def split_signature(name: str) -> tuple[str, str]:
    """`total(integer, text)` as its name, not quoted, and its arguments. The parenthesis that
    opens them is the last one outside double quotes that the last one closes."""
    depth, in_quotes = 0, False
    for place in range(len(name) - 1, -1, -1):
        letter = name[place]
        if letter == '"':
            in_quotes = not in_quotes
        elif not in_quotes and letter == ")":
            depth += 1
        elif not in_quotes and letter == "(":
            depth -= 1
            if depth == 0:
                return name[:place], name[place + 1 : -1]
    return name, ""
