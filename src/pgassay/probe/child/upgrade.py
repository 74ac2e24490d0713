"""Executing a history through the project's own env.py, on the scratch database.

`ScriptDirectory._upgrade_revs` gives the steps that `alembic upgrade` would take (Alembic 1.8 to
1.20); each is wrapped, so that every statement is known to belong to a revision. The version
column is made wide on scratch, since an id that is too long would hide what comes after it.
"""

from __future__ import annotations

import os
from typing import Any

from pgassay.probe.child.events import Events

WIDE = 1000
NOTHING = "nothing"
"""The target of a run that only shows where env.py connects."""


class Upgrade:
    """After `run()`, `metadata` holds the target_metadata that env.py gave, None without one."""

    def __init__(self, request: dict[str, Any], events: Events) -> None:
        self.request = request
        self.events = events
        self.revision = ""
        self.metadata: Any = None
        self.configured = False
        self.ran = False
        self.finished = False

    def run(self) -> bool:
        """Whether the target was reached. What went wrong has been reported."""
        try:
            self._run()
        except BaseException as error:
            where = "revision" if self.revision else "env"
            self.events.failed(where, error, revision=self.revision, finished=self.finished)
            if not isinstance(error, Exception) and not isinstance(error, SystemExit):
                raise
            return False
        if not self.ran:
            self.events.send("idle", configured=self.configured)
            return False
        self.events.send("upgraded")
        return True

    def _run(self) -> None:
        from alembic.config import Config
        from alembic.runtime.environment import EnvironmentContext
        from alembic.script import ScriptDirectory

        ini = self.request["ini"]
        config = Config(ini or None, ini_section=self.request["section"])
        if not self.request["own_ini"]:
            locations = self.request["version_directories"]
            config.set_main_option("script_location", _literal(self.request["script_directory"]))
            config.set_main_option("path_separator", "os")
            config.set_main_option("version_path_separator", "os")
            config.set_main_option("version_locations", _literal(os.pathsep.join(locations)))
        # By this a guard in env.py (pgassay.guard) knows that nothing real is migrated.
        config.attributes["pgassay_scratch"] = True
        if not _names_database(config):
            config.set_main_option("sqlalchemy.url", self.request["stand_in_url"])
        script = ScriptDirectory.from_config(config)
        self._watch_statements()
        self._watch_configure(EnvironmentContext)
        self._watch_end(EnvironmentContext)
        target = self.request["target"]
        wanted = tuple(target) if isinstance(target, list) else target

        def steps(current: Any, _: Any) -> list[Any]:
            self.ran = True
            if wanted == NOTHING:
                return []
            return [self._wrapped(step) for step in script._upgrade_revs(wanted, current)]

        with EnvironmentContext(config, script, fn=steps, as_sql=False, destination_rev="heads"):
            if self.request["env"]:
                script.run_env()
            else:
                self._own_env()

    def _own_env(self) -> None:
        """For revision files that have no env.py of their own."""
        from alembic import context
        from sqlalchemy import create_engine

        engine = create_engine(self.request["stand_in_url"])
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

    def _wrapped(self, step: Any) -> Any:
        migrate = step.migration_fn

        def recorded(*arguments: Any, **values: Any) -> Any:
            self.revision = step.revision.revision
            self.events.send("revision", id=self.revision)
            return migrate(*arguments, **values)

        step.migration_fn = recorded
        return step

    def _watch_statements(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        def before(_: Any, __: Any, statement: str, *___: Any) -> None:
            if self.revision:
                self.events.send("statement", revision=self.revision, sql=statement[:4000])
            elif "version_num" in statement:
                self.events.send("version-table", sql=statement[:4000])

        event.listen(Engine, "before_cursor_execute", before)

    def _watch_configure(self, kind: Any) -> None:
        original = kind.configure

        def configure(environment: Any, *arguments: Any, **values: Any) -> Any:
            result = original(environment, *arguments, **values)
            self.configured = True
            self.metadata = values.get("target_metadata", self.metadata)
            context = environment.get_context()
            table = context._version
            kind_of_id = table.c.version_num.type
            own = getattr(kind_of_id, "length", None) or WIDE
            kind_of_id.length = WIDE
            self.events.send(
                "configured",
                table=table.name,
                schema=table.schema,
                width=WIDE,
                own_width=own,
            )
            return result

        kind.configure = configure

    def _watch_end(self, kind: Any) -> None:
        """What env.py does after the last revision is no revision's doing."""
        original = kind.run_migrations

        def run_migrations(*arguments: Any, **values: Any) -> Any:
            result = original(*arguments, **values)
            self.revision, self.finished = "", True
            self.events.send("finished")
            return result

        kind.run_migrations = run_migrations


def _names_database(config: Any) -> bool:
    """Whether the ini has a URL, be it one whose `%(user)s` env.py has yet to fill in."""
    from configparser import InterpolationError

    try:
        return bool(config.get_main_option("sqlalchemy.url"))
    except InterpolationError:
        return True


def _literal(text: str) -> str:
    """For an ini value, where % begins an interpolation."""
    return text.replace("%", "%%")
