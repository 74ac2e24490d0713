"""Headers that sum up their lines, and journals that balance."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.declared_references import declared_references
from pgassay.analysis.inference.references import reference_proposals
from pgassay.analysis.inference.seen import Seen, says, type_of
from pgassay.analysis.money_names import says_currency
from pgassay.facts.data_rule import Balanced, References, Total
from pgassay.facts.proposal import Proposal

_PARTS = (
    *("line", "lines", "item", "items", "entry", "entries", "position", "positions"),
    *("detail", "details", "booking", "bookings", "posting", "postings", "leg", "legs", "split"),
)
_EXACT = ("numeric", "real", "double precision", "money")
_EACH = ("unit", "each", "per")


def total_proposals(seen: Seen) -> Iterator[Proposal]:
    """Of each pair of tables of which one looks like the other's parts; whether sums agree decides,
    which hardly happens by chance."""
    money = {table.table_name: seen.money.get(table.table_name, ()) for table, _ in seen.tables()}
    columns = {table.table_name: names for table, names in seen.tables()}
    for reference in _references(seen):
        lines, header = reference.table, reference.parent
        if len(reference.together) != 1 or not says(lines[1], *_PARTS):
            continue
        by, key = reference.together[0], reference.key[0]
        # Whatever the lines call it: that their sums agree says more than a name.
        summed = [c.name for c in columns.get(lines, {}).values() if type_of(c) in _EXACT]
        for line in (c for c in summed if not says(c, *_EACH)):
            for total in money.get(header, ()):
                yield Proposal(
                    Total(table=header, column=total, lines=lines, line=line, by=by, key=key),
                    f"it is the sum of {'.'.join(lines)}.{line} in nearly all rows",
                    0.9,
                    0.95,
                )
            if line not in money.get(lines, ()):
                continue
            codes = [c for c in columns[lines] if says_currency(c)]
            yield Proposal(
                Balanced(
                    table=lines,
                    column=line,
                    journal=by,
                    currency=codes[0] if len(codes) == 1 else "",
                ),
                f"nearly all sums by {by} are zero",
                0.95,
                0.9,
            )


def _references(seen: Seen) -> Iterator[References]:
    yield from declared_references(seen.catalog)
    for proposal in reference_proposals(seen):
        if isinstance(proposal.rule, References):
            yield proposal.rule
