"""Reading `pgassay.toml`, or `[tool.pgassay]` of `pyproject.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pgassay.checks import EXPLAINED, find_check
from pgassay.facts.acceptance import Day, Waiver
from pgassay.facts.money import MoneyPrecision
from pgassay.facts.settings import LONGEST_S, Settings


class ConfigurationError(Exception):
    """The configuration cannot be used. The message names every bad key at once."""


def find_configuration(root: Path) -> Path | None:
    """The file that configures the project at `root`, if there is one."""
    own = root / "pgassay.toml"
    if own.is_file():
        return own
    shared = root / "pyproject.toml"
    if shared.is_file() and "[tool.pgassay" in shared.read_text("utf-8", "replace"):
        return shared
    return None


def read_configuration(path: Path | None) -> Settings:
    """The settings in `path`, or the defaults where there is no file.

    Raises ConfigurationError naming the file and, in one message, every unknown key and every
    value of a wrong type.
    """
    if path is None:
        return Settings()
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    if path.name == "pyproject.toml":
        tables = tables.get("tool", {}).get("pgassay", {})
    return _structure(tables, path)


def _structure(tables: dict[str, Any], path: Path) -> Settings:
    from cattrs import Converter, transform_error
    from cattrs.errors import BaseValidationError

    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for wanted, name in ((str, "a text"), (bool, "true or false"), (int, "a whole number")):
        converter.register_structure_hook(wanted, _only(wanted, name))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(Day, _day)
    converter.register_structure_hook_func(_is_tuple, lambda v, t: _list(converter, v, t))
    try:
        settings = converter.structure(tables, Settings)
    except BaseValidationError as error:
        problems = transform_error(error, path="", format_exception=_problem)
        lines = [_line(problem) for problem in problems]
        raise ConfigurationError("\n".join([f"{path}: bad keys:", *lines])) from error
    if problems := _out_of_range(settings):
        raise ConfigurationError("\n".join([f"{path}: bad values:", *problems]))
    waivers = ((w, find_check(w.code)) for w in settings.waivers)
    named = tuple(replace(w, code=c.code) for w, c in waivers if c is not None)
    return replace(settings, waivers=named)


def _out_of_range(settings: Settings) -> list[str]:
    """What PostgreSQL or the clock would refuse. numeric(p, s): 1 <= p <= 1000, and money has
    0 <= s <= p (PostgreSQL documentation, "Arbitrary Precision Numbers")."""
    money = settings.money
    default = MoneyPrecision("the default", money.precision, money.scale)
    problems = [
        f"  [money] {p.pattern}: numeric({p.precision},{p.scale}) is no type for money; "
        "precision is 1 to 1000, scale 0 to the precision"
        for p in (default, *money.policy)
        if not (1 <= p.precision <= 1000 and 0 <= p.scale <= p.precision)
    ]
    problems += [
        f"  [project.environment] {name}: {why}"
        for name in settings.project.environment
        if (why := _unfit(name))
    ]
    if settings.probe.time_limit_s <= 0:
        problems.append(f"  [probe.time_limit_s] {settings.probe.time_limit_s:g} is not above 0")
    data = settings.data
    for name, value in (
        ("workers", data.workers),
        ("keys", data.keys),
        ("pause_lag_s", data.pause_lag_s),
    ):
        if value <= 0:
            problems.append(f"  [data.{name}] {value:g} is not above 0")
    if not 0 < data.time_limit_s <= LONGEST_S:
        told = f"{data.time_limit_s:g} is not above 0 and at most {LONGEST_S:,.0f}"
        problems.append(f"  [data.time_limit_s] {told}")
    if settings.database.statement_timeout_s <= 0:
        problems.append("  [database.statement_timeout_s] must be above 0")
    return [*problems, *_unfit_waivers(settings.waivers)]


def _unfit_waivers(waivers: Sequence[Waiver]) -> Iterator[str]:
    for number, waiver in enumerate(waivers, 1):
        where = f"  [waivers, number {number}]"
        for name in ("subject", "reason", "owner"):
            if not getattr(waiver, name).strip():
                yield f"{where} {name} is empty: who reads it later has to know"
        if find_check(waiver.code) is None:
            known = [c.code for c in EXPLAINED] + [c.name for c in EXPLAINED]
            near = get_close_matches(waiver.code, known, 1)
            hint = f"did you mean {near[0]}?" if near else "`pgassay explain` lists them"
            yield f"{where} no check is called {waiver.code!r} ({hint})"
        elif waiver.code.startswith("WAI"):
            yield f"{where} {waiver.code} is about waivers, and cannot be waived itself"


def _unfit(variable: str) -> str:
    """Why it cannot be given to the project's code, "" where it can."""
    if not variable or "=" in variable or "\0" in variable:
        return "is no variable's name"
    if re.fullmatch(r"PG[A-Z]+", variable):
        return "libpq's variables are not given to the project's code, which may reach no server"
    return ""


def _line(problem: str) -> str:
    what, _, where = problem.rpartition(" @ ")
    return f"  [{where.lstrip('.')}] {what}" if where.lstrip(".") else f"  {what}"


def _only(wanted: type, name: str) -> Any:
    def structure(value: Any, _: type) -> Any:
        if type(value) is not wanted:
            raise ValueError(f"must be {name}, not {value!r}")
        return value

    return structure


def _day(value: Any, _: type) -> str:
    """TOML has dates of its own; a text will do."""
    try:
        return (value if type(value) is date else date.fromisoformat(value)).isoformat()
    except (TypeError, ValueError):
        raise ValueError(f"must be a day such as 2027-03-31, not {value!r}") from None


def _number(value: Any, _: type) -> float:
    if type(value) not in (int, float):
        raise ValueError(f"must be a number, not {value!r}")
    return float(value)


def _is_tuple(wanted: Any) -> bool:
    return getattr(wanted, "__origin__", None) is tuple


def _list(converter: Any, value: Any, wanted: Any) -> Any:
    if not isinstance(value, list):
        raise ValueError(f"must be a list, not {value!r}")
    return tuple(converter.structure(value, list[wanted.__args__[0]]))


def _problem(error: BaseException, wanted: type | None) -> str:
    """One bad key, or several unknown ones, in the words of a TOML file."""
    from cattrs.errors import ForbiddenExtraKeysError

    if isinstance(error, ForbiddenExtraKeysError):
        known = [f.name for f in fields(error.cl)]
        return "; ".join(_unknown(key, known) for key in sorted(error.extra_fields))
    if isinstance(error, KeyError):
        return f"the key {error.args[0]} is missing"
    return str(error) or f"must be {wanted}"


def _unknown(key: str, known: list[str]) -> str:
    near = get_close_matches(key, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return f"unknown key {key} ({hint})"
