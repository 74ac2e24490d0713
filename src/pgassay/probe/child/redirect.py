"""Every SQLAlchemy connection goes to the scratch database, whatever URL was asked for.

SQLAlchemy's `do_connect` event (DialectEvents, since 1.0) is listened to on the Engine class, so
that an unmodified env.py, also an async one, is caught.
"""

from __future__ import annotations

import re
from typing import Any

from pgassay.probe.child.events import Events

_SETTING = re.compile(r"(?:^|\s)(?:-c\s*|--)([\w.]+=(?:\\.|[^\s\\])*)")


class UnsupportedDriver(Exception):
    """A driver or dialect that cannot be sent to the scratch server. `url` is what was asked for,
    without a password."""

    def __init__(self, message: str, url: str) -> None:
        super().__init__(message)
        self.url = url


class Redirect:
    """`database` is the scratch database that connections get; it may be changed between uses.

    `sentinels` maps a database name, as the parent put it into an environment variable's URL, to
    that variable: so it shows which variable a connection was made from.
    """

    def __init__(self, scratch: dict[str, Any], sentinels: dict[str, str], events: Events) -> None:
        self.scratch = scratch
        self.database: str = scratch["dbname"]
        self.sentinels = sentinels
        self.events = events
        self.driver = ""
        self._told: list[str] = []

    def install(self) -> None:
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "do_connect", self._connect)

    def _connect(self, dialect: Any, _: Any, cargs: list[Any], cparams: Any) -> None:
        shown = _shown(dialect.name, cargs, cparams)
        if dialect.name != "postgresql":
            raise UnsupportedDriver(f"a connection to {shown}, which is not PostgreSQL", shown)
        self._tell(shown, cargs, cparams)
        place = {
            "host": self.scratch["host"],
            "port": int(self.scratch["port"]),
            "user": self.scratch["user"],
        }
        if self.scratch.get("password"):
            place["password"] = self.scratch["password"]
        driver = self.driver = dialect.driver
        settings = _settings(cparams)
        if driver in ("psycopg2", "psycopg", "psycopg_async", "psycopg2cffi"):
            place["dbname"] = self.database
            if settings:
                place["options"] = settings
        elif driver == "asyncpg":
            place["database"] = self.database
            if isinstance(cparams.get("server_settings"), dict):
                place["server_settings"] = cparams["server_settings"]
        elif driver == "pg8000":
            place["database"] = self.database
            if str(place["host"]).startswith("/"):
                socket = "{}/.s.PGSQL.{}".format(place.pop("host"), place.pop("port"))
                place["unix_sock"] = socket
        else:
            raise UnsupportedDriver(
                f"env.py uses the driver {driver}, which pgassay cannot "
                "redirect to its scratch server",
                shown,
            )
        del cargs[:]
        cparams.clear()
        cparams.update(place)

    def _tell(self, shown: str, cargs: list[Any], cparams: Any) -> None:
        """Say what was asked for."""
        variable = self.sentinels.get(_database(cparams), "")
        if not variable and cargs and isinstance(cargs[0], str):
            variable = next((v for n, v in self.sentinels.items() if n in cargs[0]), "")
        if shown not in self._told:
            self._told.append(shown)
            self.events.send("connect", url=shown, variable=variable)


def _database(cparams: Any) -> str:
    return str(cparams.get("dbname") or cparams.get("database") or cparams.get("db") or "")


def _settings(cparams: Any) -> str:
    """What libpq's `options` set, such as lock_timeout: that is the session's own. Other options
    are for the server or the pooler that was asked for."""
    asked = str(cparams.get("options") or "")
    return " ".join("-c " + m.group(1) for m in _SETTING.finditer(asked))


def _shown(dialect: str, cargs: list[Any], cparams: Any) -> str:
    """What was asked for as a URL: never the password. SQLite's is a file."""
    database = _database(cparams)
    if dialect == "sqlite" and cargs:
        database = str(cargs[0])
    host = str(cparams.get("host") or "")
    port = cparams.get("port")
    user = str(cparams.get("user") or "")
    return "{}://{}{}{}/{}".format(
        dialect, user + "@" if user else "", host, f":{port}" if port else "", database
    )
