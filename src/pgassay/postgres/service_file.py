"""libpq's service file: connection parameters under a name.

Read here, and not left to libpq, so that a report can name the host and so that `sslmode`
is known before the one login attempt. Rules: PostgreSQL documentation, "The Connection Service
File".
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path


def read_service(name: str, environ: Mapping[str, str]) -> dict[str, str] | None:
    """The parameters of the service `name`; None when no service file that we find has it.

    LDAP lines in it are left out; libpq's builds without LDAP refuse them too.
    """
    for path in _files(environ):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found = _section(text, name)
        if found is not None:
            return found
    return None


def _files(environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("PGSERVICEFILE")
    if named:
        yield Path(named)
    elif "HOME" in environ:
        yield Path(environ["HOME"]) / ".pg_service.conf"
    system = environ.get("PGSYSCONFDIR")
    for folder in (system,) if system else ("/etc/postgresql-common", "/etc"):
        yield Path(os.fspath(folder)) / "pg_service.conf"


def _section(text: str, name: str) -> dict[str, str] | None:
    found: dict[str, str] | None = None
    for line in map(str.strip, text.splitlines()):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            if found is not None:
                break
            if line == f"[{name}]":
                found = {}
        elif found is not None and "=" in line and not line.startswith("ldap"):
            key, value = line.split("=", 1)
            found.setdefault(key.strip(), value.strip())
    return found
