from sqlalchemy import Column, Float, Integer, Numeric

from app.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    total = Column(Numeric(12, 2))
    exchange_rate = Column(Float())
    tax_rate = Column(Float())
    discount_percent = Column(Float())
