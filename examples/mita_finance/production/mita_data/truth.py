"""What was planted where: the answers that a check of the data must find."""

import uuid
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from mita_data.kinds import KINDS
from mita_data.people import CURRENCIES
from mita_data.table import Place, Row, Table

# Python's 28 digits are too few to add up amounts with 26 decimals. Rounds as PostgreSQL does.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
NO_CURRENCY = "none"  # the key of amounts in a table that names no currency


def digits(currency: str) -> int:
    known = CURRENCIES.get(currency)
    return 2 if known is None else known.digits


class PlantedPlace:
    """The rows of one kind in one table."""

    def __init__(self, table: str, columns: tuple[str, ...], key: str, also: str | None) -> None:
        self.table, self.columns, self.key, self.also = table, columns, key, also
        self.keys: list[Any] = []
        self.twins: list[Any] = []
        self.amounts: dict[str, Decimal] = {}
        self.rounding: dict[str, Decimal] = {}

    def add_amount(self, currency: str, amount: Decimal) -> None:
        _add(self.amounts, currency, amount)

    def add_rounding(self, currency: str, amount: Decimal) -> None:
        """What rounding it to the currency's minor unit adds."""
        rounded = amount.quantize(Decimal(1).scaleb(-digits(currency)), context=_EXACT)
        _add(self.rounding, currency, _EXACT.subtract(rounded, amount))

    def as_json(self) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "table": self.table,
            "columns": list(self.columns),
            "key": self.key,
            "count": len(self.keys),
            "keys": sorted(self.keys),
            "amounts": _texts(self.amounts),
        }
        if self.rounding:
            shown["rounding"] = _texts(self.rounding)
        if self.twins:
            shown["twins"] = sorted(self.twins)
        if self.also:
            shown["also"] = self.also
        return shown


class Truth:
    def __init__(self) -> None:
        self._places: dict[tuple[str, str], PlantedPlace] = {}

    def place(
        self, kind: str, table: str, columns: tuple[str, ...], key: str, also: str | None = None
    ) -> PlantedPlace:
        made = PlantedPlace(table, columns, key, also)
        return self._places.setdefault((kind, table), made)

    def add(self, table: Table, place: Place, row: Row, twin: str | None) -> None:
        key = table.columns[0]
        noted = self.place(place.kind, _qualified(table.name), place.columns, key, place.also)
        noted.keys.append(_key(row[key]))
        if twin is not None:
            noted.twins.append(_key(twin))
        if table.money is None or place.kind == "emails":
            return
        amount = Decimal(row[table.money])
        if amount.is_finite():
            currency = row[table.currency] if table.currency else NO_CURRENCY
            noted.add_amount(currency, amount)
            if "sub_cent" in (place.kind, place.also):
                noted.add_rounding(currency, amount)

    def as_json(self) -> dict[str, Any]:
        defects = {}
        for kind in KINDS.values():
            places = [p for (name, _), p in self._places.items() if name == kind.name and p.keys]
            defects[kind.name] = {
                "meaning": kind.meaning,
                "count": sum(len(p.keys) for p in places),
                "places": [p.as_json() for p in places],
            }
        return defects


def _add(sums: dict[str, Decimal], currency: str, amount: Decimal) -> None:
    sums[currency] = _EXACT.add(sums.get(currency, Decimal()), amount)


def _qualified(table: str) -> str:
    return table if "." in table else f"public.{table}"


def _key(text: str) -> str | int:
    """As PostgreSQL shows it."""
    return int(text) if len(text) < 32 else str(uuid.UUID(text))


def _texts(amounts: dict[str, Decimal]) -> dict[str, str]:
    return {currency: f"{amounts[currency]:f}" for currency in sorted(amounts)}
