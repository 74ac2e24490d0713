"""Why rows could not be read, and what would let us."""

from __future__ import annotations

import psycopg
from psycopg import errors, sql

from pgassay.facts.catalog import TableName


def refusal(failed: Exception, table: TableName, role: str) -> tuple[str, str]:
    """The reason, and the next command or ""."""
    shown = ".".join(table)
    message = first_line(failed)
    if isinstance(failed, errors.InsufficientPrivilege):
        if "row-level security" in message:
            # PostgreSQL's words when row_security = off meets a policy (check_enable_rls).
            return (
                f"row-level security hides rows of {shown} from role {role}",
                "Use a role with BYPASSRLS, or the table's owner.",
            )
        grant = sql.SQL("GRANT SELECT ON TABLE {} TO {};").format(
            sql.Identifier(*table), sql.Identifier(role)
        )
        return f"role {role} may not read {shown}: {message}", grant.as_string(None)
    if isinstance(failed, errors.QueryCanceled | errors.LockNotAvailable):
        return (
            f"{shown} was not read to its end: {message}",
            "[data] time_limit_s in pgassay.toml allows more.",
        )
    if isinstance(failed, errors.ReadOnlySqlTransaction):
        return f"it writes, which is refused: {message}", "Ask with SELECT only."
    return message, ""


def first_line(error: Exception) -> str:
    diagnosed = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (diagnosed or str(error) or type(error).__name__).strip().splitlines()[0]
