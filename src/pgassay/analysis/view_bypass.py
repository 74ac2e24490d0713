"""Which tables with row security a view reads as somebody whom it does not hold."""

from __future__ import annotations

import re

from pgassay.facts.access import Access, ReadRelation
from pgassay.facts.catalog import MaterializedView, TableName, View

# What a definition asks where it looks after whose rows it shows.
_ASKS_WHO = re.compile(
    r"\bauth\.(uid|jwt|role|email)\(|\bcurrent_setting\(|\b(current|session)_user\b|\bcurrent_role\b",
    re.IGNORECASE,
)


def guards_itself(definition: str) -> bool:
    """Whether a view's text asks who is there."""
    return _ASKS_WHO.search(definition) is not None


def bypassed(access: Access, view: View | MaterializedView) -> tuple[str, ...]:
    """The tables, by name and in order, through however many views.

    Who reads for a view: its owner; with `security_invoker`, whoever asks it, which for a view
    inside another is whom that one reads as. A materialized view was filled by its owner.
    """
    reads: dict[TableName, list[ReadRelation]] = {}
    for name, relation in access.reads:
        reads.setdefault(name, []).append(relation)
    found: set[str] = set()
    seen: set[tuple[TableName, str]] = set()

    def look(name: TableName, reader: str) -> None:
        if (name, reader) in seen:
            return
        seen.add((name, reader))
        for relation in reads.get(name, ()):
            if relation.kind != "table":
                look(relation.name, reader if relation.invoker else relation.owner)
            elif reader and _is_past(access, relation, reader):
                found.add(".".join(relation.name))

    invoker = isinstance(view, View) and "security_invoker=true" in view.options
    look(view.table_name, "" if invoker else view.owner)
    return tuple(sorted(found))


def _is_past(access: Access, table: ReadRelation, reader: str) -> bool:
    """Whether the reader sees rows of the table that are not meant for an API's roles."""
    if access.service is not None and table.name[0] in access.service.private:
        return True
    role = access.role(reader)
    if not table.row_security:
        return False
    return role.bypasses_row_security or (table.owner in role.acts_as and not table.forced)
