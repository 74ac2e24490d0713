"""SEC: passwords where everybody can read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.written_password import WrittenPassword
from pgassay.findings import Finding, Severity


def find_written_passwords(check: Check, assay: Assay) -> Iterator[Finding]:
    """A password stands in a file of the project.

    What:
      A database URL, a key such as DB_PASSWORD, an SQL statement or a passfile in the project
      holds a password. Comments count too. Placeholders such as `changeme` or `${DB_PASSWORD}` do
      not. It is a warning in a file that git does not hold, and info where it only opens a server
      on the developer's machine or in a CI job.

    Why:
      Whoever can read the repository, a copy of it, an image or a CI log can open the database,
      and what git once held stays in its history after the file is corrected.

    Fix:
      Give the role a new password, and let the project take it from the environment:
      in alembic.ini leave `sqlalchemy.url` empty, and in env.py set it from `DATABASE_URL`.

    Example:
      bad:  sqlalchemy.url = postgresql://app:thepassword@db.mita.finance/mita
      good: config.set_main_option("sqlalchemy.url", os.environ["DATABASE_URL"].replace("%", "%%"))
    """
    passwords = [p for p in assay.passwords if isinstance(p, WrittenPassword)]
    by_subject: dict[str, list[WrittenPassword]] = {}
    for subject, password in zip(_subjects(passwords), passwords, strict=True):
        by_subject.setdefault(subject, []).append(password)
    for subject, same in by_subject.items():
        first = min(same, key=lambda item: item.local)
        lines = [item.location.line for item in same]
        others = ", ".join(str(item.location.line) for item in same if item is not first)
        again = f", and again in line {others}" if others else ""
        yield check.finding(
            subject,
            f"{first.location} holds a password{again}: {first.shown}{_reach(first)}",
            why=_why(first),
            fix=_fix(first),
            location=first.location,
            severity=_severity(same),
            evidence={
                "shown": first.shown,
                "lines": lines,
                "host": first.host,
                "local": all(item.local for item in same),
                "tracked_by_git": first.tracked,
            },
            particulars=[item.shown for item in same],
        )


def _subjects(passwords: Sequence[WrittenPassword]) -> list[str]:
    """`path: key` for each, with what is shown of it where one key opens several things.

    No line numbers: a finding stays the same one when lines move.
    """
    plain = [f"{item.location.path}: {item.key}" for item in passwords]
    shown = {
        (subject, item.shown, item.host) for subject, item in zip(plain, passwords, strict=True)
    }
    ways = Counter(subject for subject, _, _ in shown)
    return [
        f"{subject} ({_distinct(item)})" if ways[subject] > 1 else subject
        for subject, item in zip(plain, passwords, strict=True)
    ]


def _distinct(item: WrittenPassword) -> str:
    """What tells two passwords of one key apart: the URL, or the server."""
    return item.shown if "://" in item.shown or not item.host else f"{item.shown} at {item.host}"


def _severity(same: Sequence[WrittenPassword]) -> Severity:
    if all(item.local for item in same):
        return Severity.INFO
    if all(item.tracked is False for item in same):
        return Severity.WARNING
    return Severity.BLOCKER


def _reach(item: WrittenPassword) -> str:
    if item.local:
        return "; it opens only a server on the developer's machine or in a CI job"
    return "; git does not hold this file" if item.tracked is False else ""


def _why(item: WrittenPassword) -> str:
    if item.local:
        return (
            "It opens no server that matters, but it invites the same habit for one that does, "
            "and it must differ from every password in use elsewhere."
        )
    if item.tracked is False:
        return (
            "Git does not hold the file, but backups, images and copies of this folder do: "
            "whoever reads one of them can open the database."
        )
    return (
        "Whoever can read the repository or a copy of it can open the database, and what git once "
        "held stays in its history after the file is corrected."
    )


def _fix(item: WrittenPassword) -> str:
    if item.local:
        return f"Take it from the environment, as in production.\n{_from_environment(item)}"
    steps = ["Give the role a new password (\\password ROLE in psql)."]
    if item.tracked is False:
        steps[0] += " Until then keep the file out of git: add it to .gitignore, and chmod 600 it."
    else:
        steps[0] += " Correcting the file is not enough: the old one stays in git's history."
    return "\n".join([*steps, _from_environment(item)])


def _from_environment(item: WrittenPassword) -> str:
    """How a file of that kind gets by without the password."""
    name = PurePosixPath(item.location.path).name.lower()
    if item.key == "sqlalchemy.url":
        return (
            f"Leave `{item.key}` in {item.location.path} empty, and write into env.py:\n"
            '    url = os.environ["DATABASE_URL"].replace("%", "%%")\n'
            '    config.set_main_option("sqlalchemy.url", url)'
        )
    if name.endswith(".py"):
        variable = item.key if item.key.isupper() and item.key.isidentifier() else "DATABASE_URL"
        return f'Read it in {item.location.path}:\n    os.environ["{variable}"]'
    if item.key.startswith("PASSWORD of ") or name.endswith(".sql"):
        return (
            "Create the role without a password and set it outside the project, or pass it as a "
            "psql variable: `PASSWORD :'app_password'`, with `psql -v app_password=...`."
        )
    if name.endswith((".yml", ".yaml")):
        return (
            f"Write `${{{_variable(item.key)}}}` in its place, and keep the value in the secret "
            "store of what runs it."
        )
    if "pgpass" in name:
        return "Move the line to ~/.pgpass (mode 600) of the account that needs it."
    if name.startswith(".env") and item.tracked is not False:
        return f"Keep the file out of git from now on:\n    git rm --cached {item.location.path}"
    return (
        f"Take it out of {item.location.path}, and set it in the environment that runs the "
        f"project (`{_variable(item.key)}`) from its secret store."
    )


def _variable(key: str) -> str:
    name = key.upper().replace(".", "_").replace("-", "_")
    return name if name.isidentifier() else "DATABASE_URL"


CHECKS: tuple[Check, ...] = (
    Check(
        "SEC001",
        "password-in-file",
        Severity.BLOCKER,
        find_written_passwords,
        needs=("passwords",),
    ),
)
