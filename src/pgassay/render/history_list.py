"""The histories of a project for a terminal: each one's graph, newest first."""

from __future__ import annotations

from rich.text import Text

from pgassay.facts.history_listing import (
    HistoryListing,
    ListedHistory,
    ListedRevision,
)
from pgassay.render.fact_reader import is_partly_isolated
from pgassay.render.history_heading import MEANINGS, history_heading
from pgassay.render.plain import name, one_line
from pgassay.render.revision_effects import effect_lines
from pgassay.render.revision_lanes import BOX, Marks, Row, rows
from pgassay.render.terminal_lines import Lines, heading, printed, styled, wrapped
from pgassay.render.unchanged import LABEL, unchanged

_STYLES = {"applied": "green", "pending": "bold yellow", "unknown": "cyan", "broken": "bold red"}


def render_history_list(
    listing: HistoryListing,
    *,
    width: int,
    color: bool = False,
    verbose: int = 0,
    marks: Marks = BOX,
) -> str:
    """In lines of at most `width` columns. `verbose` -1: one line a revision; 1: every object, and
    where each revision is written."""
    lines: Lines = []
    for history in listing.histories:
        lines += [Text()] if lines else []
        lines += history_heading(history, width)
        lines += [Text(), *_graph(history, width, verbose, marks)]
        lines += _problems(history, width)
    if not listing.histories:
        lines += wrapped(f"{name(listing.project)} has no Alembic history.", width)
    lines += _unavailable(listing, width)
    lines += _footer(listing, width, verbose, marks)
    return printed(lines, width=width, color=color)


def _graph(history: ListedHistory, width: int, verbose: int, marks: Marks) -> Lines:
    files: dict[str, list[ListedRevision]] = {}
    for revision in history.revisions:
        files.setdefault(revision.revision.id, []).append(revision)
    lines: Lines = []
    above: set[str] = set()
    for row in rows(history.nodes, marks, max(width // 3, 9)):
        having = files.get(row.node.id, [])
        if row.gap is not None:
            lines.append(Text(row.gap, style="dim"))
        drawn = _drawn(row, having[0].state if having else "broken", marks)
        lines.append(_cut(drawn + _said(row, having, above), width))
        above.add(row.node.id)
        if verbose >= 0 and having:
            below = Text(f"{row.below:<{len(drawn)}}", style="dim")
            lines += _details(having, below, width, verbose)
    return lines


def _drawn(row: Row, state: str, marks: Marks) -> Text:
    """The row of the graph with the revision's sign in it, and two spaces."""
    graph = Text(row.graph, style="dim")
    if row.at is not None:
        sign = Text(getattr(marks, state), style=f"not dim {_STYLES[state]}")
        graph = graph[: row.at] + sign + graph[row.at + 1 :]
    return graph + Text("  ")


def _said(row: Row, having: list[ListedRevision], above: set[str]) -> Text:
    node = row.node
    line = Text(name(node.id), style="bold")
    notes: list[tuple[str, str]] = []
    if not having:
        gone = "no file has it" if node.kind == "missing" else "its file cannot be read"
        return line.append(f"  {gone}", style="red")
    first = having[0]
    notes += [("head", "cyan")] if first.is_head else []
    notes += [("stamp", "green")] if first.is_stamp else []
    notes += [(f"label {name(label)}", "cyan") for label in first.revision.branch_labels]
    notes += [(f"depends on {name(other)}", "cyan") for other in first.revision.depends_on]
    notes += [(f"id also in {name(other)}/", "yellow") for other in first.id_also_in]
    notes += [(f"{len(having)} files", "red")] if len(having) > 1 else []
    notes += [(f"follows {name(p)}, above", "red") for p in node.parents if p in above | {node.id}]
    if notes:
        line.append(" (").append_text(Text(", ").join(Text(*note) for note in notes)).append(")")
    summary = one_line(first.revision.summary)
    return line.append(f"  {summary}" if summary != first.revision.id else "", style="not bold")


def _details(having: list[ListedRevision], below: Text, width: int, verbose: int) -> Lines:
    room = max(width - below.cell_len, 20)
    lines: Lines = []
    for listed in having if verbose > 0 or len(having) > 1 else ():
        lines += wrapped(Text(f"at {name(listed.revision.location)}", style="dim"), room)
    first = having[0]
    for failure in first.failures:
        place = f" ({failure.location})" if failure.location and verbose > 0 else ""
        said = Text(f"{one_line(failure.error)}{name(place)}", style="red")
        limit = 0 if verbose > 0 else 2
        lines += wrapped(said, room, label=Text("fails: ", style="bold red"), limit=limit)
    for thing in dict.fromkeys((a.missing, a.source) for a in first.assumed):
        said = Text(f"made {one_line(thing[0])} as {one_line(thing[1])} has it, and went on")
        lines += wrapped(said, room, label=Text("assumed: ", style="yellow"))
    lines += effect_lines(first, room, verbose)
    return [below + line for line in lines]


def _cut(line: Text, width: int) -> Text:
    line.rstrip()
    if line.cell_len > width:
        line.truncate(width - 4)
        line.rstrip()
        line.append(" ...", style="dim")
    return line


def _problems(history: ListedHistory, width: int) -> Lines:
    """Those that the graph does not say on its own."""
    lines: Lines = []
    for problem in history.problems:
        if problem.kind != "fails":
            label = Text(f"{problem.kind.replace('-', ' ')}: ", style="bold red")
            lines += wrapped(Text(one_line(problem.message)), width, indent=2, label=label)
    return [Text(), *lines] if lines else []


def _unavailable(listing: HistoryListing, width: int) -> Lines:
    lines = heading("Could not be had", width) if listing.unavailable else []
    for lost in listing.unavailable:
        label = Text(f"{name(lost.needs)}: ", style="bold yellow")
        lines += wrapped(Text.assemble(label, styled(one_line(lost.reason))), width, indent=2)
        if step := one_line(lost.next_step):
            lines += wrapped(step, width, indent=4, label=Text("next: ", style="bold green"))
    return lines


def _footer(listing: HistoryListing, width: int, verbose: int, marks: Marks) -> Lines:
    states = {r.state for h in listing.histories for r in h.revisions}
    nodes = [n.kind for h in listing.histories for n in h.nodes]
    seen = [s for s in MEANINGS if s in states or (s == "broken" and set(nodes) - {"revision"})]
    legend = ["  ".join(f"{getattr(marks, state)} {MEANINGS[state]}" for state in seen)]
    if verbose == 0 and any(r.effects for h in listing.histories for r in h.revisions):
        legend.append("+ creates  ~ alters  - drops")
    lines = [Text()] if seen else []
    for said in legend if seen else ():
        lines += wrapped(Text(said, style="dim"), width)
    if is_partly_isolated(listing.isolation):
        lines += wrapped(
            one_line(listing.isolation), width, label=Text("isolation: ", style="yellow")
        )
    if said := unchanged(listing.unchanged_since):
        lines += wrapped(said, width, label=Text(f"{LABEL}: "))
    return lines
