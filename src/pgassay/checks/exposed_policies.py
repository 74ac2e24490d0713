"""SEC: row security that is on and protects nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pgassay.analysis.always_true import Truth, truth_of
from pgassay.analysis.effective_rights import ROW_RIGHTS, Exposure, applies_to, shown_rights
from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.check import Check
from pgassay.facts.access import Access, Role
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import Policy, Table, TableName
from pgassay.findings import Finding, Severity


def open_policies(check: Check, assay: Assay) -> Iterator[Finding]:
    """A policy lets everybody in.

    What:
      Row security is on, but a permissive policy for a role of the API has a condition that is
      always true (`true`, `1 = 1`, `... OR true`), and no restrictive policy stands before it. It
      is a blocker where anybody may change or delete rows; a warning where anybody may insert, or
      whoever has signed in may change or delete, which `auth.role() = 'authenticated'` and
      `auth.uid() IS NOT NULL` mean too; info where rows are only read, which may be meant. Whoever
      has signed in has any role but the anonymous one.

    Why:
      Row security then protects nothing for these commands, while it looks as if it did.

    Fix:
      Let the policy ask whose row it is, or drop it.

    Example:
      bad:  CREATE POLICY everybody ON orders FOR UPDATE USING (true);
      good: CREATE POLICY own ON orders FOR UPDATE TO authenticated
              USING ((SELECT auth.uid()) = customer_id);
    """
    assert isinstance(assay.access, Access)
    exposure = Exposure(assay.access)
    catalog = assay.access.catalog
    tables = {t.table_name: t for t in catalog.tables}
    policies = catalog.of(Policy)
    restrictive = [p for p in policies if not p.permissive]
    for policy in policies:
        if not policy.permissive:
            continue
        let_in = {
            role.name: commands
            for role in exposure.roles
            if (commands := _let_in(exposure, policy, role, tables, restrictive))
        }
        if not let_in:
            continue
        name, table = quoted(policy.name), qualified(policy.schema, policy.table)
        yield check.finding(
            f"{policy.schema}.{policy.table}: {policy.name}",
            f"Policy {name} on {policy.schema}.{policy.table} lets everybody in "
            f"({_condition(policy)}): {shown_rights(let_in)} every row.",
            why="For these commands row security protects nothing, while it looks as if it did.",
            fix=f"DROP POLICY {name} ON {table};\n"
            "-- or let it ask whose row it is, by the column that says so:\n"
            f"ALTER POLICY {name} ON {table} "
            + ("WITH CHECK" if policy.command == "INSERT" else "USING")
            + " ((SELECT auth.uid()) = user_id);",
            severity=_severity(let_in, exposure.anonymous),
            evidence={
                "kind": policy.KIND,
                "using": policy.using,
                "check": policy.check,
                "lets": let_in,
            },
            particulars=[f"{role}: {', '.join(commands)}" for role, commands in let_in.items()],
        )


def _let_in(
    exposure: Exposure,
    policy: Policy,
    role: Role,
    tables: dict[TableName, Table],
    restrictive: Sequence[Policy],
) -> tuple[str, ...]:
    """The commands for which the policy lets the role do all with every row."""
    if role.bypasses_row_security or not applies_to(policy, role):
        return ()
    anonymous = role.name in exposure.anonymous
    table = tables.get(policy.table_name)
    if table is None:
        # The service's, such as storage.objects: it has row security, and requests reach it.
        service = exposure.access.service
        may = ROW_RIGHTS if service and policy.schema in service.served else ()
    elif not table.row_security or not exposure.is_exposed(table.schema, role):
        return ()
    else:
        may = exposure.open_to(table).get(role.name, ())
    return tuple(
        command
        for command in may
        if _is_open(policy, command, anonymous)
        and not any(
            p.table_name == policy.table_name
            and applies_to(p, role)
            and _concerns(p, command)
            and not _is_open(p, command, anonymous)
            for p in restrictive
        )
    )


def _concerns(policy: Policy, command: str) -> bool:
    return policy.command in ("ALL", command)


def _is_open(policy: Policy, command: str, anonymous: bool) -> bool:
    """Whether it lets a role do this with every row, `anonymous`: also one
    for whoever has not signed in. For UPDATE, USING says which rows."""
    if not _concerns(policy, command):
        return False
    condition = policy.using
    if command == "INSERT" and (policy.command == "INSERT" or policy.check):
        condition = policy.check
    enough = Truth.ALWAYS if anonymous else Truth.LOGGED_IN
    return truth_of(condition) >= enough


def _severity(let_in: dict[str, tuple[str, ...]], anonymous: frozenset[str]) -> Severity:
    changed = {role for role, commands in let_in.items() if {"UPDATE", "DELETE"} & {*commands}}
    if changed & anonymous:
        return Severity.BLOCKER
    if changed or any("INSERT" in commands for commands in let_in.values()):
        return Severity.WARNING
    return Severity.INFO


def _condition(policy: Policy) -> str:
    parts = (("USING", policy.using), ("WITH CHECK", policy.check))
    return " ".join(f"{word} {_in_parentheses(text)}" for word, text in parts if text)


def _in_parentheses(text: str) -> str:
    return text if text.startswith("(") else f"({text})"


CHECKS: tuple[Check, ...] = (
    Check("SEC003", "policy-lets-everybody-in", Severity.BLOCKER, open_policies, needs=("access",)),
)
