"""Environment variables that name a database, and where the project reads or sets them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pgassay.analysis.url_text import url_scheme
from pgassay.facts.location import Location
from pgassay.facts.project import UrlVariable
from pgassay.sources.project_files import relative

_NAME = (
    r"(?P<name>(?:[A-Z0-9]+_)*(?:DATABASE|DB|POSTGRES|POSTGRESQL|PG|SQLALCHEMY)_?"
    r"(?:[A-Z0-9]+_)*(?:URL|URI|DSN))"
)
_ENDINGS = re.compile(r"URL|URI|DSN")
_READ = re.compile(
    r"(?:environ(?:\.get\(|\[)|getenv\(|env(?:\.str|\.url|\.dsn)?\()\s*[\"']" + _NAME + r"[\"']"
)
_SET = re.compile(
    r"^\s*(?:-\s*|export\s+|ENV\s+|ARG\s+)?[\"']?" + _NAME + r"[\"']?\s*[:=]\s*(?P<value>.*)$"
)

_SETTING_SUFFIXES = frozenset((".yml", ".yaml", ".env", ".sh", ".toml", ".json"))
_SETTING_NAMES = re.compile(r"^(Dockerfile|\.env|Makefile|Procfile|docker-compose)", re.I)


def is_url_variable(name: str) -> bool:
    """Whether a variable of that name is taken for a database's URL."""
    return re.fullmatch(_NAME, name) is not None


def read_url_variables(root: Path, files: Sequence[Path]) -> tuple[UrlVariable, ...]:
    """Variables such as DATABASE_URL, sorted by name, with every file and line that uses them."""
    read: dict[str, list[Location]] = {}
    written: dict[str, list[Location]] = {}
    schemes: dict[str, str] = {}
    for path in files:
        python = path.suffix == ".py"
        if not (python or path.suffix in _SETTING_SUFFIXES or _SETTING_NAMES.match(path.name)):
            continue
        try:
            text = path.read_text("utf-8", "replace") if path.stat().st_size < 1_000_000 else ""
        except OSError:
            continue
        if not _ENDINGS.search(text):
            continue
        shown = relative(path, root)
        for number, line in enumerate(text.splitlines(), 1):
            if python:
                for found in _READ.finditer(line):
                    read.setdefault(found["name"], []).append(Location(shown, number))
            elif found_set := _SET.match(line[:2000]):
                written.setdefault(found_set["name"], []).append(Location(shown, number))
                if scheme := url_scheme(found_set["value"]):
                    schemes.setdefault(found_set["name"], scheme)
    return tuple(
        UrlVariable(
            name, tuple(read.get(name, ())), tuple(written.get(name, ())), schemes.get(name, "")
        )
        for name in sorted(read.keys() | written.keys())
    )
