"""The money of a database and its way to the right types, for a terminal and as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final

from rich.text import Text

from pgassay import __version__
from pgassay.facts.money_plan import ColumnPlan, MoneyPlan
from pgassay.facts.money_profile import CurrencyProfile
from pgassay.facts.money_written import MoneyWritten
from pgassay.render.plain import name, one_line
from pgassay.render.terminal_lines import Lines, printed, wrapped

SCHEMA_VERSION: Final = 1
_STYLES = {"done": "bold green", "open": "bold", "refused": "bold red", "unknown": "bold yellow"}
_WAYS = {
    "kept": "has it",
    "widened": "ALTER TABLE, which rewrites nothing",
    "in place": "ALTER TABLE in place",
    "beside": "a new column beside, filled while others work",
    "by hand": "arrays are not profiled: convert it by hand",
}
_KEYS_SHOWN = 5


def render_money_plan(
    plan: MoneyPlan, written: MoneyWritten | None = None, *, width: int, color: bool = False
) -> str:
    """In lines of at most `width` columns; `written` where files were asked for."""
    open_ = sum(column.way != "kept" for column in plan.columns)
    refused = sum(bool(column.refused) for column in plan.columns)
    number = len(plan.columns)
    said = f"{number} money column{'s' * (number != 1)}: {open_} not of the policy's type"
    said += f", {refused} with values that people have to decide" if refused else ""
    label = Text(f"{plan.verdict.upper()}  ", style=_STYLES[plan.verdict])
    lines = wrapped(said, width, label=label)
    if plan.database:
        lines += wrapped(name(plan.database), width)
    for column in plan.columns:
        lines += _column(column, width)
    if plan.left:
        said = f"An earlier conversion left {', '.join(plan.left)}; when it has proven itself: "
        said += "pgassay money plan --contract --write"
        lines += [Text(""), *wrapped(one_line(said), width)]
    if written is not None:
        lines += _written(written, width)
    elif plan.verdict == "refused":
        said = "decide what is refused above, and run again; or leave it out: --column PATTERN ..."
        lines += [Text(""), *wrapped(said, width, label=Text("next: "))]
    elif plan.verdict == "open":
        lines += [Text(""), *wrapped("pgassay money plan --write", width, label=Text("next: "))]
    for lost in (*plan.unavailable, *(written.unavailable if written else ())):
        text = f"{one_line(lost.needs)}: {one_line(lost.reason)}"
        lines += [Text(""), *wrapped(text, width, label=Text("Could not be had: "))]
        lines += wrapped(one_line(lost.next_step), width, label=Text("next: "))
    return printed(lines, width=width, color=color)


def render_money_plan_json(plan: MoneyPlan, written: MoneyWritten | None = None) -> str:
    """All figures; amounts are exact, as texts."""
    document = {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "pgassay", "version": __version__},
        "database": plan.database,
        "verdict": plan.verdict,
        "columns": [_shown(column) for column in plan.columns],
        "left": list(plan.left),
        "written": _files(written) if written is not None else None,
        "unavailable": [asdict(lost) for lost in plan.unavailable],
    }
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _files(written: MoneyWritten) -> dict[str, Any]:
    """The files themselves are where they say."""
    return {
        "history": written.history,
        "revisions": [
            {"id": r.id, "path": r.path, "summary": r.summary} for r in written.revisions
        ],
        "scripts": [{"path": script.path} for script in written.scripts],
        "patch": written.patch,
        "proofs": [asdict(proof) for proof in written.proofs],
        "not_written": list(written.not_written),
        "models_left": list(written.models_left),
        "written": written.written,
        "unavailable": [asdict(lost) for lost in written.unavailable],
    }


def _shown(column: ColumnPlan) -> dict[str, Any]:
    profile = column.profile
    return {
        "subject": profile.subject,
        "type": profile.type,
        "wanted": f"numeric({profile.wanted[0]},{profile.wanted[1]})",
        "way": column.way,
        "bytes": column.bytes,
        "refused": column.refused,
        "key_columns": list(column.key_columns),
        "keys": [list(key) for key in column.keys],
        "roundings": [asdict(rounding) for rounding in column.roundings],
        "roundings_sql": column.roundings_sql,
        "currencies": [asdict(currency) for currency in profile.currencies],
    }


def _column(column: ColumnPlan, width: int) -> Lines:
    profile = column.profile
    wanted = f"numeric({profile.wanted[0]},{profile.wanted[1]})"
    arrow = "" if column.way == "kept" else f" -> {wanted}"
    head = Text(name(profile.subject), style="bold").append(f"  {profile.type}{arrow}", "not bold")
    lines: Lines = [Text(""), head]
    for currency in profile.currencies:
        lines += wrapped(_figures(currency, column.way != "kept"), width, indent=2)
    if column.refused:
        label = Text("  refused: ", style="bold red")
        lines += wrapped(f"{column.refused}{_keys(column)}", width, label=label)
    if column.roundings and not column.refused:
        lines += wrapped(_roundings(column), width, label=Text("  rounded: "))
    if column.way != "kept":
        size = f"{column.bytes / 1024 / 1024:,.1f} MB"
        lines += wrapped(f"{_WAYS[column.way]} ({size})", width, label=Text("  way: "))
    return lines


def _figures(found: CurrencyProfile, is_changing: bool) -> str:
    """`EUR  5,000 rows, sum 12.50, 3 with more decimals than the currency`."""
    parts = [f"{found.rows:,} row{'s' * (found.rows != 1)}"]
    counts = {
        "NULL": found.nulls,
        "negative": found.negatives,
        "zero": found.zeros,
        "NaN": found.nan,
        "infinite": found.infinities,
        "finer than the currency": found.residue,
    }
    parts += [f"{number:,} {what}" for what, number in counts.items() if number]
    if found.total is not None:
        parts.append(f"{found.minimum} to {found.maximum}, sum {found.total}")
    if is_changing and found.changed:
        change = Decimal(found.change or "0")
        parts.append(f"{found.changed:,} would be rounded, together by {change:+f}")
    if is_changing and found.naive:
        parts.append(f"{found.naive:,} would be wrong by a cast that is not through text")
    return f"{name(found.currency) or '(no currency)'}  {', '.join(parts)}"


def _roundings(column: ColumnPlan) -> str:
    """`id 4 12.345 to 12.35 EUR; id 7 ... and 3 more`."""
    names = ", ".join(column.key_columns)
    shown = [
        f"{names} {', '.join(r.key)} {r.was} to {r.becomes} {r.currency}".rstrip()
        for r in column.roundings[:_KEYS_SHOWN]
    ]
    more = column.rounds - len(shown)
    rest = f" and {more:,} more (--output json has 1,000, and the SQL for all)"
    return name("; ".join(shown)) + (rest if more > 0 else "")


def _written(written: MoneyWritten, width: int) -> Lines:
    lines: Lines = [Text("")]
    for said in written.not_written:
        lines += wrapped(one_line(said), width, label=Text("not written: ", style="bold yellow"))
    for proof in written.proofs:
        label = Text("FAILED  " if proof.failed else "proven  ", style="bold")
        text = f"{proof.claim}{f': {one_line(proof.failed)}' if proof.failed else ''}"
        lines += wrapped(text, width, label=label)
    verb = "wrote   " if written.written else "not yet "
    for path in (*(r.path for r in written.revisions), *(s.path for s in written.scripts)):
        lines += wrapped(one_line(path), width, label=Text(verb, style="bold"))
    if written.patch:
        label = Text("wrote   " if written.written else "not yet ", style="bold")
        lines += wrapped(
            f"{one_line(written.patch)}, for the models: git apply", width, label=label
        )
    for said in written.models_left:
        lines += wrapped(one_line(said), width, label=Text("models  ", style="bold yellow"))
    if not (written.revisions or written.scripts or written.models or written.unavailable):
        lines.append(Text("Nothing is to be written."))
    if any(proof.failed for proof in written.proofs):
        said = "mend what is in the way; --column PATTERN writes the others"
        lines += wrapped(said, width, label=Text("next: "))
    if written.written:
        lines += wrapped("read them, then: pgassay check --since HEAD", width, label=Text("next: "))
    return lines


def _keys(column: ColumnPlan) -> str:
    if not column.keys:
        return ""
    shown = [", ".join(key) for key in column.keys[:_KEYS_SHOWN]]
    more = column.profile.undecided - len(shown)
    told = f": {', '.join(column.key_columns)} {'; '.join(shown)}"
    return told + (f" and {more:,} more" if more > 0 else "")
