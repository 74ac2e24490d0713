"""Where the Python package lies that an ini names, as in `script_location = package:folder`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from pgassay.facts.unavailable import Unavailable

# Nothing of the package is imported: only its top level is looked for, and not in the folder where
# it is run, which may have modules of the names of Python's own.
_ASK = (
    "import sys; sys.path[:] = filter(None, sys.path); "
    "import importlib.util; found = importlib.util.find_spec(sys.argv[1]); "
    "print(*(found and found.submodule_search_locations or ()), sep='\\n')"
)
_TIME_LIMIT_S = 20
# No credentials: a .pth file of the environment may run code.
_KEPT = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "PYTHONPATH")


class PackageFolders:
    """`python` is the project's interpreter, which is asked for a package that the project's files
    do not have; Unavailable, or None, where there is none to ask."""

    def __init__(
        self, root: Path, files: Sequence[Path], python: str | Unavailable | None = None
    ) -> None:
        self._root = root
        self._environments = [p.parent for p in files if p.name == "env.py"]
        self._python = python
        self._installed: dict[str, tuple[Path, ...]] = {}

    def find(self, package: str, inside: str, ini: Path) -> Path | None:
        """The folder `inside` the dotted `package`, which `ini` names; None where nobody knows it.

        Where the project's root is the package; else its copy in the project under another name;
        else where the interpreter has it.
        """
        written = Path(*package.split("."), inside)
        first, below = written.parts[0], Path(*written.parts[1:])
        if self._root.name == first and (self._root / below).is_dir():
            return self._root / below
        installed = (f / below for f in self._folders(first))
        known = next((f for f in installed if f.is_dir()), None)
        return self.copy(below, ini, known) or known

    def copy(self, below: Path, ini: Path, known: Path | None = None) -> Path | None:
        """The script directory of the project that ends as the package's does: the only one, or the
        only one in the same copy as the ini. It has to be the same history as the known one."""
        depth = len(below.parts)
        if not depth:
            return None
        found = [
            folder
            for folder in self._environments
            if folder.parts[-depth:] == below.parts and (not known or _same_files(folder, known))
        ]
        beside = [f for f in found if f.parents[depth - 1] in ini.parents]
        chosen = beside or found
        return chosen[0] if len(chosen) == 1 else None

    def _folders(self, package: str) -> tuple[Path, ...]:
        """Where the interpreter has the package; none where it has not, or cannot be asked."""
        if package not in self._installed:
            self._installed[package] = self._ask(package)
        return self._installed[package]

    def _ask(self, package: str) -> tuple[Path, ...]:
        if not isinstance(self._python, str):
            return ()
        try:
            asked = subprocess.run(
                [self._python, "-c", _ASK, package],
                capture_output=True,
                text=True,
                timeout=_TIME_LIMIT_S,
                cwd=self._root,
                env={name: os.environ[name] for name in _KEPT if name in os.environ},
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ()
        return tuple(Path(line) for line in asked.stdout.splitlines() if line)


def _same_files(one: Path, other: Path) -> bool:
    """Whether more than half of the Python files of either have their name in the other."""
    names = [{p.name for p in folder.rglob("*.py")} for folder in (one, other)]
    return 2 * len(names[0] & names[1]) > max(map(len, names))
