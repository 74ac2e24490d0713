#!/usr/bin/env bash
# Nightly backup from cron. Needs pg_dump, gzip and the aws CLI.
set -e

BUCKET="${BACKUP_BUCKET:-mita-finance-backups}"
FILE="mita-$(date +%Y%m%d-%H%M%S).sql.gz"

pg_dump "$DATABASE_URL" | gzip > "/tmp/$FILE"
aws s3 cp "/tmp/$FILE" "s3://$BUCKET/nightly/$FILE"
rm "/tmp/$FILE"
echo "Backup done: $FILE"
