from sqlalchemy import Column, Integer, Numeric

from app.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    unit_price = Column(Numeric(18, 6))
