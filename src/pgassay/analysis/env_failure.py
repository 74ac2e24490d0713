"""Why a history's env.py, or the set-up before it, did not get as far as the revisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from pgassay.analysis.environment_lack import environment_lack
from pgassay.analysis.missing_package import package_of
from pgassay.analysis.missing_setting import missing_settings, without_values
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.url_text import masked_url, other_dialect
from pgassay.facts.history import History
from pgassay.facts.location import Location
from pgassay.facts.unavailable import Unavailable

Event = Mapping[str, Any]

# What Alembic dies of when the revision files do not fit together.
_BROKEN = ("CommandError", "CycleDetected", "KeyError", "RevisionError", "SyntaxError")


def env_failure(
    history: History,
    root: str,
    event: Event,
    python: str,
    own_modules: Callable[[str], str],
) -> Unavailable:
    """What was missing, and the next command, as far as the exception tells. `python` is the
    interpreter; `own_modules` tells where the project has a module of that name, "" for nowhere."""
    needs = f"history {history.name}"
    where = _project_frame(root, event)
    error = masked_url(f"{event['type']}: {event['error']}")
    detail = masked_url(without_values(event["traceback"]))
    if other := other_dialect(event["url"]):
        return Unavailable(
            needs,
            f"env.py of {history.name}/ connects to {masked_url(event['url'])}{where}: {other} is "
            "not PostgreSQL, so the revisions could not be run.",
            "If it is deployed on PostgreSQL too, let env.py take its URL from sqlalchemy.url or "
            "from a variable such as DATABASE_URL; if it never is, leave its folder out with "
            "[project] exclude in pgassay.toml.",
            detail,
        )
    name = _missing_module(event)
    if name:
        own = own_modules(name.partition(".")[0])
        if own:
            return Unavailable(
                needs,
                f"env.py of {history.name}/ cannot import {name!r}, which is the project's own "
                f"({own}){where}.",
                _import_from(history, str(PurePath(own).parent)),
                detail,
            )
        return Unavailable(
            needs,
            f"The project's interpreter has no module {name!r}{where}.",
            f"Run `{python} -m pip install {package_of(name)}`, or name the right interpreter with "
            "--python (or [project] python in pgassay.toml).",
            detail,
        )
    lack = environment_lack(event)
    settings = missing_settings(event, lack)
    if settings:
        return _missing(history, f"env.py of {history.name}/", settings, where, detail)
    if event["where"] == "setup":
        return Unavailable(needs, f"The probe could not start: {error}.", "", detail)
    graph = revision_graph(history)
    if event["type"] in _BROKEN and (history.unreadable or graph.missing or graph.cycles):
        return Unavailable(
            needs,
            f"Alembic cannot load the revisions of {history.name}/: {error}.",
            "See HIS006, HIS007 or HIS008.",
            detail,
        )
    when = "after" if event.get("finished") else "before"
    return Unavailable(
        needs,
        f"env.py of {history.name}/ failed {when} the revisions ran: {error}{where}."
        + (lack.said if lack else ""),
        lack.next_step if lack else "Correct that; `pgassay check -vv` shows the traceback.",
        detail,
    )


def revision_lack(history: History, event: Event, location: Location | None) -> Unavailable | None:
    """What to say of a revision that failed for a variable that it did not get, which is no defect
    of the history; None for any other failure."""
    lack = environment_lack(event, of_revision=True)
    if lack is None:
        return None
    revision = f"Revision {event['revision']} of {history.name}/"
    where = f" ({location})" if location else ""
    detail = masked_url(without_values(event["traceback"]))
    if settings := missing_settings(event, lack):
        return _missing(history, revision, settings, where, detail)
    return Unavailable(
        f"history {history.name}",
        f"{revision} failed: {masked_url(event['error'])}{where}.{lack.said}",
        lack.next_step,
        detail,
    )


def _missing(
    history: History, who: str, settings: tuple[str, ...], where: str, detail: str
) -> Unavailable:
    several = len(settings) > 1
    given = " ".join(f"{name}=..." for name in settings)
    return Unavailable(
        f"history {history.name}",
        f"{who} needs the environment variable{'s' * several} {' and '.join(settings)}{where}.",
        f"Run `{given} pgassay check`, or write the value{'s' * several} under "
        "[project.environment] in pgassay.toml; pgassay keeps what it is given from reaching any "
        "server.",
        detail,
    )


def _missing_module(event: Event) -> str:
    if event["type"] == "ModuleNotFoundError":
        return str(event["name"] or event["error"])
    # SQLAlchemy's own words where its asynchronous part lacks it.
    return "greenlet" if "greenlet" in event["error"] and "install" in event["error"] else ""


def _import_from(history: History, folder: str) -> str:
    run = f"`PYTHONPATH={folder} pgassay check`"
    if history.ini is None:
        return f"Run {run}."
    return f"Set `prepend_sys_path = {folder}` in {history.ini.path}, or run {run}."


def _project_frame(root: str, event: Event) -> str:
    below = ((PurePath(f), n) for f, n in event["frames"] if PurePath(f).is_relative_to(root))
    inside = [(f.relative_to(root), n) for f, n in below]
    inside = [(f, n) for f, n in inside if "site-packages" not in f.parts]
    return f" ({inside[-1][0].as_posix()}:{inside[-1][1]})" if inside else ""
