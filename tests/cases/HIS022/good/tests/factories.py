from sqlalchemy import Column, Integer

from app.base import Base


class Sample(Base):
    __tablename__ = "samples"

    id = Column(Integer, primary_key=True)
