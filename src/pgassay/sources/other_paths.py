"""Building a history again where its revisions find another state, to see if they act otherwise.

At most three runs, of those revisions only that ask something before they act: with what they make
there already, with what they ask for there, and with other variables and arguments.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, get_args

import psycopg

from pgassay.analysis.passed_over import is_of, passed_over
from pgassay.analysis.revision_conditions import revision_conditions
from pgassay.analysis.schema_diff import compare
from pgassay.analysis.sql_identifier import quoted, unquoted
from pgassay.analysis.touched_objects import toucher
from pgassay.facts.catalog import Catalog
from pgassay.facts.comparison import Difference
from pgassay.facts.history import Build, History
from pgassay.facts.other_path import AsksFor, Condition, HistoryPaths, OtherPath
from pgassay.facts.project import Project
from pgassay.postgres.scratch import Database
from pgassay.sources.builds import Built, build_history
from pgassay.sources.history_runs import Detour, Workshop

_IS_OF_SYSTEM = re.compile(r"(PYTHON|LD_|LC_|XDG_)\w*|PATH|HOME|USER|SHELL|LANG|TZ|PWD|TMPDIR")
Asking = tuple[tuple[str, Condition], ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The revisions that were put to the test, and what was shown."""

    tried: frozenset[str] = frozenset()
    shown: tuple[OtherPath, ...] = ()


def other_paths(
    workshop: Workshop, project: Project, history: History, build: Build, purpose: str
) -> HistoryPaths:
    """Of a history that was built. A trial that fails has tried nothing."""
    asking = revision_conditions(history, build)
    tried: dict[AsksFor, frozenset[str]] = dict.fromkeys(get_args(AsksFor), frozenset())
    shown: list[OtherPath] = []

    def run(name: str, detour: Detour, *, lenient: bool = False) -> Built:
        remedies: dict[str, Any] | None = {} if lenient else None
        return build_history(
            workshop, project, history, f"{purpose}_{name}", remedies=remedies, detour=detour
        )

    def note(kind: AsksFor, trial: Trial, put: Collection[str]) -> None:
        """Of the revisions that were `put` to it, those are tried that the trial tried."""
        tried[kind] = (tried[kind] - set(put)) | trial.tried
        shown.extend(trial.shown)

    again = frozenset(r for r, c in asking if c.kind == "objects")
    if again:
        note("objects", _again(build, run("again", Detour(twice=again), lenient=True)), again)
    absent = _absent(build, asking)
    if absent:
        detour = Detour(before={r: [_planted(n) for n in names] for r, names in absent.items()})
        note("objects", _with_objects(build, absent, run("there", detour, lenient=True)), absent)
    settings = _settings(asking)
    if settings:
        variables = {n: v for n, v in settings.items() if not n.startswith("-x ")}
        arguments = [f"{n[3:]}={v}" for n, v in settings.items() if n.startswith("-x ")]
        detour = Detour(variables=variables, arguments=arguments)
        note("environment", _elsewhere(build, asking, settings, run("set", detour)), ())
    every = {r for r, _ in asking}
    return HistoryPaths(
        history.name,
        asking,
        frozenset(r for r in every if all(r in tried[c.kind] for x, c in asking if x == r)),
        tuple(shown),
    )


def _again(build: Build, built: Built) -> Trial:
    """With what each revision makes there already, in another shape."""
    distorted = [e for e in built.events if e["event"] == "distorted" and e["objects"]]
    differences = _differences(build, built)
    if differences is None or built.database is None:
        return Trial()
    oids = {o[4] for e in distorted for o in e["objects"]}
    names, columns = _called_now(built.database, oids)
    shown = []
    for revision, states in passed_over(built.events, names, columns).items():
        kept = tuple(d for d in differences if any(is_of(s, d) for s in states))
        found = tuple(s for s in states if any(is_of(s, d) for d in kept))
        if kept:
            shown.append(OtherPath(revision, "", kept, found))
    return Trial(frozenset(e["revision"] for e in distorted), tuple(shown))


def _called_now(
    database: Database, oids: Iterable[str]
) -> tuple[dict[str, tuple[str, str]], dict[tuple[str, int], str]]:
    """Relations and columns may have been renamed since."""
    asked = [int(oid) for oid in oids]
    relations, columns = [], []
    with contextlib.suppress(psycopg.Error), database.connect() as connection:
        relations = connection.execute(
            "SELECT c.oid::text, n.nspname, c.relname FROM pg_catalog.pg_class c "
            "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ANY (%s)",
            [asked],
        ).fetchall()
        columns = connection.execute(
            "SELECT a.attrelid::text, a.attnum, a.attname FROM pg_catalog.pg_attribute a "
            "WHERE a.attrelid = ANY (%s) AND a.attnum > 0 AND NOT a.attisdropped",
            [asked],
        ).fetchall()
    return {o: (s, n) for o, s, n in relations}, {(o, number): n for o, number, n in columns}


def _absent(build: Build, asking: Asking) -> dict[str, list[str]]:
    """By revision, the relations that it asks for and that no revision makes."""
    if build.touches is None:
        return {}
    made = {unquoted(t.name).rpartition(".")[2] for t in build.touches}
    found: dict[str, list[str]] = {}
    for revision, condition in asking:
        for name in condition.names if condition.kind == "objects" else ():
            if name.rpartition(".")[2] not in made and name not in found.get(revision, ()):
                found.setdefault(revision, []).append(name)
    return found


def _planted(name: str) -> str:
    place = ".".join(quoted(part) for part in name.split("."))
    return (
        f"DO $pgassay$ BEGIN CREATE TABLE {place} (pgassay_column integer); "
        "EXCEPTION WHEN OTHERS THEN NULL; END $pgassay$"
    )


def _with_objects(build: Build, absent: dict[str, list[str]], built: Built) -> Trial:
    """With the relations there that each revision asks for. A failure may be for want of columns
    that only a real one has, and tells nothing."""
    differences = _differences(build, built)
    if differences is None:
        return Trial()
    failed = {e["revision"] for e in built.events if e["event"] == "failed"}
    planted = {n.rpartition(".")[2] for names in absent.values() for n in names}
    other = [d for d in differences if d.table not in planted]
    by_revision = _by_revision(build, built, other, list(absent))
    shown = []
    for revision, kept in by_revision.items():
        if revision not in failed:
            shown.append(OtherPath(revision, f"with {' and '.join(absent[revision])} there", kept))
    return Trial(frozenset(set(absent) - failed), tuple(shown))


def _settings(asking: Asking) -> dict[str, str]:
    """Another value than there is now, of each variable and argument that is read, but for those
    that the interpreter itself lives by."""
    found: dict[str, str] = {}
    for _, condition in asking:
        for name in condition.names if condition.kind == "environment" else ():
            if _IS_OF_SYSTEM.fullmatch(name):
                continue
            now = os.environ.get(name)
            values = [v for v in condition.values if v != now]
            found.setdefault(name, values[0] if values else "1" if now != "1" else "0")
    return found


def _elsewhere(build: Build, asking: Asking, settings: dict[str, str], built: Built) -> Trial:
    """With other variables and arguments."""
    differences = _differences(build, built)
    if differences is None:
        return Trial()
    reading: dict[str, list[str]] = {}
    for revision, condition in asking:
        if condition.kind == "environment" and settings.keys() >= set(condition.names):
            reading.setdefault(revision, []).extend(condition.names)
    shown = []
    for revision, kept in _by_revision(build, built, differences, list(reading)).items():
        names = dict.fromkeys(reading[revision])
        said = " and ".join(f"{n}={settings[n]}" for n in names)
        shown.append(OtherPath(revision, f"with {said}", kept))
    return Trial(frozenset(reading), tuple(shown))


def _differences(build: Build, built: Built) -> tuple[Difference, ...] | None:
    """Between that run and the history's build; None where it came to no end."""
    again = built.build
    if not isinstance(again, Build) or again.failure is not None:
        return None
    if not isinstance(again.catalog, Catalog) or not isinstance(build.catalog, Catalog):
        return None
    return compare({"found": again.catalog, "expected": build.catalog}).differences


def _by_revision(
    build: Build, built: Built, differences: Iterable[Difference], asking: list[str]
) -> dict[str, tuple[Difference, ...]]:
    """Each difference with the revision that made the object in one run or the other; where that
    is none of those that ask, with the first."""
    there = built.build.touches if isinstance(built.build, Build) else None
    found: dict[str, tuple[Difference, ...]] = {}
    for difference in differences:
        makers = [toucher(t or (), difference) for t in (there, build.touches)]
        revision = next((m for m in makers if m in asking), asking[0])
        found[revision] = (*found.get(revision, ()), difference)
    return found
