"""Reading rows no faster than the server can bear, and no longer than was allowed."""

from __future__ import annotations

import threading
import time
from typing import Any

import psycopg

from pgassay.facts.settings import DataSettings
from pgassay.sources.queries import query

MORE_TIME = "[data] time_limit_s in pgassay.toml or `data check --time-limit` allows more."

_LOOKS_EVERY_S = 2.0
_WAITS_S = 0.5


class TimeSpent(Exception):
    """The time that was allowed is over."""


class ScanPace:
    """Asked between two parts of a scan, by several threads. `waited_s` is what it waited.

    `connection` may be one that holds the snapshot: what the server does now is not part of that.
    """

    def __init__(self, connection: psycopg.Connection[Any], settings: DataSettings) -> None:
        self.waited_s = 0.0
        self.reasons: set[str] = set()
        self._connection = connection
        self._settings = settings
        self._ends = time.monotonic() + settings.time_limit_s
        self._looked = 0.0
        self._lock = threading.Lock()

    @property
    def left_s(self) -> float:
        """What is left of the time. Raises TimeSpent where nothing is."""
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeSpent
        return left

    def go_on(self) -> None:
        """Returns when the next part may be read. Raises TimeSpent."""
        while self.left_s and (reason := self._in_the_way()):
            self.reasons.add(reason)
            self.waited_s += _WAITS_S
            time.sleep(_WAITS_S)

    def _in_the_way(self) -> str:
        with self._lock:
            now = time.monotonic()
            if now - self._looked < _LOOKS_EVERY_S:
                return ""
            # What pg_stat_activity said once is what it says until the transaction ends.
            self._connection.execute("SELECT pg_stat_clear_snapshot()")
            cursor: psycopg.Cursor[Any] = self._connection.execute(query("pace"))
            lag_s, sessions, max_connections = cursor.fetchall()[0]
            limit = self._settings.pause_sessions or max_connections // 2
            if lag_s is not None and lag_s > self._settings.pause_lag_s:
                return f"a standby is {self._settings.pause_lag_s:g} s behind"
            if sessions > limit:
                return f"more than {limit} other sessions are at work"
            self._looked = now
            return ""
