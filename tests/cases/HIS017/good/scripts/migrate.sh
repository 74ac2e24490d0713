#!/bin/sh
# Once there was migrations/ of its own: alembic -c old.ini upgrade head
set -e
alembic upgrade head
alembic -c alembic.ini current
python - <<'PY'
from alembic import command
from alembic.config import Config

config = Config("alembic.ini")
config.set_main_option("script_location", "migrations")
command.upgrade(config, "head")
PY
