"""The record of a gate: the smallest thing that `pgassay.guard` can judge a migration by."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pgassay.guard import SCHEMA_VERSION, content_hash
from pgassay.verdict import Report


def gate_record(report: Report, previous: str | None) -> dict[str, Any]:
    """The record of `report`. `previous` is the hash of the record it takes the place of.

    `database` is None where none was read, `heads` are those of the history that production
    follows.
    """
    server = report.facts.get("server")
    named = isinstance(server, dict) and "database" in server
    histories = report.facts.get("histories") or []
    main: dict[str, Any] = next((h for h in histories if h.get("main")), {})
    return _sealed(
        verdict=str(report.verdict),
        time=report.started_at,
        database={
            "name": server["database"],
            "oid": str(server["database_oid"] or ""),
            "system_identifier": server["system_identifier"],
        }
        if named and isinstance(server, dict)
        else None,
        history=main.get("name", ""),
        heads=sorted(main.get("heads", [])),
        previous=previous,
    )


def unfinished_record(time: str, previous: str | None) -> dict[str, Any]:
    """Of a gate that has begun (`time`, ISO 8601) and not come to a verdict: if it never does, the
    one before it no longer counts either."""
    return _sealed(
        verdict="unknown", time=time, database=None, history="", heads=[], previous=previous
    )


def hash_of_record(path: Path) -> str | None:
    """The hash in the record at `path`; None where there is none that can be read."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    given = found.get("hash") if isinstance(found, dict) else None
    return given if isinstance(given, str) else None


def record_text(record: dict[str, Any]) -> str:
    return json.dumps(record, indent=2, ensure_ascii=True) + "\n"


def _sealed(**content: Any) -> dict[str, Any]:
    record = {"schema_version": SCHEMA_VERSION, "kind": "gate", **content}
    return {**record, "hash": content_hash(record)}
