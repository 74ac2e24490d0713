from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass
class PaymentIn:
    amount: Decimal
    fraud_score: float
    exchange_rate: float
    duration: float
    note: str = ""


def exact(amount: float | Decimal | str) -> Decimal:
    return Decimal(str(amount))
