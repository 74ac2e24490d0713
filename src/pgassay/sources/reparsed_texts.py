"""Has a scratch server parse the SQL texts of another server's catalog, and write them its way."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import Connection

from pgassay.analysis.sql_identifier import qualified, quoted
from pgassay.facts.catalog import Catalog
from pgassay.facts.reparsed import ReparsedText, TextKey
from pgassay.postgres.scratch import Database
from pgassay.sources.queries import query
from pgassay.sources.reparse_context import Unmade, build, context
from pgassay.sources.reparse_place import ELSEWHERE, Place, Places
from pgassay.sources.reparse_stub import FOLDING

# The first parse may change a text, such as the casts of an IN list; the second did not change
# any of those that were measured.
_PASSES = 3


def reparse(
    database: Database, catalog: Catalog, keys: Collection[TextKey]
) -> dict[TextKey, ReparsedText]:
    """What scratch makes of the catalog's texts that `keys` name, each as its inspector would read
    it, to the point where parsing it again changes nothing.

    `database` is a fresh, empty one of ours, with a superuser's rights; it is filled, and of no
    other use then. Nothing of the user's runs in it: functions are stubs. A text that scratch
    cannot parse has the reason in `failed`. Raises psycopg.Error where scratch cannot be used.
    """
    if not keys:
        return {}
    places = Places(catalog)
    with database.connect(autocommit=True) as connection:
        part = context(
            catalog,
            (text for key in keys for text in places.texts(key)),
            {(key[1][0], key[1][1], "") for key in keys},
        )
        unmade = build(connection, part)
        connection.execute(f"CREATE SCHEMA {ELSEWHERE}")
        reparsing = _Reparsing(connection, unmade)
        with connection.transaction(force_rollback=True):
            connection.execute(query("settings"))
            connection.execute(query("reparse/settings"))
            return {
                key: reparsing.reparse(places.text(key), places.place(key))
                for key in dict.fromkeys(keys)
            }


@dataclass(frozen=True, slots=True)
class _Reparsing:
    """A transaction in a database that has what the texts need."""

    connection: Connection[Any]
    unmade: list[Unmade]

    def reparse(self, text: str, place: Place | None) -> ReparsedText:
        if place is None or not text:
            return ReparsedText(failed="there is no such text to parse")
        try:
            folded = ""
            for _ in range(_PASSES):
                before = text
                with self.connection.transaction(force_rollback=True):
                    text = self._parsed(text, place)
                    if text == before:
                        folded = self._folded(text, place)
                if text == before:
                    break
            else:
                return ReparsedText(failed="its text changes with every parse")
        except psycopg.Error as error:
            return ReparsedText(failed=self._reason(error, text))
        return ReparsedText(text, folded)

    def _parsed(self, text: str, place: Place) -> str:
        for statement in place.put(text):
            self.connection.execute(statement.encode())
        return self._read(place.read, place).removesuffix(place.tail)

    def _read(self, name: str, place: Place) -> str:
        rows = self.connection.execute(query(name), place.asked).fetchall()
        if len(rows) != 1 or rows[0][0] is None:
            raise psycopg.ProgrammingError("scratch has no such text after parsing it")
        return str(rows[0][0])

    def _folded(self, text: str, place: Place) -> str:
        """What the planner computes; "" where it cannot, or a function of the user's would have to
        run for it."""
        if place.expression is None:
            return ""
        try:
            with self.connection.transaction(force_rollback=True):
                if place.expression:
                    text = self._read(place.expression, place)
                self.connection.execute("SELECT set_config(%s, 'on', true)", (FOLDING,))
                return self._planned(text, place)
        except (psycopg.Error, LookupError, ValueError):
            return ""

    def _planned(self, text: str, place: Place) -> str:
        table = qualified(*place.relation)
        statement = f"SELECT ({text}) FROM ONLY {table}"  # noqa: S608
        if place.output is not None:
            # With the cast to the column's type that an INSERT makes.
            name = quoted(place.asked["name"])
            statement = f"INSERT INTO {table} ({name}) VALUES (DEFAULT)"  # noqa: S608
        explain = f"EXPLAIN (VERBOSE, COSTS OFF, FORMAT JSON) {statement}"
        [[answer]] = self.connection.execute(explain.encode()).fetchall()
        plan = (answer if isinstance(answer, list) else json.loads(answer))[0]["Plan"]
        if place.output is not None:
            [plan] = plan["Plans"]
        # A subquery's text is a plan of its own, of which the output only gives the number.
        return "" if "Plans" in plan else str(plan["Output"][place.output or 0])

    def _reason(self, error: psycopg.Error, texts: str) -> str:
        reason = (error.diag.message_primary or str(error) or type(error).__name__).strip()
        reason = reason.splitlines()[0]
        causes = [unmade.reason for unmade in self.unmade if unmade.concerns(texts)]
        return f"{reason} ({causes[0]})" if causes else reason
