from alembic import command
from alembic.config import Config


def migrate():
    command.upgrade(Config("alembic.ini"), "head")
