"""Letting a revision find the database in another state than the history's own.

Some revisions run twice: the second time what they made is there already, in another shape. Before
others, objects are made that no revision makes. What that is, the parent says in SQL.
"""

from __future__ import annotations

import json
from argparse import Namespace
from typing import Any, Callable

from pgassay.probe.child.events import Events

_LISTED = "SELECT pg_catalog.current_setting('pgassay.distorted', true)"


class OtherState:
    """`twice` are revisions, `before` statements by revision, `remember` and `distort` what is
    executed before and after the first of two runs, `arguments` such as ["tenant=a"] of `-x`."""

    def __init__(self, request: dict[str, Any], events: Events) -> None:
        self.twice = set(request.get("twice", ()))
        self.before: dict[str, list[str]] = request.get("before", {})
        self.remember = request.get("remember", "")
        self.distort = request.get("distort", "")
        self.arguments: list[str] = request.get("arguments", [])
        self.events = events

    def configure(self, config: Any) -> None:
        if self.arguments:
            config.cmd_opts = Namespace(x=self.arguments)

    def around(
        self, revision: str, execute: Callable[[str], Any], migrate: Callable[[], Any]
    ) -> Any:
        """Run a revision by `migrate`; `execute` runs what is ours."""
        for statement in self.before.get(revision, ()):
            execute(statement)
        if revision not in self.twice:
            return migrate()
        execute(self.remember)
        migrate()
        execute(self.distort)
        objects = json.loads(execute(_LISTED).scalar() or "[]")
        self.events.send("distorted", revision=revision, objects=objects)
        return migrate()
