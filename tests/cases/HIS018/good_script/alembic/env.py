"""Runs the revisions on the database that MIGRATIONS_DATABASE_URL names."""

import os

from alembic import context
from app import models  # noqa: F401  (fills Base.metadata)
from app.base import Base
from sqlalchemy import create_engine, pool

config = context.config
url = os.environ.get("MIGRATIONS_DATABASE_URL") or config.get_main_option("sqlalchemy.url")


def run_offline() -> None:
    context.configure(url=url, target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    engine = create_engine(url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
