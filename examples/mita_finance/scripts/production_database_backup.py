"""Production backups of MITA Finance.

    python3 scripts/production_database_backup.py backup --type=pre-migration
    python3 scripts/production_database_backup.py validate mita-pre-migration-....sql.gz
    python3 scripts/production_database_backup.py cleanup --days=30

Needs DATABASE_URL, pg_dump and gzip, and AWS credentials in the environment.
"""

import argparse
import hashlib
import json
import os
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

BUCKET = os.environ.get("BACKUP_BUCKET", "mita-finance-backups")
BACKUP_DIR = Path(os.environ.get("BACKUP_DIR", "/var/backups/mita"))

FINANCIAL_CHECKS = {
    "total_transaction_amount": "SELECT SUM(amount) FROM transactions",
    "total_expense_amount": "SELECT SUM(amount) FROM expenses",
    "negative_amounts_check": "SELECT COUNT(*) FROM transactions WHERE amount < 0",
    "total_goal_targets": "SELECT SUM(target_amount) FROM goals",
}


def database_url() -> str:
    """DATABASE_URL without the SQLAlchemy driver, as pg_dump and psycopg2 want it."""
    return os.environ["DATABASE_URL"].replace("postgresql+asyncpg://", "postgresql://", 1)


def financial_summary() -> dict[str, str]:
    import psycopg2

    summary = {}
    connection = psycopg2.connect(database_url())
    try:
        with connection.cursor() as cursor:
            for name, query in FINANCIAL_CHECKS.items():
                cursor.execute(query)
                summary[name] = str(cursor.fetchone()[0])
    finally:
        connection.close()
    return summary


def checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def backup(kind: str) -> Path:
    import boto3

    BACKUP_DIR.mkdir(parents=True, exist_ok=True)
    path = BACKUP_DIR / f"mita-{kind}-{datetime.now(timezone.utc):%Y%m%d-%H%M%S}.sql.gz"

    subprocess.run(
        f'pg_dump --no-owner "$PG_URL" | gzip -9 > "{path}"',
        shell=True,
        check=True,
        env={**os.environ, "PG_URL": database_url()},
    )
    if not validate(path):
        raise SystemExit(f"{path} is not a valid backup")

    metadata = {
        "kind": kind,
        "sha256": checksum(path),
        "financial": json.dumps(financial_summary()),
    }
    boto3.client("s3").upload_file(
        str(path), BUCKET, f"{kind}/{path.name}", ExtraArgs={"Metadata": metadata}
    )
    print(f"Uploaded s3://{BUCKET}/{kind}/{path.name}")
    return path


def validate(path: Path) -> bool:
    """Is the file a whole gzip archive?"""
    return subprocess.run(["gzip", "-t", str(path)], check=False).returncode == 0


def cleanup(days: int) -> None:
    """Delete backups older than the retention period."""
    import boto3

    limit = datetime.now(timezone.utc) - timedelta(days=days)
    s3 = boto3.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET):
        for item in page.get("Contents", []):
            if item["LastModified"] < limit:
                s3.delete_object(Bucket=BUCKET, Key=item["Key"])
                print(f"Deleted {item['Key']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    backup_parser = commands.add_parser("backup")
    backup_parser.add_argument(
        "--type", default="manual", choices=["manual", "nightly", "pre-migration"]
    )
    validate_parser = commands.add_parser("validate")
    validate_parser.add_argument("path", type=Path)
    cleanup_parser = commands.add_parser("cleanup")
    cleanup_parser.add_argument("--days", type=int, default=30)
    options = parser.parse_args()

    if options.command == "backup":
        backup(options.type)
    elif options.command == "validate":
        print("valid" if validate(options.path) else "NOT valid")
    else:
        cleanup(options.days)


if __name__ == "__main__":
    main()
