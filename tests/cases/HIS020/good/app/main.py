from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from sqlalchemy import text

from app.database import connect

app = FastAPI()


@app.on_event("startup")
def migrate():
    with connect() as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(4711)"))
        command.upgrade(Config("alembic.ini"), "head")


def downgrade():
    """For the command line."""
    command.downgrade(Config("alembic.ini"), "-1")
