"""A project whose pending statements write tables anew, and whose fixes are pasted and run."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config

from pgassay.analysis.alembic_operations import in_op_execute
from pgassay.findings import Finding
from pgassay.flows.check import CheckRequest, check
from pgassay.postgres.scratch import Database
from pgassay.verdict import Report
from tests.flows.two_histories import write_project

REVISION = '''"""Pasted."""
from alembic import op

revision = "alembic_{0}"
down_revision = "alembic_{1}"


def upgrade():
{2}


def downgrade():
    pass
'''


@dataclass(frozen=True, slots=True)
class Rewritten:
    """One statement and what surrounds it: the tables before, rows, and what others write between
    the steps. `named`: what is put for the marks in the fix. `code`: of the check that has it."""

    table: str
    before: tuple[str, ...]
    direct: str
    rows: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    code: str = "MIG001"

    def filled_in(self, step: str) -> str:
        for mark, text in self.named:
            step = step.replace(mark, text)
        return step


def written(root: Path, cases: Sequence[Rewritten]) -> Path:
    """The tables in one revision, the statements in the next."""
    root.mkdir()
    made = [(in_op_execute(sql), "") for case in cases for sql in case.before]
    direct = [(in_op_execute(case.direct), "") for case in cases]
    write_project(root, alembic=[made, direct])
    (root / "pgassay.toml").write_text("[models]\nnone = true\n")
    env = root / "alembic" / "env.py"
    options = '"options": "-c lock_timeout=5000"'
    made_so = f'["DATABASE_URL"], connect_args={{{options}}}, poolclass=NullPool)'
    text = env.read_text().replace('["DATABASE_URL"])', made_so)
    env.write_text(f"from sqlalchemy.pool import NullPool\n{text}")
    return root


def assayed(root: Path, scratch: str) -> Report:
    request = CheckRequest(
        root, scratch_url=scratch, since="alembic_1", no_database=True, select=("MIG",)
    )
    return check(request, progress=lambda _: None)


def pasted(fix: str) -> list[str]:
    """The blocks of code in a fix: lines indented by four or more, as they stand together."""
    blocks: list[list[str]] = [[]]
    for line in fix.split("\n"):
        if line.startswith("    "):
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [textwrap.dedent("\n".join(b)) for b in blocks if b]


def from_terminal(shown: str, finding: Finding) -> list[str]:
    """The same from a report on a terminal, where all of a fix stands nine columns to the right."""
    head = f"{finding.code} {finding.name}  {finding.subject}"
    _, _, rest = shown.partition(head)
    rest = re.split(r"\n  (?:BLOCKER|warning|info) |\n\n", rest)[0].partition("    fix: ")[2]
    blocks: list[list[str]] = [[]]
    is_code = False
    for text in (line[9:] for line in f"{' ' * 9}{rest}".split("\n")):
        is_code = re.match(r"(?:with )?op\.", text) is not None or (
            is_code and re.match(r' |"""\)', text) is not None
        )
        if is_code:
            blocks[-1].append(text)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(b) for b in blocks if b]


def paste(root: Path, steps: Sequence[str]) -> list[str]:
    """Revisions of the steps, in the place of the one that holds the statements; their ids."""
    versions = root / "alembic" / "versions"
    for old in versions.glob("alembic_*.py"):
        if old.name != "alembic_1.py":
            old.unlink()
    for number, step in enumerate(steps, 2):
        body = textwrap.indent(step, "    ")
        text = REVISION.format(number, number - 1, body)
        (versions / f"alembic_{number}.py").write_text(text)
    return [f"alembic_{number}" for number in range(2, len(steps) + 2)]


def upgrade(root: Path, revision: str) -> None:
    """On the database that DATABASE_URL names."""
    config = Config(str(root / "alembic.ini"))
    config.set_main_option("script_location", str(root / "alembic"))
    command.upgrade(config, revision)


def run(database: Database, statements: Sequence[str]) -> None:
    with database.connect(autocommit=True) as connection:
        for sql in statements:
            connection.execute(sql.encode())
