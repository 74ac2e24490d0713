"""`pgassay schema`: one schema into a file, and two schemas compared."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pgassay.analysis.schema_hash import schema_hash
from pgassay.check import run_checks
from pgassay.checks.drift_pair import PAIR_CHECKS
from pgassay.facts.project import Project
from pgassay.facts.schema_pair import A, B, PairAssay, PairSide, SchemaPair
from pgassay.facts.settings import Settings
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.diff_side import OF_THE_PROJECT, DiffSide
from pgassay.flows.facts_shown import comparison_shown, schema_shown, unavailable_shown
from pgassay.flows.live import read_live
from pgassay.flows.schema_sides import (
    KnownSchema,
    ProjectSchemas,
    World,
    of_database,
    of_file,
    of_live,
    of_project,
    settings_of,
    without_others,
)
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.flows.sides import compare_or_say_why, unread, unseen_positions
from pgassay.flows.wanted import Progress
from pgassay.sources.repository import folder_in_repository
from pgassay.sources.snapshot_file import Snapshot
from pgassay.verdict import Report, Verdict, judge

Schema = KnownSchema | Unavailable


@dataclass(frozen=True, slots=True)
class SnapshotRequest:
    """What `pgassay schema snapshot` was asked. `with_stats`: the sizes of the live database's
    tables too."""

    world: World
    of: Literal["live", "history", "models"] = "live"
    scratch_url: str | None = None
    with_stats: bool = False


def snapshot(request: SnapshotRequest, progress: Progress) -> Snapshot | Unavailable:
    """The schema as of now. One that could not be read whole is `Unavailable`: a file with half a
    schema would pass for a whole one later.

    Raises NotAProject, ConfigurationError or TargetInvalid.
    """
    taken_at = _now()
    sizes: TableSizes | Unavailable | None = None
    if request.of == "live":
        progress("Reading the database")
        settings = settings_of(request.world)
        with closing(read_live(request.world.database_url, settings)) as live:
            schema: Schema = of_live(live)
            sizes = live.sizes() if request.with_stats else None
    else:
        with ScratchOnce(request.scratch_url) as scratch:
            made = of_project(request.world, [request.of], scratch, progress)
            schema = made.schemas[request.of]
    if isinstance(schema, Unavailable):
        return schema
    for lost in unread({request.of: schema.catalog}):
        return lost
    if isinstance(sizes, Unavailable):
        return sizes
    return Snapshot(
        schema.catalog,
        schema.of,
        str(schema.details.get("database", "")),
        taken_at,
        sizes.sizes if sizes else None,
    )


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What `pgassay schema diff` was asked. `a` and `b` as `DiffSide.parse` reads them."""

    a: str
    b: str
    world: World
    scratch_url: str | None = None


def diff(request: DiffRequest, progress: Progress) -> Report:
    """Two schemas compared. A database that is a side is only read; with two files, none is met.

    Raises SideUnknown, SnapshotInvalid, TargetInvalid, NotAProject or ConfigurationError before any
    verdict.
    """
    began, clock = datetime.now().astimezone(), time.monotonic()
    sides = {A: DiffSide.parse(request.a), B: DiffSide.parse(request.b)}
    with ScratchOnce(request.scratch_url) as scratch:
        found, made = _schemas(sides, request.world, scratch, progress)
        pair = _pair(sides, found, scratch, progress)
        shown = scratch.shown
    assay = PairAssay(settings=Settings(), project=Project(str(request.world.root), ()), pair=pair)
    outcome = run_checks(PAIR_CHECKS, assay)
    unavailable = (*_lost(found, pair), *outcome.crashes)
    verdict = judge(outcome.findings, unavailable, ())
    titles = {side: _title(sides[side], found[side]) for side in sides}
    return Report(
        project=f"{titles[A]} and {titles[B]}",
        started_at=began.isoformat(timespec="seconds"),
        duration_s=round(time.monotonic() - clock, 3),
        # Two schemas that are the same prove nothing of readiness.
        verdict=Verdict.CLEAR if verdict is Verdict.SAFE else verdict,
        checklist=(),
        checks=outcome.results,
        findings=outcome.findings,
        unavailable=unavailable,
        folder=folder_in_repository(request.world.root.resolve()),
        facts=_facts(sides, titles, found, pair, made, shown),
    )


def _schemas(
    sides: Mapping[str, DiffSide], world: World, scratch: ScratchOnce, progress: Progress
) -> tuple[dict[str, Schema], ProjectSchemas | None]:
    """Files first, since a bad one ends the run; the project's last, on a scratch server that the
    databases' versions have chosen."""
    had: dict[DiffSide, Schema] = {}
    made: ProjectSchemas | None = None
    wanted = dict.fromkeys(sides.values())
    settings = settings_of(world) if any(s.of in OF_THE_PROJECT for s in wanted) else Settings()
    for side in wanted:
        if side.of == "file":
            progress(f"Reading {side.written}")
            had[side] = of_file(Path(side.written))
    for side in wanted:
        if side.of in ("database", "live"):
            progress("Reading the database")
            url = side.written if side.of == "database" else world.database_url
            had[side] = of_database(url, settings)
    asked = [side.of for side in wanted if side.of in ("history", "models")]
    if asked:
        majors = [s.catalog.server_major for s in had.values() if isinstance(s, KnownSchema)]
        progress("Starting a scratch server")
        scratch.server(max(majors, default=None))
        made = of_project(world, asked, scratch, progress)
        for side in wanted:
            if side.of in made.schemas:
                had[side] = made.schemas[side.of]
        for side, schema in had.items():
            if isinstance(schema, KnownSchema):
                had[side] = without_others(schema, made)
    return {name: had[side] for name, side in sides.items()}, made


def _pair(
    sides: Mapping[str, DiffSide],
    found: Mapping[str, Schema],
    scratch: ScratchOnce,
    progress: Progress,
) -> SchemaPair | Unavailable:
    a, b = found[A], found[B]
    for schema in (a, b):
        if isinstance(schema, Unavailable):
            return schema
    assert isinstance(a, KnownSchema)
    assert isinstance(b, KnownSchema)
    if not a.catalog.tables and not b.catalog.tables:
        return Unavailable(
            "comparison",
            "Neither side has a table, so that nothing differs proves nothing.",
            "See that both are the databases that were meant.",
        )
    progress("Comparing the schemas")
    compared = compare_or_say_why(
        {A: a.catalog, B: b.catalog}, {A: a.scope, B: b.scope}, scratch, progress
    )
    if isinstance(compared, Unavailable):
        return compared
    names = _names(sides)
    return SchemaPair(
        PairSide(a.of, names[A], a.source, a.catalog),
        PairSide(b.of, names[B], b.source, b.catalog),
        compared,
    )


def _names(sides: Mapping[str, DiffSide]) -> dict[str, str]:
    """What sentences call each side: its own word where it has one."""
    same = sides[A] == sides[B]
    return {
        name: side.of if side.of in OF_THE_PROJECT and not same else name
        for name, side in sides.items()
    }


def _lost(found: Mapping[str, Schema], pair: SchemaPair | Unavailable) -> tuple[Unavailable, ...]:
    lost: dict[tuple[str, str], Unavailable] = {}
    for name, schema in found.items():
        if isinstance(schema, Unavailable):
            told = replace(schema, needs=f"{name} ({schema.needs})")
            lost.setdefault((schema.needs, schema.reason), told)
    known = {name: s for name, s in found.items() if isinstance(s, KnownSchema)}
    catalogs = {name: s.catalog for name, s in known.items()}
    positions = unseen_positions({name: (s.catalog, s.scope) for name, s in known.items()})
    for one in (
        *unread(catalogs),
        *positions,
        *((pair,) if isinstance(pair, Unavailable) else ()),
    ):
        lost.setdefault((one.needs, one.reason), one)
    return tuple(lost.values())


def _title(side: DiffSide, schema: Schema) -> str:
    """Such as `live`, `production.json` or `database mita`."""
    if side.of in OF_THE_PROJECT:
        return side.of
    if side.of == "file":
        return Path(side.written).name
    database = schema.details.get("database") if isinstance(schema, KnownSchema) else ""
    return f"database {database}" if database else "a database"


def _facts(
    sides: Mapping[str, DiffSide],
    titles: Mapping[str, str],
    found: Mapping[str, Schema],
    pair: SchemaPair | Unavailable,
    made: ProjectSchemas | None,
    scratch: dict[str, str] | None,
) -> dict[str, Any]:
    return {
        "settings": {"path": made.settings_path if made else None},
        "scratch": scratch,
        "isolation": made.assay.isolation if made else "",
        "pair": {
            name: _side_shown(titles[name], sides[name], schema) for name, schema in found.items()
        },
        "comparison": comparison_shown(pair.comparison if isinstance(pair, SchemaPair) else pair),
        "files_analysed": [s.written for s in dict.fromkeys(sides.values()) if s.of == "file"],
    }


def _side_shown(title: str, side: DiffSide, schema: Schema) -> dict[str, Any]:
    if isinstance(schema, Unavailable):
        return {"title": title, **unavailable_shown(schema)}
    return {
        "title": title,
        "of": schema.of,
        "read_from": side.of,
        "source": schema.source,
        **schema.details,
        "hash": schema_hash(schema.catalog),
        **schema_shown(schema.catalog),
    }


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
