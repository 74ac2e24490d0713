"""What money must be: of one sign, of a currency, no finer than it, of the policy's size."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pgassay.analysis.inference.seen import NUMBERS, TEXTS, Seen, type_of
from pgassay.analysis.money_names import says_currency
from pgassay.facts.data_rule import Fits, InRange, IsCurrency, MinorUnits
from pgassay.facts.proposal import Proposal

Size = Callable[[str], tuple[int, int]]
"""`schema.table.column` -> the numeric(precision, scale) that the policy wants."""

_FLOATS = ("real", "double precision")


def amount_proposals(seen: Seen, size: Size) -> Iterator[Proposal]:
    for table, columns in seen.tables():
        name = table.table_name
        codes = [c for c in columns.values() if says_currency(c.name) and type_of(c) in TEXTS]
        for code in codes:
            yield Proposal(
                IsCurrency(table=name, column=code.name),
                "its name says currency",
                0.95,
                0.95,
            )
        for column in seen.money.get(name, ()):
            type_ = type_of(columns[column])
            if type_ not in NUMBERS:
                continue
            yield Proposal(
                InRange(table=name, column=column, low="0"),
                "it is money, and nearly all of it has one sign",
                0.8,
            )
            if len(codes) == 1 and type_ in (*_FLOATS, "numeric"):
                yield Proposal(
                    MinorUnits(table=name, column=column, currency=codes[0].name),
                    f"it is money, and {codes[0].name} says of which currency",
                    0.9,
                    0.95,
                )
            precision, scale = size(f"{'.'.join(name)}.{column}")
            is_open = type_ in _FLOATS or columns[column].type == "numeric"
            if not codes and is_open:
                yield Proposal(
                    MinorUnits(table=name, column=column, decimals=scale),
                    f"it is money, no column says of which currency, and the policy has {scale} "
                    "decimals",
                    0.7,
                    0.95,
                )
            if is_open:
                yield Proposal(
                    Fits(table=name, column=column, precision=precision, scale=scale),
                    f"it is money in {columns[column].type}, and the policy wants "
                    f"numeric({precision},{scale})",
                    0.9,
                    0.95,
                )
