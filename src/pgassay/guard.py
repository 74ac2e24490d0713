"""Stops a plain `alembic upgrade` on a database whose last gate is not safe.

In env.py, after `context.configure(...)` and before `context.run_migrations()`:

    from pgassay.guard import require_safe

    context.configure(connection=connection, target_metadata=target_metadata)
    require_safe()

The gate writes the record that is read here: `pgassay check --gate --record .pgassay/gate.json`.
This file needs the standard library only, Python 3.8 or newer, and nothing else of pgassay: it may
be copied into a project.

What it cannot prevent: a migration that does not go through this env.py (psql, another history, an
env.py without the call); SQL that `--sql` wrote and somebody runs; someone who may write the record
and works out its hash again, for it proves that nothing was changed by accident, not who wrote it;
a change of the database between the gate and now; and a copy of the database's whole server, which
has the same identity as its source.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List, Optional, Tuple

DEFAULT_RECORD = os.path.join(".pgassay", "gate.json")
SCHEMA_VERSION = 1
SCRATCH = "pgassay_scratch"
"""The key of Alembic's `Config.attributes` by which pgassay's own scratch runs are known."""

IDENTITY_SQL = (
    "SELECT current_database()::text, oid::text, "
    "(SELECT system_identifier::text FROM pg_control_system()) "
    "FROM pg_database WHERE datname = current_database()"
)
"""The database's name, its oid, and its server's system identifier, which initdb makes."""

# What Alembic calls the functions of commands that only read (alembic.command, 1.8 to 1.20).
_READING = frozenset(
    (
        "_display_current_history",
        "display_version",
        "edit_current",
        "nothing",
        "retrieve_migrations",
        "show_current",
    )
)
_CLOCK_SKEW = timedelta(minutes=5)
_GATE = "pgassay check --gate --record {}"


class NotSafe(SystemExit):
    """The migration was stopped. As a SystemExit it ends the command with its message and status
    1, without a traceback, and `except Exception` does not swallow it."""

    def __init__(self, what: str, why: str, next_step: str) -> None:
        self.what, self.why, self.next_step = what, why, next_step
        super().__init__(
            "pgassay stopped this migration: {}\n  why:  {}\n  next: {}".format(
                what, why, next_step
            )
        )


def require_safe(record: Optional[str] = None, max_age_hours: float = 24.0) -> None:
    """Raise NotSafe unless the last gate found this database safe for these heads.

    `record` is the gate's file; default $PGASSAY_EVIDENCE (a file, or a folder with gate.json in
    it), then `.pgassay/gate.json`, from where Alembic is run. A record older than `max_age_hours`
    proves nothing.

    Commands that only read (`current`, `check`, `revision --autogenerate`) and offline mode
    (`--sql`) go on, and so do pgassay's own runs on its scratch server. `PGASSAY_GUARD=off` with
    `PGASSAY_GUARD_REASON` lets a migration through, and says so on standard error.
    """
    context = _alembic_context()
    migration = _migration_context(context)
    if migration.config is not None and migration.config.attributes.get(SCRATCH):
        return
    if migration.as_sql or _command(migration) in _READING:
        return
    if _overridden():
        return
    path = _record_path(record)
    gate = _read(path)
    next_step = _GATE.format(path)
    _judge(gate, path, next_step, timedelta(hours=max_age_hours))
    heads = sorted(context.get_head_revisions())
    if sorted(gate["heads"]) != heads:
        raise NotSafe(
            "the gate in {} judged {}, and these files lead to {}.".format(
                path, _listed(gate["heads"]), _listed(heads)
            ),
            "Nobody has looked at what the other revisions do to this database.",
            next_step,
        )
    _same_database(gate["database"], _identity(migration.connection, next_step), path, next_step)


def content_hash(record: Dict[str, Any]) -> str:
    """The SHA-256 of a record without its own "hash": sorted keys, no spaces, ASCII."""
    content = {key: value for key, value in record.items() if key != "hash"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _alembic_context() -> Any:
    """Alembic is never imported here: where env.py runs, it is loaded."""
    context = sys.modules.get("alembic.context")
    if context is None:
        raise NotSafe(
            "require_safe() was called outside Alembic.",
            "It judges the migration that Alembic is about to run, and there is none.",
            "Call it in env.py, after context.configure().",
        )
    return context


def _migration_context(context: Any) -> Any:
    try:
        return context.get_context()
    except Exception:
        raise NotSafe(
            "require_safe() was called before context.configure().",
            "It cannot know yet which database would be migrated.",
            "In env.py, move it between context.configure() and context.run_migrations().",
        ) from None


def _command(migration: Any) -> str:
    return str(getattr(migration.opts.get("fn"), "__name__", ""))


def _overridden() -> bool:
    if os.environ.get("PGASSAY_GUARD", "").strip().lower() != "off":
        return False
    reason = os.environ.get("PGASSAY_GUARD_REASON", "").strip()
    if not reason:
        raise NotSafe(
            "PGASSAY_GUARD=off gives no reason.",
            "Who reads the log later must see why an unproven migration was let through.",
            'PGASSAY_GUARD_REASON="who, why" beside it.',
        )
    line = "!" * 78
    sys.stderr.write(
        "{0}\nPGASSAY_GUARD=off: this migration runs WITHOUT a safe gate.\n"
        "reason: {1}\n{0}\n".format(line, reason)
    )
    sys.stderr.flush()
    return True


def _record_path(given: Optional[str]) -> str:
    path = given or os.environ.get("PGASSAY_EVIDENCE") or DEFAULT_RECORD
    return os.path.join(path, "gate.json") if os.path.isdir(path) else path


def _read(path: str) -> Dict[str, Any]:
    next_step = _GATE.format(path)
    unproven = "Nothing proves that this database may be migrated."
    try:
        with open(path, encoding="utf-8") as file:
            gate = json.load(file)
    except FileNotFoundError:
        raise NotSafe("there is no gate record {}.".format(path), unproven, next_step) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not JSON"
        what = "the gate record {} cannot be read: {}.".format(path, reason)
        raise NotSafe(what, unproven, next_step) from None
    broken = _broken(gate)
    if broken:
        raise NotSafe(
            "the gate record {} {}.".format(path, broken),
            "It is not what the gate wrote, so it proves nothing.",
            next_step,
        )
    return dict(gate)


def _broken(gate: Any) -> str:
    """What is wrong with a record's form; "" for one that is whole."""
    if not isinstance(gate, dict) or gate.get("kind") != "gate":
        return "is no gate record"
    if gate.get("schema_version") != SCHEMA_VERSION:
        return "is of another version of pgassay"
    if gate.get("hash") != content_hash(gate):
        return "was changed after the gate wrote it"
    heads, database = gate.get("heads"), gate.get("database")
    whole = isinstance(gate.get("verdict"), str) and isinstance(gate.get("time"), str)
    if not whole or not isinstance(heads, list) or not isinstance(database, (dict, type(None))):
        return "lacks what a gate writes"
    return ""


def _judge(gate: Dict[str, Any], path: str, next_step: str, max_age: timedelta) -> None:
    if gate["verdict"] != "safe" or gate["database"] is None:
        raise NotSafe(
            "the last gate's verdict is {} ({}).".format(gate["verdict"].upper(), path),
            "Only `safe` proves that this migration may run.",
            next_step,
        )
    try:
        judged = datetime.fromisoformat(gate["time"])
        age = datetime.now(timezone.utc) - judged.astimezone(timezone.utc)
    except ValueError:
        age = -max_age
    if age > max_age or age < -_CLOCK_SKEW:
        raise NotSafe(
            "the gate in {} is of {}, and must be of the last {:g} hours.".format(
                path, gate["time"], max_age.total_seconds() / 3600
            ),
            "The database may have changed since then.",
            next_step,
        )


Identity = Tuple[str, str, str]


def _identity(connection: Any, next_step: str) -> Identity:
    """What the connected database says it is. The connection is left as it was found."""
    in_transaction = connection.in_transaction()
    try:
        row = connection.exec_driver_sql(IDENTITY_SQL).fetchone()
    except Exception as error:
        raise NotSafe(
            "the database does not say which one it is: {}.".format(
                str(error).strip().partition("\n")[0]
            ),
            "The gate may have been for another one.",
            "GRANT EXECUTE ON FUNCTION pg_control_system() TO CURRENT_USER, as a superuser; then "
            + next_step,
        ) from None
    finally:
        # SQLAlchemy 2 begins a transaction by itself, and Alembic wants to begin its own.
        if not in_transaction and connection.in_transaction():
            connection.rollback()
    return (str(row[0]), str(row[1]), str(row[2]))


def _same_database(judged: Dict[str, Any], here: Identity, path: str, next_step: str) -> None:
    there = tuple(str(judged.get(key) or "") for key in ("name", "oid", "system_identifier"))
    if there == here and all(here):
        return
    raise NotSafe(
        "the gate in {} judged database {} (oid {}, system {}), and this is {} (oid {}, "
        "system {}).".format(path, *there, *here),
        "What is safe for one database may lose data in another.",
        next_step + " --database-url env:NAME",
    )


def _listed(heads: List[str]) -> str:
    return ", ".join(sorted(heads)) or "no head"
