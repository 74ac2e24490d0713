"""Fixes leave out whoever built the side that they follow: scratch's superuser is no role of the
database that they run on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.catalog import Catalog


def for_whoever_runs(
    statements: list[str], roles: Collection[str], *, but: Collection[str] = ()
) -> list[str]:
    """Without the statements that make one of the roles an owner, or that give it rights or take
    them. `but`: "owner" or "grants", which differ and so must be said."""
    words = [] if "owner" in but else ["ALTER .* OWNER TO"]
    words += [] if "grants" in but else ["GRANT .* TO", "REVOKE .* FROM"]
    names = "|".join(re.escape(quoted(role)) for role in roles if role)
    if not words or not names:
        return statements
    of_maker = re.compile(rf"(?:{'|'.join(words)}) (?:{names})(?: WITH GRANT OPTION)?;", re.DOTALL)
    return [s for s in statements if not of_maker.fullmatch(s)]


def makers(catalog: Catalog) -> set[str]:
    """Who made what nobody gave to another: the role that read it, and the usual owner."""
    owners = Counter(table.owner for table in catalog.tables if table.owner)
    return {catalog.role, *(owner for owner, _ in owners.most_common(1))} - {""}
