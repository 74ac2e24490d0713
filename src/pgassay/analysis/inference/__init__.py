"""Rules that a database's names, types, relationships and statistics speak for."""

from pgassay.analysis.inference.proposals import proposals, supported
from pgassay.analysis.inference.seen import Seen

__all__ = ["Seen", "proposals", "supported"]
