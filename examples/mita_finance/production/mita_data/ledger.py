"""The ledger of another service: one journal for every ten transactions, one invoice and one fee
for every twenty. Double entry: the entries of a journal are zero in each currency.

A journal and its entries, or an invoice and its lines, are made together, once for each of the
two tables: nothing is kept in between.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from mita_data import defects
from mita_data.app_tables import LATEST, SPAN, columns
from mita_data.moments import DAYS, Moments
from mita_data.people import CURRENCIES, EUR, USD, Currency, World
from mita_data.planting import Planted
from mita_data.table import Place, Table
from mita_data.truth import Truth

_CURRENCIES = tuple(CURRENCIES.values())
_ACCOUNTS = ("cash", "receivable", "revenue", "fees", "exchange")
_CASH, _RECEIVABLE, _REVENUE, _FEES, _EXCHANGE = range(5)
_PRODUCTS = ("Premium", "Tax report", "Card replacement", "Advice session")


@dataclass(frozen=True)
class Entry:
    """`units` are of the currency's minor unit."""

    account: int
    currency: Currency
    units: int

    def account_id(self) -> int:
        return _CURRENCIES.index(self.currency) * len(_ACCOUNTS) + self.account + 1


@dataclass(frozen=True)
class Line:
    product: str
    quantity: int
    price: int


@dataclass(frozen=True)
class Invoice:
    user: int
    currency: Currency
    total: int
    lines: list[Line]
    day: int


class Ledger:
    """`planted` says which journals and invoices are wrong; each is noted in `truth`."""

    def __init__(self, world: World, transactions: int, truth: Truth) -> None:
        self.world = world
        self.journal_count = transactions // 10
        self.invoice_count = self.fee_count = transactions // 20
        self.moments = Moments(world.today)
        self.truth = truth
        self.planted: Planted = {}

    def tables(self) -> list[Table]:
        return [
            Table("ledger.exchange_rates", columns("currency day rate"), 0, self.rate_lines),
            Table("ledger.accounts", columns("id code currency"), 0, self.account_lines),
            Table(
                "ledger.journals",
                columns("id description posted_at"),
                self.journal_count,
                self.journal_lines,
                (Place("unbalanced", ("amount",), None),),
            ),
            Table(
                "ledger.journal_entries",
                columns("id journal_id account_id currency amount"),
                0,
                self.entry_lines,
            ),
            Table(
                "ledger.invoices",
                columns("id user_id currency total issued_on due_on"),
                self.invoice_count,
                self.invoice_lines,
                (Place("headers", ("total",), None), defects.orphans()),
                money="total",
                currency="currency",
            ),
            Table(
                "ledger.invoice_lines",
                columns("id invoice_id description quantity unit_price amount"),
                0,
                self.line_lines,
            ),
            Table(
                "ledger.card_fees",
                columns("id user_id currency amount tip charged_at"),
                self.fee_count,
                self.fee_lines,
                (
                    defects.float_residue("amount"),
                    defects.nan("amount"),
                    defects.infinite("amount"),
                    defects.overflow("amount"),
                    defects.unknown_currency(),
                ),
                money="amount",
                currency="currency",
            ),
        ]

    def rate_lines(self) -> Iterator[str]:
        r = self.world.rng("rates").random
        for currency in _CURRENCIES:
            for day in range(DAYS):
                swing = Decimal(0 if currency is USD else int(r() * 4_000) - 2_000).scaleb(-5)
                rate = Decimal(currency.rate) * (1 + swing)
                yield f"{currency.code}\t{self.moments.day(day * 1440)}\t{rate:.8f}"

    def account_lines(self) -> Iterator[str]:
        for currency in _CURRENCIES:
            for n, name in enumerate(_ACCOUNTS):
                number = Entry(n, currency, 0).account_id()
                yield f"{number}\t{name}-{currency.code}\t{currency.code}"

    def journal_lines(self) -> Iterator[str]:
        r = self.world.rng("posted").random
        for n in range(self.journal_count):
            minute = LATEST - int(r() * SPAN)
            yield f"{n + 1}\tSettlement {n + 1}\t{self.moments.at(minute)}"

    def entry_lines(self) -> Iterator[str]:
        number = 0
        for n, entries in enumerate(self._journals(), 1):
            for entry in entries:
                number += 1
                yield (
                    f"{number}\t{n}\t{entry.account_id()}\t{entry.currency.code}\t"
                    f"{_amount(entry.currency, entry.units)}"
                )

    def invoice_lines(self) -> Iterator[str]:
        wrong = self.planted.get("ledger.invoices", {})
        noted = self.truth.place("headers", "ledger.invoices", ("total",), "id")
        for n, invoice in enumerate(self._invoices()):
            currency = invoice.currency
            if n in wrong and wrong[n].kind == "headers":
                noted.keys.append(n + 1)
                difference = invoice.total - _sum(invoice.lines)
                noted.add_amount(currency.code, _amount(currency, difference))
            day = invoice.day * 1440
            yield (
                f"{n + 1}\t{self.world.id(invoice.user)}\t{currency.code}\t"
                f"{_amount(currency, invoice.total)}\t{self.moments.day(day)}\t"
                f"{self.moments.day(day + 14 * 1440)}"
            )

    def line_lines(self) -> Iterator[str]:
        number = 0
        for n, invoice in enumerate(self._invoices(), 1):
            for line in invoice.lines:
                number += 1
                price = _amount(invoice.currency, line.price)
                yield (
                    f"{number}\t{n}\t{line.product}\t{line.quantity}\t{price}\t"
                    f"{price * line.quantity}"
                )

    def fee_lines(self) -> Iterator[str]:
        r = self.world.rng("fees").random
        for n in range(self.fee_count):
            user = int(self.world.users * r() ** 3)
            currency = self.world.currency(user)
            # Up to 99999.99: a real has just enough digits to hold that to the cent, as text.
            tip = int(10_000_000 * r() ** 4)
            yield (
                f"{n + 1}\t{self.world.id(user)}\t{currency.code}\t"
                f"{currency.fine_text(100 + int(50_000 * r()))}\t{currency.text(tip)}\t"
                f"{self.moments.at(LATEST - int(r() * SPAN))}"
            )

    def _journals(self) -> Iterator[list[Entry]]:
        r = self.world.rng("journals").random
        wrong = self.planted.get("ledger.journals", {})
        for n in range(self.journal_count):
            currency = _CURRENCIES[int(r() * len(_CURRENCIES))]
            gross, fee = 1_000 + int(900_000 * r()), 100 + int(400 * r())
            if n % 10 == 3:
                # Between two currencies, each against its own exchange account.
                bought = EUR if currency is USD else USD
                units = 1_000 + int(900_000 * r())
                entries = [
                    Entry(_CASH, currency, -gross),
                    Entry(_EXCHANGE, currency, gross),
                    Entry(_CASH, bought, units),
                    Entry(_EXCHANGE, bought, -units),
                ]
            elif n % 2:
                entries = [Entry(_CASH, currency, gross), Entry(_RECEIVABLE, currency, -gross)]
            else:
                entries = [
                    Entry(_CASH, currency, gross - fee),
                    Entry(_FEES, currency, fee),
                    Entry(_REVENUE, currency, -gross),
                ]
            yield self._unbalance(n, entries) if n in wrong else entries

    def _unbalance(self, n: int, entries: list[Entry]) -> list[Entry]:
        """One entry is lost, is off by the smallest coin, or is booked in another currency, so
        that a sum over all currencies is still zero."""
        first, *others = entries
        way = self.world.rng("unbalanced", n).randrange(3)
        if way == 0:
            made = others
        elif way == 1:
            made = [Entry(first.account, first.currency, first.units + 1), *others]
        else:
            # Two currencies of as many decimals, or the sum over all would not be zero.
            made = [Entry(_CASH, EUR, first.units), Entry(_RECEIVABLE, USD, -first.units)]
        noted = self.truth.place("unbalanced", "ledger.journal_entries", ("amount",), "journal_id")
        noted.keys.append(n + 1)
        for code, rest in _rests(made).items():
            noted.add_amount(code, rest)
        return made

    def _invoices(self) -> Iterator[Invoice]:
        r = self.world.rng("invoices").random
        wrong = self.planted.get("ledger.invoices", {})
        for n in range(self.invoice_count):
            user = int(self.world.users * r() ** 3)
            day = DAYS - 20 - int(r() * 600)
            # One in fifty is a draft without lines, and its total is zero.
            lines = [
                Line(_PRODUCTS[int(r() * 4)], 1 + int(3 * r()), 100 + int(20_000 * r()))
                for _ in range(0 if n % 50 == 7 else 1 + int(4 * r()))
            ]
            total = _sum(lines)
            if n in wrong and wrong[n].kind == "headers":
                way = self.world.rng("headers", n).randrange(3)
                if not lines or way == 0:
                    total += 1
                else:
                    lines = lines[1:] if way == 1 else [*lines, lines[0]]
            yield Invoice(user, self.world.currency(user), total, lines, day)


def _sum(lines: list[Line]) -> int:
    return sum(line.quantity * line.price for line in lines)


def _amount(currency: Currency, units: int) -> Decimal:
    return Decimal(units).scaleb(-currency.digits)


def _rests(entries: list[Entry]) -> dict[str, Decimal]:
    """What is not balanced, per currency."""
    sums: dict[str, Decimal] = {}
    for entry in entries:
        code = entry.currency.code
        sums[code] = sums.get(code, Decimal()) + _amount(entry.currency, entry.units)
    return {code: rest for code, rest in sums.items() if rest}
