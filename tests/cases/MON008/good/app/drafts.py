from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB


class Drafted:
    """What a table of drafts has besides."""

    payment = Column(JSONB)
    receipt = Column(JSONB)
