from sqlalchemy import BigInteger, Column, Integer, String

from app.base import Base


class Invoice(Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)
    money_received = Column(BigInteger())
    money_order_number = Column(String(20))
