"""What the findings on pending revisions have in common."""

from __future__ import annotations

from pgassay.analysis.pending_statements import location, severity, shown, weight
from pgassay.analysis.second_opinion import agreeing_rules
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.catalog import TableName
from pgassay.facts.pending_run import PendingRun, TableLock, WatchedStatement
from pgassay.findings import Finding, Severity


def pending_finding(
    check: Check,
    assay: Assay,
    statement: WatchedStatement,
    table: TableName,
    does: str,
    *,
    why: str,
    fix: str,
    subject: str = "",
    weighs: TableName | None = None,
    worst: Severity | None = None,
) -> Finding:
    """`does` goes on from the statement and its revision. The finding is as grave as the table
    `weighs`, `table` itself where none is named, and `worst` at most."""
    return check.finding(
        subject or table_words(table),
        f"`{shown(statement)}` in {statement.revision} {does}.",
        why=why,
        fix=fix,
        severity=severity(assay, weighs or table, worst or check.severity),
        location=location(assay, statement),
        evidence={
            "kind": _kind(statement, subject) if subject else "table",
            "revision": statement.revision,
            "statement": statement.sql,
            "locks": {
                table_words(lock.table): lock.words for lock in (*statement.held, *statement.took)
            },
            "size": weight(assay, weighs or table).words,
            **_agreeing(check, assay, statement),
        },
        particulars=[f"{statement.revision}: {shown(statement)}"],
    )


def _kind(statement: WatchedStatement, subject: str) -> str:
    """What a subject below a table is."""
    columns = {f"{table_words(c.table)}.{c.name}" for c in statement.columns}
    return "column" if subject in columns else "constraint"


def _agreeing(check: Check, assay: Assay, statement: WatchedStatement) -> dict[str, str]:
    """Who says the same of the statement's text."""
    if assay.opinion is None or not isinstance(assay.pending, PendingRun):
        return {}
    rules = agreeing_rules(assay.opinion, assay.pending, statement, check.code)
    return {"second_opinion": f"{assay.opinion.tool}: {', '.join(rules)}"} if rules else {}


def table_words(table: TableName) -> str:
    return ".".join(table)


def paste(code: str) -> str:
    """Code of a revision as a fix shows it, with what is said between."""
    lines = code.split("\n")
    return "\n".join(f"    {line}" if line.startswith("    ") else line for line in lines)


def under(statement: WatchedStatement, table: TableName) -> str:
    """`, under ACCESS EXCLUSIVE`; "" where it has no lock on the table."""
    lock: TableLock | None = statement.lock_on(table)
    return f", under {lock.words}" if lock is not None else ""
