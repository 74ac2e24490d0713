from __future__ import annotations

import os
from decimal import Decimal

from app.models.payment import Payment

LIMIT = float(os.environ.get("MAX_PAYMENT", "100"))


def exported(payment: Payment) -> dict[str, object]:
    amount = payment.amount
    return {"amount": float(amount), "currency": payment.currency}


def with_tax(price: Decimal) -> object:
    return price * 1.19


def fee() -> Decimal:
    fee = Decimal(0.35)
    return fee


def shown(price_cents: int) -> object:
    return [price_cents / 100]
