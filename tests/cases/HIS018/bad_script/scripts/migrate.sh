#!/bin/sh
set -e
cd "$(dirname "$0")/.."
DATABASE_URL="$1" alembic upgrade head
