"""Which setting the project's code lacked, by what its settings library said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pgassay.analysis.environment_lack import EnvironmentLack

Event = Mapping[str, Any]

_NAME = r"([A-Za-z_][A-Za-z0-9_]*)"
# Type of the exception -> what its message says, as seen in these versions.
_SAID = {
    "UndefinedValueError": rf"{_NAME} not found\. Declare it as envvar",  # python-decouple 3.8
    "EnvError": rf'Environment variable "{_NAME}" not set',  # environs 9
    "EnvNotSetError": rf'Environment variable "{_NAME}" not set',  # environs 15
    "ImproperlyConfigured": rf"Set the {_NAME} environment variable",  # django-environ 0.13
    "MissingEnvValueError": rf"^{_NAME}$",  # environ-config 24
}
_STARLETTE = re.compile(rf"Config '{_NAME}' is missing, and has no default")  # starlette 0.50
_DYNACONF = re.compile(rf"{_NAME} is required in env \w+")  # dynaconf 3.2
# pydantic 2 and 1.
_FIELD = re.compile(r"^(?P<name>\w+)\n +(?:Field required \[|field required \()", re.MULTILINE)
_VALUES = re.compile(r"input_value=.*?(?=, input_type=|\]$)", re.MULTILINE)


def missing_settings(event: Event, lack: EnvironmentLack | None = None) -> tuple[str, ...]:
    """The environment variables that would give what was missing; () where neither the exception is
    known to say so, nor the line that raised it asked for one that is not set. `prefix` of the
    event is that of a pydantic settings class, None for another class of pydantic's."""
    kind, error = event["type"], event["error"]
    if kind in _SAID and (found := re.search(_SAID[kind], error)):
        return (found[1],)
    if kind == "KeyError":
        if found := _STARLETTE.search(error):
            return (found[1],)
        # os.environ[...], which raises it with the name alone.
        named = re.fullmatch(r"[A-Z][A-Z0-9_]+", event["argument"])
        return (event["argument"],) if named else _unset(lack)
    if kind == "ValidationError":
        if found := _DYNACONF.search(error):
            return (f"DYNACONF_{found[1]}",)
        prefix = event.get("prefix")
        if prefix is None:
            return _unset(lack)
        fields = [m["name"] for m in _FIELD.finditer(event["traceback"])]
        return tuple(dict.fromkeys(f"{prefix}{name}".upper() for name in fields))
    return _unset(lack)


def _unset(lack: EnvironmentLack | None) -> tuple[str, ...]:
    return lack.unset if lack and lack.is_certain and not lack.withheld else ()


def without_values(traceback: str) -> str:
    """Without the values that pydantic quotes: an .env file's are not ours to show."""
    return _VALUES.sub("input_value=***", traceback)
