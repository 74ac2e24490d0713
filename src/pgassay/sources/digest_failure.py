"""Why a table could not be read for its digest, and what to do."""

from __future__ import annotations

import psycopg
from psycopg import errors

from pgassay.analysis.digest_query import DigestPlan
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.unavailable import Unavailable


class OutOfRange(Unavailable):
    """A value that an algorithm's arithmetic cannot take; one over texts can."""

    __slots__ = ()


def digest_failure(failed: Exception, plan: DigestPlan, role: str, grant: str) -> Unavailable:
    """`failed` as what a person is told. `grant` is what lets the role read the table."""
    message = _primary(failed)
    reason, next_step = f"{plan.shown}: {message}", ""
    if isinstance(failed, errors.InsufficientPrivilege):
        if "row-level security" in message:
            # PostgreSQL's words when row_security = off meets a policy (check_enable_rls).
            reason = f"row-level security hides rows of {plan.shown} from role {role}"
            next_step = "Use a role with BYPASSRLS, or the table's owner."
        else:
            reason, next_step = f"role {role} may not read {plan.shown}: {message}", grant
    elif isinstance(failed, errors.LockNotAvailable):
        reason = (
            f"another session holds a lock on {plan.shown}, by a migration perhaps (waited 2 s)"
        )
        next_step = (
            "Run again once the lock is gone; pg_locks and pg_blocking_pids() name its holder."
        )
    elif isinstance(failed, errors.QueryCanceled) and "conflict" not in message:
        reason = f"reading {plan.shown} took too long: {message}"
        next_step = "Give more time: --statement-timeout SECONDS."
    elif isinstance(failed, errors.QueryCanceled | errors.SerializationFailure):
        reason = f"the standby had to apply changes that {plan.shown} was read before: {message}"
        next_step = "Run again, or raise max_standby_streaming_delay on the standby for the run."
    elif isinstance(
        failed, errors.UndefinedTable | errors.UndefinedColumn | errors.InvalidSchemaName
    ):
        reason = f"{plan.shown} was changed after its definition was read: {message}"
        next_step = "Run again once no migration is running."
    elif "MD5" in message:
        next_step = "Where MD5 is forbidden, give --digest-key env:NAME: SHA-256 is used instead."
    elif isinstance(failed, errors.DataError):
        next_step = f"Look at {qualified(plan.schema, plan.table)}."
        return OutOfRange(plan.shown, f"{reason}.", next_step, str(failed))
    if not reason.startswith(plan.shown):
        reason = reason[0].upper() + reason[1:]
    return Unavailable(plan.shown, f"{reason}.", next_step, str(failed))


def _primary(error: Exception) -> str:
    message = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return (message or str(error) or type(error).__name__).strip().splitlines()[0]
