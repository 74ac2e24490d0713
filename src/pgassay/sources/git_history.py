"""A history as git has it at another commit: the one that a branch began at, or another branch."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path

from pgassay.facts.history import History, Revision
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.git import Git
from pgassay.sources.revision_file import revision_in


def commit_of(root: Path, ref: str) -> str | None:
    """The commit that a name means; None where git knows none, or there is no git."""
    if ref.startswith("-"):
        return None
    found = Git(root).lines(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}"
    )
    return found[0] if found else None


def merge_base(root: Path, commit: str) -> str | Unavailable:
    """Where HEAD and a commit part."""
    found = Git(root).lines("merge-base", "HEAD", commit)
    if found:
        return found[0]
    shallow = Git(root).lines("rev-parse", "--is-shallow-repository") == ["true"]
    return Unavailable(
        "git",
        f"HEAD and {commit[:12]} have no commit in common that this clone knows"
        + (", which is shallow." if shallow else "."),
        "Fetch the whole history: `git fetch --unshallow`; in GitHub Actions, `fetch-depth: 0` of "
        "actions/checkout."
        if shallow
        else "Name a branch that this one comes from.",
    )


def changed_since(root: Path, commit: str, paths: Sequence[str]) -> tuple[str, ...] | Unavailable:
    """Those of the files that are not as they were at a commit, or were not there."""
    git = Git(root)
    asked = (
        git.asked("diff", "--name-only", "--relative", "-z", commit, "--", *paths),
        git.asked("ls-files", "--others", "-z", "--", *paths),
    )
    if not paths or None in asked:
        lost = Unavailable("git", f"git cannot tell what has changed since {commit[:12]}.")
        return lost if paths else ()
    names = {n for said in asked for n in (said or b"").decode("utf-8", "replace").split("\0")}
    return tuple(sorted(names - {""}))


def revisions_at(root: Path, history: History, commit: str) -> dict[str, Revision] | Unavailable:
    """The revisions that the history's folders have at a commit, by id. A folder that is not there
    yet has none."""
    git = Git(root)
    folders = [
        str(Path(f).relative_to(root))
        for f in history.version_directories
        if Path(f).is_relative_to(root)
    ]
    there = [f for f in folders if git.lines("cat-file", "-t", f"{commit}:./{f}") == ["tree"]]
    if not there:
        return {}
    content = git.run("archive", "--format=tar", commit, "--", *there)
    if not content:
        return Unavailable("git", f"git cannot read {', '.join(there)} at {commit[:12]}.")
    found: dict[str, Revision] = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            if not member.isfile() or not member.name.endswith(".py"):
                continue
            file = archive.extractfile(member)
            revision = revision_in(file.read() if file else b"", member.name)
            if isinstance(revision, Revision):
                found.setdefault(revision.id, revision)
    return found
