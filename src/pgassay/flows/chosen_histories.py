"""Which two histories are to be made one."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path

from pgassay.analysis.rival_histories import rival_groups
from pgassay.facts.assay import Assay
from pgassay.facts.history import History
from pgassay.sources.configuration import ConfigurationError


def chosen_histories(name: str, other_name: str, assay: Assay) -> tuple[History, History]:
    """The history that stays and the one that is retired, as names or paths say; `other_name` is
    "" for the only rival. Raises ConfigurationError."""
    histories = assay.project.histories
    names = ", ".join(h.name for h in histories)

    def named(given: str) -> History:
        wanted = posixpath.normpath(given)
        root = Path(assay.project.root)
        found = _at_path(histories, root / given) or _at_path(histories, Path(given))
        found = found or [h for h in histories if wanted in (h.name, h.name.rpartition("/")[2])]
        for system in assay.project.systems:
            if wanted == system.name:
                raise ConfigurationError(
                    f"{wanted}/ is a {system.kind} system; only Alembic histories can be made one. "
                    "Take its files over by hand, each in a revision with op.execute(); "
                    "`pgassay check` then says whether both make the same (HIS001)."
                )
        if len(found) != 1:
            raise ConfigurationError(
                f"{given!r} names {len(found)} of the histories found: {names or 'none'}."
            )
        if not Path(found[0].script_directory).is_relative_to(assay.project.root):
            raise ConfigurationError(
                f"{found[0].name}/ lies in {found[0].script_directory}, outside the project: what "
                "is not the project's is not rewritten."
            )
        return found[0]

    into = named(name)
    if other_name:
        other = named(other_name)
        if other == into:
            raise ConfigurationError(f"{name!r} and {other_name!r} are one history.")
        return into, other
    groups = rival_groups(histories, assay.known_builds)
    rivals = [h for group in groups if into in group for h in group if h != into]
    if len(rivals) != 1:
        found = ", ".join(h.name for h in rivals) or "none"
        raise ConfigurationError(
            f"{into.name}/ has {len(rivals)} rivals ({found}); say which with --from."
        )
    return into, rivals[0]


def _at_path(histories: Sequence[History], path: Path) -> list[History]:
    """Those whose script directory is the path, however that is written."""
    place = path.resolve()
    return [h for h in histories if Path(h.script_directory).resolve() == place]
