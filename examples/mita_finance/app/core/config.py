"""Settings that are not about the database."""

import os

APP_NAME = "MITA Finance"
DEBUG = os.environ.get("DEBUG", "false").lower() == "true"
BACKUP_BUCKET = os.environ.get("BACKUP_BUCKET", "mita-finance-backups")
