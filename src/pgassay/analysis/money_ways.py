"""Which way a money column takes to the type that the policy wants."""

from __future__ import annotations

from pgassay.analysis.currencies import MINOR_UNITS
from pgassay.analysis.money import can_be_judged, precision_of, shown_type
from pgassay.analysis.money_conversion import only_widens
from pgassay.facts.catalog import Column
from pgassay.facts.money_plan import ColumnPlan, Way
from pgassay.facts.money_profile import ColumnProfile
from pgassay.facts.table_size import TableSize

_MB = 1_000_000


def planned(profile: ColumnProfile, size: TableSize, small_mb: float) -> ColumnPlan:
    """Refused where values are there that no conversion keeps, or that it would cut."""
    total = size.bytes + size.index_bytes
    return ColumnPlan(profile, _way(profile, total < small_mb * _MB), total, _refused(profile))


def by_hand(column: Column, wanted: tuple[int, int], size: TableSize) -> ColumnPlan | None:
    """For an array of money that is not of the wanted type; None for what is none."""
    type_ = shown_type(column)
    if not type_.endswith("[]") or not can_be_judged(type_) or precision_of(type_) == wanted:
        return None
    profile = ColumnProfile(column.table_name, column.name, column.type, wanted)
    return ColumnPlan(profile, "by hand", size.bytes + size.index_bytes)


def _way(profile: ColumnProfile, is_small: bool) -> Way:
    if precision_of(profile.type) == profile.wanted:
        return "kept"
    if only_widens(profile.type, profile.wanted):
        return "widened"
    return "in place" if is_small else "beside"


def _refused(profile: ColumnProfile) -> str:
    precision, scale = profile.wanted
    found = {
        "NaN": sum(c.nan for c in profile.currencies),
        "infinite": sum(c.infinities for c in profile.currencies),
        "too large": sum(c.misfits for c in profile.currencies),
    }
    told = ", ".join(f"{number:,} {what}" for what, number in found.items() if number)
    if told:
        return f"{told} for numeric({precision},{scale}): decide what they are"
    # What is finer than the currency is residue, and rounded; what is not is money.
    cut = [
        (c, MINOR_UNITS[c.currency])
        for c in profile.currencies
        if MINOR_UNITS.get(c.currency, 0) > scale and c.changed
    ]
    if not cut:
        return ""
    amounts = " and ".join(f"{c.changed:,} of {c.currency}" for c, _ in cut)
    needed = max(decimals for _, decimals in cut)
    return (
        f"amounts with more decimals than numeric({precision},{scale}) has, which their currency "
        f"has: {amounts}: give the column a scale of {needed} in [[money.policy]]"
    )
