from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB


class Drafted:
    """What a table of drafts has besides."""

    prices = Column(JSONB, nullable=False)
