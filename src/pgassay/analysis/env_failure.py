"""Why a history's env.py, or the set-up before it, did not get as far as the revisions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any

from pgassay.analysis.missing_package import package_of
from pgassay.analysis.missing_setting import missing_settings, without_values
from pgassay.analysis.revision_graph import revision_graph
from pgassay.analysis.url_text import masked_url
from pgassay.facts.history import History
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
    settings = missing_settings(event)
    if settings:
        several = len(settings) > 1
        given = " ".join(f"{name}=..." for name in settings)
        return Unavailable(
            needs,
            f"env.py of {history.name}/ needs the environment variable{'s' * several} "
            f"{' and '.join(settings)}{where}.",
            f"Run `{given} pgassay check`; pgassay keeps the value{'s' * several} from reaching "
            "any server.",
            detail,
        )
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
        f"env.py of {history.name}/ failed {when} the revisions ran: {error}{where}.",
        "Correct that; `pgassay check -vv` shows the traceback.",
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
    inside = [(f, n) for f, n in event["frames"] if f.startswith(root) and "site-packages" not in f]
    if not inside:
        return ""
    path, line = inside[-1]
    return f" ({PurePath(path).relative_to(root).as_posix()}:{line})"
