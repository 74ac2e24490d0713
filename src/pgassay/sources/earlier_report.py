"""Reading what the compliance queries gave out of an earlier JSON report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pgassay.facts.earlier_values import EarlierValue, EarlierValues
from pgassay.sources.configuration import ConfigurationError

_WRITE = "Write one with `pgassay data check --output json=FILE`."


def read_earlier_values(path: Path) -> EarlierValues:
    """Raises ConfigurationError where it is no report that has such values."""
    try:
        document: Any = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ConfigurationError(f"{path} is no JSON report of pgassay. {_WRITE}") from error
    try:
        data = document["facts"]["data"]
        values = tuple(
            EarlierValue(q["name"], q["sql"], q["value"], q["reason"]) for q in data["queries"]
        )
        at = str(data["taken_at"])
    except (KeyError, TypeError, IndexError) as error:
        raise ConfigurationError(
            f"{path} has nothing of the compliance queries: its run did not ask the rows. {_WRITE}"
        ) from error
    if not values:
        raise ConfigurationError(
            f"{path} has no compliance query: name some under `queries` in the file of rules."
        )
    return EarlierValues(str(path), at, values)
