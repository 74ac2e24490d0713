"""Passwords that stand in a text. None of them leaves this module: facts hold only masks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import PurePosixPath

from pgassay.analysis.password_examples import is_example_in_prose
from pgassay.analysis.password_keys import Kind, names_password, passwords_behind_keys
from pgassay.analysis.password_placeholders import is_placeholder, is_throwaway
from pgassay.analysis.password_spot import Spot, is_local_host, plain_host
from pgassay.analysis.password_urls import passwords_in_urls
from pgassay.analysis.python_prose import prose_of_python
from pgassay.facts.location import Location
from pgassay.facts.written_password import WrittenPassword

_KINDS: dict[str, Kind] = {
    ".bash": "shell",
    ".cfg": "ini",
    ".conf": "ini",
    ".ddl": "sql",
    ".env": "shell",
    ".envrc": "shell",
    ".hcl": "toml",
    ".ini": "ini",
    ".json": "json",
    ".jsonc": "json",
    ".properties": "ini",
    ".psql": "sql",
    ".py": "python",
    ".sh": "shell",
    ".sql": "sql",
    ".tf": "toml",
    ".tfvars": "toml",
    ".toml": "toml",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".zsh": "shell",
}
_PROSE = frozenset((".adoc", ".markdown", ".md", ".mdx", ".mo", ".po", ".pot", ".rst"))
# What people see in their language: the word for a password stands behind the key "password".
_TRANSLATIONS = re.compile(
    r"(?:^|/)(?:locales?|i18n|l10n|lc_messages|translations?)/(?:.*/)?[^/]*\."
    r"(?:json|ya?ml|js|ts|properties)$"
)
_COPIES = frozenset(
    (".bak", ".dist", ".example", ".j2", ".jinja", ".local", ".old", ".orig", ".sample", ".tmpl")
)
_CI = re.compile(
    r"(?:^|/)(?:\.github/workflows/|\.circleci/|\.gitlab-ci|\.travis\.|azure-pipelines|"
    r"bitbucket-pipelines|\.drone\.|\.woodpecker)"
)
_TESTS = re.compile(r"(?:^|/)(?:tests?/|conftest\.py$|test_[^/]*\.py$)")
_SQL = re.compile(r"\bpassword\s{1,20}E?'{1,2}([^'\n]{1,300})'", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(CREATE|ALTER)\s{1,10}(ROLE|USER MAPPING|USER|GROUP)\s{1,10}"
    r"(?:IF\s{1,10}NOT\s{1,10}EXISTS\s{1,10}|FOR\s{1,10})?(\"[^\"\n]{1,63}\"|[^\s;\"']{1,63})",
    re.IGNORECASE,
)
_ROLE_REACH = 400
_NAMED_YAML = re.compile(
    r"\b(?:name|key):[ \t]{0,8}[\"']?([\w.\-]{1,80})[\"']?[ \t]{0,8}\r?\n"
    r"[ \t]{1,60}value:[ \t]{0,8}(?:\"([^\"\n]{0,300})\"|'([^'\n]{0,300})'|([^\s\"'#]{1,300}))"
)
_NAMED_JSON = re.compile(
    r"\"name\"\s{0,20}:\s{0,20}\"([\w.\-]{1,80})\"\s{0,20},\s{0,60}\"value\"\s{0,20}:\s{0,20}"
    r"\"([^\"\n]{0,300})\""
)
_DOCKER_ENV = re.compile(r"^[ \t]{0,20}ENV[ \t]{1,20}(\w{1,80})[ \t]{1,20}([^\s\"'=]{1,300})", re.M)
_PGPASS_FIELD = r"((?:[^:\\\n]|\\.){1,255})"
_PGPASS = re.compile(
    rf"^[# \t]{{0,20}}{_PGPASS_FIELD}"
    rf":(\d{{1,5}}|\*):{_PGPASS_FIELD}:{_PGPASS_FIELD}:([^\n]{{1,300}})$",
    re.M,
)


def passwords_in(path: str, text: str) -> tuple[WrittenPassword, ...]:
    """The passwords that stand in a file, in order. `path` is relative to the project's root."""
    kind = _kind(path)
    if kind is None:
        return ()
    found: list[Spot] = []
    # The first finder that sees a password says most about it.
    for spots in _finders(text, kind):
        starts = [spot.start for spot in found]
        fresh = [spot for spot in spots if not _overlaps(spot, found, starts)]
        found = sorted([*found, *fresh], key=lambda spot: spot.start)
    lines = [match.start() for match in re.finditer("\n", text)]
    if found and kind == "python":
        prose = prose_of_python(text)
        found = [spot for spot in found if not _is_shown(spot, text, lines, prose)]
    return tuple(
        WrittenPassword(
            location=Location(path, bisect_right(lines, spot.start) + 1),
            key=spot.key,
            shown=spot.shown,
            host=spot.host,
            local=spot.local or _of_test_server(path, spot),
        )
        for spot in found
    )


def _is_shown(spot: Spot, text: str, lines: list[int], prose: tuple[tuple[int, int], ...]) -> bool:
    """Whether a docstring or comment only shows how to write a password."""
    line = bisect_right(lines, spot.start) + 1
    in_prose = any(first <= line <= last for first, last in prose)
    return in_prose and is_example_in_prose(text[spot.start : spot.end])


def may_hold_passwords(path: str) -> bool:
    """Whether a file is worth reading: prose shows passwords that are none."""
    return _kind(path) is not None


def _kind(path: str) -> Kind | None:
    name = PurePosixPath(path.lower())
    while name.suffix in _COPIES and name.stem:
        name = name.with_name(name.stem)
    if name.suffix in _PROSE or _TRANSLATIONS.search(str(name)):
        return None
    if "pgpass" in name.name:
        return "pgpass"
    if name.name.startswith((".env", "dockerfile", "containerfile", "jenkinsfile", "procfile")):
        return "shell"
    if name.name in ("pg_service", ".pgservice"):
        return "ini"
    return _KINDS.get(name.suffix, "other")


def _finders(text: str, kind: Kind) -> Iterator[Iterator[Spot]]:
    if "://" in text:
        yield passwords_in_urls(text)
    if kind == "pgpass":
        yield _in_pgpass(text)
    elif re.search("pass|pwd", text, re.IGNORECASE):
        yield _in_roles(text, kind)
        yield _behind_names(text, kind)
        yield passwords_behind_keys(text, kind)


def _overlaps(spot: Spot, found: list[Spot], starts: list[int]) -> bool:
    """Whether a spot overlaps one of those found, which are in order."""
    after = bisect_right(starts, spot.start)
    if after and found[after - 1].end > spot.start:
        return True
    return after < len(found) and found[after].start < spot.end


def _of_test_server(path: str, spot: Spot) -> bool:
    """Whether a password without a host is that of a server which a job starts and throws away."""
    if spot.host:
        return False
    if spot.key == "POSTGRES_PASSWORD" and _CI.search(path.lower()):
        return True
    return bool(_TESTS.search(path.lower()))


def _in_roles(text: str, kind: Kind) -> Iterator[Spot]:
    """`CREATE ROLE app PASSWORD '...'`, in SQL files and wherever SQL is quoted."""
    for found in _SQL.finditer(text):
        if is_placeholder(found[1]):
            continue
        before = text[max(0, found.start() - _ROLE_REACH) : found.start()]
        role = next(reversed([*_ROLE.finditer(before[before.rfind(";") + 1 :])]), None)
        if role:
            verb, what, name = role[1].upper(), role[2].upper(), role[3].strip('"')
            key, shown = f"PASSWORD of {name}", f"{verb} {what} {name} PASSWORD '***'"
        elif kind == "sql":
            key, shown = "PASSWORD", "PASSWORD '***'"
        else:
            continue
        yield Spot(*found.span(1), key=key, shown=shown)


def _behind_names(text: str, kind: Kind) -> Iterator[Spot]:
    """`- name: PGPASSWORD` with `value: ...` below it, and `ENV PGPASSWORD ...`."""
    patterns = {"yaml": _NAMED_YAML, "json": _NAMED_JSON, "shell": _DOCKER_ENV}
    if kind not in patterns:
        return
    for found in patterns[kind].finditer(text):
        group = next((n for n in range(2, len(found.groups()) + 1) if found[n]), None)
        if group is None or not names_password(found[1]) or is_placeholder(found[group]):
            continue
        local = is_throwaway(found[group])
        yield Spot(*found.span(group), key=found[1], shown=f"{found[1]}: ***", local=local)


def _in_pgpass(text: str) -> Iterator[Spot]:
    """`host:port:database:user:password` lines."""
    for found in _PGPASS.finditer(text):
        written, port, database, user, password = found.groups()
        if is_placeholder(password):
            continue
        host = "" if written == "*" else plain_host(written.replace("\\:", ":"))
        yield Spot(
            *found.span(5),
            key=f"{user}@{written}",
            shown=f"{written}:{port}:{database}:{user}:***",
            host=host,
            local=is_local_host(host),
        )
