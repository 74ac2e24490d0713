"""What a defect is: it plants into a project and says which findings it must cause, and no others.

They are pairs of code and subject, and what cannot be known for it. The defects of one company can
stand in one project together. The files of defects list theirs in `DEFECTS` as they are imported.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from tests.planted.planted_schema import Side
from tests.planted.project_maker import Project

Found = tuple[str, str]
"""(code, subject)"""


@dataclass(frozen=True)
class Expected:
    """`unknown`: what could not be had for it, by its name in the report."""

    findings: frozenset[Found]
    unknown: frozenset[str] = field(default=frozenset())


@dataclass(frozen=True)
class Defect:
    name: str
    company: str
    plant: Callable[[Project, Random], Expected]

    def into(self, project: Project) -> Expected:
        return self.plant(project, Random(f"{project.seed} {self.name}"))


DEFECTS: list[Defect] = []

Plant = Callable[[Project, Random], Expected]


def defect(*companies: str) -> Callable[[Plant], Plant]:
    """Lists a planter; in a further company it is a defect of its own name."""

    def listed(plant: Plant) -> Plant:
        name = plant.__name__.replace("_", "-")
        for number, company in enumerate(companies):
            shown = name if number == 0 else f"{name}-{company}"
            DEFECTS.append(Defect(shown, company, plant))
        return plant

    return listed


def caused(*findings: Found, unknown: str = "") -> Expected:
    return Expected(frozenset(findings), frozenset({unknown} - {""}))


def on(*sides: Side) -> frozenset[Side]:
    return frozenset(sides)
