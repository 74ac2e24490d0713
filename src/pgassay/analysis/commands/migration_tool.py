"""Which words are a command of a migration tool, and what it is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from pgassay.analysis.commands.migration_call import MigrationCall, Surroundings

DUMPS = ("pg_dump", "pg_dumpall")
ACTIONS = frozenset(("upgrade", "downgrade", "stamp"))
UNKNOWN = "\0"
"""Stands for a word that is computed."""

# These only speak of the words that follow, or handle files of that name.
_NOT_RUN = frozenset(
    (
        "#",
        ":",
        "add",
        "apt",
        "apt-get",
        "brew",
        "cat",
        "chmod",
        "cp",
        "copy",
        "echo",
        "git",
        "grep",
        "head",
        "ls",
        "mkdir",
        "mv",
        "pip",
        "pip3",
        "pipx",
        "printf",
        "rm",
        "sed",
        "tail",
        "tee",
        "test",
        "touch",
        "true",
        "which",
        "[",
        "[[",
    )
)
_ELSEWHERE = frozenset(("docker", "docker-compose", "kubectl", "podman", "ssh", "heroku", "fly"))
_VALUED = {"-c": "ini", "--config": "ini", "-n": "section", "--name": "section", "-x": ""}


def migration_call(
    words: Sequence[str], line: int, command: str, around: Surroundings
) -> MigrationCall | None:
    """The call that one simple command is, a dump too; None for anything else, and for one that
    only reads or prints (`alembic current`, `alembic upgrade head --sql`)."""
    if not words or words[0] in _NOT_RUN or words[:2] in (["uv", "add"], ["uv", "pip"]):
        return None
    if words[0].rpartition("/")[2] in _ELSEWHERE:
        # It runs in a container or on a host whose variables and folders are told elsewhere.
        around = replace(around, folder=None, variables=(), open=True)
    for place, word in enumerate(words):
        name = word.rpartition("/")[2]
        rest = list(words[place + 1 :])
        if name == "alembic":
            if found := _alembic(rest, line, command, around):
                return found
        elif name in DUMPS:
            return MigrationCall(line, command, name, "dump", around=around)
        elif tool := _other(name, rest):
            return MigrationCall(line, command, tool, "upgrade", around=around)
        elif name == "flask" and (found := _flask(rest, line, command, around)):
            return found
    return None


def _alembic(
    rest: Sequence[str], line: int, command: str, around: Surroundings
) -> MigrationCall | None:
    told: dict[str, str] = {}
    place = 0
    while place < len(rest) and rest[place].startswith("-"):
        option, equals, value = rest[place].partition("=")
        if option in _VALUED and not equals:
            place += 1
            value = rest[place] if place < len(rest) else ""
        elif option[:2] in _VALUED and len(option) > 2 and not option.startswith("--"):
            option, value = option[:2], rest[place][2:]
        if option in _VALUED:
            told[_VALUED[option]] = value
        place += 1
    if place >= len(rest) or rest[place] not in ACTIONS or "--sql" in rest:
        return None
    target = next((w for w in rest[place + 1 :] if not w.startswith("--")), "")
    return MigrationCall(
        line=line,
        command=command,
        tool="alembic",
        action=rest[place],
        target=_plain(target) or "",
        ini=_plain(told.get("ini", "")),
        section=_plain(told.get("section", "")),
        around=around,
    )


def _flask(
    rest: Sequence[str], line: int, command: str, around: Surroundings
) -> MigrationCall | None:
    """Flask-Migrate: `flask db upgrade [-d FOLDER]`, the folder `migrations` by default."""
    words = [w for w in rest if w == "db" or w in ACTIONS]
    if len(words) < 2 or words[0] != "db" or "--sql" in rest:
        return None
    options = dict(pairwise(rest))
    folder = options.get("-d") or options.get("--directory") or "migrations"
    return MigrationCall(
        line=line,
        command=command,
        tool="flask-migrate",
        action=words[1],
        ini=None,
        script_directory=_plain(folder),
        around=around,
    )


def _other(name: str, rest: Sequence[str]) -> str:
    """The tool, where the words run its migrations; "" else."""
    first = [w for w in rest if not w.startswith("-")]
    match name:
        case "manage.py" | "django-admin":
            return "django" if first[:1] == ["migrate"] else ""
        case "flyway":
            return "flyway" if "migrate" in first else ""
        case "goose":
            return "goose" if "up" in first or "up-to" in first else ""
        case "dbmate":
            return "dbmate" if {"up", "migrate"} & set(first) else ""
        case "migrate":
            told = any(w.lstrip("-").startswith(("path", "source", "database")) for w in rest)
            return "migrate" if told and {"up", "goto"} & set(first) else ""
        case "prisma":
            return "prisma" if first[:2] in (["migrate", "deploy"], ["db", "push"]) else ""
        case "yoyo":
            return "yoyo" if first[:1] == ["apply"] else ""
        case "supabase":
            return "supabase" if first[:2] in (["db", "push"], ["migration", "up"]) else ""
    return ""


def _plain(word: str) -> str | None:
    """None for a word that a shell or template would fill in."""
    return None if any(c in word for c in "$`{<%" + UNKNOWN) else word
