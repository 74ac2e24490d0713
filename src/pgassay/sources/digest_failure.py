"""Why a table could not be read for its digest, and what to do."""

from __future__ import annotations

from psycopg import errors

from pgassay.analysis.digest_query import DigestPlan
from pgassay.analysis.sql_identifier import qualified
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.refused_rows import refusal

_MORE_TIME = "Give more time: --statement-timeout SECONDS."


class OutOfRange(Unavailable):
    """A value that an algorithm's arithmetic cannot take; one over texts can."""

    __slots__ = ()


def digest_failure(failed: Exception, plan: DigestPlan, role: str, grant: str) -> Unavailable:
    """`failed` as what a person is told. `grant` is what lets the role read the table."""
    table = (plan.schema, plan.table)
    reason, next_step = refusal(failed, table, role, more_time=_MORE_TIME, grant=grant)
    if "MD5" in str(failed):
        next_step = "Where MD5 is forbidden, give --digest-key env:NAME: SHA-256 is used instead."
    elif isinstance(failed, errors.DataError):
        next_step = f"Look at {qualified(*table)}."
        return OutOfRange(plan.shown, f"{reason}.", next_step, str(failed))
    if not reason.startswith(plan.shown):
        reason = reason[0].upper() + reason[1:]
    return Unavailable(plan.shown, f"{reason}.", next_step, str(failed))
