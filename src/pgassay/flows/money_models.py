"""The models' half of a money conversion: a change that is tried in a copy, and a line for each
column that no change could be found for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pgassay.analysis.line_ends import kept_ends, plain
from pgassay.analysis.model_retyping import retyped_model
from pgassay.analysis.money import precision_of, required_precision, shown_type
from pgassay.analysis.money_conversion import sqlalchemy_type
from pgassay.analysis.schema_diff import compare
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.consolidation import FilePatch
from pgassay.facts.location import Location
from pgassay.facts.models import Models
from pgassay.facts.money import MoneyColumn
from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.opened_project import read_project
from pgassay.sources.builds import build_history
from pgassay.sources.exact_text import exact_text
from pgassay.sources.history_runs import Workshop
from pgassay.sources.money_code import read_money_in_code


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A column of the models that is not of the policy's type."""

    column: MoneyColumn
    type: str
    wanted: tuple[int, int]
    location: Location | None

    def left(self, why: str) -> str:
        place = f" ({self.location})" if self.location else ""
        new = sqlalchemy_type(self.type, self.wanted)
        return f"{self.column.subject}{place}: write {new} and Decimal by hand: {why}"


@dataclass(frozen=True, slots=True)
class MoneyModels:
    """`copy` has the new revisions, and is where the change is tried."""

    assay: Assay
    copy: Path
    workshop: Workshop
    history: str

    def propose(self) -> tuple[tuple[FilePatch, ...], tuple[str, ...]]:
        """The patches, and what they leave to people."""
        models = self.assay.models
        if isinstance(models, Unavailable):
            return (), (f"the models could not be looked at: {models.reason}",)
        if not isinstance(models, Models):
            return (), ()
        wrong = list(self._wrong())
        patches, written = self._patches(wrong)
        left = [w.left("it is not plainly written") for w in wrong if w not in written]
        if not patches:
            return (), tuple(left)
        before = self._in_code()
        for patch in patches:
            (self.copy / patch.path).write_text(patch.after, "utf-8", newline="")
        if why := self._failed(models, written):
            return (), (*left, *(w.left(why) for w in written))
        left += [
            f"{found.location}: `{found.text}` is a float for money"
            for found in self._in_code() - before
        ]
        return tuple(patches), tuple(left)

    def _wrong(self) -> Iterable[_Wrong]:
        money = self.assay.money
        for column in money if isinstance(money, tuple) else ():
            wanted = required_precision(self.assay.settings.money, column.subject)
            for side in column.types:
                if side.side == "models" and precision_of(side.type) != wanted:
                    yield _Wrong(column, side.type, wanted, side.location)

    def _patches(self, wrong: Iterable[_Wrong]) -> tuple[list[FilePatch], list[_Wrong]]:
        """And the columns that they change. The lowest comes first: an import moves what is below
        it."""
        texts: dict[str, str] = {}
        written = []
        placed = [(w.location.line, w.location.path, w) for w in wrong if w.location]
        for line, path, one in sorted(placed, key=lambda place: -(place[0] or 0)):
            text = texts.get(path) or plain(exact_text(self.copy / path))
            after = retyped_model(text, line or 0, one.column.name, one.wanted)
            if after != text:
                texts[path] = after
                written.append(one)
        patches = [
            FilePatch(path, before, kept_ends(before, text), "money is Numeric and Decimal")
            for path, text in sorted(texts.items())
            for before in (exact_text(self.copy / path),)
        ]
        return patches, written

    def _failed(self, models: Models, written: Sequence[_Wrong]) -> str:
        """Why the changed models are not what they should be; "" where they are."""
        settings = self.assay.settings
        project, _ = read_project(self.copy, settings, self.workshop.python)
        history = next(h for h in project.histories if h.name == self.history)
        made = build_history(
            self.workshop,
            project,
            history,
            "money_models",
            models=True,
            metadata=settings.models.metadata,
        ).models
        if not isinstance(made, Catalog):
            return f"with the change they cannot be made: {made.reason if made else 'no models'}"
        meant = {(w.column.schema, w.column.table, w.column.name): w.wanted for w in written}
        for column in made.columns:
            wanted = meant.get(column.identity)
            if wanted is not None and precision_of(shown_type(column)) != wanted:
                return f"with the change {column.subject} is {column.type}"
        differences = compare({"before": models.catalog, "after": made}).differences
        others = [d.subject for d in differences if (d.schema, d.table, d.name) not in meant]
        return f"the change would reach {others[0]} too" if others else ""

    def _in_code(self) -> set[MoneyInCode]:
        _, files = read_project(self.copy, self.assay.settings, self.workshop.python)
        found = read_money_in_code(self.copy, files, self.assay.settings.money)
        return {one for one in found if isinstance(one, MoneyInCode)}
