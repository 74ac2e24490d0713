"""Rules for rows that the models carry: having them read, and putting them to those of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pgassay.analysis.rule_written import bare
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.data_rule import DataRule, DataRules
from pgassay.facts.location import Location
from pgassay.facts.model_rules import CarriedRules, ModelRules, RuleMention
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_work import Bench
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.model_files import TableColumn
from pgassay.sources.model_rules import BadModelRules, read_model_rules

_INFO = "the info of the models"
_NEEDS = "rules in models"


def carried_rules(
    assay: Assay, bench: Bench, mentions: Sequence[RuleMention]
) -> ModelRules | Unavailable | None:
    """What building the models told; where they were not built, what running env.py tells, which is
    done only where a file mentions such rules."""
    if isinstance(assay.model_rules, ModelRules):
        return assay.model_rules
    if bench.main is None or bench.wanted.settings.models.none:
        # Nothing can say that what looks like a rule is none.
        mentions = [mention for mention in mentions if mention.in_info]
    if not mentions or bench.wanted.no_database:
        return None
    found = _asked(assay, bench)
    if isinstance(found, ModelRules):
        return found
    return Unavailable(
        _NEEDS,
        f"{_places(mentions)} writes rules for rows into models, which could not be read: "
        f"{found.reason}",
        found.next_step,
        found.detail,
    )


def _asked(assay: Assay, bench: Bench) -> ModelRules | Unavailable:
    if bench.wanted.settings.models.none:
        reason = "[models] none = true in pgassay.toml says that there are no models."
        return Unavailable(_NEEDS, reason, "Take it out.")
    if bench.main is None:
        reason = "they are read through env.py, and there is no history to follow."
        step = "Name it with [history] main in pgassay.toml, or put the rules into its file."
        return Unavailable(_NEEDS, reason, step)
    if isinstance(assay.models, Unavailable):
        return assay.models
    return bench.carried_rules(bench.main)


def with_rules_of_models(
    assay: Assay, rules: DataRules | None, places: Mapping[TableColumn, Location]
) -> DataRules | None:
    """Those of the file and of the models; None without any. Of one that both have the file's
    counts. Raises ConfigurationError where the models' cannot be used."""
    if not isinstance(assay.model_rules, ModelRules):
        return rules

    def place_of(carried: CarriedRules) -> Location | None:
        table = carried.table[1]
        return places.get((table, carried.column)) or places.get((table, ""))

    try:
        carried = read_model_rules(assay.model_rules.carried, place_of)
    except BadModelRules as bad:
        raise ConfigurationError(str(bad)) from bad
    if not carried:
        return rules
    known: dict[DataRule, DataRule] = {bare(r): r for r in (rules.rules if rules else ())}
    for rule in carried:
        known.setdefault(bare(rule), rule)
    if rules is None:
        return DataRules(_INFO, tuple(known.values()))
    return DataRules(f"{rules.path} and {_INFO}", tuple(known.values()), rules.queries)


def unread_rules(
    assay: Assay,
    live: Catalog | Unavailable | None,
    mentions: Sequence[RuleMention],
    places: Mapping[TableColumn, Location],
) -> tuple[Unavailable, ...]:
    """Rules of the models that nobody read. A table that `live`, all of the database, has not is
    that of another one."""
    found = assay.model_rules
    if isinstance(found, Unavailable):
        return (found,)
    if found is None or not isinstance(live, Catalog):
        return ()
    there = {t.name for t in live.tables}
    written = {(m.location, m.table) for m in assay.project.model_tables}
    written |= {(place, table) for (table, column), place in places.items() if not column}
    carrying = {carried.table[1] for carried in found.carried}
    lost: dict[str, Unavailable] = {}
    for mention in mentions:
        table = _table_at(mention.location, written)
        if mention.in_info and table in there - carrying and table not in lost:
            lost[table] = _unread(mention.location, table, found, assay.settings.data.file)
    return tuple(lost.values())


def _unread(place: Location, table: str, found: ModelRules, file: str) -> Unavailable:
    if table in {name for _, name in found.tables}:
        why = "neither that table nor a column of it has any in its info"
        step = "Write them in the info of the Column, mapped_column or Table."
    else:
        why = "env.py does not give that model as target_metadata"
        step = f"Import it in env.py, so that target_metadata has it, or move them to {file}."
    return Unavailable(_NEEDS, f"{place} writes rules for rows of {table}, but {why}.", step)


def _table_at(place: Location, written: Iterable[tuple[Location, str]]) -> str:
    """The table of the model that is written there; "" where none is."""
    line = place.line or 0
    above = [
        (at.line or 0, table)
        for at, table in written
        if at.path == place.path and (at.line or 0) <= line
    ]
    return max(above, default=(0, ""))[1]


def _places(mentions: Sequence[RuleMention]) -> str:
    more = len(mentions) - 1
    also = f" (and {more} more place{'s' * (more > 1)})" if more else ""
    return f"{mentions[0].location}{also}"
