#!/bin/sh
export DATABASE_URL="$APP_URL"
alembic upgrade head
exec gunicorn app.main:app
