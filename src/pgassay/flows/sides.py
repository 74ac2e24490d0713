"""Comparing schemas, with a scratch server to say which texts mean the same."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from traceback import format_exception

import psycopg

from pgassay.analysis.schema_diff import compare, unsettled
from pgassay.analysis.side_scope import Scope
from pgassay.facts.catalog import Catalog, Sequence
from pgassay.facts.comparison import Comparison
from pgassay.facts.reparsed import ReparsedText, TextKey
from pgassay.facts.unavailable import Unavailable
from pgassay.flows.scratch_once import ScratchOnce
from pgassay.postgres.scratch import Scratch, ScratchFailed
from pgassay.sources.reparsed_texts import reparse

Asked = dict[TextKey, ReparsedText]

# Texts that line up only once others are known to be the same come in a second round.
_ROUNDS = 3
_NUMBERS = itertools.count(1)


def compare_sides(
    sides: Mapping[str, Catalog],
    scopes: Mapping[str, Scope],
    scratch: ScratchOnce,
    progress: Callable[[str], None],
) -> Comparison:
    """The comparison of the schemas, each text that differs put through scratch on every side.

    Scratch is started only where some text differs, as the newest of the sides' versions that this
    machine has. Where it cannot be used, those texts stay different, and say so in `undecided`.
    """
    reparsed: dict[str, Asked] = {side: {} for side in sides}
    comparison = compare(sides, scopes=scopes)
    for _ in range(_ROUNDS):
        asked = {
            side: set(keys) - reparsed[side].keys()
            for side, keys in unsettled(sides, comparison).items()
        }
        if not any(asked.values()):
            break
        progress("Comparing texts on scratch")
        server = scratch.server(max(catalog.server_major for catalog in sides.values()))
        for side, texts in _reparse_all(sides, asked, server).items():
            reparsed[side] |= texts
        comparison = compare(sides, scopes=scopes, reparsed=reparsed)
    return comparison


def compare_or_say_why(
    sides: Mapping[str, Catalog],
    scopes: Mapping[str, Scope],
    scratch: ScratchOnce,
    progress: Callable[[str], None],
) -> Comparison | Unavailable:
    """`compare_sides`; a crash of it is said, so that nobody takes it for "nothing differs"."""
    try:
        return compare_sides(sides, scopes, scratch, progress)
    except Exception as crash:
        return Unavailable(
            "comparison",
            f"Comparing {', '.join(sides)} crashed: {type(crash).__name__}: {crash}",
            "Report this with the output of -vv.",
            "".join(format_exception(crash)),
        )


def _reparse_all(
    sides: Mapping[str, Catalog],
    asked: Mapping[str, set[TextKey]],
    server: Scratch | Unavailable,
) -> dict[str, Asked]:
    """What scratch makes of each side's texts; sides that are one catalog are asked once."""
    wanted: dict[int, tuple[Catalog, set[TextKey]]] = {}
    for side, keys in asked.items():
        wanted.setdefault(id(sides[side]), (sides[side], set()))[1].update(keys)
    with ThreadPoolExecutor(max(len(wanted), 1)) as pool:
        work = {at: pool.submit(_reparse, server, *side) for at, side in wanted.items()}
    made = {at: future.result() for at, future in work.items()}
    return {side: {key: made[id(sides[side])][key] for key in keys} for side, keys in asked.items()}


def _reparse(server: Scratch | Unavailable, catalog: Catalog, keys: set[TextKey]) -> Asked:
    """Every key has an answer: what did not come back has failed."""
    if not keys:
        return {}
    if isinstance(server, Unavailable):
        return _failed(keys, f"no scratch server: {server.reason}")
    try:
        database = server.create_database(f"texts_{next(_NUMBERS)}")
    except ScratchFailed as failed:
        return _failed(keys, f"no scratch database: {failed.reason}")
    try:
        made = reparse(database, catalog, keys)
    except psycopg.Error as lost:
        reason = str(lost).strip().splitlines() or [type(lost).__name__]
        return _failed(keys, f"the scratch server failed: {reason[0]}")
    finally:
        with suppress(ScratchFailed):  # it goes with the server
            server.drop_database(database)
    return {**_failed(keys, "the scratch server gave no answer"), **made}


def _failed(keys: set[TextKey], reason: str) -> Asked:
    return dict.fromkeys(keys, ReparsedText(failed=reason))


def unread(sides: Mapping[str, Catalog]) -> tuple[Unavailable, ...]:
    """What of a side could not be read: nobody can say that nothing differs there."""
    return tuple(
        Unavailable(
            f"schema of {side}",
            f"Not all of {side} could be read: {sentence}",
            "Read it as a role that may see all of it; a superuser may.",
        )
        for side, catalog in sides.items()
        for sentence in catalog.unread
    )


def unseen_positions(sides: Mapping[str, tuple[Catalog, Scope]]) -> tuple[Unavailable, ...]:
    """Sequences whose position a role may not see, where both sides hold data: that they stand
    alike is not known."""
    if not all(scope.data for _, scope in sides.values()):
        return ()
    hidden = {
        side: [s for s in catalog.of(Sequence) if not s.readable]
        for side, (catalog, _) in sides.items()
    }
    return tuple(
        Unavailable(
            f"sequence positions of {side}",
            f"The role that read {side} may not see where {len(sequences)} of its sequences stand, "
            f"such as {sequences[0].subject}.",
            "GRANT SELECT ON ALL SEQUENCES IN SCHEMA ... TO that role, and read it again.",
        )
        for side, sequences in hidden.items()
        if sequences
    )
