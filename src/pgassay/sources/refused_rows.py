"""Why rows could not be read, and what would let us."""

from __future__ import annotations

import psycopg
from psycopg import errors

from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import TableName


def refusal(
    failed: Exception, table: TableName, role: str, *, more_time: str, grant: str = ""
) -> tuple[str, str]:
    """The reason, without a full stop, and what to do, "" where only the reason helps. `more_time`
    says how to allow it; `grant` what lets the role read the table, where that is known."""
    message, shown = primary(failed), ".".join(table)
    match failed:
        case errors.InsufficientPrivilege() if "row-level security" in message:
            # PostgreSQL's words when row_security = off meets a policy (check_enable_rls).
            return (
                f"row-level security hides rows of {shown} from role {role}",
                "Use a role with BYPASSRLS, or the table's owner.",
            )
        case errors.InsufficientPrivilege():
            return f"role {role} may not read {shown}: {message}", grant or _grant(table, role)
        case errors.LockNotAvailable():
            return (
                f"another session holds a lock on {shown}, by a migration perhaps (waited 2 s)",
                "Run again once the lock is gone; pg_locks and pg_blocking_pids() name its holder.",
            )
        case errors.QueryCanceled() if "conflict" not in message:
            return f"reading {shown} took too long: {message}", more_time
        case errors.QueryCanceled() | errors.SerializationFailure():
            return (
                f"the standby had to apply changes that {shown} was read before: {message}",
                "Run again, or raise max_standby_streaming_delay on the standby for the run.",
            )
        case errors.UndefinedTable() | errors.UndefinedColumn() | errors.InvalidSchemaName():
            return (
                f"{shown} was changed after its definition was read: {message}",
                "Run again once no migration is running.",
            )
    return f"{shown}: {message}", ""


def primary(error: Exception) -> str:
    """PostgreSQL's own sentence, or the first line of what there is."""
    message = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (message or str(error) or type(error).__name__).strip().splitlines()[0]


def _grant(table: TableName, role: str) -> str:
    return (
        f"GRANT USAGE ON SCHEMA {quoted(table[0])} TO {quoted(role)}; "
        f"GRANT SELECT ON TABLE {qualified(*table)} TO {quoted(role)};"
    )
