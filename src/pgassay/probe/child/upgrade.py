"""Executing a history through the project's own env.py, on the scratch database.

`ScriptDirectory._upgrade_revs` and `_downgrade_revs` give the steps that `alembic upgrade` and
`alembic downgrade base` would take (Alembic 1.8 to 1.20); each is wrapped, so that every statement
is known to belong to a revision. The version column is made wide on scratch, since an id that is
too long would hide what comes after it.
"""

from __future__ import annotations

import os
from typing import Any, Callable

from pgassay.probe.child.events import Events, without_addresses
from pgassay.probe.child.filled import filled
from pgassay.probe.child.handover import KINDS, Attributes, handed_over, needs_autocommit
from pgassay.probe.child.other_state import OtherState
from pgassay.probe.child.stand_in import installed, put_stand_in
from pgassay.probe.child.watch import Watch

WIDE = 1000
NOTHING = "nothing"
"""The target of a run that only shows where env.py connects."""


class Upgrade:
    """After `run()`, `metadata` holds the target_metadata that env.py gave, None without one."""

    def __init__(self, request: dict[str, Any], events: Events) -> None:
        self.request = request
        self.events = events
        self.revision = ""
        self.path = ""
        self.metadata: Any = None
        self.context: Any = None
        self.configured = False
        self.ran = False
        self.finished = False
        self.other = OtherState(request["other"], events)

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
        attributes = config.attributes = Attributes({"pgassay_scratch": True})
        self.other.configure(config)
        stand_in = installed(self.request["stand_in_url"])
        other = put_stand_in(config, stand_in)
        if other:
            self.events.send("stand-in", instead=other)
        script = ScriptDirectory.from_config(config)
        self._watch_statements()
        questions = self.request["watch"], self.request["plan"]
        Watch(*questions, lambda: self.revision, self.events).install()
        self._watch_configure(EnvironmentContext)
        self._watch_end(EnvironmentContext)
        target = self.request["target"]
        wanted = tuple(target) if isinstance(target, list) else target

        is_down = self.request["direction"] == "down"

        bottom = wanted[0] if isinstance(wanted, tuple) else "base"

        def steps(current: Any, _: Any) -> list[Any]:
            self.ran = True
            if wanted == NOTHING:
                return []
            if is_down:
                found = script._downgrade_revs(bottom, current)
            else:
                found = script._upgrade_revs(wanted, current)
            return [self._wrapped(step) for step in found]

        end = bottom if is_down else "heads"

        def execute() -> None:
            with EnvironmentContext(config, script, fn=steps, as_sql=False, destination_rev=end):
                if self.request["env"]:
                    script.run_env()
                else:
                    self._own_env(stand_in)

        try:
            execute()
            why = "it ended without running migrations"
        except (Exception, SystemExit) as error:
            if self.ran or not attributes.asked:
                raise
            why = f"{type(error).__name__}: {without_addresses(str(error))}"
        if attributes.asked and not self.ran:
            self._hand_over(execute, attributes, installed(stand_in, sync=True), why)

    def _hand_over(
        self, execute: Callable[[], None], attributes: Attributes, url: str, why: str
    ) -> None:
        """Run env.py again with the connection that it looked for and did not find. `why` is how it
        ended without."""
        # What is to go on past failures needs no transaction around it.
        autocommit, kinds = self.request["lenient"], list(KINDS)
        while kinds and not self.ran:
            self.configured, self.revision = False, ""
            self.events.send(
                "handed-over",
                names=attributes.asked,
                kind=kinds[0] + (" in autocommit" if autocommit else ""),
                why=why,
            )
            try:
                with handed_over(attributes, kinds[0], url, autocommit=autocommit):
                    execute()
            except (Exception, SystemExit) as error:
                if self.ran and not autocommit and needs_autocommit(error):
                    autocommit, self.ran = True, False
                    continue
                if self.ran or len(kinds) == 1:
                    raise
            kinds.pop(0)

    def _own_env(self, url: str) -> None:
        """For revision files that have no env.py of their own."""
        from alembic import context
        from sqlalchemy import create_engine

        engine = create_engine(url)
        with engine.connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

    def _wrapped(self, step: Any) -> Any:
        migrate = step.migration_fn

        def recorded(*arguments: Any, **values: Any) -> Any:
            revision = step.revision.revision
            self.revision = ""
            self._name_revision(revision)
            self.revision = revision
            self.path = str(getattr(step.revision, "path", ""))
            self.events.send("revision", id=revision)

            def run() -> Any:
                try:
                    return migrate(*arguments, **values)
                except Exception as error:
                    if not self.request["lenient"]:
                        raise
                    # Not a statement's, which was left out; the rest of the revision does not run.
                    self.events.failed("statement", error, revision=revision, left_out="", stack=[])
                    return None

            return self.other.around(revision, self._ours, run)

        step.migration_fn = recorded
        return step

    def _source(self) -> str:
        """The text of the revision that runs; "" where it cannot be had."""
        try:
            with open(self.path, encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def _ours(self, statement: str) -> Any:
        """Execute a statement that is no revision's."""
        revision, self.revision = self.revision, ""
        try:
            return self.context.connection.exec_driver_sql(statement)
        finally:
            self.revision = revision

    def _name_revision(self, revision: str) -> None:
        """Tell the scratch database's log of statements whose they are."""
        if self.request["log_setting"] and self.context.connection is not None:
            from sqlalchemy import text

            naming = text("SELECT pg_catalog.set_config(:setting, :revision, false)")
            values = {"setting": self.request["log_setting"], "revision": revision}
            self.context.connection.execute(naming, values)

    def _watch_statements(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        def before(on: Any, _: Any, statement: str, values: Any, *__: Any) -> None:
            if self.revision:
                texts = filled(statement, values, on.dialect.paramstyle, self._source)
                self.events.send(
                    "statement", revision=self.revision, sql=statement[:4000], filled=texts
                )
            elif "version_num" in statement:
                self.events.send("version-table", sql=statement[:4000])

        event.listen(Engine, "before_cursor_execute", before)

    def _watch_configure(self, kind: Any) -> None:
        original = kind.configure

        def configure(environment: Any, *arguments: Any, **values: Any) -> Any:
            result = original(environment, *arguments, **values)
            self.configured = True
            self.metadata = values.get("target_metadata", self.metadata)
            context = self.context = environment.get_context()
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


def _literal(text: str) -> str:
    """For an ini value, where % begins an interpolation."""
    return text.replace("%", "%%")
