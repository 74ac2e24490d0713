"""How the rows of two databases differ, as JSON: a contract with its schema beside."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Final

from pgassay import __version__
from pgassay.facts.data_diff import (
    DataDiff,
    DiffedDatabase,
    RowDifference,
    RowDifferences,
    TableDiff,
)
from pgassay.facts.table_digest import TableDigest
from pgassay.facts.unavailable import Unavailable

SCHEMA_VERSION: Final = 1


def render_data_diff_json(diff: DataDiff) -> str:
    """The comparison with its keys in the contract's order; tables by name, in ASCII."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pgassay", "version": __version__},
        "started_at": diff.started_at,
        "duration_s": diff.seconds,
        "verdict": diff.verdict,
        "a": _side(diff.a),
        "b": _side(diff.b),
        "values_shown": diff.values_shown,
        "tables": [_table(table) for table in diff.tables],
        "passed_over": [{"name": one, "kind": kind} for one, kind in diff.passed_over],
        "notes": list(diff.notes),
        "unavailable": [_lost(one) for one in diff.unavailable],
    }
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _side(side: DiffedDatabase) -> dict[str, Any]:
    return {
        "url": side.url,
        "database": side.database,
        "version": side.version,
        "snapshot_at": side.at or None,
        "standby": side.standby,
        "left_out": dict(side.left_out),
    }


def _table(table: TableDiff) -> dict[str, Any]:
    return {
        "schema": table.schema,
        "table": table.table,
        "status": table.status.replace(" in ", "-").replace(" ", "-").lower(),
        "key": list(table.key),
        "columns_only_a": list(table.columns_only_a),
        "columns_only_b": list(table.columns_only_b),
        "retyped": [{"column": one.name, "a": one.a, "b": one.b} for one in table.retyped],
        "not_compared": list(table.not_compared),
        "a": _digest(table.a),
        "b": _digest(table.b),
        "found": None if table.found is None else _found(table.key, table.found),
        "money": [
            {
                "column": one.column,
                "currency": one.currency,
                "difference": one.difference,
            }
            for one in table.money
        ],
        "unavailable": [_lost(one) for one in table.unavailable],
    }


def _digest(digest: TableDigest | None) -> dict[str, Any] | None:
    if digest is None:
        return None
    shown = digest.to_json()
    shown["column_sums"] = dict(digest.column_sums)
    return shown


def _found(key: tuple[str, ...], found: RowDifferences) -> dict[str, Any]:
    return {
        "changed": found.changed,
        "only_a": found.only_a,
        "only_b": found.only_b,
        "exact": found.exact,
        "buckets": found.buckets,
        "buckets_differing": found.buckets_differing,
        "buckets_read": found.buckets_read,
        "columns": [{"column": one.name, "rows": one.rows} for one in found.columns],
        "rows": [_row(key, row) for row in found.rows],
    }


def _row(key: tuple[str, ...], row: RowDifference) -> dict[str, Any]:
    return {
        "status": row.status.replace(" in ", "-").lower(),
        "token": row.token,
        "key": dict(zip(key, row.key, strict=True)) if key else {},
        "columns": list(row.columns),
        "a": dict(row.a) if row.a else None,
        "b": dict(row.b) if row.b else None,
    }


def _lost(lost: Unavailable) -> dict[str, Any]:
    return {"needs": lost.needs, "reason": lost.reason, "next_step": lost.next_step}


def data_diff_schema() -> dict[str, Any]:
    """The published JSON Schema of the comparison."""
    text = resources.files("pgassay.render").joinpath("data_diff.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
