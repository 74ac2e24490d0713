"""The child's course: guard, record, redirect, upgrade, create the models."""

from __future__ import annotations

import json
import os
import site
import sys
import threading
from typing import Any


def main() -> None:
    from pgassay.probe.child.events import Events
    from pgassay.probe.child.guards import Guards
    from pgassay.probe.child.lenient import Lenient
    from pgassay.probe.child.models import create_models
    from pgassay.probe.child.recording import Recording
    from pgassay.probe.child.redirect import Redirect
    from pgassay.probe.child.upgrade import Upgrade

    sys.path[:] = [folder for folder in sys.path[1:] if folder]
    recording = Recording()
    # Python was started without it (-S), so that what .pth files and sitecustomize do is seen too.
    site.main()
    _load_ahead()
    request: dict[str, Any] = json.loads(sys.stdin.readline())
    recording.ours = threading.Thread(target=_end_with_parent, daemon=True)
    recording.ours.start()
    environment = recording.environment
    environment.begin(request["root"], request["withheld"])
    events = Events(environment.lacking)
    _stand_in_project(request["run_directory"], request["root"])
    recording.scratch = str(request["scratch"]["host"])
    upgrade = Upgrade(request, events)
    Guards(
        request["scratch"],
        lambda what: events.send("outside", revision=upgrade.revision, what=what),
    ).install()
    try:
        import alembic
        import sqlalchemy
    except ImportError as error:
        events.failed("setup", error)
        return
    events.send(
        "ready",
        python=sys.version.split()[0],
        sqlalchemy=sqlalchemy.__version__,
        alembic=alembic.__version__,
    )
    redirect = Redirect(request["scratch"], request["sentinels"], events)
    redirect.install()
    if request["lenient"]:
        Lenient(request["remedies"], lambda: upgrade.revision, events).install()
    upgrade.run()
    is_wanted = request["models_database"] or request["carried_rules"]
    if is_wanted and (upgrade.configured or request["metadata"]):
        upgrade.revision = ""
        create_models(
            upgrade.metadata,
            request["metadata"],
            redirect.driver or request["driver"],
            redirect,
            request["models_database"],
            events,
        )
    events.send("done", files=recording.opened_in(request["root"]), reads=recording.said())


def _load_ahead() -> None:
    """Import what every request needs, while the parent still gets the databases ready. What is
    missing is reported once there is a request."""
    try:
        import sqlalchemy  # noqa: F401
    except Exception:
        return


def _end_with_parent() -> None:
    """Standard input ends when the parent does, however it ended."""
    sys.stdin.read()
    os._exit(9)


def _stand_in_project(run_directory: str, root: str) -> None:
    """Be where the project's own commands run, and import from there, as `python -m` does; the
    project's folders last. A project that is itself a package is imported from above it."""
    os.chdir(run_directory)
    above = root
    while os.path.isfile(os.path.join(above, "__init__.py")):
        above = os.path.dirname(above)
    for folder in (run_directory, root, above):
        if folder not in sys.path:
            sys.path.append(folder)
