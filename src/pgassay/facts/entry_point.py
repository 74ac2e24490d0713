"""An entry point: a place in the project's files that runs migrations, or dumps a database."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.location import Location


@dataclass(frozen=True, slots=True)
class SetVariable:
    """An environment variable that an entry point is given there. `value` has passwords masked,
    and is "" where it is not written as text. `alone`: it is set for the one command that runs
    the migrations, and for nothing else."""

    name: str
    value: str
    location: Location
    alone: bool = False


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """`command` is as written, passwords masked. `unit` is the job, service, container, target or
    function it stands in. `action` is upgrade, downgrade, stamp or dump.

    `ini`, relative to the root, `section` and `script_directory` are what the command names or
    takes by default, "" where that cannot be told; `history` the history that these mean, by name,
    "" for none of those found. `missing` says what it names and does not exist. `variables` are
    the URL variables set for it there; `open`: others may come from elsewhere (an env file, a
    secret). `sets_url`: it hands Alembic a URL of its own. `copies` is how many of the unit are
    run side by side, as far as written. `locked`: an advisory lock is taken around it.
    """

    location: Location
    command: str
    tool: str
    action: str = "upgrade"
    unit: str = ""
    ini: str = ""
    section: str = ""
    script_directory: str = ""
    history: str = ""
    target: str = ""
    variables: tuple[SetVariable, ...] = ()
    open: bool = False
    sets_url: bool = False
    copies: int = 1
    locked: bool = False
    missing: str = ""

    @property
    def given(self) -> frozenset[str]:
        """The names of the URL variables set for it, without those that are for tests."""
        return frozenset(v.name for v in self.variables if not v.name.startswith("TEST"))

    @property
    def given_alone(self) -> frozenset[str]:
        """Those of `given` that can be meant for the migration only."""
        return self.given & {v.name for v in self.variables if v.alone}


@dataclass(frozen=True, slots=True)
class UrlTried:
    """Which database env.py asks for when of all URL variables only `variables` are set.

    `url_variable` is the one of them that it took, "" for none; `requested_url`, masked, what it
    asked for then; `refused` why it ended before it asked for any.
    """

    history: str
    variables: frozenset[str]
    requested_url: str = ""
    url_variable: str = ""
    refused: str = ""
