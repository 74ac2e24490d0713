"""The systems that are not Alembic's, and the SQL scripts beside them, in the terminal report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.text import Text

from pgassay.render.fact_reader import mapping, records, size, text
from pgassay.render.plain import counted


def other_systems(facts: Mapping[str, Any]) -> list[tuple[Text, Text]]:
    """A line for each system, and one for all scripts."""
    rows = [
        (Text(text(system, "name"), style="bold"), _system(system))
        for system in records(facts.get("systems"))
    ]
    scripts = mapping(facts.get("scripts"))
    tried = records(scripts.get("tried"))
    left_out = records(scripts.get("left_out"))
    if tried or left_out:
        rows.append((Text("SQL scripts"), Text(_scripts(tried, left_out))))
    return rows


def _system(system: Mapping[str, Any]) -> Text:
    shown = Text(f"{text(system, 'kind')}; {size(system, 'files', 'file')}; ")
    run = mapping(system.get("run"))
    status = text(run, "status")
    if status == "built":
        return shown.append(f"builds {size(run, 'tables', 'table')}", style="green")
    if status == "failed":
        failed = [f for f in records(run.get("failures")) if text(f, "fate") == "fails"]
        first = f": {text(failed[0], 'at')}: {text(failed[0], 'error')}" if failed else ""
        return shown.append(f"does not build{first}", style="red")
    return shown.append(f"{status}: {text(run, 'reason')}", style="yellow")


def _scripts(tried: list[Mapping[str, Any]], left_out: list[Mapping[str, Any]]) -> str:
    done = [script for script in tried if script.get("tried")]
    failing = [s for s in done if mapping(s.get("failures")).get("fails")]
    parts = [f"{len(done)} of {counted(len(tried), 'script')} tried"] if tried else []
    if done:
        parts.append(f"{len(failing)} with statements that fail")
    if left_out:
        reasons = Counter(text(s, "reason") for s in left_out)
        parts.append(
            f"{counted(len(left_out), 'file')} not taken for one ("
            + ", ".join(f"{count}: {why}" for why, count in reasons.most_common(3))
            + ("..." if len(reasons) > 3 else "")
            + ")"
        )
    return "; ".join(parts)
