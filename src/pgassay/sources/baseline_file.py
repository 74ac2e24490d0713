"""The baseline in its file: one finding a line, so that git shows what was accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pgassay.facts.acceptance import Baseline, BaselineEntry
from pgassay.findings import Severity
from pgassay.sources.configuration import ConfigurationError

SCHEMA_VERSION: Final = 1
_AGAIN = "Restore it, or write it again with `pgassay check --write-baseline`."


def read_baseline(path: Path, shown: str) -> Baseline | None:
    """What the file accepts; None where there is none. `shown` is how people write its path.

    Raises ConfigurationError for a file that is not what `baseline_text` writes: half a baseline
    would accept something else than was looked at.
    """
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{shown}: cannot be read: {error}. {_AGAIN}") from error
    except ValueError as error:
        raise ConfigurationError(f"{shown}: not valid JSON: {error}. {_AGAIN}") from error
    if not isinstance(found, dict) or found.get("schema_version") != SCHEMA_VERSION:
        version = found.get("schema_version") if isinstance(found, dict) else None
        raise ConfigurationError(
            f"{shown}: is no baseline that this version reads (schema_version {version!r}, "
            f"not {SCHEMA_VERSION}). {_AGAIN}"
        )
    try:
        entries = tuple(_entry(line) for line in found["findings"])
        return Baseline(shown, str(found["written_at"]), entries)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{shown}: {_wrong(error)}. {_AGAIN}") from error


def baseline_text(baseline: Baseline) -> str:
    """The file's text; the same findings give the same lines, but for `written_at`."""
    lines = ",\n".join(
        "  "
        + json.dumps(
            {
                "code": entry.code,
                "subject": entry.subject,
                "severity": entry.severity,
                "particulars": list(entry.particulars),
            }
        )
        for entry in baseline.entries
    )
    return (
        f'{{"schema_version": {SCHEMA_VERSION},\n"written_at": "{baseline.written_at}",\n'
        f'"findings": [\n{lines}\n]}}\n'
    )


def _entry(line: Any) -> BaselineEntry:
    if not isinstance(line, dict):
        raise TypeError(f"a finding must be an object, not {line!r}")
    texts = {name: line[name] for name in ("code", "subject", "severity")}
    particulars = line["particulars"]
    for value in (*texts.values(), *particulars):
        if not isinstance(value, str):
            raise TypeError(f"{value!r} must be a text")
    return BaselineEntry(
        **texts | {"severity": Severity(texts["severity"]).value}, particulars=tuple(particulars)
    )


def _wrong(error: Exception) -> str:
    return f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
