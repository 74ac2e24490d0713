"""Other migration systems than Alembic's, and the scripts beside them, as reports show them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pgassay.facts.assay import Assay
from pgassay.facts.migration_system import MigrationFile, MigrationSystem
from pgassay.facts.sql_run import SqlRun
from pgassay.facts.unavailable import Unavailable


def system_shown(assay: Assay, system: MigrationSystem) -> dict[str, Any]:
    """A system with its files in order, and what came of running it."""
    return {
        "name": system.name,
        "kind": system.kind,
        "dialect": system.dialect,
        "state_table": ".".join(p for p in system.state_table if p) if system.state_table else None,
        "files": [_file(f) for f in system.files],
        "run": _run(assay, system),
    }


def _file(file: MigrationFile) -> dict[str, Any]:
    return {
        "version": file.version,
        "role": file.role,
        "summary": file.summary,
        "path": file.location.path,
        "up": str(file.up.location) if file.up else None,
        "down": str(file.down.location) if file.down else None,
        "transaction": file.transaction,
    }


def _run(assay: Assay, system: MigrationSystem) -> dict[str, Any]:
    if system.not_run:
        return {"status": "not executed", "reason": system.not_run}
    run = assay.known_runs.get(system.name)
    if run is None:
        lost = assay.sql_runs if isinstance(assay.sql_runs, tuple) else (assay.sql_runs,)
        reason = next(
            (
                u.reason
                for u in lost
                if isinstance(u, Unavailable) and u.needs in (f"migrations {system.name}", _SERVER)
            ),
            "not run",
        )
        return {"status": "unavailable", "reason": reason}
    return {
        "status": "failed" if run.defects else "built",
        "tables": run.tables,
        "statements": run.statements,
        "failures": [
            {"at": str(f.location), "error": f.error, "fate": f.fate} for f in run.failures
        ],
        "not_run": _not_run(run),
        "assumed_roles": list(run.assumed),
    }


_SERVER = "scratch server"


def scripts_shown(assay: Assay) -> dict[str, Any]:
    """The scripts, what came of each, and which SQL files were not taken for one."""
    known = assay.loose_runs if isinstance(assay.loose_runs, tuple) else ()
    runs = {r.name: r for r in known if isinstance(r, SqlRun)}
    shown = []
    for script in assay.project.loose:
        run = runs.get(str(script.location))
        entry: dict[str, Any] = {"path": str(script.location), "tried": run is not None}
        if run is not None:
            fates = Counter(f.fate for f in run.failures)
            entry |= {
                "statements": run.statements,
                "failures": dict(sorted(fates.items())),
                "not_run": _not_run(run),
            }
        shown.append(entry)
    return {
        "tried": shown,
        "left_out": [{"path": s.path, "reason": s.reason} for s in assay.project.left_out],
    }


def _not_run(run: SqlRun) -> list[dict[str, str]]:
    return [{"at": str(n.location), "what": n.what, "reason": n.reason} for n in run.not_run]
