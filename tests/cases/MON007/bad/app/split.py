from __future__ import annotations

from app.models.payment import Payment


def split(payment: Payment, people: int) -> list[object]:
    first = round(payment.amount / people, 2)
    return [first, round(payment.amount / people, 2)]
