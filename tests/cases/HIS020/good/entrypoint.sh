#!/bin/sh
set -e
alembic upgrade head
exec gunicorn --workers 4 app.main:app
