"""Which revision made an object, by what the server saw each revision do."""

from __future__ import annotations

from collections.abc import Sequence

from pgassay.analysis.sql_identifier import unquoted
from pgassay.facts.catalog import Column, Constraint, SchemaObject
from pgassay.facts.comparison import Difference
from pgassay.facts.touch import Touch


def toucher(touches: Sequence[Touch], difference: Difference) -> str:
    """The revision that last created the object, else that last changed its table; "" for none."""
    schema, name = difference.schema, difference.name or difference.table
    if not name:  # a schema itself
        schema, name = "", schema
    made = [t for t in touches if t.action == "create" and _is_called(t, schema, name)]
    if made:
        return made[-1].revision
    of_table = [t for t in touches if t.table == difference.table_name and t.action != "drop"]
    return of_table[-1].revision if of_table else ""


def creator(touches: Sequence[Touch], thing: SchemaObject) -> str:
    """The revision that created the object last; "" where none was seen to. A column's, or that of
    a constraint, is not told by itself."""
    schema, relation, name = thing.identity
    wanted = name or relation
    if not wanted:  # a schema itself
        schema, wanted = "", schema
    kinds = {"index", "table", "view", "materialized view", "sequence", "type", "function"}
    if isinstance(thing, Column | Constraint):
        return ""
    made = [
        t.revision
        for t in touches
        if t.action == "create"
        and _is_called(t, schema, wanted)
        and (t.kind == thing.KIND or t.kind not in kinds or thing.KIND not in kinds)
    ]
    return made[-1] if made else ""


def _is_called(touch: Touch, schema: str, name: str) -> bool:
    """Identities quote where SQL must; a routine's has its argument types after the name."""
    plain = unquoted(touch.name)
    wanted = f"{schema}.{name}" if schema else name
    if touch.kind in ("table constraint", "trigger", "policy", "rule"):
        # Such as `name on public.users`.
        return plain.startswith(f"{name} on ")
    return plain == wanted or plain.partition("(")[0] == wanted.partition("(")[0]
