"""Whether pending statements pass where what they make is there, or what they drop is gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from pgassay.analysis.sql_identifier import qualified, split_signature
from pgassay.analysis.sql_tokens import Token
from pgassay.analysis.sql_words import mentions, words
from pgassay.analysis.statement_split import Words, body, plain, statements
from pgassay.facts.catalog import Catalog, Constraint, Index, SchemaObject, Trigger
from pgassay.facts.comparison import Difference

Guard = Literal["kept", "replaced", "skipped"]
"""What becomes of the object: live's stays, or gives way; or there is nothing to drop."""

_KINDS: dict[str, tuple[Words, ...]] = {
    "function": (("function",), ("procedure",), ("routine",)),
    "aggregate": (("aggregate",),),
    "enum": (("type",),),
    "composite type": (("type",),),
    "range type": (("type",),),
    "base type": (("type",),),
    "table": (("table",),),
    "foreign server": (("server",),),
}
_BEFORE_THE_KIND = {"temp", "temporary", "unlogged", "unique", "recursive", "constraint"}
_BEFORE_THE_KIND |= {"or", "replace", "trusted", "global", "local", "foreign", "procedural"}
_PARTS_OF_TABLES = {"column", "constraint"}
_WITH_A_TABLE = {"trigger", "policy", "rule"}
_REPLACED_BY_COMMAND = {"view", "function", "aggregate", "trigger", "rule"}
_DUPLICATE = {
    "table": "duplicate_table",
    "foreign table": "duplicate_table",
    "index": "duplicate_table",
    "sequence": "duplicate_table",
    "view": "duplicate_table",
    "materialized view": "duplicate_table",
    "column": "duplicate_column",
    "function": "duplicate_function",
    "aggregate": "duplicate_function",
    "operator": "duplicate_function",
    "schema": "duplicate_schema",
}
# The index of a unique constraint is a relation that is there.
_DUPLICATE_CONSTRAINT = {
    "unique": "duplicate_table",
    "exclusion": "duplicate_table",
    "primary key": "invalid_table_definition",
}
_UNDEFINED = {
    "table": "undefined_table",
    "column": "undefined_column",
    "function": "undefined_function",
    "aggregate": "undefined_function",
    "operator": "undefined_function",
    "schema": "invalid_schema_name",
    "sequence": "undefined_table",
    "view": "undefined_table",
    "materialized view": "undefined_table",
}
_TOLD_ONLY = {"notice", "warning", "info", "debug", "log"}


def collision_guard(
    pending: Iterable[str], found: Difference, live: Catalog, unlike: frozenset[str]
) -> Guard | None:
    """What keeps the pending statements from stopping at an object that live has already, or has
    no more; None where one stops, or nothing is seen to keep it from that.

    `pending` are the SQL texts in order. `unlike` are the properties in which live's object is not
    what they make. They are gone through one by one: each that makes or drops the object must pass.
    """
    target = _Target(found)
    there = "live" in dict(found.objects)
    guard: Guard | None = None
    made = False
    for statement in _split(pending, target.name):
        if statement is None:
            return None
        effect, how = target.effect(statement)
        if effect == "unclear" or (effect == "use" and not there and guard is None):
            return None
        if effect == "make":
            if there:
                seen = _passes(found, how, unlike) if not made else "kept" if how else None
                if seen is None:
                    return None
                guard = guard or seen
            there = made = True
        elif effect == "drop":
            if there and not made:
                if not _drops_alone(found, plain(statement), live):
                    return None
                guard = "replaced"
            elif not there and not how:
                return None
            guard = guard or "skipped"
            there = False
    return guard


def _split(pending: Iterable[str], name: str) -> Iterator[tuple[Token, ...] | None]:
    """The statements of the texts that name it; None for a text that is not understood."""
    for sql in pending:
        if mentions(sql, name):
            yield from statements(sql) or (None,)


class _Target:
    """The object as statements name it."""

    def __init__(self, found: Difference) -> None:
        own = found.name
        if found.kind in ("function", "aggregate"):
            own = split_signature(found.name)[0].split(" ")[0]
        self.kind = found.kind
        self.things = [thing for _, thing in found.objects]
        self.schema = found.schema
        self.table = found.table if found.name else ""
        self.name = own or found.table or found.schema
        self.words = _KINDS.get(found.kind, (tuple(found.kind.split(" ")),))

    def effect(self, statement: tuple[Token, ...]) -> tuple[str, str]:
        """What the statement does to the object, and what guards it: ("make", "if not exists"),
        ("drop", "if exists"), ("use", ""), ("unclear", "") or ("", "")."""
        found = plain(statement)
        if found[0] == "do":
            return self._of_block(body(statement))
        if self.name not in found:
            return "", ""
        if found[0] in ("create", "drop"):
            return self._of_command(found)
        if found[0] == "alter":
            return self._of_alter(found)
        return ("use", "") if not self.table or self.table in found else ("", "")

    def _of_command(self, found: Words) -> tuple[str, str]:
        making = found[0] == "create"
        at = 1
        while making and at < len(found) and found[at] in _BEFORE_THE_KIND:
            at += 1
        kind = next((k for k in self.words if found[at : at + len(k)] == k), None)
        if kind is None:
            return "use", ""
        how = "or replace" if making and found[1:3] == ("or", "replace") else ""
        at += len(kind)
        at += found[at : at + 1] == ("concurrently",)
        guard = ("if", "not", "exists") if making else ("if", "exists")
        if found[at : at + len(guard)] == guard:
            how, at = " ".join(guard), at + len(guard)
        if self.kind in _WITH_A_TABLE and self.table not in found[at:]:
            return "", ""
        named = [_name(found, at)]
        if not making:
            named += [_name(found, n + 1) for n, word in enumerate(found) if n > at and word == ","]
        if not any(self._is(name) for name in named):
            return "use", ""
        return ("make" if making else "drop"), how

    def _of_alter(self, found: Words) -> tuple[str, str]:
        if any(
            found[n : n + 1] == ("to",) and "rename" in found[:n] and self.name in found[n + 1 :]
            for n in range(len(found))
        ):
            return "unclear", ""
        if self.kind == "domain constraint" and found[1] == "domain":
            return self._of_actions(found)
        if self.kind not in _PARTS_OF_TABLES or self.table not in found:
            return "use", ""
        return self._of_actions(found)

    def _of_actions(self, found: Words) -> tuple[str, str]:
        """Of ADD and DROP, each with its own guard, in ALTER TABLE's list."""
        effects = []
        for action in _actions(found):
            verb, rest = action[0], action[1:]
            if verb not in ("add", "drop"):
                continue
            own = "column" if self.kind == "column" else "constraint"
            if rest[:1] == (own,):
                rest = rest[1:]
            elif own == "constraint":
                continue
            guard = ("if", "not", "exists") if verb == "add" else ("if", "exists")
            how = ""
            if rest[: len(guard)] == guard:
                how, rest = " ".join(guard), rest[len(guard) :]
            if rest[:1] == (self.name,):
                effects.append(("make" if verb == "add" else "drop", how))
        if len(effects) > 1:
            return "unclear", ""
        return effects[0] if effects else ("use", "")

    def _of_block(self, sql: str) -> tuple[str, str]:
        found = words(sql)
        if self.name not in found:
            return "", ""
        makes, drops = bool({"create", "add"} & set(found)), "drop" in found
        if makes == drops:
            return "unclear", ""
        if _catches(found, self._error(makes)) or (makes and self._asks_first(found)):
            return ("make" if makes else "drop"), "block"
        return "unclear", ""

    def _error(self, makes: bool) -> str:
        """The condition that PL/pgSQL raises where it is there already, or gone."""
        if not makes:
            return _UNDEFINED.get(self.kind, "undefined_object")
        for thing in self.things:
            if isinstance(thing, Constraint):
                return _DUPLICATE_CONSTRAINT.get(thing.kind, "duplicate_object")
        return _DUPLICATE.get(self.kind, "duplicate_object")

    def _asks_first(self, found: Words) -> bool:
        """IF NOT EXISTS (SELECT ... 'name' ...) THEN CREATE ... END IF, and nothing more."""
        text = " ".join(found)
        if text.count("if not exists (") != 1 or "else" in found or "then" not in found:
            return False
        asked = text.index("if not exists (")
        then = text.find(" then", asked)
        makes = min(n for w in ("create", "add") if (n := f"{text} ".find(f" {w} ")) >= 0)
        return asked < then <= makes and self.name in text[asked:then].split(" ")

    def _is(self, name: Words) -> bool:
        return name[-1:] == (self.name,) and (len(name) == 1 or name[-2] == self.schema)


def _name(found: Words, at: int) -> Words:
    parts = list(found[at : at + 1])
    while found[at + 1 : at + 2] == (".",):
        at += 2
        parts += found[at : at + 1]
    return tuple(parts)


def _actions(found: Words) -> list[Words]:
    """ALTER TABLE's actions, without the table."""
    start = next((n for n, w in enumerate(found) if w in ("add", "drop")), len(found))
    actions: list[list[str]] = [[]]
    depth = 0
    for word in found[start:]:
        depth += (word in ("(", "[")) - (word in (")", "]"))
        if word == "," and depth == 0:
            actions.append([])
        else:
            actions[-1].append(word)
    return [tuple(a) for a in actions if a]


def _catches(found: Words, error: str) -> bool:
    """Whether the block's one exception handler catches the error, and does not raise it again."""
    if found.count("exception") != 1 or found.count("begin") != 1:
        return False
    handler = found[found.index("exception") :]
    following = zip(handler, (*handler[1:], ""), strict=True)
    if any(word == "raise" and level not in _TOLD_ONLY for word, level in following):
        return False
    return "others" in handler or error in handler


def _passes(found: Difference, how: str, unlike: frozenset[str]) -> Guard | None:
    """Whether a statement that makes it, guarded so, passes where live has it."""
    if how in ("if not exists", "block"):
        return "kept"
    if how != "or replace" or found.kind not in _REPLACED_BY_COMMAND:
        return None
    objects = dict(found.objects)
    if "live" not in objects or "history" not in objects:
        return None
    if found.kind == "view":
        return None if "definition" in unlike else "replaced"
    if found.kind in ("function", "aggregate"):
        # "cannot change return type", "cannot change name of input parameter", and the like.
        return None if unlike & {"returns", "arguments", "routine", "properties"} else "replaced"
    if any(_of_constraint(thing) for thing in objects.values()):
        return None
    return "replaced"


def _of_constraint(thing: SchemaObject) -> bool:
    return isinstance(thing, Trigger) and thing.definition.startswith("CONSTRAINT")


def _drops_alone(found: Difference, statement: Sequence[str], live: Catalog) -> bool:
    """Whether nothing can hang on what live has and is dropped before it is made: rows, views,
    foreign keys."""
    if "cascade" in statement:
        return False
    thing = dict(found.objects).get("live")
    if isinstance(thing, Constraint) and thing.kind == "unique":
        refers = f"REFERENCES {qualified(*thing.table_name)}("
        return not any(refers in c.definition for c in live.constraints)
    if isinstance(thing, Constraint):
        return thing.kind != "primary key"
    if isinstance(thing, Index):
        return not thing.unique
    return found.kind in ("trigger", "rule", "policy", "event trigger", "domain constraint")
