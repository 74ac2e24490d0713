"""The facts of an assay as reports show them: plain values, ready for JSON."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pgassay.analysis.build_notes import build_notes
from pgassay.analysis.money import required_precision
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.second_opinion import Fate, weighed
from pgassay.check import Outcome, Status
from pgassay.facts.acceptance_use import AcceptedAssay
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import Comparison
from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import Build, History
from pgassay.facts.models import Models
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.server import Server
from pgassay.facts.table_size import TableSizes
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.data_shown import data_shown
from pgassay.flows.systems_shown import scripts_shown, system_shown


def acceptance_shown(use: AcceptedAssay) -> dict[str, Any]:
    """The baseline and the waivers, and what they cover."""
    baseline = use.baseline
    return {
        "baseline": {
            "path": baseline.baseline.path,
            "written_at": baseline.baseline.written_at,
            "findings": len(baseline.baseline.entries),
            "gone": len(baseline.gone),
        }
        if baseline
        else None,
        "waivers": [
            {
                "code": w.waiver.code,
                "subject": w.waiver.subject,
                "reason": w.waiver.reason,
                "owner": w.waiver.owner,
                "until": w.waiver.until,
                "expired": w.expired,
                "covers": list(w.subjects),
            }
            for w in use.waivers or ()
        ],
    }


def second_opinion_shown(assay: Assay, outcome: Outcome) -> Any:
    """What became of the other tool's remarks on the pending revisions of every history, counted by
    fate; None where none was asked."""
    found = [(f.code, f.evidence.get("statement", "")) for f in outcome.findings]
    ran = (Status.PASSED, Status.FAILED, Status.PARTIAL)
    looked = {r.code for r in outcome.results if r.status in ran}
    fates: Counter[Fate] = Counter()
    tools, statements, unread = [], 0, 0
    for one in (assay, *assay.pending_beside):
        opinion, run = one.opinion, one.pending
        if isinstance(one.second_opinion, Unavailable):
            return unavailable_shown(one.second_opinion)
        if opinion is None or not isinstance(run, PendingRun):
            continue
        fates.update(w.fate for w in weighed(opinion, run, found, looked))
        tools.append(opinion.tool)
        statements += len(run.statements)
        unread += len(opinion.unread)
    if not tools:
        return None
    remarks = {fate.value: fates[fate] for fate in Fate}
    return {"tool": tools[0], "remarks": remarks, "statements": statements, "unread": unread}


def facts_shown(assay: Assay, *, settings_path: str | None, scratch: Any) -> dict[str, Any]:
    """Every key is always there; what could not be had is {"unavailable": reason}."""
    return {
        "settings": {"path": settings_path},
        "server": _server(assay.server, assay.access),
        "scratch": scratch,
        "isolation": assay.isolation,
        "histories": [_history(assay, h) for h in assay.project.histories],
        "systems": [system_shown(assay, s) for s in assay.project.systems],
        "scripts": scripts_shown(assay),
        "stamps": _list(
            assay.stamps,
            lambda s: {
                "table": s.table,
                "revisions": None if s.revisions is None else list(s.revisions),
            },
        ),
        "sides": {
            "live": _side(assay.live),
            "history": _side(assay.history),
            "models": _side(
                assay.models.catalog if isinstance(assay.models, Models) else assay.models
            ),
        },
        "comparison": comparison_shown(assay.comparison),
        "money": _list(
            assay.money,
            lambda m: {
                "subject": m.subject,
                "why": m.why,
                "required": "numeric({},{})".format(
                    *required_precision(assay.settings.money, m.subject)
                ),
                "types": {t.side: t.type for t in m.types},
            },
        ),
        "data": data_shown(assay.data),
        "critical_tables": _list(
            assay.critical_rows,
            lambda t: {
                "name": t.name,
                "present": t.present,
                "has_rows": t.has_rows,
                "reason": t.reason,
            },
        ),
        "sizes": _sizes(assay.sizes),
        "url_variables": [
            {
                "name": v.name,
                "read_at": [str(p) for p in v.read_at],
                "set_at": [str(p) for p in v.set_at],
            }
            for v in assay.project.url_variables
        ],
        "entry_points": [_entry_point(e) for e in assay.project.entry_points],
        "files_analysed": list(assay.project.files_read),
    }


def _entry_point(entry: EntryPoint) -> dict[str, Any]:
    return {
        "location": str(entry.location),
        "unit": entry.unit,
        "command": entry.command,
        "tool": entry.tool,
        "action": entry.action,
        "target": entry.target,
        "ini": entry.ini or None,
        "section": entry.section or None,
        "history": entry.history or None,
        "missing": entry.missing or None,
        "variables": [
            {"name": v.name, "value": v.value, "set_at": str(v.location)} for v in entry.variables
        ],
    }


def unavailable_shown(lost: Unavailable) -> dict[str, str]:
    """Why a fact is not there, as every reader of the facts knows it."""
    return {"unavailable": lost.reason, "next_step": lost.next_step}


def _list(value: Any, show: Any) -> Any:
    if isinstance(value, Unavailable):
        return unavailable_shown(value)
    return None if value is None else [show(item) for item in value]


def _server(server: Server | Unavailable | None, access: Access | Unavailable | None) -> Any:
    if isinstance(server, Unavailable):
        return unavailable_shown(server)
    if server is None:
        return None
    service = access.service if isinstance(access, Access) else None
    return {
        "url": server.url,
        "version": server.version,
        "service": service.name if service else None,
        "user": server.user,
        "database": server.database,
        "database_oid": server.database_oid,
        "system_identifier": server.system_identifier,
    }


def _sizes(sizes: TableSizes | Unavailable | None) -> Any:
    if isinstance(sizes, Unavailable):
        return unavailable_shown(sizes)
    if sizes is None:
        return None
    return {"source": sizes.source, "at": sizes.at, "tables": len(sizes.sizes)}


def _side(catalog: Catalog | Unavailable | None) -> Any:
    if isinstance(catalog, Unavailable):
        return unavailable_shown(catalog)
    return None if catalog is None else schema_shown(catalog)


def schema_shown(catalog: Catalog) -> dict[str, Any]:
    """A schema in numbers. `fingerprint`, of the system catalogs, was the same before and after
    reading."""
    return {
        "tables": len(catalog.tables),
        "columns": len(catalog.columns),
        "constraints": len(catalog.constraints),
        "indexes": len(catalog.indexes),
        "others": dict(sorted(Counter(thing.KIND for thing in catalog.others).items())),
        "left_out": dict(catalog.left_out),
        "unread": list(catalog.unread),
        "server_version_num": catalog.server_version_num,
        "role": catalog.role,
        "fingerprint": catalog.fingerprint,
    }


def comparison_shown(comparison: Comparison | Unavailable | None) -> Any:
    """How much differs, what was left out, and which texts count as the same on which rung."""
    if isinstance(comparison, Unavailable):
        return unavailable_shown(comparison)
    if comparison is None:
        return None
    return {
        "differences": len(comparison.differences),
        "undecided": sum(bool(d.undecided) for d in comparison.differences),
        "left_out": dict(comparison.left_out),
        "settled": dict(sorted(Counter(text.rung for text in comparison.settled).items())),
        "settled_texts": [
            {
                "kind": text.kind,
                "object": ".".join(part for part in text.identity if part),
                "property": text.property,
                "rung": text.rung,
            }
            for text in comparison.settled
        ],
    }


def _history(assay: Assay, history: History) -> dict[str, Any]:
    graph = revision_graph(history)
    main = assay.main is not None and history.name == assay.main.name
    applied: frozenset[str] = frozenset()
    rest = "unknown"
    if main and isinstance(assay.stamps, tuple):
        rows = [r for s in assay.stamps for r in s.revisions or ()]
        continued = [s.continues for s in assay.sightings if s.is_ahead]
        applied = graph.covered([*rows, *continued])
        # Under a row that no file has, anything may be applied.
        if all(graph.full_id(r) in graph.by_id for r in rows):
            rest = "pending"
    return {
        "name": history.name,
        "ini": str(history.ini) if history.ini else None,
        "env": str(history.env) if history.env else None,
        "url": history.url,
        "main": main,
        "heads": list(graph.heads),
        "bases": list(graph.bases),
        "revisions": [
            {
                "id": r.id,
                "parents": list(r.parents),
                "summary": r.summary,
                "path": r.location.path,
                "state": "applied" if r.id in applied else rest,
            }
            for r in sorted(
                history.revisions,
                key=lambda r: (
                    graph.order.index(r.id) if r.id in graph.order else len(graph.order),
                    r.id,
                ),
            )
        ],
        "build": _build(assay, history),
    }


def _build(assay: Assay, history: History) -> dict[str, Any]:
    if isinstance(assay.builds, Unavailable):
        return {"status": "unavailable", "reason": assay.builds.reason}
    for build in assay.builds:
        if isinstance(build, Unavailable) and build.needs == f"history {history.name}":
            return {"status": "unavailable", "reason": build.reason}
        if isinstance(build, Build) and build.history == history.name:
            if build.failure is not None:
                return {
                    "status": "failed",
                    "revision": build.failure.revision,
                    "error": build.failure.error,
                    "missing_object": build.failure.missing_object,
                    "notes": list(build_notes(history, build)),
                }
            if isinstance(build.catalog, Unavailable):
                return {"status": "unavailable", "reason": build.catalog.reason}
            tables = len(build.catalog.tables) if build.catalog else 0
            return {"status": "built", "tables": tables, "notes": list(build_notes(history, build))}
    return {"status": "unavailable", "reason": "not built"}
