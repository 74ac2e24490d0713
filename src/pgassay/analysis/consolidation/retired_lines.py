"""The lines of scripts, jobs and ini files that name a history which is retired."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import History

_OPTIONS = {"script": r"script_location|--directory\b|(?<!\S)-d\b", "section": r"ini_section|-n\b"}


def redirected(text: str, entry: EntryPoint, retired: History, into: History) -> str:
    """The file's text with the words by which the entry point names `retired` made those that name
    `into`; as it was where no such words are found. Whether they then do is for reading it again.
    """
    if entry.script_directory:
        new = moved_path(entry.script_directory, retired.name, into.name)
        return _words_replaced(text, entry.script_directory, new, _OPTIONS["script"])
    if into.ini is None or retired.ini is None:
        return text
    if entry.section and into.ini_section != retired.ini_section:
        option = rf"{_OPTIONS['section']}|--name\b"
        text = _words_replaced(text, entry.section, into.ini_section, option)
    if into.ini.path == retired.ini.path:
        return text
    return _ini_replaced(text, entry, retired.ini.path, into.ini.path)


def ini_redirected(text: str, section: str, retired: str, into: str) -> str:
    """The ini's text with the section's `script_location` naming `into`; as it was where it cannot
    be told how."""
    lines, here = text.splitlines(keepends=True), ""
    for place, line in enumerate(lines):
        if header := re.match(r"\[([^\]]+)\]", line):
            here = header[1].strip()
        written = re.match(r"(\s*script_location\s*[=:]\s*)(\S+)", line)
        if here == section and written is not None:
            fixed, path = re.fullmatch(r"(%\(here\)s/)?(.*)", written[2]).groups("")  # type: ignore[union-attr]
            new = moved_path(path, retired, into)
            if new:
                lines[place] = written[1] + fixed + new + line[written.end() :]
    return "".join(lines)


def lines_naming(text: str, path: str, folder: str) -> Iterator[tuple[int, str]]:
    """(number, line) of each line that names the folder as a path: `migrations/`, or a word of
    what a container file copies. `path` is the file's own."""
    names = [folder]
    parent = posixpath.dirname(folder)
    if parent and path.startswith(f"{parent}/"):
        names.append(posixpath.basename(folder))
    either = "|".join(re.escape(name) for name in names)
    named = re.compile(
        rf"(?<![\w./-])(?:\./)?(?:{either})/|^\s*(?:COPY|ADD)\s(?:.*\s)?(?:\./)?(?:{either})(?=\s|$)"
    )
    for number, line in enumerate(text.splitlines(), 1):
        if named.search(line):
            yield number, " ".join(line.split())


def moved_path(written: str, old: str, new: str) -> str:
    """What names `new` where `written` names `old`, both relative to the project's root, `written`
    from a folder of it or from where a container has it. "" where it is not a way to `old`."""
    lead = "./" if written.startswith("./") else ""
    path = posixpath.normpath(written.replace(":", "/"))
    if path == old:
        return lead + new
    if old.endswith(f"/{path}"):
        return lead + posixpath.relpath(new, old[: -len(path) - 1])
    if path.endswith(f"/{old}"):
        return path[: -len(old)] + new
    return ""


def _words_replaced(text: str, old: str, new: str, option: str) -> str:
    """`old` as a word, quoted or bare, on the lines that have the option."""
    if not new:
        return text
    word = re.compile(rf"(?<![\w./:-]){re.escape(old)}(?![\w./:-])")
    near = re.compile(option)
    lines = text.splitlines(keepends=True)
    return "".join(word.sub(lambda _: new, line) if near.search(line) else line for line in lines)


def _ini_replaced(text: str, entry: EntryPoint, old: str, new: str) -> str:
    """The ini that the entry point names becomes another; where it names none, it is given one."""
    name = posixpath.basename(old)
    lines = text.splitlines(keepends=True)
    if name in text:
        path = re.compile(rf"(?<![\w./-])[\w./-]*{re.escape(name)}(?![\w.-])")
        return path.sub(lambda found: moved_path(found[0], old, new) or found[0], text)
    place = (entry.location.line or 1) - 1
    if entry.tool == "alembic" and place < len(lines):
        lines[place] = re.sub(
            r"(?<![\w./-])alembic(?=\s)", f"alembic -c {new}", lines[place], count=1
        )
    return "".join(lines)
