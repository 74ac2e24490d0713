"""What came of the waivers and the baseline in one run."""

from __future__ import annotations

from dataclasses import dataclass

from pgassay.facts.acceptance import Baseline, BaselineEntry, Waiver
from pgassay.facts.assay import Assay


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """`subjects` of the findings that it covers. `judged`: its check saw all it needed, so that
    what it did not find is not there. `expired`: its last day is over, and it covers nothing."""

    waiver: Waiver
    subjects: tuple[str, ...]
    judged: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class BaselineUse:
    """`gone` are the entries of which no finding is left, by checks that saw all they needed."""

    baseline: Baseline
    gone: tuple[BaselineEntry, ...]


@dataclass(frozen=True, slots=True)
class AcceptedAssay(Assay):
    """What came of the waivers and the baseline; None where there are none."""

    waivers: tuple[WaiverUse, ...] | None = None
    baseline: BaselineUse | None = None
