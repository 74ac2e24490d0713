from __future__ import annotations

import json

from app.models.payment import Payment


def answer(payment: Payment) -> str:
    return json.dumps({"amount": payment.amount}, default=float)
