"""Why two histories cannot be made one, as far as files and execution showed."""

from __future__ import annotations

from pathlib import PurePosixPath

from pgassay.analysis.consolidation.known_history import Known
from pgassay.analysis.revision_graph import revision_graph
from pgassay.facts.history import Salvage


def obstacles(into: Known, other: Known) -> list[str]:
    """One sentence each; [] where nothing is in the way."""
    found = []
    folders = [PurePosixPath(part.history.name) for part in (into, other)]
    if folders[0] in folders[1].parents or folders[1] in folders[0].parents:
        found.append(
            f"{folders[0]}/ and {folders[1]}/ lie one in the other, so that neither can be moved "
            "aside: move one out first."
        )
    for part in (into, other):
        name, graph = part.history.name, revision_graph(part.history)
        if len(graph.heads) != 1:
            heads = ", ".join(graph.heads) or "none"
            found.append(f"{name}/ has {len(graph.heads)} heads ({heads}): merge them first.")
        if graph.cycles or graph.missing or graph.repeated or part.history.unreadable:
            found.append(f"{name}/ is broken as a chain of files: see HIS002, HIS006 to HIS008.")
        elif part.catalog is None:
            reason = part.build.failure.error if part.build.failure else "it was not built"
            found.append(f"What {name}/ makes is not known: {reason}.")
        salvage = part.build.salvage
        if isinstance(salvage, Salvage):
            helped = {a.missing for a in salvage.assumed}
            for failure in salvage.failures:
                if failure.missing_object not in helped:
                    found.append(
                        f"Revision {failure.revision} of {name}/ fails, and nothing helps it: "
                        f"{failure.error}."
                    )
    return found
