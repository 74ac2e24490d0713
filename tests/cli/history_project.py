"""Projects with histories of any form, written for the tests of `pgassay history`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

_ENV = """\
import os

from alembic import context
from sqlalchemy import create_engine

with create_engine(os.environ["DATABASE_URL"]).connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
"""

_REVISION = '''\
"""{summary}"""
from alembic import op

revision = {id!r}
down_revision = {down!r}
branch_labels = {labels!r}
depends_on = {depends_on!r}


def upgrade():
    {body}


def downgrade():
    pass
'''


class HistoryProject:
    """A project with one history in alembic/."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.versions = root / "alembic" / "versions"
        self.versions.mkdir(parents=True)
        (root / "alembic.ini").write_text("[alembic]\nscript_location = alembic\n")
        (root / "alembic" / "env.py").write_text(_ENV)

    def add(
        self,
        id: str,
        *parents: str,
        sql: str = "",
        body: str = "",
        summary: str = "",
        labels: Sequence[str] = (),
        depends_on: Sequence[str] = (),
        file: str = "",
    ) -> None:
        text = _REVISION.format(
            id=id,
            summary=summary or f"Step {id}",
            down=parents if len(parents) > 1 else (parents[0] if parents else None),
            labels=tuple(labels) or None,
            depends_on=tuple(depends_on) or None,
            body=body or (f"op.execute({sql!r})" if sql else "pass"),
        )
        (self.versions / (file or f"{id}.py")).write_text(text)
