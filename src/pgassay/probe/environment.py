"""The environment that the project's code gets: its own, without credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pgassay.analysis.environment_lack import WITHHELD
from pgassay.analysis.url_text import masked_url, url_scheme
from pgassay.facts.project import UrlVariable

_SECRET_NAME = re.compile(r"(^|_)(PASS|PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY|CREDENTIALS?)(_|$)")
# No such host can exist (RFC 6761), so a URL that slips past the redirection leads nowhere.
NOWHERE = "pgassay.invalid"


@dataclass(frozen=True, slots=True)
class ChildEnvironment:
    """`sentinels` maps the database name in a URL we made to the variable that carries it;
    `withheld` are the variables that hold something else than they did, with what they hold."""

    variables: dict[str, str]
    sentinels: dict[str, str]
    withheld: dict[str, str]


def child_environment(
    parent: Mapping[str, str],
    url_variables: Sequence[UrlVariable],
    default_scheme: str,
    given: Mapping[str, str] | None = None,
) -> ChildEnvironment:
    """`parent` without libpq's variables; secrets and database URLs keep their names, since code
    asks for them, and get values that open nothing.

    A database variable keeps the scheme it has if that is PostgreSQL's, else the one the project's
    files give it, else `default_scheme`. `given` is what the configuration gives the code: it gets
    that as it stands, but for database URLs.
    """
    given = given or {}
    parent = {**parent, **given}
    withheld: dict[str, str] = {}
    kept: dict[str, str] = {}
    sentinels: dict[str, str] = {}
    named = {v.name: v for v in url_variables}
    for name in sorted(parent.keys() | named.keys()):
        value = parent.get(name, "")
        if name in named or value.startswith(("postgres://", "postgresql://", "postgresql+")):
            database = f"pgassay_variable_{len(sentinels)}"
            sentinels[database] = name
            known = named[name].scheme if name in named else ""
            scheme = url_scheme(value) or known or default_scheme
            kept[name] = f"{scheme}://pgassay:pgassay@{NOWHERE}:5432/{database}"
        elif re.fullmatch(r"PG[A-Z]+", name) or name == "SSH_AUTH_SOCK":
            continue
        elif name in given:
            kept[name] = value
        elif _SECRET_NAME.search(name) and name not in ("PWD", "OLDPWD"):
            kept[name] = withheld[name] = WITHHELD
        elif masked_url(value) != value:
            kept[name] = withheld[name] = masked_url(value)
        else:
            kept[name] = value
    kept |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"}
    return ChildEnvironment(kept, sentinels, withheld)
