"""The report as JSON: a contract with its schema in report.schema.json beside."""

from __future__ import annotations

import json
from dataclasses import asdict
from importlib import resources
from typing import Any, Final

from pgassay import __version__
from pgassay.findings import Finding
from pgassay.verdict import Report

SCHEMA_VERSION: Final = 1


def render_json(report: Report) -> str:
    """The report with its keys in the contract's order; the findings worst first.

    Only ASCII is written: whatever a name holds, every terminal, file and parser can take it.
    """
    return json.dumps(document(report), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as the JSON-ready document that `render_json` writes."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pgassay", "version": __version__},
        "project": report.project,
        "started_at": report.started_at,
        "duration_s": report.duration_s,
        "unchanged_since": report.unchanged_since or None,
        "verdict": report.verdict.value,
        "checklist": [
            {
                "item": item.item,
                "status": item.status.value,
                "codes": list(item.codes),
                "evidence": item.evidence,
            }
            for item in report.checklist
        ],
        "checks": [
            {"code": result.code, "status": result.status.value, "coverage": result.coverage}
            for result in sorted(report.checks, key=lambda result: result.code)
        ],
        "findings": [
            _finding(finding) for finding in sorted(report.findings, key=lambda f: f.order)
        ],
        "unavailable": [
            {"needs": lost.needs, "reason": lost.reason} for lost in report.unavailable
        ],
        "facts": report.facts,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.value,
        "waived": finding.waived,
        "acceptance": asdict(finding.acceptance) if finding.acceptance else None,
        "subject": finding.subject,
        "location": {"path": place.path, "line": place.line} if place else None,
        "message": finding.message,
        "why": finding.why,
        "fix": finding.fix,
        "evidence": finding.evidence,
    }


def report_schema() -> dict[str, Any]:
    """The published JSON Schema of the report."""
    text = resources.files("pgassay.render").joinpath("report.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
