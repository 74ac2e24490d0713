from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, TypedDict


@dataclass
class PaymentIn:
    amount: float
    tip: Optional[float]
    note: str = ""


class Payslip(TypedDict):
    net_salary: float
    hours_rate: float


def with_fee(price: float, fee: float | None = None) -> str:
    return f"{price} {fee}"


def payment_total(rows: list[PaymentIn]) -> float:
    return sum(row.amount for row in rows)
