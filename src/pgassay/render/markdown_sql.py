"""The systems that are not Alembic's, and the SQL scripts beside them, in the Markdown report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgassay.render.fact_reader import mapping, records, size, text
from pgassay.render.markdown_text import bullets, code, escape, paragraphs, table

_LEFT_OUT_AT_MOST = 30


def other_systems(facts: Mapping[str, Any]) -> list[str]:
    """A part for each system, and one for the scripts."""
    parts = [_system(system) for system in records(facts.get("systems"))]
    scripts = mapping(facts.get("scripts"))
    tried, left_out = records(scripts.get("tried")), records(scripts.get("left_out"))
    if tried or left_out:
        parts.append(paragraphs("#### SQL scripts of no system", _scripts(tried, left_out)))
    return parts


def _system(system: Mapping[str, Any]) -> str:
    state = text(system, "state_table")
    facts = [
        f"**Written for:** {escape(text(system, 'dialect'))}",
        f"**Writes what it applied to:** {code(state) if state else 'nothing'}",
        f"**Run on scratch:** {_run(mapping(system.get('run')))}",
    ]
    rows = [
        [
            code(text(file, "version")) if text(file, "version") else "",
            escape(text(file, "role")),
            escape(text(file, "summary")),
            code(text(file, "path")),
            "yes" if file.get("down") else "no",
        ]
        for file in records(system.get("files"))
    ]
    return paragraphs(
        f"#### System {code(text(system, 'name'))}: {escape(text(system, 'kind'))}, "
        + size(system, "files", "file"),
        bullets(facts),
        table(["Version", "Role", "Summary", "File", "Can be undone"], rows),
    )


def _run(run: Mapping[str, Any]) -> str:
    status = text(run, "status")
    if status == "built":
        return f"yes, {size(run, 'tables', 'table')}"
    if status == "failed":
        failures = [f for f in records(run.get("failures")) if text(f, "fate") == "fails"]
        said = "; ".join(
            f"{code(text(f, 'at'))} fails: {escape(text(f, 'error'))}" for f in failures[:5]
        )
        return f"NO, {said}"
    return f"{escape(status)} ({escape(text(run, 'reason'))})"


def _scripts(tried: list[Mapping[str, Any]], left_out: list[Mapping[str, Any]]) -> str:
    rows = [[code(text(script, "path")), _outcome(script)] for script in tried]
    rows += [
        [code(text(s, "path")), f"not taken: {escape(text(s, 'reason'))}"]
        for s in left_out[:_LEFT_OUT_AT_MOST]
    ]
    shown = table(["File", "On the built schema"], rows)
    further = len(left_out) - _LEFT_OUT_AT_MOST
    more = (
        f"{further} more files were not taken; the JSON report names them." if further > 0 else ""
    )
    return paragraphs(shown, more)


def _outcome(script: Mapping[str, Any]) -> str:
    if not script.get("tried"):
        return "unavailable"
    failures = mapping(script.get("failures"))
    words = {
        "fails": "fail",
        "follows": "fail for that reason",
        "already": "are applied already",
        "unknown": "could not be judged",
    }
    parts = [f"{count} {words.get(fate, fate)}" for fate, count in failures.items()]
    total = size(script, "statements", "statement")
    return f"{total}: {', '.join(parts)}" if parts else f"{total}, all work"
