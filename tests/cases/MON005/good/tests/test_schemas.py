def pay(amount: float) -> None:
    assert round(amount, 2) == float(amount)
