"""When things can have happened, and in which order."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.inference.seen import TIMES, Seen, says, type_of
from pgassay.facts.data_rule import InOrder, InTime
from pgassay.facts.proposal import Proposal

_BIRTH = ("birth", "born", "dob")
_TO_COME = (
    *("due", "deadline", "expires", "expiry", "expiration", "until", "end", "ends", "ending"),
    *("start", "starts", "begin", "begins", "valid", "next", "scheduled", "renews", "renewal"),
    *("payable", "wanted", "planned", "target", "effective", "to", "from", "by"),
)
_ORDERS = (
    (("created", "inserted"), ("updated", "modified", "changed"), ("deleted", "removed")),
    (("start", "starts", "begins", "from"), ("end", "ends", "expires", "until", "to")),
    (("issued", "billed", "written"), ("due", "payable")),
)


def time_proposals(seen: Seen) -> Iterator[Proposal]:
    for table, columns in seen.tables():
        times = [c.name for c in columns.values() if type_of(c) in TIMES]
        for name in times:
            if says(name, *_BIRTH):
                continue
            is_to_come = says(name, *_TO_COME)
            yield Proposal(
                InTime(
                    table=table.table_name,
                    column=name,
                    ahead_s=None if is_to_come else InTime.AHEAD_S,
                ),
                "its name speaks of what may still come"
                if is_to_come
                else "its name speaks of what has happened",
                0.7,
            )
        for order in _ORDERS:
            found = [next((n for n in times if says(n, *each)), "") for each in order]
            together = tuple(dict.fromkeys(name for name in found if name))
            if len(together) > 1:
                yield Proposal(
                    InOrder(table=table.table_name, together=together),
                    "their names say which comes first",
                    0.8,
                )
