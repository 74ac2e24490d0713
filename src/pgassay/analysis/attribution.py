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


def object_statement(
    statements: Sequence[Statement], kind: str, schema: str, name: str
) -> Statement | None:
    """The statement that last made or changed an object that hangs on no table, such as a function
    or a type. `name` is without arguments; one that is several words, such as a cast's, stands for
    all of them."""
    wanted = [w for w in words(name) if w not in _FILLING] if " " in name else [name]
    keywords = _KEYWORDS.get(kind, (kind,))
    about = []
    for statement in statements:
        found = words(statement.sql)
        if schema and len(wanted) == 1:
            named = mentions_table(statement.sql, schema, name)
        else:
            named = all(w in found for w in wanted)
        if named and any(w in found for w in keywords):
            about.append(statement)
    made = [s for s in about if _MAKING & set(words(s.sql))]
    return next(reversed(made or about), None)


def aspect_statement(
    statements: Sequence[Statement], property_: str, names: Sequence[str]
) -> Statement | None:
    """The last statement that names the object and sets this property of it, such as the GRANT
    that `grants` come from; None for a property that has no words of its own."""
    signs = _ASPECTS.get(property_.replace(" ", "_"))
    if not signs:
        return None
    for statement in reversed(statements):
        found = words(statement.sql)
        if all(name in found for name in names) and any(set(s) <= set(found) for s in signs):
            return statement
    return None


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
            # DROP INDEX, as of all that is no part of a table, does not name the table.
            and (not table[1] or mentions(s.sql, "index") or mentions_table(s.sql, *table))
        ),
        None,
    )


_BEFORE_A_NAME = {"if", "not", "exists", "only", "concurrently"}
_DEFINING_A_PART = {
    ("create", "index"),
    ("unique", "index"),
    ("add", "column"),
    ("alter", "column"),
    ("create", "trigger"),
    ("replace", "trigger"),
    ("constraint", "trigger"),
    ("enable", "trigger"),
    ("disable", "trigger"),
    ("always", "trigger"),
    ("replica", "trigger"),
    ("create", "policy"),
    ("alter", "policy"),
    ("create", "rule"),
    ("replace", "rule"),
}

_MAKING = {"create", "alter", "comment", "grant", "revoke", "import", "refresh"}
_FILLING = {"as", "for", "in", "on", "with", "using", "(", ")", ",", ".", "schema", "server"}
_KEYWORDS: dict[str, tuple[str, ...]] = {
    "database setting": ("set", "reset"),
    "function": ("function", "procedure", "routine"),
    "enum": ("type",),
    "composite type": ("type",),
    "range type": ("type",),
    "base type": ("type",),
    "domain constraint": ("domain",),
    "materialized view": ("materialized", "view"),
    "access method": ("access",),
    "operator family": ("family",),
    "operator class": ("class",),
    "event trigger": ("event",),
    "text search parser": ("parser",),
    "text search template": ("template",),
    "text search dictionary": ("dictionary",),
    "text search configuration": ("configuration",),
    "foreign data wrapper": ("wrapper",),
    "foreign server": ("server",),
    "user mapping": ("mapping",),
    "default privileges": ("privileges",),
    "security label": ("label",),
    "view column": ("view",),
    # A sequence is often made with its column.
    "sequence": ("sequence", "serial", "bigserial", "smallserial", "identity"),
}
_RIGHTS = (("grant", "on"), ("revoke", "on"))
_SWITCHES = (("enable",), ("disable",))
_ASPECTS: dict[str, tuple[tuple[str, ...], ...]] = {
    "comment": (("comment", "on"),),
    "grants": _RIGHTS,
    "owner": (("owner", "to"),),
    "enabled": _SWITCHES,
    "row_security": (("row", "security", "enable"), ("row", "security", "disable")),
    "force_row_security": (("row", "security", "force"),),
    "replica_identity": (("replica", "identity"),),
    "validated": (("validate", "constraint"),),
    "storage": (("set", "storage"),),
    "compression": (("set", "compression"),),
    "statistics": (("set", "statistics"),),
    "options": (("set", "("), ("reset", "(")),
    "labels": (("type", "value"), ("type", "enum")),
    "persistence": (("set", "logged"), ("set", "unlogged"), ("create", "unlogged")),
    "partition_of": (("attach", "partition"), ("detach", "partition"), ("partition", "of")),
    "bound": (("attach", "partition"), ("partition", "of")),
    "populated": (("refresh",),),
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
