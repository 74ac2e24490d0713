"""Where Python files write rules for rows into the `info` of models, by a look at the text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from pgassay.facts.location import Location
from pgassay.facts.model_rules import RuleMention
from pgassay.sources.entry_points import of_tests
from pgassay.sources.project_files import relative
from pgassay.sources.revision_file import is_revision_source

# A mapping's key, however it is given: {"pgassay": ...}, info["pgassay"], dict(pgassay=...),
# info.setdefault("pgassay", ...), KEY = "pgassay". The command ["pgassay", "check"] is none.
_KEY = re.compile(
    r"""(["'])pgassay\1\s*:|\[\s*(["'])pgassay\2\s*\]|\bpgassay\s*=(?!=)"""
    r"""|\bsetdefault\(\s*(["'])pgassay\3|=\s*(["'])pgassay\4"""
)
_INFO = re.compile(r"""\binfo["']?\s*[=:.]?\s*(?:dict\s*\()?[{\s]*$""")


def rule_mentions(root: Path, files: Sequence[Path]) -> tuple[RuleMention, ...]:
    """Revisions and tests are passed over."""
    found: list[RuleMention] = []
    for path in files:
        shown = relative(path, root)
        if path.suffix != ".py" or of_tests(shown):
            continue
        try:
            source = path.read_text("utf-8-sig")
        except (OSError, ValueError):
            continue
        if "pgassay" in source and not is_revision_source(source):
            found += _mentions(shown, source)
    return tuple(found)


def _mentions(shown: str, source: str) -> Iterator[RuleMention]:
    for match in _KEY.finditer(source):
        place = Location(shown, source.count("\n", 0, match.start()) + 1)
        before = source[max(0, match.start() - 80) : match.start()]
        yield RuleMention(place, _INFO.search(before) is not None)
