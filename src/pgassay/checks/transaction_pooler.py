"""CON: migrations and dumps through a pooler that keeps no session."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.transaction_pooler import dump_pooler, session_url, transaction_pooler
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import Build
from pgassay.facts.location import Location
from pgassay.facts.server import Server
from pgassay.findings import Finding, Severity


def migrates_through_pooler(check: Check, assay: Assay) -> Iterator[Finding]:
    """Migrations or dumps connect through a transaction pooler.

    What:
      The URL that migrations use, in an ini file, env.py, a script or a CI job, is a pooler's in
      transaction mode: Supabase's port 6543, or one with pgbouncer=true; or pg_dump is told one by
      a URL, options, libpq's words or PGHOST and PGPORT. The application's own URL
      may well be one, and is not looked at. It is info where only the URL that this run was given
      is one, since nothing shows that migrations use it.

    Why:
      Each transaction may run on another server connection. SET lock_timeout, advisory locks and
      temporary tables are then lost or left to strangers, prepared statements fail, and pg_dump
      and CREATE INDEX CONCURRENTLY end half-way.

    Fix:
      Give migrations and dumps the session port: 5432 of the same host.

    Example:
      bad:  postgresql://postgres.ref:...@aws-0-eu-west-1.pooler.supabase.com:6543/postgres
      good: postgresql://postgres.ref:...@aws-0-eu-west-1.pooler.supabase.com:5432/postgres
    """
    for build in assay.known_builds.values():
        history = next(h for h in assay.project.histories if h.name == build.history)
        url = "" if build.url_variable else transaction_pooler(build.requested_url)
        if url:
            # One of them may be without its password, so only what comes after it is compared.
            in_ini = transaction_pooler(history.url).rpartition("@")[2] == url.rpartition("@")[2]
            place = history.ini if in_ini else history.env
            yield _finding(check, history.name, f"{history.name}/ migrates", url, place)
    for entry in assay.project.entry_points:
        url = _url_of(entry, assay.known_builds.get(entry.history))
        if url:
            unit = f"{entry.location} runs `{entry.command}`"
            yield _finding(check, str(entry.location), unit, url, entry.location)
    for dump in assay.project.dumps:
        url = dump_pooler(dump.command, {v.name: v.value for v in dump.variables})
        if url:
            unit = f"{dump.location} runs `{dump.command}`"
            yield _finding(check, str(dump.location), unit, url, dump.location)
    url = transaction_pooler(assay.server.url) if isinstance(assay.server, Server) else ""
    if url:
        yield _finding(
            check, "database URL", "This run reads the database", url, None, Severity.INFO
        )


def _url_of(entry: EntryPoint, build: Build | None) -> str:
    """The pooler's URL that an entry point migrates through; "" for none that is sure."""
    if url := transaction_pooler(entry.command):
        return url
    if entry.sets_url or build is None:
        return ""
    taken = (v.value for v in entry.variables if v.name == build.url_variable)
    return next((url for value in taken if (url := transaction_pooler(value))), "")


def _finding(
    check: Check,
    subject: str,
    said: str,
    url: str,
    location: Location | None,
    severity: Severity | None = None,
) -> Finding:
    session = session_url(url)
    return check.finding(
        subject,
        f"{said} through a transaction pooler: {url}",
        why="Reading is fine through it. In a migration, lock_timeout, advisory locks and all "
        "else that a session keeps are lost, and a dump ends half-way.",
        fix="For migrations and dumps use the session port"
        + (f":\n{session}" if session else ", or connect to the server itself."),
        location=location,
        severity=severity,
        evidence={"url": url},
    )


CHECKS: tuple[Check, ...] = (
    Check(
        "CON001",
        "migrates-through-transaction-pooler",
        Severity.WARNING,
        migrates_through_pooler,
        needs=("builds",),
        uses=("server",),
    ),
)
