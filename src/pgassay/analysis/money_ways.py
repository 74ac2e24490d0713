"""Which way a money column takes to the type that the policy wants."""

from __future__ import annotations

from pgassay.analysis.money import precision_of
from pgassay.analysis.money_conversion import only_widens
from pgassay.facts.money_plan import ColumnPlan, Way
from pgassay.facts.money_profile import ColumnProfile


def planned(profile: ColumnProfile, table_bytes: int, small_bytes: float) -> ColumnPlan:
    """Refused where values are there that no conversion keeps."""
    return ColumnPlan(
        profile, _way(profile, table_bytes, small_bytes), table_bytes, _refused(profile)
    )


def _way(profile: ColumnProfile, table_bytes: int, small_bytes: float) -> Way:
    if precision_of(profile.type) == profile.wanted:
        return "kept"
    if only_widens(profile.type, profile.wanted):
        return "widened"
    return "in place" if table_bytes < small_bytes else "beside"


def _refused(profile: ColumnProfile) -> str:
    found = {
        "NaN": sum(c.nan for c in profile.currencies),
        "infinite": sum(c.infinities for c in profile.currencies),
        "too large": sum(c.misfits for c in profile.currencies),
    }
    told = ", ".join(f"{number:,} {what}" for what, number in found.items() if number)
    if not told:
        return ""
    return f"{told} for numeric({profile.wanted[0]},{profile.wanted[1]}): decide what they are"
