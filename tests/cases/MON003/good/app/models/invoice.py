from sqlalchemy import Column, Integer, Numeric

from app.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    gross_weight_kg = Column(Numeric())
    exchange_rate = Column(Numeric())
