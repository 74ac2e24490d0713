"""What to write in the place of a float that holds money."""

from __future__ import annotations

import re

from pgassay.facts.money_code import MoneyInCode

_CONSTRAINED = re.compile(
    r"\b(Finite|Negative|NonNegative|NonPositive|Positive|Strict)Float\b|\bfloat\b"
)


def mended_declaration(fact: MoneyInCode) -> str:
    match fact.kind:
        case "column" if fact.text == "asdecimal=False":
            return "Take asdecimal=False out, and use the Decimals that come then."
        case "column":
            return f"Write `{_exact(fact.text)}`: that is what the column gives."
        case "constant":
            return f'Write `Decimal("{fact.text}")`.'
    return f"Write `{_exact(fact.text)}` in its place."


def mended_expression(fact: MoneyInCode) -> str:
    match fact.kind:
        case "float":
            return "Keep it a Decimal; where text is wanted, give str() of it."
        case "decimal":
            return 'Write the number as text, `Decimal("0.1")`, or `Decimal(str(value))`.'
        case "arithmetic":
            return 'Write the factor as a Decimal from text, such as `Decimal("1.19")`.'
        case "truncation":
            return (
                "Make it a Decimal from text first, and say how it is rounded: "
                "`int((Decimal(str(amount)) * 100).to_integral_value(ROUND_HALF_UP))`."
            )
    return "Divide a Decimal: `Decimal(cents) / 100`."


def _exact(text: str) -> str:
    """An annotation, or the class of a field, with Decimal for float."""
    text = _CONSTRAINED.sub("Decimal", text.replace("confloat(", "condecimal("))
    return re.sub(r"\bFloat(Field)?\b", r"Decimal\1", text)
