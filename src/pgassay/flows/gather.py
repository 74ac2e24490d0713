"""Gathering every fact of one run: files, scratch builds, models, the live database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from pgassay.analysis.attribution import attribute
from pgassay.analysis.catalog_share import anchors, table_anchor, without
from pgassay.analysis.main_history import choose_main
from pgassay.analysis.money import money_columns
from pgassay.analysis.rival_histories import histories_beside, share_of
from pgassay.analysis.shared_objects import tables_of_systems
from pgassay.analysis.side_scope import HISTORY, MODELS
from pgassay.analysis.sql_of_histories import without_sql_of_histories
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import Comparison
from pgassay.facts.history import Build
from pgassay.facts.location import Location
from pgassay.facts.models import Models
from pgassay.facts.money import MoneyColumn, Side
from pgassay.facts.money_code import MoneyInCode
from pgassay.facts.project import Project
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import NotAsked, Unavailable
from pgassay.flows.data import rules_of_file, with_data, with_earlier
from pgassay.flows.history_builds import build_applied
from pgassay.flows.live import Live, read_live, without_database
from pgassay.flows.lost_facts import lost_facts
from pgassay.flows.memory import Memory
from pgassay.flows.model_rules import carried_rules, unread_rules, with_rules_of_models
from pgassay.flows.other_histories import assays_beside
from pgassay.flows.pending import unjudged
from pgassay.flows.pending_work import is_sized, sized, with_pending
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.scratch_work import Bench
from pgassay.flows.sides import catalogs, compare_or_say_why
from pgassay.flows.size_file import sizes_of_file
from pgassay.flows.wanted import Progress, Wanted
from pgassay.probe.launch import children_ended
from pgassay.sources.managed_stand_in import stands_in
from pgassay.sources.model_files import TableColumn, read_model_locations
from pgassay.sources.money_code import read_money_in_code
from pgassay.sources.named_extensions import named_extensions
from pgassay.sources.passwords import written_passwords
from pgassay.sources.project_files import relative
from pgassay.sources.rule_mentions import rule_mentions
from pgassay.sources.stamp_sightings import sightings


def gather(
    wanted: Wanted,
    project: Project,
    files: Sequence[Path],
    scratch: ScratchOnce,
    progress: Progress,
    memory: Memory | None = None,
) -> Assay:
    """All facts. What cannot be had is `Unavailable` in its place, and listed in `unavailable`.

    Raises ConfigurationError, before anything is begun, where the file that says how big
    production is, or the one with rules for rows, cannot be used; and where the rules that the
    models carry cannot.
    """
    sizes: TableSizes | Unavailable | None = sizes_of_file(wanted)
    rules = rules_of_file(wanted) if "data" in wanted.fields else None
    memory = memory or Memory()
    memory.of_project(project, files)
    scratch.extensions = named_extensions(wanted.root, project)
    with ExitStack() as stack, ThreadPoolExecutor(3) as pool, children_ended():
        passwords = pool.submit(written_passwords, wanted.root, files)
        places = pool.submit(read_model_locations, wanted.root, files)
        in_code = None
        if "money_in_code" in wanted.fields:
            money = wanted.settings.money
            in_code = pool.submit(read_money_in_code, wanted.root, files, money)
        mentions = None
        if "data" in wanted.fields:
            mentions = pool.submit(rule_mentions, wanted.root, files)
        live = Live()
        if wanted.live and wanted.no_database:
            live = without_database()
        elif wanted.live:
            progress("Reading the live database")
            live = stack.enter_context(closing(read_live(wanted.database_url, wanted.settings)))
        scratch.stands_in = stands_in(live.is_supabase, wanted.root, project)
        stamps = live.stamps if isinstance(live.stamps, tuple) else ()
        main = choose_main(project.histories, wanted.settings.history.main, stamps)
        bench = Bench(wanted, project, main, live, scratch, memory, pool, progress)
        assay = _assay(bench, places.result(), sizes)
        if sizes is None and live.connection is not None and is_sized(assay, wanted):
            assay = sized(assay, live.sizes())
        if mentions is not None:
            carried = carried_rules(assay, bench, mentions.result())
            isolation = assay.isolation or bench.isolation
            assay = replace(assay, model_rules=carried, isolation=isolation)
            rules = with_rules_of_models(assay, rules, places.result())
            unread = unread_rules(assay, live.catalog, mentions.result(), places.result())
            assay = with_data(assay, live, wanted, rules, unread, progress)
            assay = with_earlier(assay, wanted.earlier)
        assay = replace(assay, passwords=passwords.result())
        if in_code is not None:
            assay = replace(assay, money_in_code=in_code.result())

        def looked_into(one: Assay) -> Assay:
            """With the facts that rest on the others."""
            if "sightings" in wanted.fields and one.main and isinstance(one.stamps, tuple):
                one = replace(one, sightings=sightings(wanted.root, one.main, one.stamps))
            if "comparison" in wanted.fields:
                one = replace(one, comparison=_comparison(one, scratch, memory, progress))
            return one

        beside = tuple(looked_into(one) for one in assay.beside)
        assay = replace(looked_into(assay), beside=beside)
    lost = lost_facts(assay, builds_judged=wanted.builds_judged)
    read = _files_read(assay, wanted.root, files, places.result())
    if isinstance(sizes, TableSizes) and wanted.size_file is not None:
        read = tuple(sorted({*read, sizes.source}))
    return replace(assay, unavailable=lost, project=replace(assay.project, files_read=read))


def _assay(
    bench: Bench,
    places: Mapping[TableColumn, Location],
    sizes: TableSizes | Unavailable | None,
) -> Assay:
    wanted, main, live = bench.wanted, bench.main, bench.live
    work = bench.work()
    builds = work.builds
    if work.lost is None and builds.builds:
        stamps = live.stamp_of(builds.of(main))
        applied = build_applied(main, builds.history, stamps, bench.up_to)
    else:
        stamps, applied = live.stamps, work.lost
    models = builds.models
    if main is None and wanted.settings.models.metadata:
        models = Unavailable("models", "They are created through env.py, and there is none.")
    assay = Assay(
        settings=wanted.settings,
        project=bench.project,
        main=main,
        builds=work.lost or builds.builds,
        round_trips=work.lost or builds.round_trips or None,
        other_paths=work.lost or builds.other_paths or None,
        sql_runs=work.sql.systems,
        loose_runs=work.sql.loose,
        applied=applied,
        history=builds.history,
        models=_models(models, places) if isinstance(models, Catalog) else models,
        model_rules=builds.rules,
        server=live.server,
        live=live.catalog,
        access=live.access,
        stamps=stamps if main is not None else None,
        critical_rows=live.critical_rows if wanted.settings.critical.tables else None,
        sizes=sizes,
        urls_tried=work.urls_tried,
        isolation=work.isolation,
    )
    if wanted.sql:
        project = without_sql_of_histories(assay.project, assay.known_builds.values())
        assay = replace(assay, project=project)
    if isinstance(assay.live, Catalog):
        beside = tuple(assays_beside(assay, live, bench.up_to))
        own = without_other_histories(assay.live, assay)
        assay = replace(assay, live=own, beside=beside)
    if wanted.since and "pending" in wanted.fields:
        lost = unjudged(wanted.root, main, assay.project.systems, wanted.since)
        assay = replace(assay, pending_unjudged=lost)
    if main is not None and wanted.fields & {"pending", "branch"}:
        assay = with_pending(assay, main, bench)
    if "maxima" in wanted.fields:
        assay = replace(assay, maxima=live.maxima())
    if "money" not in wanted.fields:
        return assay
    return replace(assay, money=_money(assay, builds.of(main)))


def _comparison(
    assay: Assay, scratch: ScratchOnce, memory: Memory, progress: Progress
) -> Comparison | Unavailable | None:
    """Of the sides that could be had; None where there are no two."""
    sides = catalogs(assay)
    if len(sides) < 2:
        return None
    progress("Comparing the schemas")
    scopes = {"applied": HISTORY, "history": HISTORY, "models": MODELS}
    scopes = {side: scope for side, scope in scopes.items() if side in sides}
    return compare_or_say_why(sides, scopes, scratch, progress, memory)


def without_other_histories(live: Catalog, assay: Assay) -> Catalog:
    """The live schema without what other histories, with version tables of their own, look after.

    What the models have stays.
    """
    if assay.main is None:
        return live
    beside = histories_beside(assay.main, assay.project.histories, assay.known_builds)
    others = share_of(beside, assay.main, assay.known_builds)
    tables = tables_of_systems(
        assay.main, assay.project.systems, assay.known_builds, assay.known_runs
    )
    others |= {table_anchor(name) for name in tables}
    if isinstance(assay.models, Models):
        others -= anchors(assay.models.catalog)
    return without(live, others, "another history")


def _models(catalog: Catalog, places: Mapping[TableColumn, Location]) -> Models:
    written = {
        (c.schema, c.table, c.name): places[c.table, c.name]
        for c in catalog.columns
        if (c.table, c.name) in places
    }
    written |= {
        (t.schema, t.name, ""): places[t.name, ""] for t in catalog.tables if (t.name, "") in places
    }
    return Models(catalog, written)


def _money(
    assay: Assay, build: Build | Unavailable | None
) -> tuple[MoneyColumn, ...] | Unavailable:
    sides: dict[Side, Catalog] = {}
    if isinstance(assay.models, Models):
        sides["models"] = assay.models.catalog
    if isinstance(assay.history, Catalog):
        sides["history"] = assay.history
    if isinstance(assay.live, Catalog):
        sides["live"] = assay.live
    if not sides:
        if isinstance(assay.live, NotAsked) and assay.history is assay.models is None:
            return assay.live
        return Unavailable(
            "money columns", "Neither models, history nor database could be read.", ""
        )

    def location(side: Side, schema: str, table: str, column: str) -> Location | None:
        if side == "models" and isinstance(assay.models, Models):
            return assay.models.locations.get((schema, table, column))
        if side == "history" and isinstance(build, Build) and assay.main is not None:
            made = attribute(build.statements, (schema, table), column)
            return next((r.location for r in assay.main.revisions if r.id == made), None)
        return None

    return money_columns(assay.settings.money, sides, location)


def _files_read(
    assay: Assay, root: Path, files: Sequence[Path], places: Mapping[TableColumn, Location]
) -> tuple[str, ...]:
    """The files that the facts rest on, not all that were looked through."""
    project = assay.project
    shown = {p.path for p in places.values()}
    shown |= {m.location.path for m in assay.money_in_code if isinstance(m, MoneyInCode)}
    for history in project.histories:
        shown |= {r.location.path for r in history.revisions}
        shown |= {u.location.path for u in history.unreadable}
        shown |= {p.path for p in (history.ini, history.env) if p is not None}
    for system in project.systems:
        shown |= {f.location.path for f in system.files}
    shown |= {script.location.path for script in project.loose}
    shown |= {e.location.path for e in project.entry_points}
    shown |= {use.location.path for use in project.monitoring.uses}
    shown |= {metric.location.path for metric in project.monitoring.defined}
    for variable in project.url_variables:
        shown |= {p.path for p in (*variable.read_at, *variable.set_at)}
    shown |= {relative(p, root) for p in files if p.parent == root and p.name == "pgassay.toml"}
    return tuple(sorted(shown))
