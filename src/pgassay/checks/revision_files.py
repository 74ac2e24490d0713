"""HIS: what the revision files of a history say, taken together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pgassay.analysis.revision_graph import revision_graph
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.history import History
from pgassay.findings import Finding, Severity


def revision_id_too_long(check: Check, assay: Assay) -> Iterator[Finding]:
    """A revision id does not fit into the version table.

    What:
      Alembic creates version_num as VARCHAR(32) (alembic.runtime.migration). The id is longer, and
      the project does not widen the column.

    Why:
      PostgreSQL refuses the stamp, the revision's transaction rolls back, and neither it nor any
      later one can ever be applied. An earlier failure hides this.

    Fix:
      Shorten the id to 32 characters or fewer, and the `down_revision` that names it.

    Example:
      revision = "0006_transactions_user_created_at_idx" has 37 characters.
    """
    for history in assay.project.histories:
        build = assay.known_builds.get(history.name)
        if build is None and history.names_version_num:
            continue  # Perhaps it widens the column; only a run shows it.
        width = build.version_width if build else 32
        for revision in history.revisions:
            if len(revision.id) > width:
                yield check.finding(
                    f"{history.name}: {revision.id}",
                    f"Revision id {revision.id!r} has {len(revision.id)} characters; "
                    f"version_num holds {width}"
                    + ("." if build else ", unless something widens it: nothing was run."),
                    why="The stamp is refused (value too long for type character varying"
                    f"({width})), so this revision and all after it can never be applied.",
                    fix=f'Rename it, for example `revision = "{revision.id[:width].rstrip("_-")}"`,'
                    " and change the `down_revision` that names it.",
                    location=revision.location,
                    evidence={"length": len(revision.id), "width": width},
                )


def _ends(check: Check, assay: Assay, *, heads: bool) -> Iterator[Finding]:
    for history in assay.project.histories:
        graph = revision_graph(history)
        ends = graph.heads if heads else graph.bases
        # A revision that no file has may well follow one of the heads.
        lost = {parent for _, parent in graph.missing} if heads else ()
        if len(ends) - len(lost) < 2 or _told_apart(history, ends):
            continue
        shown = ", ".join(ends)
        last = graph.by_id[ends[-1]].location
        if heads:
            yield check.finding(
                history.name,
                f"{history.name}/ has {len(ends)} heads: {shown}.",
                why="`alembic upgrade head` refuses to run with several heads, so the deployment "
                "stops, or one branch is never applied.",
                fix=f'Run `alembic merge -m "merge heads" {" ".join(ends)}`, or give the branches '
                "labels if both are meant.",
                location=last,
                evidence={"heads": list(ends)},
                particulars=ends,
            )
        else:
            yield check.finding(
                history.name,
                f"{history.name}/ has {len(ends)} bases: {shown}.",
                why="Two independent beginnings in one history: Alembic applies both in silence, "
                "in an order that nobody wrote down.",
                fix=f"Set `down_revision` of {ends[-1]} to the revision it follows, or give it a "
                "branch label if it is meant to be independent.",
                location=last,
                evidence={"bases": list(ends)},
                particulars=ends,
            )


def _told_apart(history: History, ends: Sequence[str]) -> bool:
    """Whether each end has a label that no other has, as those of a common trunk are not."""
    times = Counter(label for end in ends for label in _labels(history, end))
    return all(any(times[label] == 1 for label in _labels(history, end)) for end in ends)


def _labels(history: History, end: str) -> set[str]:
    """Labels on the branch below (or at) an end; a label anywhere on the line counts."""
    graph = revision_graph(history)
    above = {i for i in graph.by_id if end in graph.covered([i], dependencies=False)}
    line = above | graph.covered([end], dependencies=False)
    return {label for i in line for label in graph.by_id[i].branch_labels}


def several_heads(check: Check, assay: Assay) -> Iterator[Finding]:
    """A history has more than one head.

    What:
      Two or more revisions that nothing follows, and no branch labels that say it is meant.

    Why:
      `alembic upgrade head` refuses to run; with `heads` the order is one that nobody chose.

    Fix:
      `alembic merge` them, or label the branches.

    Example:
      Two developers branch from 0004; both 0005_a and 0005_b have down_revision = "0004".
    """
    yield from _ends(check, assay, heads=True)


def several_bases(check: Check, assay: Assay) -> Iterator[Finding]:
    """A history has more than one beginning.

    What:
      Two or more revisions with down_revision = None, and no branch labels that say it is meant.

    Why:
      `upgrade heads` and `current --check-heads` pass over it in silence; the order is by chance.

    Fix:
      Set the `down_revision`, or label the branch.

    Example:
      A squashed "initial" revision is added beside the old one.
    """
    yield from _ends(check, assay, heads=False)


def missing_parent(check: Check, assay: Assay) -> Iterator[Finding]:
    """A revision follows one that no file has.

    What:
      `down_revision` or `depends_on` names an id that is in no readable revision file.

    Why:
      Alembic dies with a bare KeyError on every command, so nothing can be deployed.

    Fix:
      Restore the missing file from version control, or point `down_revision` at the right id.

    Example:
      down_revision = "0004" after 0004 was deleted in a merge.
    """
    for history in assay.project.histories:
        for revision, parent in revision_graph(history).missing:
            yield check.finding(
                f"{history.name}: {revision.id}",
                f"Revision {revision.id!r} follows {parent!r}, which no file in {history.name}/ "
                "has.",
                why="Every Alembic command on this history stops with KeyError, so nothing can be "
                "applied.",
                fix=f"Restore the file of {parent!r} (`git log --all -S {parent} -- "
                f"{history.name}`), or correct the down_revision.",
                location=revision.location,
                evidence={"parent": parent},
            )


def revision_cycle(check: Check, assay: Assay) -> Iterator[Finding]:
    """Revisions follow each other in a circle.

    What:
      Following `down_revision` and `depends_on` from a revision leads back to it.

    Why:
      There is no order in which to apply them; Alembic refuses the whole history.

    Fix:
      Correct the `down_revision` of the revision that should come first.

    Example:
      0002 has down_revision = "0003", and 0003 has down_revision = "0002".
    """
    for history in assay.project.histories:
        graph = revision_graph(history)
        for cycle in graph.cycles:
            yield check.finding(
                f"{history.name}: {cycle[0]}",
                f"Revisions follow each other in a circle: {' -> '.join((*cycle, cycle[0]))}.",
                why="There is no order to apply them in, so Alembic refuses the whole history.",
                fix=f"Correct the down_revision of whichever of {', '.join(cycle)} comes first.",
                location=graph.by_id[cycle[0]].location,
                evidence={"cycle": list(cycle)},
            )


def unreadable_revision(check: Check, assay: Assay) -> Iterator[Finding]:
    """A file among the revisions cannot be read as one.

    What:
      A Python file in a versions folder has a syntax error, cannot be decoded, or has no
      `revision`. A warning where `revision` is computed: Alembic reads it, a person cannot.

    Why:
      Alembic loads every file of the folder before any command and stops at the first it cannot.

    Fix:
      Correct the file, or move it out of the versions folder.

    Example:
      A merge conflict marker left in versions/0007_add_index.py.
    """
    for history in assay.project.histories:
        for file in history.unreadable:
            if file.computed:
                yield check.finding(
                    file.location.path,
                    f"{file.location}: {file.reason}, so where it stands in the history is not "
                    "known.",
                    why="Stamps and pending revisions cannot be told from the files.",
                    fix=f"Write it as text in {file.location.path}.",
                    location=file.location,
                    severity=Severity.WARNING,
                    evidence={"reason": file.reason},
                )
                continue
            yield check.finding(
                file.location.path,
                f"{file.location} is not a readable revision: {file.reason}.",
                why="Alembic loads every file of this folder first, so no command on this history "
                "works.",
                fix=f"`chmod u+r {file.location.path}`."
                if file.reason.startswith("cannot be read")
                else f"Correct {file.location}, or move it out of the folder.",
                location=file.location,
                evidence={"reason": file.reason},
            )


B = Severity.BLOCKER
CHECKS: tuple[Check, ...] = (
    Check("HIS003", "revision-id-too-long", B, revision_id_too_long, uses=("builds",)),
    Check("HIS004", "several-heads", B, several_heads),
    Check("HIS005", "several-bases", B, several_bases),
    Check("HIS006", "missing-parent", B, missing_parent),
    Check("HIS007", "revision-cycle", B, revision_cycle),
    Check("HIS008", "unreadable-revision", B, unreadable_revision),
)
