from sqlalchemy import Column, Enum, Integer

from app.base import Base


class Ticket(Base):
    __tablename__ = "tickets"

    id = Column(Integer, primary_key=True)
    kind = Column(Enum("a", "b", "c", name="kind"))
