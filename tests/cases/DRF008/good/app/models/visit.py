from sqlalchemy import Column, Date, Integer

from app.base import Base


class Visit(Base):
    __tablename__ = "visits"
    __table_args__ = {"postgresql_partition_by": "RANGE (seen_on)"}

    account_id = Column(Integer, primary_key=True, autoincrement=False)
    seen_on = Column(Date, primary_key=True)
