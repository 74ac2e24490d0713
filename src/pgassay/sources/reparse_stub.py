"""Functions that stand for the user's on scratch, and do nothing."""

from __future__ import annotations

import re

from pgassay.facts.catalog import Function

FOLDING = "pgassay.folding"
"""While this setting is "on", a stub that is called raises, so that no constant is made of it."""

_PSEUDO = re.compile(r"\b(cstring|internal|\w+_handler)\b")


def stub(function: Function) -> Function:
    """A function of the same signature and volatility.

    It gives NULL or no rows, since PostgreSQL calls some while it makes an index or a CHECK, whose
    text says nothing of that. One that is PostgreSQL's own under another name, such as a type's
    input function, stays.
    """
    if _PSEUDO.search(f"{function.arguments} {function.returns}") or "window" in function.routine:
        # PL/pgSQL cannot stand for it.
        own = function.language == "internal" and not function.library
        language, body = "internal", function.body if own else "shell_in"  # which always raises
    else:
        language, body = "plpgsql", _body(function)
    return Function(
        function.schema,
        function.name,
        routine=function.routine,
        arguments=function.arguments,
        returns=function.returns,
        language=language,
        body=body,
        volatility=function.volatility,
        strict=function.strict,
    )


def _body(function: Function) -> str:
    raises = f"IF current_setting('{FOLDING}', true) = 'on' THEN RAISE 'a stub'; END IF;"
    if function.returns.startswith(("SETOF ", "TABLE(")):
        result = "RETURN;"
    elif function.returns in ("", "void") or re.search(r"(^|, )(IN)?OUT ", function.arguments):
        result = ""
    else:
        result = "RETURN NULL;"
    return f"BEGIN {raises} {result} END"
