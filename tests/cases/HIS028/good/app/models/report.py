from sqlalchemy import BigInteger, Column, Date

from app.base import Base


class Day(Base):
    __tablename__ = "days"
    __table_args__ = {"schema": "reports"}

    day = Column(Date, primary_key=True)
    total = Column(BigInteger)


class Week(Base):
    __tablename__ = "weeks"
    __table_args__ = {"schema": "reports"}

    week = Column(Date, primary_key=True)
    total = Column(BigInteger, server_default="0", nullable=False)
