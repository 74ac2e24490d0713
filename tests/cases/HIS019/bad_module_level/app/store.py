from app.base import Base
from app.database import connect


with connect() as connection:
    Base.metadata.create_all(bind=connection)
