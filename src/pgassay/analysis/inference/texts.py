"""Addresses that must be one person's, and words out of a short list."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.inference.seen import TEXTS, Seen, says, type_of
from pgassay.analysis.money_names import says_currency
from pgassay.facts.data_rule import NotNull, OneOf, Unique
from pgassay.facts.proposal import Proposal

_MAILS = ("email", "mail")
_WORDS = ("status", "state", "kind", "type", "level", "role", "direction", "side", "phase", "plan")
_MANY = 20
_COMPLETE = 0.999


def text_proposals(seen: Seen) -> Iterator[Proposal]:
    for table, columns in seen.tables():
        name = table.table_name
        unique = {
            c.columns
            for c in seen.catalog.constraints
            if c.table_name == name and c.kind in ("unique", "primary key")
        }
        unique |= {i.columns for i in seen.catalog.indexes if i.table_name == name and i.unique}
        for column in columns.values():
            known = seen.of(name, column.name)
            if type_of(column) in TEXTS and says(column.name, *_MAILS):
                if (column.name,) in unique:
                    yield Proposal(
                        Unique(table=name, together=(column.name,), alike=("case", "blanks")),
                        "it is an e-mail address and unique, but addresses that differ in case or "
                        "blanks reach the same person",
                        0.9,
                        0.95,
                    )
            elif known is not None and type_of(column) in TEXTS and not says_currency(column.name):
                listed = 1 < len(known.values) <= _MANY and known.distinct <= len(known.values)
                is_complete = known.share_of_values + known.null_share >= _COMPLETE
                if says(column.name, *_WORDS) and listed and is_complete:
                    yield Proposal(
                        OneOf(table=name, column=column.name, values=tuple(sorted(known.values))),
                        f"it has {len(known.values)} values, and ANALYZE saw no other",
                        0.5,
                        1.0,
                    )
            is_wanted = column.name in seen.money.get(name, ()) or says_currency(column.name)
            if is_wanted and not column.not_null and known is not None and not known.null_share:
                yield Proposal(
                    NotNull(table=name, column=column.name),
                    "it is money, may be NULL, and ANALYZE saw none",
                    0.6,
                )
