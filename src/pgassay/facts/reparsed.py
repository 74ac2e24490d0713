"""What a scratch server makes of the SQL texts of another server's catalog."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pgassay.facts.catalog import Identity

TextKey = tuple[str, Identity, str]
"""(an object's KIND, its identity, the field that holds the text); a publication's tables have
a text each, and its name follows: `tables public.users`"""


@dataclass(frozen=True, slots=True)
class ReparsedText:
    """`reparsed` is the text as scratch deparses it after parsing it among the same tables and
    types. `folded` is what its planner makes of the expression, immutable parts computed; "" where
    that was not tried. `failed` says why scratch could not parse it, and the others are "" then."""

    reparsed: str = ""
    folded: str = ""
    failed: str = ""


Reparsed = Mapping[str, Mapping[TextKey, ReparsedText]]
"""By side. The same server must have reparsed all sides."""
