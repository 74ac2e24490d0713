"""Trying which database env.py asks for when only some URL variables are set."""

from __future__ import annotations

import os
from dataclasses import replace

from pgassay.analysis.url_text import url_scheme
from pgassay.facts.entry_point import UrlTried
from pgassay.facts.history import History
from pgassay.facts.project import Project, UrlVariable
from pgassay.facts.unavailable import Unavailable
from pgassay.sources.builds import build_of
from pgassay.sources.history_runs import Course, Place, Workshop, run_history


def try_url(
    workshop: Workshop,
    project: Project,
    history: History,
    variables: frozenset[str],
    purpose: str,
) -> UrlTried:
    """Run env.py, and no revision, with only these of the URL variables set."""
    known = {v.name: v for v in project.url_variables}
    given = tuple(known.get(name, UrlVariable(name)) for name in sorted(variables))
    urls = {name for name, value in os.environ.items() if url_scheme(value)}
    course = Course("nothing", withheld=frozenset((known.keys() | urls) - variables))
    reduced = replace(project, url_variables=given)
    outcome = run_history(
        workshop, reduced, history, course, lambda: Place(workshop.create_database(purpose))
    )
    tried = (
        outcome
        if isinstance(outcome, Unavailable)
        else build_of(workshop, reduced, history, outcome)
    )
    if isinstance(tried, Unavailable):
        return UrlTried(history.name, variables, refused=tried.reason)
    return UrlTried(history.name, variables, tried.requested_url, tried.url_variable)
