"""Which conditions are true whatever the row; the deparsed texts are PostgreSQL's."""

from __future__ import annotations

import pytest

from pgassay.analysis.always_true import Truth, truth_of


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "(1 = 1)",
        "('a'::text = 'a'::text)",
        "(NOT false)",
        "(true OR (owner = auth.uid()))",
        "((owner = auth.uid()) OR (published OR true))",
        "((1 = 1) AND (2 <= 2))",
    ],
)
def test_always(text: str) -> None:
    assert truth_of(text) is Truth.ALWAYS


@pytest.mark.parametrize(
    "text",
    [
        "(auth.role() = 'authenticated'::text)",
        "('authenticated'::text = ( SELECT auth.role() AS role))",
        "(( SELECT auth.uid() AS uid) IS NOT NULL)",
        "(auth.uid() IS NOT NULL)",
        "((auth.uid() IS NOT NULL) AND true)",
        "((auth.role() = 'authenticated'::text) OR (owner = auth.uid()))",
    ],
)
def test_for_whoever_has_signed_in(text: str) -> None:
    assert truth_of(text) is Truth.LOGGED_IN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "published",
        "(owner = auth.uid())",
        "(owner = ( SELECT auth.uid() AS uid))",
        "((owner = auth.uid()) AND true)",
        "(auth.role() = 'service_role'::text)",
        "(auth.role() <> 'authenticated'::text)",
        "(NOT (auth.uid() IS NOT NULL))",
        "(auth.uid() IS NULL)",
        "(name = 'true'::text)",
        '("true" = 1)',
        "(EXISTS ( SELECT 1 FROM members m WHERE ((m.a = 1) OR true OR (m.b = 2))))",
        "( SELECT m.seen FROM members m WHERE m.a OR true OR m.b)",
        "CASE WHEN a OR true OR b THEN c ELSE false END",
        "((1 = 1) = published)",
        "((tenant = 'a'::text) AND (tenant = 'a'::text))",
        "('a'::text = 'b'::text)",
        "(1 = ANY (ARRAY[1, tenant]))",
        "true -- is it?",
    ],
)
def test_not_known_to_be(text: str) -> None:
    assert truth_of(text) is Truth.SOMETIMES


@pytest.mark.parametrize("text", ["false", "(1 <> 1)", "(NOT true)", "(true AND false)"])
def test_never(text: str) -> None:
    assert truth_of(text) is Truth.NEVER
