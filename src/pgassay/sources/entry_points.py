"""Finding every place in the project that runs migrations, and which history each means; dumps."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pgassay.analysis.commands.container_file import container_file_calls
from pgassay.analysis.commands.migration_call import MigrationCall, Surroundings
from pgassay.analysis.commands.python import python_calls
from pgassay.analysis.commands.shell import shell_calls
from pgassay.analysis.commands.task_files import (
    json_calls,
    makefile_calls,
    procfile_calls,
    toml_calls,
    tox_calls,
)
from pgassay.analysis.commands.yaml import yaml_calls
from pgassay.analysis.url_text import masked_url, url_scheme
from pgassay.facts.entry_point import EntryPoint, SetVariable
from pgassay.facts.history import History
from pgassay.facts.location import Location
from pgassay.sources.alembic_ini import AlembicSection, UnreadableIni, read_alembic_ini
from pgassay.sources.package_folders import PackageFolders
from pgassay.sources.project_files import relative
from pgassay.sources.url_variables import is_url_variable

Reader = Callable[[str], list[MigrationCall]]

_TOOLS = re.compile(
    r"alembic|flask|manage\.py|django-admin|flyway|goose|dbmate|migrate|prisma|yoyo|supabase|pg_dump"
)
# Words that Python files have for other reasons are not worth a parse.
_TOOLS_IN_PYTHON = re.compile(
    r"alembic|manage\.py|flyway|goose|dbmate|prisma|yoyo|supabase|pg_dump"
)
_LARGEST_FILE = 1 << 20
_OF_TESTS = frozenset(("test", "tests", "testing"))


def read_entry_points(
    root: Path,
    files: Sequence[Path],
    histories: Sequence[History],
    packages: PackageFolders | None = None,
) -> tuple[EntryPoint, ...]:
    """In the order of the files. Tests, env.py and the revisions are no entry points."""
    names = _Names(root, files, histories, packages or PackageFolders(root, files))
    found: list[EntryPoint] = []
    for path in files:
        shown = relative(path, root)
        reader = _reader(shown)
        if reader is None or of_tests(shown) or names.is_of_a_history(path):
            continue
        try:
            text = path.read_text("utf-8-sig") if path.stat().st_size < _LARGEST_FILE else ""
        except (OSError, UnicodeDecodeError):
            continue
        if (_TOOLS_IN_PYTHON if path.suffix == ".py" else _TOOLS).search(text):
            if reader is _by_first_line and not re.match(r"#!.*\b(ba|da|z)?sh\b", text):
                continue
            found += [names.entry_point(call, shown, text) for call in reader(text)]
    return tuple(found)


def of_tests(shown: str) -> bool:
    """Whether a path is of the project's tests, by its name."""
    *folders, name = shown.split("/")
    return bool(_OF_TESTS & set(folders)) or name.startswith(("test_", "conftest"))


def may_run_migrations(shown: str) -> bool:
    """Whether a file of this path, relative to the root, is looked through for entry points."""
    return _reader(shown) is not None and not of_tests(shown)


def _reader(shown: str) -> Reader | None:
    path = PurePosixPath(shown)
    name = path.name
    if re.match(r"(Dockerfile|Containerfile)|.*\.(dockerfile|containerfile)$", name, re.I):
        return container_file_calls
    if name.lower() in ("makefile", "gnumakefile", "justfile") or path.suffix == ".mk":
        return makefile_calls
    if name == "Procfile":
        return procfile_calls
    if name in ("tox.ini", "setup.cfg"):
        return tox_calls
    match path.suffix:
        case ".py":
            return lambda text: python_calls(text, 1, Surroundings())
        case ".sh" | ".bash":
            return _shell
        case ".yml" | ".yaml":
            return yaml_calls
        case ".toml":
            return toml_calls
        case ".json":
            return json_calls if name in ("package.json", "app.json", "composer.json") else None
        case "":
            return _by_first_line
    return None


def _shell(text: str) -> list[MigrationCall]:
    return shell_calls(text, 1, Surroundings(open=True))


def _by_first_line(text: str) -> list[MigrationCall]:
    return _shell(text)


@dataclass(frozen=True, slots=True)
class _Resolved:
    ini: str = ""
    section: str = ""
    history: str = ""
    missing: str = ""


class _Names:
    """What the names in a command mean: ini files, sections and script directories."""

    def __init__(
        self,
        root: Path,
        files: Sequence[Path],
        histories: Sequence[History],
        packages: PackageFolders,
    ) -> None:
        self._root = root
        self._paths = frozenset(relative(p, root) for p in files)
        self._histories = {h.name: h for h in histories}
        self._own = [Path(h.script_directory) for h in histories]
        self._sections: dict[str, dict[str, AlembicSection]] = {}
        for path in files:
            if path.suffix in (".ini", ".cfg"):
                try:
                    sections = read_alembic_ini(path, root, packages)
                except UnreadableIni:
                    continue
                if sections:
                    self._sections[relative(path, root)] = {s.section: s for s in sections}

    def is_of_a_history(self, path: Path) -> bool:
        return path.suffix == ".py" and any(own in path.parents for own in self._own)

    def entry_point(self, call: MigrationCall, shown: str, text: str) -> EntryPoint:
        found = self._resolved(call, shown, text)
        around = call.around
        return EntryPoint(
            location=Location(shown, call.line),
            command=masked_url(" ".join(call.command.split()))[:200],
            tool=call.tool,
            action=call.action,
            unit=call.function or around.unit,
            ini=found.ini,
            section=found.section,
            script_directory=call.script_directory or "",
            history=found.history,
            target=call.target,
            variables=tuple(
                SetVariable(v.name, masked_url(v.value), Location(shown, v.line), v.alone)
                for v in around.variables
                if is_url_variable(v.name)
                or url_scheme(v.value)
                or (call.action == "dump" and v.name in ("PGHOST", "PGPORT"))
            ),
            open=around.open,
            sets_url=call.sets_url,
            copies=around.copies,
            locked=call.locked or self._locks(found.history),
            missing=found.missing,
        )

    def _locks(self, history: str) -> bool:
        """Whether its env.py takes an advisory lock, so that only one runs at a time."""
        env = self._histories[history].env if history in self._histories else None
        try:
            return env is not None and "advisory" in (self._root / env.path).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            return False

    def _resolved(self, call: MigrationCall, shown: str, text: str) -> _Resolved:
        if call.tool == "flask-migrate":
            return _Resolved(history=self._history(call.script_directory, call, shown))
        if call.tool != "alembic":
            return _Resolved()
        ini, missing = self._ini(call, shown, text)
        section = "alembic" if call.section == "" else call.section or ""
        if call.script_directory != "":
            history = self._history(call.script_directory, call, shown)
            missing = missing or self._missing_directory(call, history)
            return _Resolved(ini, section, history, missing)
        sections = self._sections.get(ini, {})
        if not sections or not section:
            return _Resolved(ini, section, "", missing)
        if section not in sections:
            missing = f"{ini} has no section [{section}] with a script_location"
            return _Resolved(ini, section, "", missing if call.exact else "")
        directory = sections[section].script_directory
        name = relative(directory, self._root)
        # A package that is not found here may be installed.
        if not directory.is_dir() and not sections[section].package:
            where = f"the script directory {name}, which [{section}] of {ini} names,"
            return _Resolved(ini, section, "", f"{where} does not exist")
        named = (h.name for h in self._histories.values() if h.script_directory == str(directory))
        return _Resolved(ini, section, next(named, ""), missing)

    def _ini(self, call: MigrationCall, shown: str, text: str) -> tuple[str, str]:
        """The ini's path, "" where it cannot be told, and what is missing."""
        if call.ini is None:
            return "", ""
        given = next((v.value for v in call.around.variables if v.name == "ALEMBIC_CONFIG"), "")
        written = call.ini or given or "alembic.ini"
        found = self._nearest(written, self._sections, call, shown)
        if found or not (call.ini and call.exact) or call.around.folder is None:
            return found, ""
        name = written.rpartition("/")[2]
        elsewhere = any(PurePosixPath(p).name.startswith(name) for p in self._paths)
        # A script that names the file twice may have made it first.
        if written.startswith(("/", "~")) or elsewhere or text.count(name) > 1:
            return "", ""
        return "", f"there is no {written}"

    def _nearest(
        self, written: str, paths: Collection[str], call: MigrationCall, shown: str
    ) -> str:
        """The path among those that `written` means: from where the command runs, else the only
        one with that end, else the nearest above the file itself. "" where the root and a folder
        above the file both have one, and nothing says from where it is run."""
        folder = call.around.folder
        end = posixpath.normpath(written).lstrip("./")
        above = (posixpath.normpath(str(p / end)) for p in PurePosixPath(shown).parents)
        nearest = next((p for p in above if p in paths), "")
        if folder is not None:
            path = posixpath.normpath(posixpath.join(folder, written))
            if path in paths:
                certain = folder or shown.startswith(".") or nearest in ("", path)
                return path if certain else ""
        if written.startswith("/"):
            # In a container the project's root may be anywhere.
            within = (p for p in paths if end.endswith(f"/{p}") or p == end)
            return max(within, key=len, default="")
        ending = [p for p in paths if p == end or p.endswith(f"/{end}")]
        return ending[0] if len(ending) == 1 else nearest

    def _history(self, directory: str | None, call: MigrationCall, shown: str) -> str:
        if not directory:
            return ""
        return self._nearest(directory.replace(":", "/"), self._histories, call, shown)

    def _missing_directory(self, call: MigrationCall, history: str) -> str:
        directory = call.script_directory or ""
        if history or not directory or not call.exact or call.around.folder is None:
            return ""
        if directory.startswith(("/", "~", "..")) or ":" in directory:
            return ""
        name = posixpath.normpath(directory)
        if any(f"/{name}/" in f"/{path}" for path in self._paths):
            return ""
        return f"there is no script directory {directory}"
