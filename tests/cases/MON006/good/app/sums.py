from __future__ import annotations

import logging
import os
from decimal import Decimal

from app.models.payment import Payment

TIMEOUT = float(os.environ.get("PAYMENT_TIMEOUT", "9.5"))


def exported(payment: Payment, gauge: object) -> dict[str, object]:
    gauge.set(float(payment.amount))
    logging.info("paid %s", float(payment.amount))
    return {"amount": str(payment.amount), "currency": payment.currency}


def with_tax(price: Decimal) -> object:
    return price * Decimal("1.19")


def spent_share(spent: Decimal, budget: Decimal) -> float:
    return float(spent / budget)


def shown(price_cents: int) -> object:
    return Decimal(price_cents) / 100
