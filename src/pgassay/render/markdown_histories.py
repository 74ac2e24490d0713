"""Migration state in the Markdown report: each system with its revisions, state and build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgassay.render.fact_reader import lacking, mapping, names, records, size, text
from pgassay.render.markdown_sql import other_systems
from pgassay.render.markdown_text import bullets, code, codes, escape, fence, paragraphs, table
from pgassay.render.plain import clean, counted
from pgassay.render.summary import absence
from pgassay.verdict import Report


def histories(report: Report) -> str:
    """The current state, then each migration system."""
    facts = report.facts
    if reason := absence(report, facts.get("histories")):
        systems = f"Migration systems: unavailable ({escape(reason)})."
        return paragraphs("#### Current state", bullets([systems, *_stamps(report)]))
    systems_found = records(facts.get("histories"))
    if not systems_found and not records(facts.get("systems")):
        none = "The project has no migration history."
        return paragraphs("#### Current state", bullets([none, *_stamps(report)]))
    return paragraphs(
        "#### Current state",
        bullets([_overview(systems_found, records(facts.get("systems"))), *_stamps(report)]),
        *(_system(history) for history in systems_found),
        *other_systems(facts),
        _entry_points(records(facts.get("entry_points"))),
    )


def _entry_points(entries: list[Mapping[str, Any]]) -> str:
    """What runs migrations, and on which history."""
    if not entries:
        return ""
    rows = [
        [
            code(text(entry, "location")),
            code(text(entry, "command")),
            code(text(entry, "history")) if text(entry, "history") else "not told",
            codes([text(v, "name") for v in records(entry.get("variables"))]) or "none",
        ]
        for entry in entries
    ]
    header = ["Where", "Command", "History", "URL variables set there"]
    return paragraphs("#### What runs migrations", table(header, rows))


def _overview(systems: list[Mapping[str, Any]], others: list[Mapping[str, Any]]) -> str:
    folders = [
        f"{code(text(h, 'name'))} ({size(h, 'revisions', 'revision')}"
        f"{', followed by production' if h.get('main') else ''})"
        for h in systems
    ]
    folders += [
        f"{code(text(s, 'name'))} ({escape(text(s, 'kind'))}, {size(s, 'files', 'file')})"
        for s in others
    ]
    return f"**{counted(len(folders), 'migration system')}:** {', '.join(folders)}"


def _stamps(report: Report) -> list[str]:
    stamped = report.facts.get("stamps")
    if reason := absence(report, stamped):
        return [f"**Stamp of the database:** unavailable ({escape(reason)})"]
    return [_stamp(stamp) for stamp in records(stamped)] or [
        "**Stamp of the database:** none was found"
    ]


def _stamp(stamp: Mapping[str, Any]) -> str:
    rows = stamp.get("revisions", [])
    held = "no such table" if rows is None else codes(names(rows)) or "no row"
    held = held if "revisions" in stamp else "unavailable"
    return f"**Stamp of the database** in {code(text(stamp, 'table'))}: {held}"


def _system(history: Mapping[str, Any]) -> str:
    revisions = records(history.get("revisions"))
    main = " (followed by production)" if history.get("main") else ""
    url = text(history, "url")
    ini = text(history, "ini")
    env = text(history, "env")
    facts = [
        f"**Configured by:** {code(ini) if ini else 'no ini file'}, "
        f"{code(env) if env else 'no env.py'}",
        f"**Database it names:** {code(url) if url else 'none'}",
        f"**Heads:** {_listed(history, 'heads')}",
        f"**Bases:** {_listed(history, 'bases')}",
        f"**Built from scratch:** {_build(mapping(history.get('build')))}",
    ]
    return paragraphs(
        f"#### System {code(text(history, 'name'))}{main}: "
        + size(history, "revisions", "revision"),
        bullets(facts),
        _error(mapping(history.get("build"))),
        _revisions(revisions),
    )


def _listed(history: Mapping[str, Any], key: str) -> str:
    none = "unavailable" if lacking(history.get(key)) else "none"
    return codes(names(history.get(key))) or none


def _build(build: Mapping[str, Any]) -> str:
    status = text(build, "status")
    notes = "".join(f"; {escape(note)}" for note in names(build.get("notes")))
    if status == "built":
        return f"yes, {size(build, 'tables', 'table')}{notes}"
    if status == "failed":
        missing = text(build, "missing_object")
        cause = f": {escape(missing)} does not exist" if missing else ""
        return f"NO, {code(text(build, 'revision'))} fails{cause}{notes}"
    return f"unavailable ({escape(text(build, 'reason') or 'not tried in this run')})"


def _error(build: Mapping[str, Any]) -> str:
    """The error in full, unless the line above has said as much."""
    error = clean(build.get("error") or "").strip()
    missing = text(build, "missing_object")
    said = bool(missing) and missing in error and "\n" not in error
    return fence(error) if text(build, "status") == "failed" and error and not said else ""


def _revisions(revisions: list[Mapping[str, Any]]) -> str:
    if not revisions:
        return ""
    rows = [
        [
            str(number),
            code(text(revision, "id")),
            codes(names(revision.get("parents"))) or "none",
            escape(text(revision, "summary")),
            code(text(revision, "path")),
            escape(text(revision, "state") or "unknown"),
        ]
        for number, revision in enumerate(revisions, 1)
    ]
    return table(["#", "Revision", "Follows", "Summary", "File", "State"], rows)
