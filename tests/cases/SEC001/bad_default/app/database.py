import os

from sqlalchemy import create_engine

DATABASE_URL = os.environ.get(
    "DATABASE_URL", "postgresql+psycopg2://ledger:Vx9-kestrel-41@db.example.com/ledger"
)


def connect():
    return create_engine(DATABASE_URL).connect()
