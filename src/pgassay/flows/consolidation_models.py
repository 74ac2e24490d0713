"""What the models lack of the consolidated history: a change that is tried in a copy, and lines for
what no change could be found for."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.analysis.consolidation.model_text import model_with, with_model
from pgassay.analysis.line_ends import kept_ends, plain
from pgassay.analysis.model_declaration import declaration
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.side_scope import HISTORY, MODELS
from pgassay.facts.catalog import Catalog, Column, Constraint, Index, SchemaObject, Table, TableName
from pgassay.facts.comparison import ABSENT, Difference
from pgassay.facts.consolidation import FilePatch
from pgassay.facts.models import Models
from pgassay.facts.settings import Settings
from pgassay.flows.opened_project import read_project
from pgassay.sources.builds import build_history
from pgassay.sources.exact_text import exact_text
from pgassay.sources.history_runs import Workshop

_NUMBERS = itertools.count(1)
_SCOPES = {"models": MODELS, "history": HISTORY}


@dataclass(frozen=True, slots=True)
class Proposal:
    """`patches` make the models say more of the head, and nothing else, as building them showed.
    `lacking` are the lines of what is then still otherwise."""

    patches: tuple[FilePatch, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposing:
    """`copy` has the consolidated history, named `history`, whose schema is `head`."""

    copy: Path
    settings: Settings
    workshop: Workshop
    history: str
    models: Models
    head: Catalog

    def propose(self) -> Proposal:
        before = self._differences(self.models.catalog)
        lacking: dict[TableName, list[SchemaObject]] = {}
        for difference in before:
            if dict(difference.values).get("models") == ABSENT:
                thing = dict(difference.objects)["history"]
                lacking.setdefault(difference.table_name, []).append(thing)
        for table, things in lacking.items():
            columns = {thing.name for thing in things if isinstance(thing, Column)}
            things += [p for p in self._parts(table) if p not in things and _uses(p, columns)]
        for _ in range(2):
            patches, tables = self._patches(lacking)
            if not patches:
                break
            after = self._tried(patches)
            held = {t for t in tables if after is not None and _of(after, t) < _of(before, t)}
            if after is not None and held == tables:
                return Proposal(patches, tuple(_lines(after)))
            lacking = {t: things for t, things in lacking.items() if t in held}
        return Proposal((), tuple(_lines(before)))

    def _differences(self, models: Catalog) -> tuple[Difference, ...]:
        return compare({"models": models, "history": self.head}, scopes=_SCOPES).differences

    def _patches(
        self, lacking: Mapping[TableName, list[SchemaObject]]
    ) -> tuple[tuple[FilePatch, ...], set[TableName]]:
        """And the tables that they are about."""
        texts: dict[str, str] = {}
        tables = set()
        for table, things in lacking.items():
            path = self._file(table)
            before = texts.get(path) or plain(exact_text(self.copy / path))
            after, parts = before, things
            if any(isinstance(thing, Table) for thing in things):
                after, parts = with_model(before, table[1]), self._parts(table)
            after = model_with(after, table[1], parts)
            if after != before:
                texts[path] = after
                tables.add(table)
        return tuple(
            FilePatch(path, before, kept_ends(before, text), "has what the history makes")
            for path, text in texts.items()
            for before in (exact_text(self.copy / path),)
        ), tables

    def _file(self, table: TableName) -> str:
        """Where the table's model is written; for one without, where that of a table it refers to
        is, or any."""
        places = {
            (schema, name): at.path for (schema, name, _), at in self.models.locations.items()
        }
        if table in places:
            return places[table]
        referred = (
            place
            for thing in self._parts(table)
            if isinstance(thing, Constraint) and thing.kind == "foreign key"
            for (_, name), place in places.items()
            if f" {name}(" in thing.definition or f".{name}(" in thing.definition
        )
        return next(referred, next(iter(places.values()), ""))

    def _parts(self, table: TableName) -> list[SchemaObject]:
        return [
            part
            for part in (*self.head.columns, *self.head.constraints, *self.head.indexes)
            if part.table_name == table
        ]

    def _tried(self, patches: tuple[FilePatch, ...]) -> tuple[Difference, ...] | None:
        """What differs with them; None where the models cannot be made then."""
        for patch in patches:
            (self.copy / patch.path).write_text(patch.after, "utf-8", newline="")
        project, _ = read_project(self.copy, self.settings)
        history = next(h for h in project.histories if h.name == self.history)
        purpose = f"consolidated_models_{next(_NUMBERS)}"
        named = self.settings.models.metadata
        made = build_history(
            self.workshop, project, history, purpose, models=True, metadata=named
        ).models
        for patch in patches:
            (self.copy / patch.path).write_text(patch.before, "utf-8", newline="")
        return self._differences(made) if isinstance(made, Catalog) else None


def _uses(part: SchemaObject, columns: set[str]) -> bool:
    return isinstance(part, Constraint | Index) and bool(columns & set(part.columns))


def _of(differences: Sequence[Difference], table: TableName) -> set[tuple[str, str, str]]:
    return {(d.kind, d.subject, d.property) for d in differences if d.table_name == table}


def _lines(differences: Sequence[Difference]) -> Iterator[str]:
    for d in differences:
        values = dict(d.values)
        if values.get("models") == ABSENT:
            written = declaration(dict(d.objects)["history"])
            also = f", with {', '.join(d.also)}" if d.also else ""
            yield f"{d.kind} {d.subject}{also}{f': `{written}`' if written else ''}"
        elif values.get("history") != ABSENT and "models" in values:
            yield (
                f"{d.kind} {d.subject}: {d.property} is {values['models'] or 'none'} in the "
                f"models, {values.get('history') or 'none'} in the history"
            )
