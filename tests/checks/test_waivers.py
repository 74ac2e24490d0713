"""WAI: waivers that ended or cover nothing, and a baseline that has what is gone."""

from __future__ import annotations

import pytest

from pgassay.check import run_checks
from pgassay.checks import LAST
from pgassay.facts.acceptance import Baseline, BaselineEntry, Day, Waiver
from pgassay.facts.acceptance_use import AcceptedAssay, BaselineUse, WaiverUse
from pgassay.facts.project import Project
from pgassay.facts.settings import Settings

WAIVER = Waiver("MON001", "public.pay.amount", "Soon.", "ana", Day("2026-09-30"))
GONE = tuple(BaselineEntry("SEC001", f"{n}.ini", "blocker") for n in range(7))


def use(*subjects: str, judged: bool = True, expired: bool = False) -> tuple[WaiverUse, ...]:
    return (WaiverUse(WAIVER, subjects, judged, expired),)


@pytest.mark.parametrize(
    ("waivers", "baseline", "said"),
    [
        (None, None, []),
        (use(WAIVER.subject), None, []),
        (use(judged=False), None, []),
        (
            use(),
            None,
            [
                "WAI002 MON001 public.pay.amount: The waiver of ana until 2026-09-30 covers no "
                "finding."
            ],
        ),
        (
            use(WAIVER.subject, expired=True),
            None,
            [
                "WAI001 MON001 public.pay.amount: The waiver of ana ended on 2026-09-30: Soon. "
                "What it covers is there: public.pay.amount."
            ],
        ),
        (
            use(expired=True),
            None,
            [
                "WAI001 MON001 public.pay.amount: The waiver of ana ended on 2026-09-30: Soon. "
                "Nothing is left of what it covered."
            ],
        ),
        (
            use(judged=False, expired=True),
            None,
            [
                "WAI001 MON001 public.pay.amount: The waiver of ana ended on 2026-09-30: Soon. "
                "Whether what it covered is still there is not known from this run."
            ],
        ),
        (None, BaselineUse(Baseline("b.json", "", GONE), ()), []),
        (
            None,
            BaselineUse(Baseline("b.json", "", GONE), GONE[:1]),
            ["WAI003 b.json: 1 of the 7 findings that b.json accepts is gone: SEC001 0.ini."],
        ),
        (
            None,
            BaselineUse(Baseline("b.json", "", GONE), GONE[:6]),
            [
                "WAI003 b.json: 6 of the 7 findings that b.json accepts are gone: SEC001 0.ini, "
                "SEC001 1.ini, SEC001 2.ini, SEC001 3.ini, SEC001 4.ini and 1 more."
            ],
        ),
    ],
)
def test_what_is_said(
    waivers: tuple[WaiverUse, ...] | None, baseline: BaselineUse | None, said: list[str]
) -> None:
    assay = AcceptedAssay(Settings(), Project("/p", ()), waivers=waivers, baseline=baseline)
    outcome = run_checks(LAST, assay)
    assert [f"{f.code} {f.subject}: {f.message}" for f in outcome.findings] == said
    assert outcome.crashes == ()
