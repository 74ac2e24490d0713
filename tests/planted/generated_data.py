"""Running the example's generator as people do, on a database that its builder has made."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pgassay.postgres.scratch import Database
from tests.planted.data_oracle import Hits

PRODUCTION = Path(__file__).parents[2] / "examples" / "mita_finance" / "production"


def script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(PRODUCTION / name), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "80"},
        check=False,
    )


def build(database: Database) -> None:
    done = script("build_production.py", "--no-rows", "--url", database.url())
    assert done.returncode == 0, done.stderr


@dataclass
class Generated:
    """A database that is filled again and again, and what the last filling says it planted."""

    database: Database
    truth_file: Path
    truth: dict[str, Any] = field(default_factory=dict)

    def fill(
        self, users: int = 200, transactions: int = 3_000, seed: int = 1, *more: str
    ) -> dict[str, Any]:
        sizes = (f"--users={users}", f"--transactions={transactions}", f"--seed={seed}")
        truth = f"--truth={self.truth_file}"
        url = f"--url={self.database.url()}"
        done = script("generate_data.py", url, *sizes, truth, "--replace", *more)
        assert done.returncode == 0, done.stderr
        self.truth = json.loads(self.truth_file.read_text("utf-8"))
        return self.truth

    def planted(self) -> Hits:
        """As the oracle would have it: with the twins, and under each kind that is met too."""
        hits: Hits = {}
        for kind, found in self.truth["defects"].items():
            assert found["count"] == sum(place["count"] for place in found["places"])
            for place in found["places"]:
                assert place["count"] == len(set(place["keys"]))
                for met in filter(None, (kind, place.get("also"))):
                    keys = [*place["keys"], *place.get("twins", ())]
                    hits[met, place["table"]] = hits.get((met, place["table"]), []) + keys
        return {where: sorted(keys) for where, keys in hits.items()}

    def digests(self) -> dict[str, str]:
        """Of each table as COPY writes it, in the order in which the rows lie."""
        with self.database.connect() as connection, connection.cursor() as cursor:
            made = {}
            for table in self.truth["rows"]:
                with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                    made[table] = hashlib.sha256(b"".join(copy)).hexdigest()
            return made
