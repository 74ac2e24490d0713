"""A finding's fix and evidence, cut into what is read and what is pasted."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pgassay.render.plain import clean, one_line

_COMMAND = re.compile(r"^(\$ |(pgassay|alembic|psql|git|export|pg_dump|python3?|pip) )")
_SQL = re.compile(
    r"^(ALTER|CREATE|DROP|GRANT|REVOKE|COMMENT|VACUUM|REINDEX|SELECT|WITH|UPDATE|DELETE|INSERT|"
    r"SET|LOCK|TRUNCATE|ANALYZE|BEGIN|COMMIT)\b"
)
_REVISION = re.compile(r"^(with )?op\.")
_ITEM = re.compile(r"^([-*]|\d+[.)]) ")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, one item of a list, or lines to paste as they are."""

    kind: Literal["prose", "item", "code"]
    text: str

    @property
    def language(self) -> str:
        if _COMMAND.match(self.text):
            return "bash"
        if _REVISION.match(self.text):
            return "python"
        return "sql" if _SQL.match(self.text.split("\n")[0]) else ""


def blocks(text: str) -> tuple[Block, ...]:
    """Cut a fix into blocks.

    Code is what stands between fences, is indented by four, ends in a semicolon, or is a line
    that begins with a command or an SQL verb and does not end like a sentence.
    """
    found: list[Block] = []
    fenced = broken = False
    for line in clean(text).split("\n"):
        if line.lstrip().startswith("```"):
            fenced, broken = not fenced, True
            continue
        bare = line.strip()
        if not bare and not fenced:
            broken = True
            continue
        kind = "code" if fenced else _kind(line, bare)
        shown = bare if kind != "code" else line.rstrip().removeprefix("$ ")
        last = found[-1] if found else None
        if last and not broken and last.kind == kind and kind != "item":
            found[-1] = Block(kind, last.text + ("\n" if kind == "code" else " ") + shown)
        elif last and not broken and last.kind == "item" and kind == "prose":
            found[-1] = Block("item", f"{last.text} {shown}")
        else:
            found.append(Block(kind, shown))
        broken = False
    return tuple(Block(block.kind, textwrap.dedent(block.text)) for block in found)


def _kind(line: str, bare: str) -> Literal["prose", "item", "code"]:
    sentence = bare.endswith((".", ":", "?", "!"))
    if line.startswith("    ") or bare.endswith(";"):
        return "code"
    if (_COMMAND.match(bare) or _SQL.match(bare)) and not sentence:
        return "code"
    return "item" if _ITEM.match(bare) else "prose"


def evidence_lines(evidence: Mapping[str, Any]) -> list[str]:
    """`key: value` lines; texts of several lines stand indented below their key."""
    lines: list[str] = []
    for key, value in evidence.items():
        if isinstance(value, str) and "\n" in value.strip():
            below = clean(value).strip("\n").split("\n")
            lines += [f"{one_line(key)}:", *(f"  {line.rstrip()}" for line in below)]
        else:
            lines.append(f"{one_line(key)}: {_shown(value)}")
    return lines


def _shown(value: object) -> str:
    if isinstance(value, list | tuple) and not any(isinstance(v, list | dict) for v in value):
        return ", ".join(one_line(v) for v in value) or "none"
    if isinstance(value, str):
        return one_line(value)
    return one_line(json.dumps(value, ensure_ascii=False, default=str))
