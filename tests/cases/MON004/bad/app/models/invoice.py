from sqlalchemy import Column, Integer, Numeric

from app.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    shipping_fee = Column(Numeric(12, 3))
