"""Where a database is and how to log in to it, however that was written down."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import psycopg
import psycopg.conninfo
import psycopg.pq

from pgassay.postgres.connection_url import UrlInvalid, read_url, write_url
from pgassay.postgres.service_file import read_service

_SECRETS = (
    "password",
    "sslpassword",
    "scram_client_key",
    "scram_server_key",
    "oauth_client_secret",
)
_MASK = "***"
_VARIABLE = re.compile(r"env:(?P<name>[A-Za-z_][A-Za-z0-9_]*)")


class TargetInvalid(Exception):
    """The text does not say where a database is. Quotes no password."""

    def __init__(self, reason: str, next_step: str) -> None:
        self.reason = reason
        self.next_step = next_step
        super().__init__(f"{reason}\nnext: {next_step}")


@dataclass(frozen=True, slots=True, repr=False)
class ConnectionTarget:
    """Connection parameters in libpq's words. What is not given, libpq's environment gives."""

    parameters: tuple[tuple[str, str], ...]  # sorted; may hold a password
    origin: str  # "URL", "keywords", "DATABASE_URL" (a variable's name), "libpq's environment"
    driver: str | None  # SQLAlchemy's driver, when the URL named one: "asyncpg"
    ignored: tuple[str, ...]  # query keys that libpq does not know; pgassay does without them

    @classmethod
    def parse(cls, text: str = "", environ: Mapping[str, str] | None = None) -> Self:
        """Read a URL of any SQLAlchemy form, libpq keywords, `service=`, `env:NAME`, or "".

        `environ`: where `env:NAME` and the service file are looked up; default `os.environ`.
        Raises TargetInvalid.
        """
        variables = os.environ if environ is None else environ
        text = text.strip()
        origin = ""
        variable = _VARIABLE.fullmatch(text)
        if variable:
            origin = variable["name"]
            text = variables.get(origin, "").strip()
            if not text:
                state = "is empty" if origin in variables else "is not set"
                raise TargetInvalid(
                    f"the environment variable {origin} {state}",
                    f"export {origin}='postgresql://user:password@host:5432/database'",
                )
        driver: str | None = None
        ignored: tuple[str, ...] = ()
        parameters: dict[str, str]
        if not text:
            parameters, kind = {}, "libpq's environment"
        elif "://" in text.split("=", 1)[0]:
            kind = "URL"
            try:
                parameters, driver, ignored = read_url(text)
            except UrlInvalid as failed:
                raise _invalid(origin or "the database URL", str(failed)) from None
        else:
            parameters, kind = _keywords(text, origin or "the connection string"), "keywords"
        parameters = _with_service(parameters, variables)
        return cls(tuple(sorted(parameters.items())), origin or kind, driver, ignored)

    def __repr__(self) -> str:
        return f"ConnectionTarget({self.masked()!r}, origin={self.origin!r})"

    def get(self, keyword: str) -> str | None:
        """A parameter as libpq will use it: given, from a PG* variable, or libpq's default."""
        given = dict(self.parameters).get(keyword)
        if given:
            return given
        for option in psycopg.pq.Conninfo.get_defaults():
            if option.keyword.decode() == keyword:
                return option.val.decode() if option.val else None
        return None

    @property
    def host(self) -> str:
        """The host, or the socket's folder; empty: libpq's own default folder."""
        return self.get("host") or self.get("hostaddr") or ""

    @property
    def port(self) -> str:
        """The port; several, separated by commas, when there are several hosts."""
        return self.get("port") or "5432"

    @property
    def user(self) -> str:
        """The role to log in as."""
        return self.get("user") or ""

    @property
    def database(self) -> str:
        """The database; libpq's default is the one named like the user."""
        return self.get("dbname") or self.user

    @property
    def has_password(self) -> bool:
        """Whether the text itself held a password; argv is no place for one."""
        return any(key in _SECRETS for key, _ in self.parameters)

    def keywords(self) -> dict[str, str]:
        """What was given, for `psycopg.connect(**...)`. May hold a password."""
        return dict(self.parameters)

    def environment(self) -> dict[str, str]:
        """The PG* variables that make a libpq program connect here, so that argv stays clean.

        Holds the password, if there is one; for a child's environment only.
        """
        given = self.keywords()
        return {
            option.envvar.decode(): given[option.keyword.decode()]
            for option in psycopg.pq.Conninfo.get_defaults()
            if option.envvar and option.keyword.decode() in given
        }

    def masked(self) -> str:
        """The URL to show: `***` for each secret, with host, user and database filled in."""
        shown = {"user": self.user, "host": self.host, "port": self.port, "dbname": self.database}
        given = {key: _MASK if key in _SECRETS else text for key, text in self.parameters}
        return write_url({**shown, **given}).replace("%2A%2A%2A", _MASK)

    def scrub(self, text: str) -> str:
        """`text` without this target's passwords."""
        for key, secret in self.parameters:
            if key in _SECRETS and secret:
                text = text.replace(secret, _MASK)
        return text


def _keywords(text: str, name: str) -> dict[str, str]:
    try:
        # libpq's own message may quote a piece of the password.
        return {
            key: str(value)
            for key, value in psycopg.conninfo.conninfo_to_dict(text).items()
            if value is not None
        }
    except psycopg.Error:
        raise _invalid(name, "it is neither a URL nor libpq's key=value words") from None


def _with_service(parameters: dict[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    service = parameters.get("service") or variables.get("PGSERVICE")
    found = read_service(service, variables) if service else None
    if found is None:
        return parameters
    return {**found, **{key: text for key, text in parameters.items() if key != "service"}}


def _invalid(name: str, why: str) -> TargetInvalid:
    return TargetInvalid(
        f"{name} cannot be used: {why}",
        "write it as postgresql://user:password@host:5432/database, special characters in the"
        " password percent-encoded",
    )
