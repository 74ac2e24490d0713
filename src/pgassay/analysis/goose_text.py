"""Reading a goose file: its annotations, and statements as goose itself splits them.

Outside of StatementBegin and StatementEnd a statement ends with each line that ends in `;`
(goose's internal/sqlparser), so a function's body that stands there is torn apart, as it would be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ANNOTATION = re.compile(r"^\s*--\s*\+goose\s+(?P<what>.+?)\s*$", re.IGNORECASE)

Text = tuple[int, str]
"""(line, text)"""


@dataclass(frozen=True, slots=True)
class GooseFile:
    up: tuple[Text, ...]
    down: tuple[Text, ...]
    transaction: bool
    replaces_variables: bool


def is_goose(text: str) -> bool:
    """Whether the text has goose's mark of what to apply."""
    return any(
        (match := _ANNOTATION.match(line)) and match["what"].lower() == "up"
        for line in text.splitlines()
    )


def read_goose(text: str) -> GooseFile:
    """The statements of both directions, each with its first line."""
    found: dict[str, list[Text]] = {"up": [], "down": []}
    direction, whole, transaction, variables = "", False, True, False
    begun: list[Text] = []

    def close() -> None:
        if direction in found and begun:
            found[direction].append((begun[0][0], "\n".join(t for _, t in begun)))
        begun.clear()

    for number, line in enumerate(text.splitlines(), 1):
        if match := _ANNOTATION.match(line):
            said = " ".join(match["what"].lower().split())
            if said in ("up", "down"):
                close()
                direction = said
            elif said == "statementbegin":
                close()
                whole = True
            elif said == "statementend":
                close()
                whole = False
            elif said == "no transaction":
                transaction = False
            elif said == "envsub on":
                variables = True
            continue
        if not begun and (not line.strip() or line.strip().startswith("--")):
            continue
        begun.append((number, line))
        if not whole and _ends(line):
            close()
    close()
    return GooseFile(tuple(found["up"]), tuple(found["down"]), transaction, variables)


def _ends(line: str) -> bool:
    before = ""
    for word in line.split():
        if word.startswith("--"):
            break
        before = word
    return before.endswith(";")
