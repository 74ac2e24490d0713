from sqlalchemy import Column, Integer, Table

from app import base


class Invoice(base.Base):
    __tablename__ = "invoices"

    id = Column(Integer, primary_key=True)


lines = Table("invoice_lines", base.Base.metadata, Column("id", Integer, primary_key=True))
