"""DAT: rows that break the rules of their data."""

from __future__ import annotations

from collections.abc import Iterator

from pgassay.analysis.rule_remedy import remedy
from pgassay.analysis.rule_words import keys, money, wrong
from pgassay.check import Check
from pgassay.facts.assay import Assay
from pgassay.facts.data_rule import (
    Balanced,
    DataRule,
    Fits,
    InOrder,
    InRange,
    InTime,
    IsCurrency,
    Matches,
    MinorUnits,
    NoRows,
    NotNull,
    OneOf,
    References,
    Total,
    Unique,
)
from pgassay.facts.data_run import DataRun, RuleOutcome
from pgassay.findings import Finding, Severity


def orphans(check: Check, assay: Assay) -> Iterator[Finding]:
    """Rows refer to a row that is not there.

    What:
      A foreign key, declared or written as a rule (`references`), has values that no row of the
      other table has. Declared ones are looked at too, also those that say they are valid: rows
      that were written with session_replication_role = replica, as some restores do, or while its
      triggers were disabled, pass by them and leave no trace.

    Why:
      What belongs to nobody is in no total by user and in every total without one, and whatever
      joins the two tables leaves it out without a word.

    Fix:
      Put the rows aside, find out where they belong, then add the foreign key NOT VALID and
      VALIDATE it.

    Example:
      bad:  transactions.user_id = 77, and no users.id is 77
      good: FOREIGN KEY (user_id) REFERENCES users (id)
    """
    yield from _findings(
        check, assay, (References,), "What joins the two tables leaves these rows out."
    )


def missing_values(check: Check, assay: Assay) -> Iterator[Finding]:
    """Rows lack a value that they must have.

    What:
      A rule `not_null` is broken: the column is NULL in some rows.

    Why:
      A sum passes over NULL, a comparison with it is neither true nor false: such rows fall out of
      reports without a word.

    Fix:
      Fill them, then make the column NOT NULL by a CHECK that is NOT VALID first.

    Example:
      bad:  amount NULL
      good: amount numeric(12,2) NOT NULL
    """
    yield from _findings(check, assay, (NotNull,), "Sums and comparisons pass over NULL.")


def out_of_range(check: Check, assay: Assay) -> Iterator[Finding]:
    """Rows hold a value outside its range.

    What:
      A rule `range` or `fits` is broken; `fits` asks whether a value, rounded, fits a
      numeric(precision, scale). NaN and the infinities are in no range, also where they would
      pass a comparison: PostgreSQL has NaN above all numbers, so that it is >= 0.

    Why:
      A negative amount where there can be none is a refund that was never made, or the sign of
      another; one NaN makes every sum NaN.

    Fix:
      Correct the rows, then keep such out by a CHECK constraint.

    Example:
      bad:  amount -19.99, amount NaN
      good: CHECK (amount >= 0 AND amount <> 'NaN')
    """
    yield from _findings(
        check, assay, (InRange, Fits), "Sums are off by what these rows hold; NaN makes them NaN."
    )


def repeated(check: Check, assay: Assay) -> Iterator[Finding]:
    """Rows repeat what must be unique.

    What:
      A rule `unique` is broken: several rows have the same values, or, with `alike`, values that
      differ only in case or in blanks at the ends.

    Why:
      Two accounts of one e-mail address: a password reset reaches either of them, and a payment
      goes to one and shows in the other.

    Fix:
      Decide which row stays, then make a unique index, over the expression where values are alike.

    Example:
      bad:  ann@example.com and Ann@example.com
      good: CREATE UNIQUE INDEX ON users (lower(btrim(email)))
    """
    yield from _findings(check, assay, (Unique,), "What is looked up by it finds either row.")


def not_allowed(check: Check, assay: Assay) -> Iterator[Finding]:
    """Rows hold a value that is not allowed.

    What:
      A rule `one_of`, `matches` or `currency` is broken: the value is none of the list, does not
      match the regular expression, or is no code of ISO 4217 in capitals.

    Why:
      Code that knows all values takes another branch, or none: an amount in an unknown currency
      is in no total.

    Fix:
      Correct the rows, then keep such out by a CHECK constraint or a table of the values.

    Example:
      bad:  currency 'US$'
      good: currency 'USD'
    """
    yield from _findings(
        check, assay, (OneOf, Matches, IsCurrency), "Code that knows all values passes them over."
    )


def too_fine(check: Check, assay: Assay) -> Iterator[Finding]:
    """Amounts have more decimals than their currency.

    What:
      A rule `minor_units` is broken: an amount has decimals below the currency's minor unit (none
      for JPY, two for USD, three for KWD).

    Why:
      Nobody can pay it. Rounded row by row and rounded as a sum give two totals.

    Fix:
      Round once, where the amount is made, by a rule that is written down; then correct the rows.

    Example:
      bad:  1.005 USD, 100.5 JPY
      good: 1.01 USD, 101 JPY
    """
    yield from _findings(
        check, assay, (MinorUnits,), "Nobody can pay them, and totals depend on when one rounds."
    )


def out_of_time(check: Check, assay: Assay) -> Iterator[Finding]:
    """Rows have a time that cannot be.

    What:
      A rule `in_time` or `in_order` is broken: a time before 1970 (or what the rule says), in the
      future by more than it allows, or after another that must come later.

    Why:
      Reports by month leave them out or put them into the wrong one; what is due in the future by
      mistake never comes.

    Fix:
      Correct the rows; a zero date is often an import's word for NULL.

    Example:
      bad:  spent_at 0001-01-01, created_at after updated_at
      good: CHECK (created_at <= updated_at)
    """
    yield from _findings(
        check, assay, (InTime, InOrder), "Reports by time put them into no month, or a wrong one."
    )


def total_differs(check: Check, assay: Assay) -> Iterator[Finding]:
    """A total is not the sum of its lines.

    What:
      A rule `total` is broken: the amount in a header, or a balance, differs from the exact sum of
      its rows in the other table. The money that is shown is by how much.

    Why:
      One of the two is what the customer paid.

    Fix:
      Find out which is right. No constraint can hold this; keep the rule.

    Example:
      bad:  invoice 17 of 99.00 with lines of 49.50 and 49.49
    """
    yield from _findings(check, assay, (Total,), "One of the two is what was paid.")


def unbalanced(check: Check, assay: Assay) -> Iterator[Finding]:
    """A journal does not balance.

    What:
      A rule `balanced` is broken: the entries of a journal do not sum to zero in each currency. The
      money that is shown is what is left over.

    Why:
      Double entry is what makes a ledger checkable: money came from nowhere or went nowhere.

    Fix:
      Correct the journal by another one, as the books want it.

    Example:
      bad:  journal 8: +100.00, -99.00
      good: journal 8: +100.00, -100.00
    """
    yield from _findings(check, assay, (Balanced,), "Money came from nowhere, or went nowhere.")


def own_rule(check: Check, assay: Assay) -> Iterator[Finding]:
    """A query of the project's own found wrong rows.

    What:
      A query under `no_rows` gave rows, and must give none.

    Why:
      Whoever wrote it knows.

    Fix:
      Correct what it gives.

    Example:
      no_rows:
        paid_twice: SELECT invoice_id FROM payments GROUP BY 1 HAVING count(*) > 1
    """
    yield from _findings(check, assay, (NoRows,), "Whoever wrote the rule knows.")


def _findings(
    check: Check, assay: Assay, kinds: tuple[type[DataRule], ...], why: str
) -> Iterator[Finding]:
    assert isinstance(assay.data, DataRun)
    for outcome in assay.data.outcomes:
        if isinstance(outcome.rule, kinds) and outcome.ending == "failed":
            yield _finding(check, outcome, why)


def _finding(check: Check, outcome: RuleOutcome, why: str) -> Finding:
    rule = outcome.rule
    message = wrong(outcome)
    if told := keys(outcome):
        message += f": {told}"
    if told := money(outcome):
        message += f"; {told}"
    if outcome.coverage != "all rows":
        message += f"; looked at were {outcome.coverage}"
    return check.finding(
        f"{rule.subject} ({rule.KIND})",
        f"{message}.",
        why=why,
        fix=remedy(outcome),
        location=rule.location,
        severity=Severity(rule.severity) if rule.severity else check.severity,
        evidence={
            "rule": rule.KIND,
            "failing": outcome.failing,
            "key_columns": list(outcome.key_columns),
            "keys": [list(key) for key in outcome.keys],
            "affected": [
                {"column": a.column, "currency": a.currency, "amount": a.amount}
                for a in outcome.affected
            ],
            "coverage": outcome.coverage,
            "sql": outcome.sql,
            "reason": rule.reason,
        },
        # As many rows as today are no other finding tomorrow.
        particulars=[rule.KIND],
    )


B, W = Severity.BLOCKER, Severity.WARNING
_NEEDS, _USES = ("data",), ("data_lost",)
CHECKS: tuple[Check, ...] = (
    Check("DAT001", "rows-orphaned", B, orphans, _NEEDS, _USES),
    Check("DAT002", "value-missing", B, missing_values, _NEEDS, _USES),
    Check("DAT003", "value-out-of-range", B, out_of_range, _NEEDS, _USES),
    Check("DAT004", "value-repeated", B, repeated, _NEEDS, _USES),
    Check("DAT005", "value-not-allowed", B, not_allowed, _NEEDS, _USES),
    Check("DAT006", "finer-than-currency", B, too_fine, _NEEDS, _USES),
    Check("DAT007", "time-impossible", W, out_of_time, _NEEDS, _USES),
    Check("DAT008", "total-differs", B, total_differs, _NEEDS, _USES),
    Check("DAT009", "journal-unbalanced", B, unbalanced, _NEEDS, _USES),
    Check("DAT010", "own-rule-broken", B, own_rule, _NEEDS, _USES),
)
