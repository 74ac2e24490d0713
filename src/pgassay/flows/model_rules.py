"""Rules for rows that the models carry: having them read, and putting them to those of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pgassay.analysis.rule_written import bare
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.data_rule import DataRule, DataRules
from pgassay.facts.location import Location
from pgassay.facts.model_rules import CarriedRules, ModelRules
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_work import Bench
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.model_files import TableColumn
from pgassay.sources.model_rules import BadModelRules, read_model_rules

_INFO = "the info of the models"
_NEEDS = "rules in models"


def carried_rules(
    assay: Assay, bench: Bench, mentions: Sequence[Location]
) -> ModelRules | Unavailable | None:
    """What building the models told; where they were not built, what running env.py tells, which is
    done only where a file mentions such rules."""
    if isinstance(assay.model_rules, ModelRules):
        return assay.model_rules
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


def unread_rules(assay: Assay, mentions: Sequence[Location]) -> tuple[Unavailable, ...]:
    """Rules of the models that nobody read. A model that env.py does not give is one where the live
    database has its table; else it is another database's."""
    found = assay.model_rules
    if isinstance(found, Unavailable):
        return (found,)
    if found is None or not isinstance(assay.live, Catalog):
        return ()
    here, given = ({name for _, name in t} for t in (_tables(assay.live), found.tables))
    lost: list[Unavailable] = []
    for mention in mentions:
        table = _table_at(mention, assay)
        if table in here - given:
            reason = f"{mention} writes rules for rows of {table}, whose model env.py does not give"
            step = "Import it in env.py, so that target_metadata has it."
            lost.append(Unavailable(_NEEDS, f"{reason} as target_metadata.", step))
    return tuple(lost)


def _tables(catalog: Catalog) -> set[tuple[str, str]]:
    return {t.table_name for t in catalog.tables}


def _table_at(place: Location, assay: Assay) -> str:
    """The table of the model that is written there; "" where none is."""
    above = [
        (m.location.line or 0, m.table)
        for m in assay.project.model_tables
        if m.location.path == place.path and (m.location.line or 0) <= (place.line or 0)
    ]
    return max(above, default=(0, ""))[1]


def _places(mentions: Sequence[Location]) -> str:
    more = len(mentions) - 1
    return f"{mentions[0]}{f' and {more} more' if more else ''}"
