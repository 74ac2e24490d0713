"""What of an assay could not be had."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.history import Build
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.flows.history_builds import NOT_BUILT
from pgassay.flows.sides import catalogs, unread


def lost_facts(assay: Assay, *, builds_judged: bool) -> tuple[Unavailable, ...]:
    """Everything that could not be had, each once, in the order of the assay's fields."""

    def is_told(lost: Unavailable) -> bool:
        return builds_judged and lost.next_step == NOT_BUILT

    found = {(lost.needs, lost.reason): lost for lost in assay.project.unavailable}
    for field in fields(assay):
        value: Any = getattr(assay, field.name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, NotAsked) or (isinstance(item, Unavailable) and is_told(item)):
                continue
            if isinstance(item, Unavailable):
                found.setdefault((item.needs, item.reason), item)
            elif isinstance(item, Build) and isinstance(item.catalog, Unavailable):
                found.setdefault((item.catalog.needs, item.catalog.reason), item.catalog)
    for beside in (*assay.beside, *assay.pending_beside):
        found |= {
            (lost.needs, lost.reason): lost
            for lost in lost_facts(beside, builds_judged=builds_judged)
        }
    for lost in unread(catalogs(assay)):
        found.setdefault((lost.needs, lost.reason), lost)
    if not (assay.project.histories or assay.project.systems) and (told := _nothing(assay.live)):
        nothing = f"There is no migration history, and {told}."
        found["project", nothing] = Unavailable(
            "project", nothing, "See that PROJECT and --database-url are the right ones."
        )
    rows = assay.critical_rows if isinstance(assay.critical_rows, tuple) else ()
    rows_unread = [row for row in rows if row.present and row.has_rows is None]
    if rows_unread:
        names = ", ".join(row.name for row in rows_unread)
        lost = Unavailable(
            "critical tables",
            f"{len(rows_unread)} of {len(rows)} critical tables could not be read: {names}.",
            " ".join(row.reason for row in rows_unread[:1]),
            "\n".join(row.reason for row in rows_unread),
        )
        found[lost.needs, lost.reason] = lost
    return tuple(found.values())


def _nothing(live: Catalog | Unavailable | None) -> str:
    """Why the live database, which was to be looked at, shows nothing either; "" where it does."""
    if isinstance(live, NotAsked):
        return "no database was asked for"
    if isinstance(live, Catalog) and not live.tables:
        return "the live database has no table"
    return ""
