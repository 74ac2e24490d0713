"""What tells from run to run that two findings are one."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence

from pgassay.findings import Finding


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """One for each, from code and subject: `3f0c...:1`.

    Neither lines, messages, order, machine nor path matter. Several of one code and subject are
    numbered.
    """
    found = [""] * len(findings)
    seen: Counter[str] = Counter()
    for at in sorted(range(len(findings)), key=lambda at: _order(findings[at])):
        identity = json.dumps([findings[at].code, _subject(findings[at])])
        seen[identity] += 1
        digest = hashlib.sha256(identity.encode("ascii")).hexdigest()[:32]
        found[at] = f"{digest}:{seen[identity]}"
    return found


def _subject(finding: Finding) -> str:
    """Without the line, where the subject is a place in a file."""
    place = finding.location
    return place.path if place and finding.subject == str(place) else finding.subject


def _order(finding: Finding) -> tuple[tuple[str, ...], int, str]:
    line = finding.location.line if finding.location else None
    return (finding.particulars, line or 0, finding.message)
