"""Fill this example's production database with invented rows, of any number, and planted defects.

    python production/build_production.py --no-rows --url URL
    python production/generate_data.py --url URL --users 1000 --transactions 20000 \\
        --truth planted.json

The same seed, sizes, day and defects make the same rows, byte for byte: nothing depends on the
clock. What is planted, and in which rows, is written to the file that --truth names.
"""

import argparse
import json
import re
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.dont_write_bytecode = True  # leave no __pycache__ in the example
sys.path.insert(0, str(Path(__file__).resolve().parent))

import psycopg  # noqa: E402
from mita_data.app_tables import AppTables  # noqa: E402
from mita_data.kinds import KINDS, read_kinds  # noqa: E402
from mita_data.ledger import Ledger  # noqa: E402
from mita_data.load import CannotLoad, check_target, empty, fill  # noqa: E402
from mita_data.people import make_world  # noqa: E402
from mita_data.planting import deal, room  # noqa: E402
from mita_data.truth import Truth  # noqa: E402

# Users take 17 bytes of memory each; transactions take none, but time.
MOST = {"users": 100_000_000, "transactions": 10_000_000_000, "seed": 10**18}
_DRIVER = re.compile(r"postgres(ql)?(\+\w+)?://")  # SQLAlchemy's forms too


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        description="Fill the example's production with rows and planted defects.",
        epilog="Kinds: " + "; ".join(f"{k.name}: {k.meaning}" for k in KINDS.values()) + ".",
    )
    made.add_argument("--url", default="", help="postgresql:// URL of the example's production")
    made.add_argument("--users", default="1000", metavar="N", help="default: 1000")
    made.add_argument("--transactions", default="20000", metavar="N", help="default: 20000")
    made.add_argument("--seed", default="2025", metavar="N", help="default: 2025")
    made.add_argument("--today", default="2025-09-01", metavar="DAY", help="default: 2025-09-01")
    made.add_argument(
        "--defects",
        default="all",
        metavar="none|all|KIND=N,...",
        help="what to plant; the later overrules, as in all,nan=0. Default: all, a few of each",
    )
    made.add_argument(
        "--ledger",
        action=argparse.BooleanOptionalAction,
        help="also make schema ledger (default: if there are transactions, since without it "
        "journals and invoices have nowhere to be)",
    )
    made.add_argument("--truth", default="", metavar="FILE", help="write there what is planted")
    made.add_argument("--replace", action="store_true", help="remove rows that are there already")
    made.add_argument(
        "--dry-run", action="store_true", help="say what would be planted; touch no database"
    )
    return made


class Wrong(Exception):
    """The arguments are wrong; one line for each."""


@dataclass
class Plan:
    """What is asked for, as numbers, and the tables and rows that follow from it."""

    users: int
    transactions: int
    seed: int
    today: date
    counts: dict[str, int]
    ledger: bool

    def __post_init__(self) -> None:
        self.world = make_world(self.seed, self.users, self.today)
        self.truth = Truth()
        self.tables = AppTables(self.world, self.transactions).tables()
        if self.ledger:
            ledger = Ledger(self.world, self.transactions, self.truth)
            self.tables += ledger.tables()
        self.planted = deal(self.world, self.tables, self.counts)
        if self.ledger:
            ledger.planted = self.planted


def read(arguments: argparse.Namespace) -> Plan:
    """Raises Wrong with all that is wrong."""
    wrong = []

    def number(name: str) -> int:
        text = getattr(arguments, name)
        if not (text.isascii() and text.isdigit()):
            wrong.append(f"--{name}: {text!r} is no whole number from 0 on; write --{name} 1000")
            return 0
        if len(text) > 18 or int(text) > MOST[name]:
            wrong.append(f"--{name}: {text} is too many; write at most {MOST[name]}")
            return 0
        return int(text)

    users, transactions, seed = map(number, ("users", "transactions", "seed"))
    if transactions and not users and not wrong:
        wrong.append("--transactions: each needs a user; write --users 1 or more")
    try:
        today = date.fromisoformat(arguments.today)
        if not 1980 <= today.year <= 2900:
            wrong.append(f"--today: {today} is too far away; write a day from 1980 to 2900")
    except ValueError:
        today = date(2025, 9, 1)
        wrong.append(f"--today: {arguments.today!r} is no day; write --today 2025-09-01")
    counts, by_number, unknown = read_kinds(arguments.defects)
    wrong += unknown
    # Not repeated: there may be a password in it.
    if not arguments.dry_run and not _DRIVER.match(arguments.url):
        wrong.append("--url: which database? write --url postgresql://postgres@localhost/mita")
    truth = Path(arguments.truth).absolute()
    if arguments.truth and not truth.parent.is_dir():
        wrong.append(f"--truth: {truth.parent} is no folder; make it first")
    elif arguments.truth and truth.is_dir():
        wrong.append(f"--truth: {truth} is a folder; write --truth {truth / 'planted.json'}")
    if wrong:
        raise Wrong("\n".join(wrong))

    ledger = transactions > 0 if arguments.ledger is None else arguments.ledger
    plan = Plan(users, transactions, seed, today, counts, ledger)
    for kind in sorted(by_number):
        if counts[kind] > (most := room(plan.tables, kind)):
            wrong.append(
                f"--defects: {kind}={counts[kind]} does not fit into so few rows; "
                f"write {kind}={most} at most, or more --users or --transactions"
                + (", with --ledger" if KINDS[kind].ledger and not ledger else "")
            )
    if wrong:
        raise Wrong("\n".join(wrong))
    return plan


def load(plan: Plan, url: str, replace: bool) -> dict[str, int]:
    with psycopg.connect(_DRIVER.sub("postgresql://", url), autocommit=True) as connection:
        with connection.transaction():
            check_target(connection, plan.tables, replace)
            if replace:
                empty(connection, plan.tables)
            rows = fill(connection, plan.tables, plan.planted, plan.world, plan.truth)
        connection.execute("ANALYZE")
    return rows


def main() -> None:
    arguments = parser().parse_args()
    try:
        plan = read(arguments)
        if arguments.dry_run:
            for kind in KINDS:
                places = [
                    f"{sum(p.kind == kind for p in rows.values())} in {table}"
                    for table, rows in plan.planted.items()
                    if any(p.kind == kind for p in rows.values())
                ]
                print(f"{kind}: {', '.join(places) or 'none'}")
            return
        started = time.monotonic()
        rows = load(plan, arguments.url, arguments.replace)
        took = time.monotonic() - started
    except Wrong as wrong:
        print(f"generate_data.py: nothing was done.\n{wrong}", file=sys.stderr)
        sys.exit(2)
    except CannotLoad as refused:
        sys.exit(f"generate_data.py: nothing was changed.\n{refused}")
    except psycopg.Error as failed:
        sys.exit(f"generate_data.py: nothing was changed; the database says:\n{failed}")
    defects = plan.truth.as_json()
    if arguments.truth:
        truth = {
            "seed": plan.seed,
            "users": plan.users,
            "transactions": plan.transactions,
            "today": plan.today.isoformat(),
            "rows": rows,
            "defects": defects,
        }
        try:
            Path(arguments.truth).write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
        except OSError as failed:
            sys.exit(f"generate_data.py: the rows are loaded, but not written down: {failed}")
    planted = [f"{kind} {found['count']}" for kind, found in defects.items() if found["count"]]
    total = sum(rows.values())
    print(f"{total:,} rows in {took:.1f} s, {total / took:,.0f} a second: ", end="")
    print(", ".join(f"{table} {count:,}" for table, count in rows.items()))
    print(f"planted: {', '.join(planted) or 'nothing'}")
    if planted and arguments.truth:
        print(f"their keys: {arguments.truth}")


if __name__ == "__main__":
    main()
