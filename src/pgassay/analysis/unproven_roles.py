"""Roles that a history needs and nobody is known to make; on scratch they were made for it."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.sql_identifier import quoted
from pgassay.facts.assay import Assay
from pgassay.facts.history import AssumedRole
from pgassay.facts.server import Server


def unproven_roles(assay: Assay, history: str) -> Iterator[AssumedRole]:
    """Those of a history that the live server has not; without one, that the configuration does not
    name."""
    build = assay.known_builds.get(history)
    there = _live_roles(assay)
    known = frozenset(assay.settings.project.roles) if there is None else there
    return (role for role in (build.roles if build else ()) if role.name not in known)


def where_missing(assay: Assay) -> str:
    if _live_roles(assay) is not None:
        return "which no revision makes and the live server has not"
    return "which no revision makes; whether the live server has it is not known"


def role_fix(assay: Assay, role: AssumedRole) -> str:
    if _live_roles(assay) is not None:
        return f"Before {role.revision} is deployed: CREATE ROLE {quoted(role.name)};"
    return (
        "If something else makes it (Terraform, the host), say so in pgassay.toml:\n"
        f'[project]\nroles = ["{role.name}"]'
    )


def _live_roles(assay: Assay) -> frozenset[str] | None:
    return assay.server.roles if isinstance(assay.server, Server) else None
