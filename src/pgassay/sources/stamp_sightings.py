"""Looking for the revisions that a database is stamped with and that no file has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.history import History, Revision, Stamp
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.sources.git_revisions import seen_in_git
from pgassay.sources.project_files import relative
from pgassay.sources.revision_file import revision_in

_FILES = 5000
_LARGEST = 1_000_000


def sightings(root: Path, history: History, stamps: Sequence[Stamp]) -> tuple[StampSighting, ...]:
    """Of each row that no file of the history has, where it was seen, if anywhere: among leftovers
    on disk, else in git. Where every row is known nothing is looked at."""
    graph = revision_graph(history)
    strangers = dict.fromkeys(
        r for s in stamps for r in s.revisions or () if graph.full_id(r) not in graph.by_id
    )
    found = []
    for revision in strangers:
        on_disk = _on_disk(root, history, revision)
        in_git = seen_in_git(root, history.version_directories, revision, graph.by_id.keys())
        if in_git is not None and (in_git.is_ahead or on_disk is None):
            found.append(in_git)
        elif on_disk is not None:
            found.append(on_disk)
    return tuple(found)


def _on_disk(root: Path, history: History, revision: str) -> StampSighting | None:
    """A file that Alembic passes by: renamed, retired, or only compiled."""
    named = revision.encode()
    graph = revision_graph(history)
    for path in _leftovers(root, history):
        try:
            content = path.read_bytes() if path.stat().st_size < _LARGEST else b""
        except OSError:
            continue
        if named not in content or b"down_revision" not in content:
            continue
        shown = relative(path, root)
        if path.suffix == ".pyc":
            # Its constants are there to be read, whichever Python compiled it.
            return _sighting(revision, shown, [h for h in graph.heads if h.encode() in content])
        read = revision_in(content, shown)
        if isinstance(read, Revision) and read.id == revision:
            known = [p for p in read.parents if p in graph.by_id]
            return replace(_sighting(revision, shown, known), makes=read.makes)
    return None


def _sighting(revision: str, path: str, parents: Sequence[str]) -> StampSighting:
    return StampSighting(
        revision, path, continues=next(iter(parents), ""), steps=(revision,), paths=(path,)
    )


def _leftovers(root: Path, history: History) -> Iterator[Path]:
    """What lies in and beside the history's folders, and in folders that were retired."""
    read = {root / r.location.path for r in history.revisions}
    places = dict.fromkeys(
        (Path(history.script_directory), *map(Path, history.version_directories))
    )
    retired = [p for place in places for p in place.parent.glob("*.retired") if p.is_dir()]
    count = 0
    for place in (*places, *retired):
        for folder, _, files in os.walk(place):
            for name in sorted(files):
                count += 1
                if count > _FILES:
                    return
                path = Path(folder, name)
                if path not in read:
                    yield path
