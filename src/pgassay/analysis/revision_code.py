"""SQL as code of an Alembic revision, in lines that a terminal of 80 columns does not break."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pgassay.analysis.alembic_operations import in_op_execute
from pgassay.analysis.sql_identifier import literal, qualified
from pgassay.facts.catalog import TableName

# A report shows code nine columns to the right of where it stands in its function.
_WIDTH = 80 - 9 + 4
_PAD = "    "
_BLOCKS_AT_ONCE = 100
_QUOTED = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
_WORD = re.compile(r"(?:'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|\S)+")


class Step(NamedTuple):
    """What one revision does, in words that end in a colon, and the code of its upgrade()."""

    says: str
    code: str


def in_a_revision(*statements: str) -> str:
    return "\n".join(_execute(sql, _PAD) for sql in statements)


def outside_a_transaction(*statements: str) -> str:
    """Each commits by itself, and what came before has committed."""
    head = f"{_PAD}with op.get_context().autocommit_block():"
    return "\n".join([head, *(_execute(sql, 2 * _PAD) for sql in statements)])


def unhurried(*statements: str) -> str:
    """As `outside_a_transaction`, for what reads a whole table and keeps nobody out: it takes its
    time, whatever limit the role has."""
    return outside_a_transaction(
        "SET statement_timeout = 0", *statements, "RESET statement_timeout"
    )


def after_a_commit(code: str) -> str:
    """What came before has committed, so that its locks are gone; many an env.py runs all
    revisions in one transaction."""
    return f"{_PAD}with op.get_context().autocommit_block():\n{_PAD * 2}pass\n{code}"


def in_batches(table: TableName, does: str, where: Iterable[str]) -> str:
    """`does`, such as `UPDATE t SET a = b`, to all rows that are there, in transactions of their
    own.

    By their place in the file (ctid): each row is visited once, no key is needed, and a row that
    somebody holds is waited for. What is written meanwhile may come to lie behind or before: that
    is for whoever writes it. PostgreSQL finds a range of places without reading the others (14).
    """
    size = f"SELECT pg_relation_size({_without_percent(qualified(*table))})"
    statement = "\n".join(
        [
            *_in_format(does).split("\n"),
            "WHERE ctid >= '({block},0)'",
            f"AND ctid < '({{block + {_BLOCKS_AT_ONCE}}},0)'",
            *(f"AND {_in_format(condition)}" for condition in where),
        ]
    )
    return "\n".join(
        [
            f"{_PAD}with op.get_context().autocommit_block():",
            f"{_PAD * 2}blocks = op.get_bind().exec_driver_sql(",
            f"{_PAD * 3}{_one_line(size)}",
            f"{_PAD * 3}\" / current_setting('block_size')::int\"",
            f"{_PAD * 2}).scalar()",
            f"{_PAD * 2}for block in range(0, blocks + 1, {_BLOCKS_AT_ONCE}):",
            _in_lines(statement, _PAD * 3, "f"),
        ]
    )


def in_turn(steps: Iterable[Step], major: int) -> str:
    """As a list, a revision each, for a server of that version."""
    return "\n".join(
        [
            "In revisions of their own, in this order, each the code of an upgrade(), for "
            f"PostgreSQL {major}. They commit where they must, whatever env.py does.",
            *(f"{n}. {step.says}\n{step.code}" for n, step in enumerate(steps, 1)),
        ]
    )


def then(first: str, statements: Iterable[str]) -> str:
    """Code, and statements in a transaction that begins after it."""
    return "\n".join(filter(None, (first, in_a_revision(*statements))))


def _without_percent(text: str) -> str:
    """As a string constant; to some drivers a % is the head of a parameter."""
    if "%" not in text:
        return literal(text)
    return "U&" + literal(text.replace("\\", "\\\\").replace("%", "\\0025"))


def _in_format(sql: str) -> str:
    return sql.replace("{", "{{").replace("}", "}}")


def _execute(sql: str, pad: str) -> str:
    line = f"{pad}op.execute({_one_line(in_op_execute(sql))})"
    within_quotes = any("\n" in found[0] for found in _QUOTED.finditer(sql))
    if within_quotes or ("\n" not in sql and len(line) <= _WIDTH):
        return line
    return _in_lines(sql, pad)


def _in_lines(sql: str, pad: str, kind: str = "") -> str:
    text = in_op_execute(sql).replace("\\", "\\\\").replace('"""', '""\\"')
    inside = pad + _PAD
    lines = [f"{inside}{line}" for one in text.split("\n") for line in _filled(one, len(inside))]
    return "\n".join([f'{pad}op.execute({kind}"""', *lines, f'{pad}""")'])


def _filled(line: str, indent: int) -> list[str]:
    """The line in pieces that fit, broken where there are spaces outside of quotes."""
    if indent + len(line) <= _WIDTH:
        return [line]
    lines = [""]
    own = line[: len(line) - len(line.lstrip())]
    for word in _WORD.findall(line):
        longer = f"{lines[-1]} {word}" if lines[-1] else own + word
        if lines[-1] and indent + len(longer) > _WIDTH:
            lines.append(own + word)
        else:
            lines[-1] = longer
    return lines


def _one_line(text: str) -> str:
    """As Python has it, in double quotes where that reads better."""
    return f'"{text}"' if '"' not in text and "\\" not in text and "\n" not in text else repr(text)
