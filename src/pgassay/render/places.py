"""The file and line at which a CI shows a finding, seen from the top of the repository."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pgassay.facts.location import Location
from pgassay.findings import Finding
from pgassay.render.fact_reader import mapping, records
from pgassay.verdict import Report

CONFIGURATION = "pgassay.toml"
_AT_LINE = re.compile(r"(.+):([1-9]\d*)", re.DOTALL)
_DATABASE = ("DRF", "MON", "DAT")
_IN_CODE = ("MON005", "MON006", "MON007", "MON008")


def is_database_object(finding: Finding) -> bool:
    """Whether the subject is `schema.table.column` or another object of a database: the evidence
    says which kind of one where not the family does."""
    if finding.code in _IN_CODE:
        return False
    return finding.code.startswith(_DATABASE) or bool(finding.evidence.get("kind"))


class Places:
    """Where each thing of a report lies. CIs drop what has no file of the repository."""

    def __init__(self, report: Report) -> None:
        self._folder = report.folder
        self._histories = records(report.facts.get("histories"))
        self._files = _texts(report.facts.get("files_analysed"))
        self._located = sorted(
            (f for f in report.findings if self.own(f) and is_database_object(f)),
            key=lambda f: f.order,
        )
        self._otherwise = self._first_of(self._common(report))

    def own(self, finding: Finding) -> Location | None:
        """The finding's own place, or the file that its subject names."""
        return self._first_of([finding.location, self._file_named(finding.subject)])

    def of(self, finding: Finding) -> Location:
        """`own`, or that of the history or table that the subject belongs to, or the project's."""
        own = self.own(finding)
        return own or self._first_of(self._near(finding)) or self._project

    def of_history(self, name: str) -> Location:
        """The env.py or ini of a history, or the project's."""
        found = (place for h in self._histories if h.get("name") == name for place in _files(h))
        return self._first_of(found) or self._project

    @property
    def _project(self) -> Location:
        """Nothing needs to be there: it is where a project's settings would be."""
        return self._otherwise or Location(posixpath.join(self._folder, CONFIGURATION))

    def _common(self, report: Report) -> Iterator[Location | None]:
        for history in sorted(self._histories, key=lambda h: h.get("main") is not True):
            yield from _files(history)
        yield _location(mapping(report.facts.get("settings")).get("path"))
        yield from (Location(path) for path in self._files)

    def _near(self, finding: Finding) -> Iterator[Location | None]:
        if is_database_object(finding):
            table = finding.subject.split(".")[:2]
            for other in self._located:
                if len(table) == 2 and other.subject.split(".")[:2] == table:
                    yield other.location
            return
        name, _, revision = finding.subject.partition(": ")
        for history in self._histories:
            if history.get("name") not in (name, *name.split(" + ")):
                continue
            for one in records(history.get("revisions")):
                if revision and one.get("id") == revision:
                    yield _location(one.get("path"))
            yield from _files(history)

    def _file_named(self, subject: str) -> Location | None:
        named = [p for p in self._files if subject == p or subject.startswith((f"{p}:", f"{p} "))]
        return Location(max(named, key=len)) if named else None

    def _first_of(self, places: Any) -> Location | None:
        for place in places:
            path = _inside(self._folder, place.path) if place else ""
            if path:
                return Location(path, place.line)
        return None


def _inside(folder: str, path: str) -> str:
    """`path`, of the project, as the repository has it; "" where it has not."""
    if not path.strip() or path.startswith("/"):
        return ""
    joined = posixpath.normpath(posixpath.join(folder, path))
    return "" if joined in (".", "..") or joined.startswith("../") else joined


def _files(history: Mapping[str, Any]) -> tuple[Location | None, Location | None]:
    return _location(history.get("env")), _location(history.get("ini"))


def _location(text: object) -> Location | None:
    """A place that the facts have as `path` or `path:line`."""
    if not isinstance(text, str):
        return None
    found = _AT_LINE.fullmatch(text)
    return Location(found[1], int(found[2])) if found else Location(text)


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
