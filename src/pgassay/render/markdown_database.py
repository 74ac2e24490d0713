"""Connection, schema and money in the Markdown report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pgassay.render.data_summary import rules_in_words, values
from pgassay.render.fact_reader import NOT_GATHERED, lacking, mapping, names, records, text
from pgassay.render.left_out import settled
from pgassay.render.markdown_text import bullets, code, codes, escape, paragraphs, prose, table
from pgassay.render.summary import absence, without_database
from pgassay.verdict import Report

_SIDES = {"live": "Live database", "history": "Built history", "models": "Models"}
_NOT_TESTED = "**Connection test:** not done: no database was asked for."
STANDS_WELL = "SUCCEEDED"
_SIZES = ("tables", "columns", "constraints", "indexes")


def connection(report: Report) -> str:
    """The server, or why there is none, and the variables that name databases."""
    unasked = without_database(report)
    server = _NOT_TESTED if unasked else _server(report.facts.get("server"))
    return paragraphs(server, _variables(report))


def connection_state(report: Report) -> str:
    """How the connection stands, for a run without a check of it."""
    server = report.facts.get("server")
    if server is None or without_database(report):
        return "NOT MEASURED"
    return "COULD NOT BE CHECKED" if lacking(server) else STANDS_WELL


def _server(server: object) -> str:
    if server is None:
        return _NOT_TESTED
    if reason := lacking(server):
        step = text(server, "next_step") if isinstance(server, Mapping) else ""
        failed = f"**Connection test:** FAILED: {prose(reason)}"
        return paragraphs(failed, f"**Next step:** {prose(step)}" if step else "")
    facts = mapping(server)
    rows = [
        ["Database", code(text(facts, "database"))],
        ["User", code(text(facts, "user"))],
        ["URL", code(text(facts, "url"))],
        ["PostgreSQL", escape(text(facts, "version"))],
    ]
    if text(facts, "service"):
        rows.append(["Managed by", escape(text(facts, "service"))])
    return paragraphs("**Connection test:** succeeded.", table(["Item", "Value"], rows))


def _variables(report: Report) -> str:
    found = report.facts.get("url_variables")
    title = "**Variables that name a database:**"
    if reason := absence(report, found):
        return f"{title} unavailable ({escape(reason)})."
    rows = [
        [
            code(text(variable, "name")),
            codes(names(variable.get("read_at"))) or "nowhere",
            codes(names(variable.get("set_at"))) or "nowhere",
        ]
        for variable in records(found)
    ]
    return (
        paragraphs(title, table(["Variable", "Read at", "Set at"], rows))
        if rows
        else (f"{title} none was found in the project's files.")
    )


def data(report: Report) -> str:
    """How many rules the rows keep, and what the compliance queries gave."""
    found = mapping(report.facts.get("data"))
    if "rules" not in found:
        return ""
    read = (
        f"**Rows:** {rules_in_words(found)}, in one snapshot of {escape(text(found, 'taken_at'))}."
    )
    rows = [[code(called), escape(value)] for called, value in values(found)]
    return paragraphs(read, table(["Compliance query", "Value"], rows) if rows else "")


def schema(report: Report) -> str:
    """What was compared, and the tables that production cannot do without."""
    pair = report.facts.get("pair")
    if isinstance(pair, Mapping):
        titles = {
            side: f"{escape(side)} {code(text(facts, 'title'))}" for side, facts in pair.items()
        }
        rows = [_side(report, pair, side, title) for side, title in titles.items()]
    else:
        sides = report.facts.get("sides")
        rows = [_side(report, sides, side, title) for side, title in _SIDES.items()]
    return paragraphs(
        "**Compared schemas:**",
        table(["Schema", *map(str.capitalize, _SIZES), "Others", "Left out"], rows),
        _settled(report),
        _hashes(pair) if isinstance(pair, Mapping) else _critical(report),
    )


def _settled(report: Report) -> str:
    found = settled(report.facts)
    return f"**Texts that scratch found to be the same:** {escape(found)}." if found else ""


def _hashes(pair: Mapping[str, Any]) -> str:
    rows = [
        [escape(side), code(text(facts, "source")), code(text(facts, "hash"))]
        for side, facts in ((side, mapping(value)) for side, value in pair.items())
        if facts
    ]
    return table(["Schema", "Read from", "Hash"], rows) if rows else ""


def _side(report: Report, sides: object, side: str, title: str) -> list[str]:
    nothing = ["-"] * (len(_SIZES) + 1)
    if reason := absence(report, sides):
        return [title, f"unavailable ({escape(reason)})", *nothing]
    value = mapping(sides).get(side, {"unavailable": NOT_GATHERED})
    if value is None:
        return [title, "none: the project has no such thing", *nothing]
    if reason := absence(report, value):
        return [title, f"unavailable ({escape(reason)})", *nothing]
    facts = mapping(value)
    left_out = [
        f"{escape(what)}: {escape(n)}" for what, n in mapping(facts.get("left_out")).items()
    ]
    sizes = [escape(text(facts, key) or "unavailable") for key in _SIZES]
    others = [f"{escape(kind)}: {escape(n)}" for kind, n in mapping(facts.get("others")).items()]
    return [title, *sizes, ", ".join(others) or "none", ", ".join(left_out) or "nothing"]


def _critical(report: Report) -> str:
    critical = report.facts.get("critical_tables")
    title = "**Critical tables:**"
    if reason := absence(report, critical):
        return f"{title} unavailable ({escape(reason)})."
    tables = records(critical)
    if not tables:
        return f"{title} none are named in the configuration (`[critical] tables`)."
    rows = [[code(text(t, "name")), _present(t), _rows(t)] for t in tables]
    return paragraphs(title, table(["Table", "Present", "Holds rows"], rows))


def _present(critical: Mapping[str, Any]) -> str:
    return {True: "yes", False: "NO"}.get(critical.get("present", None), "unavailable")


def _rows(critical: Mapping[str, Any]) -> str:
    reason = text(critical, "reason")
    if critical.get("present") is False:
        return "-"
    if critical.get("has_rows") is None:
        return f"unavailable ({escape(reason or NOT_GATHERED)})"
    return "yes" if critical["has_rows"] else "NO"


def money(report: Report) -> str:
    """Each money column with the type that each side gives it."""
    facts = report.facts
    if reason := absence(report, facts.get("money")):
        return f"**Money columns:** unavailable ({escape(reason)})."
    columns = records(facts.get("money"))
    if not columns:
        return (
            "**Money columns:** none was found. `[money] columns` in the configuration names more."
        )
    rows = [_money_row(report, column) for column in columns]
    heads = [
        "Column",
        "Required",
        "Models",
        "History",
        "Live",
        "Findings",
        "Taken for money because",
    ]
    return paragraphs("**Money columns:**", table(heads, rows))


def _money_row(report: Report, column: Mapping[str, Any]) -> list[str]:
    subject = text(column, "subject")
    found = dict.fromkeys(
        f.code for f in report.findings if f.code.startswith("MON") and f.subject == subject
    )
    sides = mapping(report.facts.get("sides"))
    types = mapping(column.get("types"))
    required = text(column, "required")
    cells = [
        _type(types, sides, side, required if found else "")
        for side in ("models", "history", "live")
    ]
    return [
        code(subject),
        code(required) if required else "-",
        *cells,
        codes(found) or "none",
        escape(text(column, "why")),
    ]


def _type(types: Mapping[str, Any], sides: Mapping[str, Any], side: str, required: str) -> str:
    """The type, in bold where it is found wrong; why not, where there is none."""
    if kind := text(types, side):
        return code(kind) if kind == required or not required else f"**{code(kind)}**"
    if side in sides and sides[side] is None:
        return "-"
    missing = not types or bool(lacking(sides.get(side)))
    return "unavailable" if missing else "not there"


def files_analysed(facts: Mapping[str, Any]) -> str:
    if reason := lacking(facts.get("files_analysed")):
        return f"Unavailable ({escape(reason)})."
    return bullets(code(path) for path in names(facts["files_analysed"])) or "None."
