"""Having env.py name the models, and these tell the rules for rows that they carry."""

from __future__ import annotations

from pgassay.analysis.build_events import models_unavailable
from pgassay.analysis.carried_rules import rules_from_events
from pgassay.facts.history import History
from pgassay.facts.model_rules import ModelRules
from pgassay.facts.project import Project
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.builds import build_of
from pgassay.sources.history_runs import Course, Place, Workshop, run_history


def read_carried_rules(
    workshop: Workshop, project: Project, history: History, metadata: str, purpose: str
) -> ModelRules | Unavailable:
    """Runs env.py and no revision; nothing is made. `metadata` names the models where env.py does
    not. The database that env.py finds is named after `purpose`."""
    course = Course("nothing", metadata=metadata, carried_rules=True)
    outcome = run_history(
        workshop, project, history, course, lambda: Place(workshop.create_database(purpose))
    )
    if isinstance(outcome, Unavailable):
        return outcome
    found = rules_from_events(outcome.events)
    if found is not None:
        return found
    build = build_of(workshop, project, history, outcome)
    if isinstance(build, Unavailable):
        return build
    lost = models_unavailable(outcome.events, build)
    assert lost is not None, "where models are reached, they tell what they carry"
    return lost
