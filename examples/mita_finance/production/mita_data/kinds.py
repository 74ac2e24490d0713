"""The kinds of planted defects: what each means, exactly, and how many are planted by default."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    name: str
    default: int
    meaning: str
    ledger: bool = False
    """Lives only in the ledger."""


KINDS = {
    kind.name: kind
    for kind in (
        Kind("orphans", 12, "user_id of no user, where no foreign key forbids it"),
        Kind(
            "orphans_behind_fk",
            6,
            "user_id of no user, behind a foreign key that calls itself valid: loaded with "
            "session_replication_role = replica, as restores with triggers off do",
        ),
        Kind("negatives", 9, "an amount below zero, where amounts are not signed"),
        Kind("emails", 7, "an e-mail that is another user's but for its case or outer blanks"),
        Kind(
            "sub_cent",
            12,
            "more decimals than the currency has; two where the table names no currency",
        ),
        Kind("nan", 9, "an amount that is NaN; it passes CHECK (amount > 0)"),
        Kind("infinite", 6, "an amount that is Infinity"),
        Kind(
            "overflow",
            6,
            "a finite amount that numeric(12,2) can hold only before it is rounded",
        ),
        Kind("future", 9, "happened after today, by decades"),
        Kind("pre_epoch", 6, "happened before 1970"),
        Kind("currency", 9, "a currency that ISO 4217 does not know"),
        Kind("unbalanced", 8, "a journal whose entries are not zero in each currency", ledger=True),
        Kind("headers", 8, "an invoice whose total is not the sum of its lines", ledger=True),
    )
}


def read_kinds(text: str) -> tuple[dict[str, int], frozenset[str], list[str]]:
    """`none`, `all` or KIND=N,...: the counts, the kinds whose count was asked for by number,
    and what is wrong with the text. A later item overrules an earlier one."""
    counts = dict.fromkeys(KINDS, 0)
    by_number: set[str] = set()
    wrong = []
    for item in text.split(","):
        name, equals, number = (part.strip() for part in item.partition("="))
        if not equals and name in ("none", "all"):
            counts = {k.name: k.default if name == "all" else 0 for k in KINDS.values()}
            by_number.clear()
        elif name not in KINDS:
            wrong.append(
                f"--defects: {name or 'an empty item'} is no kind; "
                f"write none, all or KIND=N with one of {', '.join(KINDS)}"
            )
        elif not (number.isascii() and number.isdigit()):
            wrong.append(f"--defects: {name} needs a number from 0 on, as in {name}=3")
        else:
            counts[name] = int(number)
            by_number.add(name)
    return counts, frozenset(by_number), wrong
