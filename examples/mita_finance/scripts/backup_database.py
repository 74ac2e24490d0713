"""Dump the database and put the dump into S3."""

import os
import subprocess
from datetime import datetime


def main() -> None:
    import boto3

    bucket = os.environ.get("BACKUP_BUCKET", "mita-finance-backups")
    name = f"mita-{datetime.utcnow():%Y%m%d-%H%M%S}.sql.gz"
    path = f"/tmp/{name}"

    subprocess.run(f'pg_dump "$DATABASE_URL" | gzip > {path}', shell=True, check=True)
    boto3.client("s3").upload_file(path, bucket, f"manual/{name}")
    os.remove(path)
    print(f"Uploaded s3://{bucket}/manual/{name}")


if __name__ == "__main__":
    main()
