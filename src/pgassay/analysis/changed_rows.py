"""Which rows a statement would change, from the plan that the server has for it.

Which way the server takes to the rows says nothing, since on scratch there are none. What its plan
demands of them does: one row where each column of a unique index is equal to something written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pgassay.analysis.session_state import RelationState
from pgassay.facts.pending_run import Extent

_CHANGES = ("Update", "Delete", "Merge")
_CONDITIONS = ("Index Cond", "Recheck Cond", "TID Cond", "Filter")
_BATCH = 100_000
"""As many numbers of a key as are changed and committed at once are no long transaction."""
_FEW = 1_000
_TYPE = r'(?:::(?:[\w."]+(?: [a-z]+)*)(?:\([\d,]+\))?(?:\[\])?)?'
_ONE = rf"(?:'(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false|\$\d+|\(InitPlan \d+\)\.col\d+){_TYPE}"
_WRITTEN = re.compile(rf"\(?{_ONE}\)?{_TYPE}")
_LISTED = re.compile(
    rf"ANY \((?:'(?:[^']|'')*'{_TYPE}|\$\d+{_TYPE}|ARRAY\[{_ONE}(?:, {_ONE})*\]{_TYPE})\)"
)
_MADE_BEFORE = re.compile(r"ANY \(\(?(?:\$\d+|\(InitPlan \d+\)\.col\d+)\)?\)")
_BOUND = re.compile(rf"(.+) (<|<=|>|>=) \(?'?(-?\d+)'?\)?{_TYPE}")
_PLACES = re.compile(r"(?:\w+\.|\"(?:[^\"]|\"\")*\"\.)?ctid (?:<|<=|>|>=) .*")

Node = Mapping[str, Any]
Keys = Mapping[tuple[str, str], Sequence[Sequence[str]]]


def changed_rows(
    said: Mapping[str, Any], relations: Mapping[int, RelationState]
) -> dict[int, Extent] | None:
    """By a table's number how much of it the statement changes, from what `pgassay.plan()` gives on
    scratch; None where there is no plan, or none that changes rows that are there."""
    keys: dict[tuple[str, str], list[list[str]]] = {}
    for schema, table, columns in said["keys"]:
        keys.setdefault((schema, table), []).append(columns)
    numbers = {r.name: oid for oid, r in relations.items() if r.kind in "rp"}
    changes: dict[int, Extent] = {}
    for plan in said["plan"] or ():
        for node in _nodes(plan["Plan"]):
            if node["Node Type"] != "ModifyTable" or node["Operation"] not in _CHANGES:
                continue
            name = (node.get("Schema", ""), node.get("Relation Name", ""))
            oid = numbers.get(name)
            if oid is not None:
                extent = _extent(node, name, _family(oid, relations), keys)
                changes[oid] = max(changes.get(oid, extent), extent)
    return changes or None


def _extent(
    change: Node, name: tuple[str, str], family: set[tuple[str, str]], keys: Keys
) -> Extent:
    """How much the ModifyTable `change` does to the table `name`, of which `family` are it and its
    partitions."""
    outer = [n for child in change.get("Plans", ()) if _is_fed(child) for n in _within(child)]
    before = [
        n
        for child in _nodes(change)
        if child.get("Parent Relationship") == "InitPlan"
        for n in _nodes(child)
    ]
    scans = [n for n in outer if _is_scan_of(n, change["Alias"], name, family)]
    if not scans:
        never = any(n.get("One-Time Filter") == "false" for n in outer)
        return Extent.FEW if never and len(family) == 1 else Extent.MANY
    read = {n["CTE Name"] for n in outer if n["Node Type"] == "CTE Scan"}
    limited = [n for n in outer if n["Node Type"] == "Limit"] + [
        n
        for child in before
        if child.get("Subplan Name", "").removeprefix("CTE ") in read
        for n in _within(child)
        if n["Node Type"] == "Limit"
    ]
    made = any(n["Node Type"] == "Limit" for n in before)
    found = max(_scanned(scan, keys, before, made) for scan in scans)
    return Extent.BATCH if found is Extent.MANY and limited else found


def _scanned(scan: Node, keys: Keys, before: Sequence[Node], made: bool) -> Extent:
    """How many rows the scan's own conditions leave. `before` is what was worked out before it;
    `made`: something of it has a LIMIT."""
    if scan.get("One-Time Filter") == "false":
        return Extent.FEW
    conditions = [c for label in _CONDITIONS for c in _all_of(scan.get(label, ""))]
    equal: dict[str, Extent] = {}
    for condition in conditions:
        left, is_equal, right = _around(condition, " = ")
        if not is_equal:
            continue
        for column, value in ((left, right), (right, left)):
            if _MADE_BEFORE.fullmatch(value) and before:
                extent = Extent.BATCH if made else Extent.MANY
            elif _WRITTEN.fullmatch(value) or _LISTED.fullmatch(value):
                extent = Extent.FEW
            else:
                continue
            equal[_plain(column, scan)] = extent
    own = keys.get((scan.get("Schema", ""), scan["Relation Name"]), ())
    found = [Extent.MANY]
    for key in (*own, ("ctid",)):
        columns = [_plain(column, scan) for column in key]
        if all(c in equal for c in columns):
            found.append(max(equal[c] for c in columns))
        elif len(columns) == 1:
            found.append(_ranged(columns[0], conditions, scan))
    if sum(_PLACES.fullmatch(c) is not None for c in conditions) > 1:
        found.append(Extent.BATCH)
    return min(found)


def _ranged(column: str, conditions: Iterable[str], scan: Node) -> Extent:
    """Of a key that lies between two whole numbers."""
    least: list[int] = []
    most: list[int] = []
    for condition in conditions:
        bound = _BOUND.fullmatch(condition)
        if bound and _plain(bound[1], scan) == column:
            (least if bound[2].startswith(">") else most).append(int(bound[3]))
    if not least or not most or min(most) - max(least) > _BATCH:
        return Extent.MANY
    return Extent.FEW if min(most) - max(least) <= _FEW else Extent.BATCH


def _nodes(plan: Node) -> Iterator[Node]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _within(plan: Node) -> Iterator[Node]:
    """The node, and what it is fed by."""
    yield plan
    for child in plan.get("Plans", ()):
        if _is_fed(child):
            yield from _within(child)


def _is_fed(child: Node) -> bool:
    return child.get("Parent Relationship") not in ("InitPlan", "SubPlan")


def _family(oid: int, relations: Mapping[int, RelationState]) -> set[tuple[str, str]]:
    found = {oid}
    while more := {o for o, r in relations.items() if r.parent in found} - found:
        found |= more
    return {relations[o].name for o in found}


def _is_scan_of(
    node: Node, alias: str, name: tuple[str, str], family: set[tuple[str, str]]
) -> bool:
    if node["Node Type"] == "ModifyTable" or "Relation Name" not in node:
        return False
    scanned = (node.get("Schema", ""), node["Relation Name"])
    if scanned == name:
        # The parent among its partitions has a number to its name as well.
        return node["Alias"] == alias or (
            len(family) > 1 and re.fullmatch(re.escape(alias) + r"_\d+", node["Alias"]) is not None
        )
    return scanned in family and node["Alias"].startswith(alias)


def _all_of(condition: str) -> list[str]:
    """The parts of `((a = 1) AND (b > 2))`, without the parentheses around each."""
    text = _unwrapped(condition)
    left, is_both, right = _around(text, " AND ")
    if is_both:
        return [*_all_of(left), *_all_of(right)]
    return [text] if text else []


def _around(text: str, sign: str) -> tuple[str, bool, str]:
    """What stands left and right of the first `sign` that is in no parentheses and no quotes."""
    depth, quote = 0, ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif depth == 0 and text.startswith(sign, at):
            return text[:at], True, text[at + len(sign) :]
    return text, False, ""


def _unwrapped(text: str) -> str:
    """Without parentheses that are around all of it."""
    while text.startswith("(") and _closes_at(text) == len(text) - 1:
        text = text[1:-1]
    return text


def _closes_at(text: str) -> int:
    """Where the parenthesis that `text` begins with ends."""
    depth, quote = 0, ""
    for at, letter in enumerate(text):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        else:
            depth += (letter == "(") - (letter == ")")
            if depth == 0:
                return at
    return len(text)


def _plain(column: str, scan: Node) -> str:
    """A column or expression without its table, parentheses and the cast that comparing brings."""
    alias = re.escape(scan["Alias"])
    text = re.sub(rf'(?<![\w."])(?:{alias}|"{alias}")\.', "", column)
    cast = re.fullmatch(r"(\(.+\))::(?:text|bpchar|numeric|double precision)", text)
    return _unwrapped(cast[1] if cast else text)
