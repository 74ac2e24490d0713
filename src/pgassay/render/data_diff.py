"""How the rows of two databases differ, for a terminal."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from pgassay.facts.data_diff import (
    DataDiff,
    DiffedDatabase,
    RowDifference,
    RowDifferences,
    TableDiff,
)
from pgassay.facts.unavailable import Unavailable
from pgassay.render.plain import counted, name, one_line
from pgassay.render.terminal_lines import Lines, printed, styled, wrapped

_STYLES = {"equal": "bold green", "different": "bold red", "unknown": "bold yellow"}
_LONGEST_VALUE = 200


def render_data_diff(diff: DataDiff, *, width: int, color: bool = False, verbose: int = 0) -> str:
    """In lines of at most `width` columns. `verbose` -1: one line a table; 1: equal tables too,
    with their digests."""
    lines = _first(diff, width)
    if verbose >= 0:
        lines += _side("A", diff.a, width) + _side("B", diff.b, width)
        if diff.a.at and diff.b.at:
            lines += wrapped(
                "Each was read at a moment of its own: what was written in between differs.", width
            )
        for note in diff.notes:
            lines += wrapped(one_line(note), width, label=Text("note: ", style="bold yellow"))
    for table in diff.tables:
        if table.status != "equal" or verbose > 0:
            lines += _table(table, width, verbose)
    lines += _unavailable(diff.unavailable, width)
    if verbose >= 0:
        lines += _footer(diff, width)
    return printed(lines, width=width, color=color)


def _first(diff: DataDiff, width: int) -> Lines:
    """The verdict, and how many tables it is about."""
    counts = [
        (status, sum(table.status == status for table in diff.tables))
        for status in ("different", "only in A", "only in B", "unknown", "equal")
    ]
    said = ", ".join(f"{number} {status}" for status, number in counts if number)
    label = Text(f"{diff.verdict.upper()}  ", style=_STYLES[diff.verdict])
    tables = counted(len(diff.tables), "table")
    return wrapped(f"{tables}: {said}" if said else tables, width, label=label)


def _side(letter: str, side: DiffedDatabase, width: int) -> Lines:
    said = name(side.url)
    if side.version:
        said += f", PostgreSQL {one_line(side.version)}"
    if side.standby:
        said += ", a standby"
    if side.at:
        said += f", at {one_line(side.at)}"
    return wrapped(Text(said), width, label=Text(f"{letter}  ", style="bold"))


def _table(table: TableDiff, width: int, verbose: int) -> Lines:
    title = Text.assemble((name(table.name), "bold"), f"  {table.status}")
    if table.a is not None and table.b is not None:
        title.append(f"  {_rows(table.a.rows, table.b.rows)}", style="dim")
    if verbose < 0:
        return wrapped(title, width)
    lines = [Text(), *wrapped(title, width)]
    for side, columns in (("A", table.columns_only_a), ("B", table.columns_only_b)):
        if columns:
            lines += _said(f"only {side} has the columns", ", ".join(map(name, columns)), width)
    for one in table.retyped:
        lines += _said(
            f"type of {name(one.name)}", f"{name(one.a)} in A, {name(one.b)} in B", width
        )
    if table.not_compared:
        lines += _said(
            "holds nothing", f"{', '.join(map(name, table.not_compared))} (virtual)", width
        )
    if table.found is not None:
        lines += _found(table, table.found, width)
    for money in table.money:
        currency = f" {name(money.currency)}" if money.currency is not None else ""
        said = "not known, since it has NaN or an infinity"
        if money.difference is not None:
            less = money.difference.startswith("-")
            said = f"B has {money.difference.lstrip('-')} {'less' if less else 'more'}"
        lines += _said(f"sum of {name(money.column)}{currency}", said, width)
    if verbose > 0 and table.a is not None:
        lines += _said(f"digest ({table.a.algorithm})", " ".join(table.a.digest), width)
        if table.b is not None and table.b.digest != table.a.digest:
            lines += _said("digest of B", " ".join(table.b.digest), width)
    for lost in table.unavailable:
        lines += _lost(lost, width)
    return lines


def _rows(a: int, b: int) -> str:
    return counted(a, "row") if a == b else f"{a} rows in A, {b} in B"


def _found(table: TableDiff, found: RowDifferences, width: int) -> Lines:
    numbers = [(found.changed, "changed"), (found.only_a, "only in A"), (found.only_b, "only in B")]
    said = ", ".join(f"{number} {what}" for number, what in numbers if number) or "none was found"
    if not found.exact:
        said = (
            f"at least {said}; {found.buckets_read} of {found.buckets_differing} parts that differ "
            "were gone through"
        )
    lines = _said("rows", said, width)
    if not table.key:
        lines += _said("no key", "a changed row is one only in A and another only in B", width)
    if found.columns:
        columns = ", ".join(
            name(c.name) if c.rows is None else f"{name(c.name)} ({c.rows})" for c in found.columns
        )
        counted_all = all(c.rows is not None for c in found.columns)
        lines += _said("columns" if counted_all else "columns, so far", columns, width)
    for row in found.rows:
        lines += _row(table.key, row, width)
    if len(found.rows) < found.total and found.rows:
        lines += _said("shown", f"{len(found.rows)} of {found.total}; --rows N shows more", width)
    return lines


def _row(key: tuple[str, ...], row: RowDifference, width: int) -> Lines:
    if key:
        parts = zip(key, row.key, strict=True)
        which = ", ".join(f"{name(column)}={_value(text)}" for column, text in parts)
    else:
        which = f"row {row.token}"
    columns = f": {', '.join(map(name, row.columns))}" if row.columns and not row.a else ""
    lines = wrapped(Text(f"{row.status}  {which}{columns}"), width, indent=4)
    if row.status == "changed":
        for (column, ours), (_, theirs) in zip(row.a, row.b, strict=True):
            lines += wrapped(
                Text(f"{name(column)}: {_value(ours)} -> {_value(theirs)}"), width, indent=6
            )
    else:
        values = "; ".join(f"{name(column)}: {_value(text)}" for column, text in row.a or row.b)
        lines += wrapped(Text(values), width, indent=6) if values else []
    return lines


def _value(text: str | None) -> str:
    if text is None:
        return "NULL"
    shown = name(text)
    return shown if len(shown) <= _LONGEST_VALUE else f"{shown[:_LONGEST_VALUE]}..."


def _said(label: str, text: str, width: int) -> Lines:
    return wrapped(Text(text), width, indent=2, label=Text(f"{label}: ", style="cyan"))


def _unavailable(lost: Iterable[Unavailable], width: int) -> Lines:
    lines: Lines = []
    for one in lost:
        lines += [Text(), *_lost(one, width, one.needs)]
    return lines


def _lost(lost: Unavailable, width: int, label: str = "unknown") -> Lines:
    head = Text(f"{name(label)}: ", style="bold yellow")
    lines = wrapped(styled(one_line(lost.reason)), width, indent=2, label=head)
    if step := one_line(lost.next_step):
        lines += wrapped(step, width, indent=4, label=Text("next: ", style="bold green"))
    return lines


def _footer(diff: DataDiff, width: int) -> Lines:
    lines: Lines = [Text()]
    kinds: dict[str, int] = {}
    for _, kind in diff.passed_over:
        kinds[kind] = kinds.get(kind, 0) + 1
    if kinds:
        said = ", ".join(counted(number, kind) for kind, number in sorted(kinds.items()))
        lines += wrapped(f"not compared, since it holds no rows of its own: {said}", width)
    for letter, side in (("A", diff.a), ("B", diff.b)):
        if side.left_out:
            said = ", ".join(f"{one_line(reason)} {count}" for reason, count in side.left_out)
            lines += wrapped(f"left out of {letter}: {said}", width)
    lines += wrapped(f"compared in {diff.seconds:.1f} s", width)
    return lines
