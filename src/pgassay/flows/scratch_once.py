"""One scratch server for all of a run, started when something first needs it."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType
from typing import Self

from pgassay.analysis.managed_services import SUPABASE_MAKES
from pgassay.facts.unavailable import Unavailable
from pgassay.postgres.binaries import Binaries, NoServerBinaries, find_binaries
from pgassay.postgres.connect_failure import ConnectFailed
from pgassay.postgres.connection_target import ConnectionTarget
from pgassay.postgres.scratch import Database, Scratch, ScratchFailed
from pgassay.postgres.scratch_external import ExternalScratch
from pgassay.postgres.scratch_server import ScratchServer


class ScratchOnce:
    """Ends the server it started, if any, at the end of its block.

    `url` names a server to use in place of one of our own. For one thread at a time. `recalled` is
    the (version, origin) of an earlier run's server whose results this run shows, empty for none;
    `binaries` are the running server's, where it is ours. `extensions` are those that it should
    have, as far as an installation here has them. `stands_in`: histories find there what Supabase
    makes before them, as copies of the database `pattern`, once there is one.
    """

    def __init__(self, url: str | None = None) -> None:
        self.origin = ""
        self.binaries: Binaries | None = None
        self.recalled: tuple[str, ...] = ()
        self.extensions: frozenset[str] = frozenset()
        self.stands_in = False
        self.pattern: Database | None = None
        self._target = ConnectionTarget.parse(url) if url else None
        self._stack = ExitStack()
        self._server: Scratch | Unavailable | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    @property
    def shown(self) -> dict[str, str] | None:
        """The server's version and origin; None where there was none."""
        if self._server is None or isinstance(self._server, Unavailable):
            return dict(zip(("version", "origin"), self.recalled, strict=False)) or None
        told = ", with stand-ins for what Supabase makes" if self.stands_in else ""
        return {"version": self._server.version, "origin": self.origin + told}

    def server(self, major: int | None = None) -> Scratch | Unavailable:
        """The server; of that major version where it is not running yet and this machine has it.

        One that could not be started is not tried again.
        """
        if self._server is None:
            try:
                self._server = self._start(major)
            except (NoServerBinaries, ScratchFailed, ConnectFailed) as failed:
                self._server = Unavailable("scratch server", failed.reason, failed.next_step)
        return self._server

    def find(self, major: int | None = None) -> Binaries:
        """The installation that a server of our own is of. Raises NoServerBinaries."""
        return find_binaries(major, self.extensions)

    def _start(self, major: int | None) -> Scratch:
        if self._target is not None:
            self.origin = "--scratch-url"
            return self._stack.enter_context(
                ExternalScratch(self._target, passing_roles=SUPABASE_MAKES)
            )
        self.binaries = self.find(major)
        self.origin = self.binaries.origin
        gained = find_binaries(major).lacking(self.extensions) - self.binaries.lacking(
            self.extensions
        )
        if gained:
            several = "s" * (len(gained) > 1)
            self.origin += f", for the extension{several} {', '.join(sorted(gained))}"
        return self._stack.enter_context(ScratchServer(self.binaries))
