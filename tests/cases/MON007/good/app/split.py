from __future__ import annotations

import time
from decimal import ROUND_HALF_UP, Decimal

from app.models.payment import Payment


def split(payment: Payment, people: int) -> Decimal:
    return (payment.amount / people).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def measures(spent: Decimal, budget: Decimal, score: float, began: float) -> list[object]:
    return [round(spent / budget * 100, 1), round(score, 2), round(time.time() - began, 3)]
