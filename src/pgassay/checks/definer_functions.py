"""SEC: functions that run with their owner's rights."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pgassay.analysis.effective_rights import EVERYBODY, Exposure, may_execute
from pgassay.analysis.sql_identifier import quoted, split_signature, unquoted
from pgassay.check import Check
from pgassay.facts.access import Access
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Function
from pgassay.findings import Finding, Severity

_ENTRY = re.compile(r'\s*("(?:[^"]|"")*"|[^,\s]+)\s*(?:,|$)')
# Names in the body of these are not looked up when it runs.
_COMPILED = ("c", "internal")
_OF_TRIGGERS = ("trigger", "event_trigger")


def mutable_search_path(check: Check, assay: Assay) -> Iterator[Finding]:
    """A function runs with its owner's rights and its caller's search_path.

    What:
      A SECURITY DEFINER function has no search_path of its own, or one with "$user" or a schema in
      which everybody may make objects. It is a blocker where everybody, or a role of an API, may
      call it; a warning where that is revoked, or only a trigger calls it; info where the path is
      its own and only pg_temp is not last on it (it is searched first where it is not named). C
      functions and bodies in BEGIN ATOMIC, whose names are bound already, are left out.

    Why:
      Whoever calls it decides which table or function a name in its body means, and puts one of
      their own in the way: it runs with the owner's rights.

    Fix:
      Give it a search_path of its own, with pg_temp last; or '' where the body names the schema of
      all that it uses.

    Example:
      bad:  CREATE FUNCTION total() RETURNS numeric SECURITY DEFINER ... 'SELECT sum(a) FROM t';
      good: ALTER FUNCTION total() SET search_path = public, pg_temp;
    """
    assert isinstance(assay.access, Access)
    exposure = Exposure(assay.access)
    for function in assay.access.catalog.of(Function):
        if not function.security_definer or exposure.is_of_service(function):
            continue
        if function.language in _COMPILED or function.sql_body:
            continue
        weak = _weakness(exposure, function)
        if weak is None:
            continue
        what, severity = weak
        callers = _callers(exposure, function)
        if severity is Severity.BLOCKER and not callers:
            severity = Severity.WARNING
        name, arguments = split_signature(function.name)
        signature = f"{quoted(function.schema)}.{quoted(name)}({arguments})"
        who = f"; {callers} may call it" if callers else ""
        yield check.finding(
            f"{function.schema}.{function.name}",
            f"{function.schema}.{function.name} runs as {function.owner} {what}{who}.",
            why="Whoever calls it can put a table or function of their own where its body means "
            "another, and have it used with the owner's rights.",
            fix=f"ALTER ROUTINE {signature} SET search_path = {quoted(function.schema)}, pg_temp;\n"
            "-- with what other schemas its body needs before pg_temp; or '' where it names all",
            severity=severity,
            evidence={
                "kind": function.KIND,
                "settings": list(function.settings),
                "callers": callers,
            },
            particulars=[what],
        )


def _weakness(exposure: Exposure, function: Function) -> tuple[str, Severity] | None:
    """What is wrong with its search_path; None where nothing is."""
    path = next((s for s in function.settings if s.startswith("search_path=")), None)
    if path is None:
        return "with the search_path of whoever calls it", Severity.BLOCKER
    schemas = [unquoted(entry) for entry in _ENTRY.findall(path.partition("=")[2])]
    schemas = [schema for schema in schemas if schema]
    for schema in schemas:
        if schema == "$user" or exposure.rights.may_make(EVERYBODY, schema):
            own = '"$user"' if schema == "$user" else f"{schema}, where every role may make objects"
            return f"with {own} on its search_path", Severity.BLOCKER
    if schemas and schemas[-1] != "pg_temp":
        how = (
            "on which pg_temp is not last"
            if "pg_temp" in schemas
            else ("before which pg_temp is searched")
        )
        return f"with the search_path {', '.join(schemas)}, {how}", Severity.INFO
    return None


def _callers(exposure: Exposure, function: Function) -> str:
    """Who of those whom nobody chose may call it; "" for none. Triggers call their own."""
    if function.returns in _OF_TRIGGERS:
        return ""
    rights = exposure.rights
    if may_execute(function, EVERYBODY) and rights.may_enter(EVERYBODY, function.schema):
        return "every role"
    return " and ".join(
        role.name
        for role in exposure.roles
        if may_execute(function, role) and exposure.is_exposed(function.schema, role)
    )


CHECKS: tuple[Check, ...] = (
    Check(
        "SEC005",
        "definer-without-search-path",
        Severity.BLOCKER,
        mutable_search_path,
        needs=("access",),
    ),
)
