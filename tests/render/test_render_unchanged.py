"""A report says when what it rests on was run."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator, ValidationError

from pgassay.facts.history_listing import HistoryListing
from pgassay.render.history_list import render_history_list
from pgassay.render.history_list_json import history_list_schema, render_history_list_json
from pgassay.render.json_report import render_json, report_schema
from pgassay.render.markdown import render_markdown
from pgassay.render.terminal import render_terminal
from tests.render.render_reports import UNSAFE

SINCE = "2026-11-25T14:03:59+01:00"
SAID = "unchanged since 2026-11-25 14:03, not run again (see `--no-cache`)"
UNCHANGED = replace(UNSAFE, unchanged_since=SINCE)
LISTING = HistoryListing("shop", ())


def test_the_terminal_says_it_in_one_line() -> None:
    shown = render_terminal(UNCHANGED, width=80, color=False)
    assert f"\nscratch runs: {SAID}\n" in shown
    assert "scratch runs:" not in render_terminal(UNSAFE, width=80, color=False)
    listed = render_history_list(replace(LISTING, unchanged_since=SINCE), width=80)
    assert f"scratch runs: {SAID}\n" in listed
    assert "scratch runs:" not in render_history_list(LISTING, width=80)


def test_markdown_says_it_beside_the_server() -> None:
    assert f"- **Scratch runs:** {SAID}\n" in render_markdown(UNCHANGED)
    assert "Scratch runs" not in render_markdown(UNSAFE)


def test_partial_isolation_is_still_said() -> None:
    partial = {**UNSAFE.facts, "isolation": "Isolation was partial (no namespaces)."}
    shown = render_terminal(replace(UNCHANGED, facts=partial), width=80, color=False)
    assert "isolation: Isolation was partial" in shown
    assert "scratch runs: unchanged" in shown


@pytest.mark.parametrize("since", ["", SINCE])
def test_json_says_it_within_the_contract(since: str) -> None:
    for text, schema in (
        (render_json(replace(UNSAFE, unchanged_since=since)), report_schema()),
        (
            render_history_list_json(replace(LISTING, unchanged_since=since)),
            history_list_schema(),
        ),
    ):
        document = json.loads(text)
        Draft202012Validator(schema).validate(document)
        assert document["unchanged_since"] == (since or None)
        for wrong in ("yesterday", 5):
            with pytest.raises(ValidationError):
                Draft202012Validator(schema).validate({**document, "unchanged_since": wrong})
