"""What runs migrations is made to run the history that stays: changed in a copy of the project,
read again there, and kept only where it then does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pgassay.analysis.consolidation.env_url import env_with_url
from pgassay.analysis.consolidation.retired_lines import (
    ini_redirected,
    lines_naming,
    redirected,
)
from pgassay.analysis.ignored_url import ignored_url
from pgassay.analysis.line_ends import kept_ends, plain
from pgassay.analysis.url_text import url_scheme
from pgassay.facts.consolidation import FilePatch
from pgassay.facts.entry_point import EntryPoint
from pgassay.facts.history import Build, History
from pgassay.facts.location import Location
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings
from pgassay.flows.opened_project import read_project
from pgassay.sources.entry_points import may_run_migrations
from pgassay.sources.exact_text import exact_text
from pgassay.sources.history_runs import Workshop
from pgassay.sources.project_files import relative
from pgassay.sources.url_trials import try_url


@dataclass(slots=True)
class Patching:
    """`copy` has the new revisions and no longer the retired history; `project` is as it was."""

    copy: Path
    settings: Settings
    workshop: Workshop
    project: Project
    into: History
    build: Build
    retired: History
    patches: dict[str, FilePatch] = field(default_factory=dict)

    def patch(self) -> tuple[FilePatch, ...]:
        """Change the copy's files; the patches are of those where that was seen to work."""
        if self.into.ini is None and self.retired.ini is not None:
            section, old, new = self.retired.ini_section, self.retired.name, self.into.name
            ini = self._text(self.retired.ini.path)
            self._change(self.retired.ini.path, ini_redirected(ini, section, old, new))
        runs = self._runs(self.project, self.retired)
        for path, entries in runs.items():
            text = self._text(path)
            for entry in entries:
                text = redirected(text, entry, self.retired, self.into)
            self._change(path, text)
        self._keep_what_works(set(runs))
        self._take_url()
        return tuple(self.patches.values())

    def left(self) -> tuple[str, ...]:
        """The lines that still run the retired history, or name its folder."""
        project, files = read_project(self.copy, self.settings)
        now = self._runs(project, self.into)
        found: dict[Location, str] = {}
        for path, entries in self._runs(self.project, self.retired).items():
            if path not in now:
                found |= {entry.location: entry.command for entry in entries}
        histories = [Path(h.script_directory) for h in project.histories]
        for file in files:
            path = relative(file, self.copy)
            if may_run_migrations(path) and not any(h in file.parents for h in histories):
                for line, text in lines_naming(self._text(path), path, self.retired.name):
                    found.setdefault(Location(path, line), text)
        return tuple(f"{place}: {text}" for place, text in sorted(found.items()))

    def _runs(self, project: Project, history: History) -> dict[str, list[EntryPoint]]:
        """The entry points of a history, by file. What is handed a URL in code is for a database
        of its own."""
        runs: dict[str, list[EntryPoint]] = {}
        for entry in project.entry_points:
            if entry.history == history.name and not entry.sets_url:
                runs.setdefault(entry.location.path, []).append(entry)
        return runs

    def _text(self, path: str) -> str:
        return plain(exact_text(self.copy / path))

    def _change(self, path: str, after: str, why: str = "") -> None:
        before = exact_text(self.copy / path)
        if after == plain(before):
            return
        after = kept_ends(before, after)
        first = self.patches.get(path)
        why = why or f"runs {self.into.name}/"
        if first is not None:
            before, why = first.before, f"{first.why}; {why}"
        self.patches[path] = FilePatch(path, before, after, why)
        (self.copy / path).write_text(after, "utf-8", newline="")

    def _keep_what_works(self, files: set[str]) -> None:
        """Take back what was changed in a file of which not every entry point now runs the history
        that stays, or in an ini that does not name the whole of it."""
        project, _ = read_project(self.copy, self.settings)
        if self.retired.ini is not None and self.retired.ini.path in self.patches:
            named = next(h for h in project.histories if h.name == self.into.name)
            if named.ini is None or named.version_directories != self._versions():
                self._take_back(self.retired.ini.path)
                project, _ = read_project(self.copy, self.settings)
        now, then = self._runs(project, self.into), self._runs(self.project, self.into)
        wanted = self._runs(self.project, self.retired)
        for path in files & set(self.patches):
            count = len(wanted.get(path, ())) + len(then.get(path, ()))
            if len(now.get(path, ())) != count:
                self._take_back(path)

    def _versions(self) -> tuple[str, ...]:
        """The version folders of the history that stays, as the copy has them."""
        return tuple(
            str(self.copy / relative(Path(folder), Path(self.project.root)))
            for folder in self.into.version_directories
        )

    def _take_back(self, path: str) -> None:
        patch = self.patches.pop(path)
        (self.copy / path).write_text(patch.before, "utf-8", newline="")

    def _take_url(self) -> None:
        """Where env.py passes over the variable that names the database, let it take that."""
        ignored = ignored_url(self.project, self.into, self.build)
        if ignored is None or self.into.env is None:
            return
        given = [v.name for e in ignored.misled for v in e.variables]
        names = [v.name for v in ignored.variables]
        variable = next((n for n in (*given, "DATABASE_URL") if n in names), names[0])
        path = self.into.env.path
        after = env_with_url(self._text(path), variable, url_scheme(self.build.requested_url))
        self._change(path, after, f"takes its database from {variable}, and without it has none")
        if path in self.patches:
            project, _ = read_project(self.copy, self.settings)
            history = next(h for h in project.histories if h.name == self.into.name)
            tried = try_url(
                self.workshop, project, history, frozenset({variable}), "consolidated_url"
            )
            if tried.url_variable != variable:
                self._take_back(path)
