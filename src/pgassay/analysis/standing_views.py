"""The views that read a column, taken away for a moment and made again."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.analysis.beside_parts import without_ends
from pgassay.analysis.column_dependents import users
from pgassay.analysis.creation import drop, make
from pgassay.analysis.repair_dependents import standing_on
from pgassay.analysis.repair_maker import for_whoever_runs, makers
from pgassay.analysis.repair_parts import parts_of
from pgassay.facts.catalog import Catalog, Column, SchemaObject, View


@dataclass(frozen=True, slots=True)
class StandingViews:
    """`views` in an order in which they can be made. `others` is what else reads the column or one
    of them, such as a materialized view or a policy."""

    catalog: Catalog
    views: tuple[View, ...] = ()
    others: tuple[SchemaObject, ...] = ()

    @property
    def dropped(self) -> list[str]:
        return without_ends(drop(view) for view in reversed(self.views))

    @property
    def made(self) -> list[str]:
        """With their rights, comments, triggers and rules."""
        lines = [
            line
            for view in self.views
            for thing in (view, *parts_of(view, self.catalog))
            for line in make(thing, self.catalog)
        ]
        return without_ends(for_whoever_runs(lines, makers(self.catalog)))


def standing_views(catalog: Catalog, *columns: Column) -> StandingViews:
    """As far as the texts of the catalog tell."""
    views: list[View] = []
    others: list[SchemaObject] = []

    def visit(thing: SchemaObject) -> None:
        if not isinstance(thing, View):
            if thing not in others:
                others.append(thing)
            return
        if thing in views:
            return
        for user in standing_on(catalog, thing):
            visit(user)
        views.append(thing)

    for column in columns:
        for user in users(catalog, column):
            visit(user)
    return StandingViews(catalog, tuple(reversed(views)), tuple(others))
