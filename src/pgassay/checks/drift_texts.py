"""The words and evidence that the DRF findings share."""

from __future__ import annotations

from typing import Any

from pgassay.analysis.provenance import Origin
from pgassay.analysis.schema_diff import Difference, Part
from pgassay.facts.catalog import Column, Constraint, Index, Table


def described(part: Part) -> str:
    """Such as `column public.users.phone (text, not null)`."""
    place = f"{part.schema}.{part.name}"
    if isinstance(part, Table):
        return f"table {place}"
    place = f"{part.schema}.{part.table}"
    if isinstance(part, Column):
        return f"column {place}.{part.name} ({part.type}{', not null' if part.not_null else ''})"
    if isinstance(part, Constraint):
        return f"{part.kind} constraint {part.name} on {place}: {part.definition}"
    unique = "unique " if part.unique else ""
    return f"{unique}index {part.name} on {place}: {part.definition}"


def consequence_of_lacking(part: Part) -> str:
    """What goes wrong where the part should be and is not."""
    if isinstance(part, Table):
        return "Every query of that table fails."
    if isinstance(part, Column):
        return "Every query that names the column fails, as all queries of its model do."
    if isinstance(part, Constraint):
        return {
            "primary key": "Rows can be duplicated, and nothing says which of them is meant.",
            "unique": "Duplicate rows come in, though the code counts on an error.",
            "foreign key": "Rows come in, or stay behind, that refer to nothing.",
            "check": "Values come in that the code takes for impossible.",
            "exclusion": "Overlapping rows come in, though the code counts on an error.",
        }[part.kind]
    if part.unique:
        return "Duplicate rows come in, though the code counts on an error."
    return "Queries that the index serves read the whole table."


def autogenerate_sees(part: Part) -> bool:
    """Whether Alembic's autogenerate compares such an object at all.

    Not primary keys, check and exclusion constraints: docs, "What does Autogenerate Detect (and
    what does it not detect?)".
    """
    return not isinstance(part, Constraint) or part.kind in ("unique", "foreign key")


def with_its_parts(difference: Difference) -> str:
    """What is missing along with a table or column, in short."""
    if not difference.also:
        return ""
    if difference.kind == "table":
        kinds = [what.split(" ", 1)[0] for what in difference.also]
        counts = []
        for kind, plural in (
            ("column", "columns"),
            ("constraint", "constraints"),
            ("index", "indexes"),
        ):
            if number := kinds.count(kind):
                counts.append(f"{number} {kind if number == 1 else plural}")
        return f" It has {', '.join(counts)}."
    return f" With it goes: {', '.join(difference.also)}."


def evidence(difference: Difference, made_by: Origin | None) -> dict[str, Any]:
    """Values by side, and the revision; JSON-ready."""
    facts: dict[str, Any] = {difference.property: dict(difference.values)}
    for side, part in difference.objects:
        if isinstance(part, Column):
            facts.setdefault("type", {})[side] = part.type
        elif isinstance(part, Constraint | Index):
            facts.setdefault("definition", {})[side] = part.definition
    if difference.also:
        facts["also"] = list(difference.also)
    if made_by:
        facts["revision"] = made_by.revision
    return facts
