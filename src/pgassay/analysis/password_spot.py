"""One place in a text where a password is written, and whose server it opens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

_LOOPBACK = re.compile(
    r"localhost|.*\.(?:localhost|invalid|test)|127(?:\.\d{1,3}){1,3}|::1|0\.0\.0\.0"
)
# What people call a database service beside the application, in compose files and CI jobs.
_SERVICE = re.compile(
    r"(?:[a-z0-9]+[-_])?"
    r"(?:db|database|pg|pgsql|postgres|postgresql|postgis|timescale|timescaledb|pgbouncer|redis"
    r"|rabbitmq|mysql|mariadb|mongo|mongodb|mssql|clickhouse|elasticsearch|minio|localstack)"
    r"(?:[-_]?(?:test|tests|testing|dev|ci|local|e2e|\d+))?"
    r"|(?:test|dev|ci|local)[-_]?[a-z0-9]*"
)
_IN_EARNEST = re.compile(r"(?:^|[-_\d])(?:prod|production|live|staging|primary)(?:[-_\d]|$)")
_TEMPLATE = re.compile(r"[${}<>()]|%(?![0-9a-f]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Spot:
    """`start` and `end` span the password in the text; it is not kept itself.

    `host` "" means that the place does not say; `local` that it opens a throwaway server.
    """

    start: int
    end: int
    key: str
    shown: str
    host: str = ""
    local: bool = False


def plain_host(written: str) -> str:
    """A host without port and brackets; "" for one that is filled in later, such as `${HOST}`."""
    if written.startswith("["):
        inside = written[1:].partition("]")[0]
        return inside.lower() if ":" in inside else ""
    name, _, port = written.partition(":")
    if ":" in port and not _TEMPLATE.search(written):
        name = written  # IPv6 without its brackets
    return "" if _TEMPLATE.search(name) else unquote(name).lower()


def is_local_host(host: str) -> bool:
    """Whether a host is this machine, a unix socket, or a service beside it in a container.

    A name without a dot is a container's only if it is one that people give to containers.
    """
    if host.startswith(("/", "@")) or host == "host.docker.internal":
        return True
    if _LOOPBACK.fullmatch(host):
        return True
    return bool(_SERVICE.fullmatch(host)) and not _IN_EARNEST.search(host)
