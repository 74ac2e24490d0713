"""Dockerfiles and Containerfiles: what runs migrations while building and when started."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator

from pgassay.analysis.commands.migration_call import Given, MigrationCall, Surroundings
from pgassay.analysis.commands.shell import shell_calls, word_calls

_INSTRUCTION = re.compile(r"\s*([A-Za-z]+)\s+(.*)", re.DOTALL)


def container_file_calls(text: str) -> list[MigrationCall]:
    """`ENV` holds from where it stands to the end of its stage. The folder in the image is taken
    for the project's root, since `COPY . .` makes it so most often."""
    found: list[MigrationCall] = []
    given: dict[str, Given] = {}
    stage = ""
    entrypoint: list[str] = []
    for line, instruction, rest in _instructions(text):
        around = Surroundings(
            unit=f"image {stage}".strip(), variables=tuple(given.values()), folder="", open=True
        )
        match instruction:
            case "FROM":
                named = re.search(r"\bas\s+(\S+)", rest, re.IGNORECASE)
                stage, given, entrypoint = (named[1] if named else ""), {}, []
            case "ENV":
                given |= {v.name: v for v in _environment(rest, line)}
            case "RUN" | "CMD" | "ENTRYPOINT":
                words = _exec_form(rest)
                if instruction == "ENTRYPOINT":
                    entrypoint = words
                elif instruction == "CMD" and entrypoint:
                    words = [*entrypoint, *words]
                if words:
                    found += word_calls(words, line, around)
                else:
                    flags = re.sub(r"^(--\w+=\S+\s+)+", "", rest)
                    found += shell_calls(flags, line, around)
    return found


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    lines = text.splitlines()
    place = 0
    while place < len(lines):
        start, logical = place, lines[place]
        while logical.rstrip().endswith("\\") and place + 1 < len(lines):
            place += 1
            if not lines[place].lstrip().startswith("#"):
                # The break is kept, so that a command's line can be told.
                logical += "\n" + lines[place]
        place += 1
        found = _INSTRUCTION.match(logical)
        if found and not logical.lstrip().startswith("#"):
            yield start + 1, found[1].upper(), found[2].strip()


def _exec_form(rest: str) -> list[str]:
    if not rest.startswith("["):
        return []
    try:
        words = json.loads(re.sub(r"\\\n", "\n", rest))
    except ValueError:
        return []
    return [str(w) for w in words] if isinstance(words, list) else []


def _environment(rest: str, line: int) -> Iterator[Given]:
    try:
        words = shlex.split(rest.replace("\\\n", " "))
    except ValueError:
        return
    if words and "=" not in words[0]:
        yield Given(words[0], _literal(" ".join(words[1:])), line)
        return
    for word in words:
        name, _, value = word.partition("=")
        yield Given(name, _literal(value), line)


def _literal(value: str) -> str:
    return "" if value.startswith("$") else value
