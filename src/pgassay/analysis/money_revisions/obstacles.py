"""Why no revision is written for a money column."""

from __future__ import annotations

from pgassay.analysis.column_dependents import column_dependents, hanging, no_way, users
from pgassay.analysis.money_revisions.marks import place_taken_by
from pgassay.analysis.other_column import names_column
from pgassay.analysis.standing_views import standing_views
from pgassay.facts.catalog import Catalog, Column
from pgassay.facts.money_plan import Way
from pgassay.facts.pending_run import PendingRun

NOT_MADE = "no revision of this history makes it, and its table is large: convert it by hand"

ARRAY = "arrays are not profiled: convert it by hand, through text"


def obstacle(column: Column, way: Way, live: Catalog, history: Catalog) -> str:
    """ "" for none. A revision is for every database of the history, so that on this column the
    live one must be as the history says."""
    if way == "by hand":
        return ARRAY
    made = next((c for c in history.columns if c.identity == column.identity), None)
    if made is None and way == "beside":
        return NOT_MADE
    if made is not None and made.type != column.type:
        return f"the history makes it {made.type}: mend that drift first (pgassay schema diff)"
    if made is not None and (other := _differing(column, live, history)):
        return f"{other} is not in both, the history and the live database: mend that drift first"
    if column.generated:
        return "it is generated: change what it is made of"
    if column.base_type:
        return f"its type is the domain {column.type}: decide on the domain"
    if way != "widened" and (left := _left_of(column, live)):
        return (
            f"an earlier conversion left {left}, which would be alike to neither: drop it first "
            "(pgassay money plan --contract --write)"
        )
    if in_its_way := _in_the_way(column, way, live):
        return in_its_way
    return ""


def _left_of(column: Column, live: Catalog) -> str:
    """The old column that a conversion of this one left beside it."""
    found = (c for c in live.columns if c.table_name == column.table_name)
    return next((c.name for c in found if place_taken_by(c) == column.name), "")


def _differing(column: Column, live: Catalog, history: Catalog) -> str:
    there, made = (
        {f"{t.KIND} {t.subject}" for t in (*hanging(c, column), *users(c, column))}
        for c in (live, history)
    )
    return next(iter(sorted(there ^ made)), "")


def _in_the_way(column: Column, way: Way, live: Catalog) -> str:
    table = next(t for t in live.tables if t.table_name == column.table_name)
    if table.inherits or table.of_type:
        return "its table has it from another one"
    if names_column(table.partition_key, column.name):
        return "its table is partitioned by it"
    if table.force_row_security:
        return "row security of its table is forced, and may hide rows from whoever converts it"
    standing = standing_views(live, column)
    if standing.others:
        found = ", ".join(f"{t.KIND} {t.subject}" for t in standing.others)
        return f"{found}: drop before the conversion, and make after it"
    if way != "beside":
        return ""
    if reason := no_way(live, column):
        return reason
    dependents = column_dependents(PendingRun("", "", (), (), (), live, live), column, "")
    views = {f"{view.KIND} {view.subject}" for view in standing.views}
    if left := [thing for thing in dependents.left if thing not in views]:
        return f"{', '.join(left)}: a new column cannot take that over"
    if dependents.referring:
        return f"foreign key {dependents.referring[0].subject} points to it"
    if dependents.sequence is not None:
        return f"it owns sequence {dependents.sequence.subject}"
    return ""
