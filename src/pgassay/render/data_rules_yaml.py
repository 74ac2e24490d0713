"""Proposed rules as a file that people review."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml

from pgassay.facts.catalog import TableName
from pgassay.facts.proposal import Proposal

_HEAD = """\
# Rules that the rows of the database must keep: proposed by pgassay from names, types,
# relationships and statistics. Review each: `confidence` is how often such a guess is right. Take
# out what does not hold; what is broken today is told by `pgassay data check`.
"""


def proposed_rules(proposals: Sequence[tuple[Proposal, Any]]) -> str:
    """The file's text, of proposals with what stands behind their kind; also where there is none,
    an empty file to begin with."""
    by_table: dict[TableName, list[tuple[Proposal, Any]]] = {}
    for proposal, value in proposals:
        by_table.setdefault(proposal.rule.table, []).append((proposal, value))
    lines = [_HEAD, "tables:" if by_table else "tables: {}"]
    for table, found in sorted(by_table.items()):
        lines.append(f"  {_flow('.'.join(table))}:")
        for proposal, value in found:
            lines += [
                f"    - {proposal.rule.KIND}: {_flow(_filled(value))}",
                f"      reason: {_flow(proposal.reason)}",
                f"      confidence: {proposal.confidence:g}",
            ]
    return "\n".join(lines) + "\n"


def _filled(value: Any) -> Any:
    """Without what is not said, and a list of one as the one."""
    if not isinstance(value, dict):
        return value
    kept = {key: inner for key, inner in value.items() if inner not in ("", [])}
    return {
        key: inner[0] if isinstance(inner, list) and len(inner) == 1 and key != "values" else inner
        for key, inner in kept.items()
    }


def _flow(value: Any) -> str:
    """On one line."""
    text = yaml.safe_dump(
        value, default_flow_style=True, sort_keys=False, width=10**6, allow_unicode=True
    )
    return text.removesuffix("\n").removesuffix("\n...")
