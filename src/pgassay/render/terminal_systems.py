"""The systems in the terminal report: histories, stamp, and the sides that were compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.text import Text

from pgassay.render.data_summary import rules_in_words, values
from pgassay.render.fact_reader import (
    NOT_GATHERED,
    lacking,
    mapping,
    names,
    records,
    size,
    states,
    text,
)
from pgassay.render.left_out import schema_size, settled
from pgassay.render.plain import name
from pgassay.render.summary import briefly, is_pair
from pgassay.render.terminal_lines import Lines, heading, pairs, styled
from pgassay.render.terminal_sql import other_systems
from pgassay.verdict import Report

_SIDES = {"live": "live database", "history": "built history", "models": "models"}
_MISSING = {"unavailable": NOT_GATHERED}


def systems(report: Report, width: int) -> Lines:
    """A compact table of what was looked at; nothing where the run looked at no system."""
    facts = report.facts
    rows: list[tuple[Text, Text]] = []
    if is_pair(report):
        return heading("Schemas", width) + pairs(_pair(report), width)
    if not facts.keys() & {"histories", "systems", "stamps", "sides"}:
        return []
    if reason := _unavailable(report, facts.get("histories", _MISSING)):
        rows.append((Text("histories"), reason))
    for history in records(facts.get("histories")):
        rows.append((Text(text(history, "name"), style="bold"), _history(history)))
    rows += other_systems(facts)
    if reason := _unavailable(report, facts.get("stamps", _MISSING)):
        rows.append((Text("stamp"), reason))
    for stamp in records(facts.get("stamps")):
        rows.append((Text("stamp"), Text(_stamp(stamp))))
    rows += _sides(report) + _settled(report)
    data = mapping(facts.get("data"))
    if data.get("rules"):
        rows.append((Text("rows"), Text(rules_in_words(data))))
    asked = [(Text(called), Text(value)) for called, value in values(data)]
    queries = heading("Compliance queries", width) + pairs(asked, width) if asked else []
    return heading("Systems", width) + pairs(rows, width) + queries


def _unavailable(report: Report, value: object) -> Text | None:
    reason = "" if value is None else lacking(value)
    return styled(f"unavailable: {briefly(report, reason)}", "yellow") if reason else None


def _history(history: Mapping[str, Any]) -> Text:
    found = states(history)
    counts = [size(history, "revisions", "revision")]
    for state, shown_as in (("pending", "pending"), ("unknown", "not known if applied")):
        if state in found:
            counts.append(f"{found.count(state)} {shown_as}")
    heads = names(history.get("heads"))
    none = "unavailable" if lacking(history.get("heads")) else "none"
    shown = Text("main; " if history.get("main") else "")
    shown.append(", ".join(counts))
    shown.append(f"; {'head' if len(heads) == 1 else 'heads'} {', '.join(heads) or none}; ")
    return shown.append_text(_build(mapping(history.get("build"))))


def _build(build: Mapping[str, Any]) -> Text:
    status = text(build, "status")
    notes = Text("".join(f"; {note}" for note in names(build.get("notes"))), style="yellow")
    if status == "built":
        return Text(f"builds {size(build, 'tables', 'table')}", style="green").append_text(notes)
    if status == "failed":
        cause = text(build, "missing_object")
        why = f"no {cause}" if cause else text(build, "error")
        shown = Text(f"does not build: {text(build, 'revision')}: {why}", style="red")
        return shown.append_text(notes)
    return Text(f"not built: {text(build, 'reason') or 'not tried'}", style="yellow")


def _stamp(stamp: Mapping[str, Any]) -> str:
    if "revisions" not in stamp:
        return f"{text(stamp, 'table')}: unavailable"
    if stamp["revisions"] is None:
        return f"{text(stamp, 'table')}: no such table"
    return f"{text(stamp, 'table')}: {', '.join(names(stamp['revisions'])) or 'no row'}"


def _sides(report: Report) -> list[tuple[Text, Text]]:
    if reason := _unavailable(report, report.facts.get("sides", _MISSING)):
        return [(Text("schemas"), reason)]
    sides = mapping(report.facts.get("sides"))
    rows: list[tuple[Text, Text]] = []
    for side, title in _SIDES.items():
        value = sides.get(side, _MISSING)
        if value is None:
            rows.append((Text(title), Text("none", style="dim")))
        elif reason := _unavailable(report, value):
            rows.append((Text(title), reason))
        else:
            rows.append((Text(title), Text(_size(mapping(value)))))
    return rows


def _pair(report: Report) -> list[tuple[Text, Text]]:
    """Both sides of a comparison: what each is, how much there is of it, and its hash's start."""
    rows: list[tuple[Text, Text]] = []
    for side, value in mapping(report.facts.get("pair")).items():
        facts = value if isinstance(value, Mapping) else {}
        title = Text(f"{name(side)} {text(facts, 'title')}", style="bold")
        if reason := _unavailable(report, value):
            rows.append((title, reason))
            continue
        shown = Text(_size(facts))
        shown.append(f"; hash {text(facts, 'hash')[:12]}", style="dim")
        rows.append((title, shown))
    return rows + _settled(report)


def _settled(report: Report) -> list[tuple[Text, Text]]:
    found = settled(report.facts)
    return [(Text("same texts"), Text(found))] if found else []


def _size(side: Mapping[str, Any]) -> str:
    left_out = [f"{name(what)} {count}" for what, count in mapping(side.get("left_out")).items()]
    return schema_size(side) + (f" (left out: {', '.join(left_out)})" if left_out else "")
