"""Asking git for a revision that is not among the files: other branches, tags, stashes, what was
removed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pgassay.facts.history import Revision
from pgassay.facts.stamp_sighting import StampSighting
from pgassay.sources.git import Git
from pgassay.sources.revision_file import revision_in

_COMMITS, _STEPS, _REFS = 10, 100, 20


def seen_in_git(
    root: Path, folders: Sequence[str], revision: str, having: Collection[str]
) -> StampSighting | None:
    """Where git has the revision's file below `folders`, the newest first; `having` are the ids
    that are among the files. None where it has not, or there is no git."""
    git = _Git(root, [f for f in folders if Path(f).is_relative_to(root)])
    if not git.folders or not git.lines("rev-parse", "--show-prefix"):
        return None
    commits = git.lines(
        *(
            "log",
            "--all",
            "--reflog",
            "--full-history",
            f"--max-count={_COMMITS}",
            "--format=%H",
            f"-S{revision}",
        ),
        *("--no-ext-diff", "--no-textconv", "--", *git.folders),
    )
    for commit in commits:
        # Where the newest commit with it took it away, the one before has it.
        for place in (commit, f"{commit}^"):
            found = git.revision(place, revision)
            if found is not None:
                return _sighting(git, place, found, having)
    return None


class _Git(Git):
    def __init__(self, root: Path, folders: Sequence[str]) -> None:
        super().__init__(root)
        self.folders = folders

    def revision(self, commit: str, wanted: str) -> Revision | None:
        """The revision of that id at that commit."""
        named = self.run("grep", "-l", "-z", "-F", "-e", wanted, commit, "--", *self.folders)
        for shown in filter(None, named.decode("utf-8", "replace").split("\0")):
            path = shown.removeprefix(f"{commit}:")
            if path.endswith(".py"):
                found = revision_in(self.run("show", f"{commit}:./{path}"), path)
                if isinstance(found, Revision) and found.id == wanted:
                    return found
        return None

    def refs_with(self, commit: str, path: str) -> Iterator[str]:
        """Branches and tags that come from the commit and have the file to this day, and stashes of
        it. Untracked files are in a stash's third parent."""
        named = ("refs/heads", "refs/remotes", "refs/tags")
        order = ("--sort=-committerdate", f"--count={_REFS}", "--format=%(refname:short)")
        for ref in self.lines("for-each-ref", f"--contains={commit}", *order, *named):
            if self.run("cat-file", "-t", f"{ref}:./{path}"):
                yield ref
        stashes = ("log", "-g", f"--max-count={_REFS}", "--format=%gd %H %P", "refs/stash")
        for name, *parts in map(str.split, self.lines(*stashes, "--")):
            if any(part.startswith(commit) for part in parts):
                for ref in (name, f"{name}^3"):
                    if self.run("cat-file", "-t", f"{ref}:./{path}"):
                        yield ref


def _sighting(git: _Git, place: str, found: Revision, having: Collection[str]) -> StampSighting:
    commit = "".join(git.lines("rev-parse", "--short", place))
    steps, continues = _way(git, place, found, having)
    path = found.location.path
    removed = git.lines("log", "-1", "--format=%h", "--diff-filter=D", "HEAD", "--", path)
    return StampSighting(
        found.id,
        path,
        commit,
        next(git.refs_with(commit, path), ""),
        continues,
        tuple(s.id for s in steps),
        tuple(s.location.path for s in steps),
        "".join(removed),
        tuple(dict.fromkeys(made for s in steps for made in s.makes)),
    )


def _way(
    git: _Git, place: str, found: Revision, having: Collection[str]
) -> tuple[list[Revision], str]:
    """The revisions down to one that the history has, the oldest first, and that one; "" where
    they lead to none."""
    steps = {found.id: found}
    continues = ""
    waiting = [*found.parents]
    while waiting and len(steps) < _STEPS:
        parent = waiting.pop()
        if parent in having:
            continues = parent
        elif parent not in steps:
            before = git.revision(place, parent)
            if before is not None:
                steps[parent] = before
                waiting += before.parents
    return list(steps.values())[::-1], continues
