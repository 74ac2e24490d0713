"""MIG: what another tool minds in pending revisions, and nothing else here looks for."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.pending_statements import location, shown
from pgassay.analysis.second_opinion import Fate, WeighedRemark, weighed
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.pending_run import PendingRun
from pgassay.facts.second_opinion import SecondOpinion
from pgassay.findings import Finding, Severity


def find_second_opinion(check: Check, assay: Assay) -> Iterator[Finding]:
    """squawk minds a pending statement.

    What:
      squawk, a linter that knows PostgreSQL's migrations by their text, was shown the SQL that the
      pending revisions sent, and minds something that no other check looks for. Where one does
      look, what the statement was seen to do decides, and squawk's word is the finding's evidence.
      It is silent on what was made in the same deployment, and on what is dropped and made again.

    Why:
      A person should look before code that still runs misses what is gone.

    Fix:
      What squawk advises. What is meant is accepted by a waiver, or a rule is left out for good by
      `excluded_rules` in the project's .squawk.toml.

    Example:
      ALTER TABLE users ALTER COLUMN email DROP NOT NULL: code that reads it meets NULL.
    """
    run, opinion = assay.pending, assay.opinion
    assert isinstance(run, PendingRun)
    assert opinion is not None
    for one in weighed(opinion, run):
        if one.fate is not Fate.OPEN:
            continue
        for subject in one.objects or (one.statement.revision,):
            yield _finding(check, assay, opinion, one, subject)


def _finding(
    check: Check, assay: Assay, opinion: SecondOpinion, one: WeighedRemark, subject: str
) -> Finding:
    said, statement = one.remark, one.statement
    return check.finding(
        subject,
        f"`{shown(statement)}` in {statement.revision}: {opinion.tool} minds it "
        f"({said.rule}). {said.said}",
        why="Only its text was judged, not what it does to a full table: a person should look.",
        fix=said.advice
        or f"Read https://squawkhq.com/docs/{said.rule}; if it is meant, a waiver accepts it: "
        f'code = "{check.code}".',
        location=location(assay, statement),
        evidence={
            **({"kind": "object"} if one.objects else {}),
            "revision": statement.revision,
            "statement": statement.sql,
            "rule": said.rule,
            "tool": opinion.tool,
        },
        particulars=[f"{statement.revision}: {said.rule}: {shown(statement)}"],
    )


CHECKS: tuple[Check, ...] = (
    Check(
        "MIG021",
        "second-opinion",
        Severity.WARNING,
        find_second_opinion,
        needs=("pending", "second_opinion"),
    ),
)
