from sqlalchemy import Column, Integer
from sqlalchemy.orm import declarative_base

AuditBase = declarative_base()


class Entry(AuditBase):
    __tablename__ = "audit_log"

    id = Column(Integer, primary_key=True)
