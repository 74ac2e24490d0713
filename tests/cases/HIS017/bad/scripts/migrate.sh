#!/bin/sh
set -e
cd "$(dirname "$0")/.."
python - <<'PY'
from alembic import command
from alembic.config import Config

config = Config("alembic.ini")
config.set_main_option("script_location", "migrations")
command.upgrade(config, "head")
PY
