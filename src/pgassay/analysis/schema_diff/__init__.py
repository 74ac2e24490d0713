"""What differs between the schemas of any number of databases."""

from pgassay.analysis.schema_diff.comparing import compare
from pgassay.analysis.schema_diff.unsettled import unsettled
from pgassay.analysis.schema_diff.written import listed, literal

__all__ = ["compare", "listed", "literal", "unsettled"]
