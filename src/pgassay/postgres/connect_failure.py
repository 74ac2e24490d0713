"""Why a connection failed, in plain words, with the next command to try."""

import re
import shlex

from pgassay.postgres.connect_rules import PSQL, RULES, Cause
from pgassay.postgres.connection_target import ConnectionTarget


class ConnectFailed(Exception):
    """A connection could not be made. Holds no password."""

    def __init__(self, cause: Cause, reason: str, next_step: str) -> None:
        self.cause = cause
        self.reason = reason
        self.next_step = next_step
        super().__init__(f"{reason}\nnext: {next_step}")


def connect_failure(
    text: str, target: ConnectionTarget, host: str | None = None, port: str | None = None
) -> ConnectFailed:
    """What the driver's `text` about a failed connection to `target` means.

    `host`, `port`: which one, when the target names several.
    """
    host = target.host if host is None else host
    port = target.port if port is None else port
    folder = host.startswith("/") or not host
    values = {
        "host": host or "libpq's socket folder",
        "port": port,
        "user": target.user,
        "database": target.database,
        "where": f"port {port} in {host or 'the socket folder'}" if folder else _join(host, port),
        "shell_host": shlex.quote(host) if host else "localhost",
        "shell_user": shlex.quote(target.user),
        "sslmode": target.get("sslmode") or "prefer",
        "encryption": " without TLS" if "no encryption" in text else "",
        "detail": _detail(target.scrub(text)),
    }
    for rule in RULES:
        if re.search(rule.pattern, text):
            reason = rule.reason.format(**values)
            return ConnectFailed(rule.cause, reason, rule.next_step.format(**values))
    return ConnectFailed(
        Cause.UNKNOWN,
        "the connection to {where} failed: {detail}".format(**values),
        PSQL.format(**values),
    )


def _join(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _detail(text: str) -> str:
    """The last words of libpq's message, which repeats host and port before them."""
    lines = text.strip().splitlines()
    line = lines[0].strip() if lines else "no reason given"
    return re.sub(r"^.*?failed: (?=\S)", "", line, count=1).removeprefix("FATAL:  ").strip()
