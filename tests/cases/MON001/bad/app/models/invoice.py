from sqlalchemy import Column, Float, Integer

from app.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    shipping_fee = Column(Float())
