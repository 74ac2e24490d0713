from sqlalchemy import BigInteger, Column, Text

from app.base import Base


class Entry(Base):
    __tablename__ = "entries"
    __table_args__ = {"schema": "audit"}

    id = Column(BigInteger, primary_key=True)
    said = Column(Text, nullable=False)
