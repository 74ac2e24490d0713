"""Reading what the probe's child said of a build: events -> facts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from pgassay.analysis.dialect_failure import dialect_failure
from pgassay.analysis.env_failure import env_failure, revision_lack
from pgassay.analysis.environment_lack import environment_lack
from pgassay.analysis.missing_object import missing_object
from pgassay.analysis.url_text import masked_url
from pgassay.facts.history import (
    Build,
    BuildFailure,
    HandedOver,
    History,
    OutsideAttempt,
    Statement,
)
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable

Event = Mapping[str, Any]

_VERSION_WIDTH = re.compile(
    r"version_num\b[^,;()]*(?:character varying|varchar)\s*\(\s*(\d+)\s*\)", re.IGNORECASE
)
# Failures that are no build's: of the models, and of statements that were left out.
_APART = ("models", "statement")
_NO_EXTENSION = re.compile(
    r'extension "([^"]+)" is not available|extension control file "[^"]*/([^"/]+)\.control"'
)
_NOWHERE = "pgassay.invalid"
_STAND_IN = f"{_NOWHERE}/pgassay"


def build_from_events(
    history: History,
    root: str,
    events: Sequence[Event],
    python: str = "python",
    own_modules: Callable[[str], str] = lambda _: "",
) -> Build | Unavailable:
    """The build that `events` tell of: `catalog` is None, to be read from the scratch database.

    Unavailable where env.py or the set-up failed, or where no migration was run: nothing is then
    known of the history, for better or worse. `python` is the interpreter that ran it;
    `own_modules` tells where the project itself has a module of that name, "" for nowhere.
    """
    failures = [e for e in events if e["event"] == "failed" and e["where"] not in _APART]
    for failure in failures:
        if failure["where"] != "revision":
            return env_failure(history, root, failure, python, own_modules)
    if not failures and not any(e["event"] == "upgraded" for e in events):
        return _silent(history, events)
    files = {r.id for r in history.revisions}
    unseen = [e["id"] for e in events if e["event"] == "revision" and e["id"] not in files]
    if unseen and not any(u.computed for u in history.unreadable):
        return Unavailable(
            f"history {history.name}",
            f"Alembic ran {', '.join(unseen)}, which stands in no file that was read for "
            f"{history.name}/.",
            "See which folders env.py or the ini give as version_locations.",
        )
    configured = next((e for e in events if e["event"] == "configured"), {})
    statements = tuple(
        Statement(e["revision"], e["sql"], tuple(e.get("filled", ())))
        for e in _last_run(events)
        if e["event"] == "statement"
    )
    connects = [e for e in events if e["event"] == "connect"]
    asked = requested_url(events)
    failed = _failure(history, failures[0]) if failures else None
    if failed is not None:
        foreign = dialect_failure(history, failures[0], events, asked, failed.location)
        lacking = foreign or revision_lack(history, failures[0], failed.location)
        if lacking is not None:
            return lacking
    return Build(
        history=history.name,
        version_table=configured.get("table") or "alembic_version",
        version_schema=configured.get("schema"),
        version_width=_width(events, configured),
        failure=failed,
        statements=statements,
        files_read=_files(events, root),
        outside=tuple(
            OutsideAttempt(e["revision"], masked_url(e["what"]))
            for e in events
            if e["event"] == "outside" and e["revision"]
        ),
        requested_url=asked,
        url_variable=next((e["variable"] for e in connects if e["variable"]), ""),
        handed_over=_handed_over(events),
    )


def lacking_extension(events: Sequence[Event]) -> str:
    """The extension that ended the run since the server's installation has it not; "" for none."""
    for event in events:
        is_failure = event["event"] == "failed" and event["where"] == "revision"
        if is_failure and (found := _NO_EXTENSION.search(event["error"])):
            return found[1] or found[2]
    return ""


def requested_url(events: Sequence[Event]) -> str:
    """The database that env.py asked for, masked; "" for what a variable of ours gave. The stand-in
    was asked for where an ini names another dialect: then that is what stands there."""
    connects = [e for e in events if e["event"] == "connect"]
    for event in connects:
        if _NOWHERE not in event["url"]:
            return str(event["url"])
    instead = next((e["instead"] for e in events if e["event"] == "stand-in"), "")
    by_ini = any(e["url"].endswith(_STAND_IN) for e in connects) and not _handed_over(events)
    return masked_url(instead) if by_ini else ""


def _handed_over(events: Sequence[Event]) -> HandedOver | None:
    given = [e for e in events if e["event"] == "handed-over"]
    if not given:
        return None
    return HandedOver(tuple(given[-1]["names"]), given[-1]["kind"], masked_url(given[-1]["why"]))


def _last_run(events: Sequence[Event]) -> Sequence[Event]:
    """Since a connection was handed over for the last time: what came before was rolled back."""
    starts = [n for n, e in enumerate(events) if e["event"] == "handed-over"]
    return events[starts[-1] :] if starts else events


def _files(events: Sequence[Event], root: str) -> tuple[str, ...]:
    opened = [PurePath(f) for e in events if e["event"] == "done" for f in e["files"]]
    return tuple(f.relative_to(root).as_posix() for f in opened if f.is_relative_to(root))


def _failure(history: History, event: Event) -> BuildFailure:
    revision = next((r for r in history.revisions if r.id == event["revision"]), None)
    location = None
    if revision is not None:
        name = PurePath(revision.location.path).name
        lines = [n for f, n in event["frames"] if PurePath(f).name == name]
        location = Location(revision.location.path, lines[-1] if lines else None)
    return BuildFailure(
        revision=event["revision"],
        error=masked_url(event["error"]),
        statement=event["statement"],
        missing_object=missing_object(event["error"]),
        location=location,
    )


def _silent(history: History, events: Sequence[Event]) -> Unavailable:
    configured = any(e["event"] == "configured" for e in events)
    return Unavailable(
        f"history {history.name}",
        f"env.py of {history.name}/ ended without running migrations"
        + ("." if configured else ", and never called context.configure()."),
        "See that env.py calls context.configure() and context.run_migrations() when it is run "
        "online.",
    )


def _width(events: Sequence[Event], configured: Event) -> int:
    """The last width that the project itself gives version_num, in a revision or in env.py;
    `width` is what the child made of it for the scratch database, `own_width` what it was."""
    said = [e["sql"] for e in events if e["event"] in ("statement", "version-table")]
    widths = [int(n) for sql in said for n in _VERSION_WIDTH.findall(sql)]
    ours, own = configured.get("width"), configured.get("own_width")
    return next((w for w in reversed(widths) if w != ours), own or 32)


def models_unavailable(events: Sequence[Event], build: Build | Unavailable) -> Unavailable | None:
    """Why the models could not be created; None where they were. `build` is what came of the
    history whose env.py names them."""
    if any(e["event"] == "models" for e in events):
        return None
    name_them = (
        'Set [models] metadata = "package.module:Base.metadata" in pgassay.toml, or '
        "[models] none = true if there are none."
    )
    failed = next((e for e in events if e["event"] == "failed" and e["where"] == "models"), None)
    if failed is not None:
        lack = environment_lack(failed)
        said = f"The models cannot be created: {failed['type']}: {failed['error']}."
        step = "Correct the model, or name what is missing; -vv shows the traceback."
        return Unavailable(
            "models",
            masked_url(said) + (lack.said if lack else ""),
            lack.next_step if lack else step,
            masked_url(failed["traceback"]),
        )
    empty = next((e for e in events if e["event"] == "no-models"), None)
    if empty is not None and empty["given"]:
        return Unavailable(
            "models",
            "The metadata that env.py gives as target_metadata has no tables: it imports no module "
            "that defines models, so comparing with it would prove nothing.",
            "Import the models in env.py. " + name_them,
        )
    if empty is not None:
        return Unavailable("models", "env.py gives no target_metadata.", name_them)
    why = f" {build.reason}" if isinstance(build, Unavailable) else ""
    return Unavailable("models", f"env.py did not get as far as naming the models.{why}")
