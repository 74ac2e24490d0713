"""The tables of the app, in schema public, parents first.

Everything is about a user, and some spend more than others: a hundredth of the users makes a
fifth of the rows.
"""

from collections.abc import Iterator

from mita_data import defects
from mita_data.moments import NOON, Moments
from mita_data.people import COUNTRIES, World, new_id
from mita_data.table import NULL, Table

CATEGORIES = ("groceries", "rent", "transport", "coffee", "health", "clothing", "fun", "travel")
MERCHANTS = ("Corner Market", "Metro", "Blue Cup", "City Pharmacy", "Book Nook", "Grid Power")
NOTES = (NULL, NULL, "cash", "split with a friend")
EMAIL = "user{}@example.com"

SPAN = 700 * 1440  # minutes in which things happen
LATEST = NOON - 600  # so that what follows within hours is past too


class AppTables:
    """One method a table: its lines, in the order of the columns named in `tables`."""

    def __init__(self, world: World, transactions: int) -> None:
        self.world = world
        self.users = world.users
        self.transactions = transactions
        self.moments = Moments(world.today)

    def tables(self) -> list[Table]:
        users, spent = self.users, self.transactions
        return [
            Table(
                "users",
                columns(
                    "id email password_hash country timezone annual_income is_premium "
                    "premium_until created_at updated_at"
                ),
                users,
                self.user_lines,
                # The last stays free: its rows are the twins of the e-mails.
                (defects.nan("annual_income"), defects.emails(EMAIL)),
                money="annual_income",
            ),
            Table(
                "transactions",
                columns(
                    "id user_id category amount currency exchange_rate merchant spent_at "
                    "created_at refund_reference"
                ),
                spent,
                self.transaction_lines,
                (
                    defects.orphans_behind_fk(),
                    defects.nan("amount"),
                    defects.half_yen("amount"),
                    defects.future("spent_at", "created_at"),
                    defects.pre_epoch("spent_at"),
                    defects.unknown_currency(),
                ),
                money="amount",
                currency="currency",
            ),
            Table(
                "expenses",
                columns("id user_id category amount date note created_at"),
                spent // 2,
                self.expense_lines,
                (
                    defects.orphans_behind_fk(),
                    defects.future("date", "created_at"),
                    defects.pre_epoch("date"),
                ),
                money="amount",
            ),
            Table(
                "goals",
                columns("id user_id title target_amount saved_amount deadline created_at"),
                users * 3 // 2,
                self.goal_lines,
                (
                    defects.thirds("saved_amount"),
                    defects.infinite("saved_amount"),
                    defects.overflow("saved_amount"),
                    defects.negatives("saved_amount"),
                ),
                money="saved_amount",
            ),
            Table(
                "subscriptions",
                columns(
                    "id user_id store plan price currency status receipt plan_starts_at "
                    "plan_expires_at created_at"
                ),
                users // 2,
                self.subscription_lines,
                (defects.negatives("price"), defects.unknown_currency()),
                money="price",
                currency="currency",
            ),
            Table(
                "daily_plan",
                columns("id user_id date category planned_amount spent_amount details created_at"),
                users * 2,
                self.daily_plan_lines,
                (defects.negatives("spent_amount"),),
                money="spent_amount",
            ),
            Table(
                "habits", columns("id user_id title progress created_at"), users, self.habit_lines
            ),
            Table(
                "moods",
                columns("id user_id date mood score created_at"),
                users * 2,
                self.mood_lines,
                serial=True,
            ),
            Table(
                "push_tokens", columns("id user_id token created_at"), users, self.push_token_lines
            ),
            Table(
                "user_answers",
                columns("id user_id question answer created_at"),
                users * 2,
                self.user_answer_lines,
                (defects.orphans(),),
            ),
            Table(
                "notification_logs",
                columns("id user_id channel message success sent_at"),
                users * 2,
                self.notification_log_lines,
                (defects.orphans(), defects.future("sent_at")),
                serial=True,
            ),
        ]

    def user_lines(self) -> Iterator[str]:
        at, r = self.moments.at, (rng := self.world.rng("users")).random
        for n in range(self.users):
            country, _, currency, zones = COUNTRIES[self.world.countries[n]]
            joined = NOON - SPAN - 1440 - int(r() * 40_000)
            income = currency.text(1_800_000 + int(12_000_000 * r() ** 2)) if r() < 0.9 else NULL
            premium = at(NOON + 1440 + int(r() * 500_000)) if n % 2 else NULL
            changed = at(joined + int(r() * SPAN)) if r() < 0.4 else NULL
            yield (
                f"{self.world.id(n)}\t{EMAIL.format(n)}\tnot-a-real-hash\t{country}\t"
                f"{rng.choice(zones)}\t{income}\t{'ft'[n % 2]}\t{premium}\t{at(joined)}\t"
                f"{changed}"
            )

    def transaction_lines(self) -> Iterator[str]:
        at, r = self.moments.at, (rng := self.world.rng("transactions")).random
        users, user_id, currency_of = self.users, self.world.id, self.world.currency
        for n in range(self.transactions):
            user = int(users * r() ** 3)
            currency = currency_of(user)
            minute = LATEST - int(r() * SPAN)
            pick = int(r() * 48)
            yield (
                f"{new_id(rng)}\t{user_id(user)}\t{CATEGORIES[pick % 8]}\t"
                f"{currency.text(100 + int(40_000 * r() ** 2))}\t{currency.code}\t{currency.rate}\t"
                f"{MERCHANTS[pick // 8]}\t{at(minute)}\t{at(minute + 1 + int(r() * 590))}\t"
                f"{f'RF-{n:08d}' if n % 67 == 5 else NULL}"
            )

    def expense_lines(self) -> Iterator[str]:
        day, at, r = self.moments.day, self.moments.at, (rng := self.world.rng("expenses")).random
        users, user_id, currency_of = self.users, self.world.id, self.world.currency
        for _ in range(self.transactions // 2):
            user = int(users * r() ** 3)
            minute = LATEST - int(r() * SPAN)
            pick = int(r() * 32)
            yield (
                f"{new_id(rng)}\t{user_id(user)}\t{CATEGORIES[pick % 8]}\t"
                f"{currency_of(user).text(100 + int(25_000 * r() ** 2))}\t{day(minute)}\t"
                f"{NOTES[pick // 8]}\t{at(minute)}"
            )

    def goal_lines(self) -> Iterator[str]:
        day, at, r = self.moments.day, self.moments.at, (rng := self.world.rng("goals")).random
        titles = ("Holiday", "New laptop", "Rainy day", "Car", "Moving")
        for _ in range(self.users * 3 // 2):
            user = int(self.users * r() ** 2)
            currency = self.world.currency(user)
            target = 10_000 + int(800_000 * r())
            yield (
                f"{new_id(rng)}\t{self.world.id(user)}\t{rng.choice(titles)}\t"
                f"{currency.text(target)}\t{currency.text(int(target * r()))}\t"
                f"{day(NOON + 1440 * (120 + int(r() * 300)))}\t{at(LATEST - int(r() * SPAN))}"
            )

    def subscription_lines(self) -> Iterator[str]:
        at, r = self.moments.at, (rng := self.world.rng("subscriptions")).random
        for n in range(self.users // 2):
            user = 2 * n + 1  # those that are premium
            currency = self.world.currency(user)
            starts = LATEST - int(r() * 300_000)
            yield (
                f"{new_id(rng)}\t{self.world.id(user)}\t{rng.choice(('app_store', 'play_store'))}\t"
                f"premium\t{currency.text(5_999)}\t{currency.code}\tactive\t"
                f'{{"order": "MITA-{int(r() * 10**8):08d}"}}\t{at(starts)}\t'
                f"{at(starts + 365 * 1440)}\t{at(starts)}"
            )

    def daily_plan_lines(self) -> Iterator[str]:
        day, at, r = self.moments.day, self.moments.at, (rng := self.world.rng("plan")).random
        for n in range(self.users * 2):
            currency = self.world.currency(n // 2)
            yield (
                f"{new_id(rng)}\t{self.world.id(n // 2)}\t{day(NOON)}\t"
                f"{('groceries', 'coffee')[n % 2]}\t{currency.text(500 + int(5_500 * r()))}\t"
                f"{currency.text(int(6_000 * r()))}\t"
                f'{{"source": "template"}}\t{at(NOON)}'
            )

    def habit_lines(self) -> Iterator[str]:
        """A progress may be any double: a third of the habits are a third done."""
        at, r = self.moments.at, (rng := self.world.rng("habits")).random
        titles = ("No coffee to go", "Cook at home", "Walk to work")
        for n in range(self.users):
            progress = 1 / 3 if n % 3 == 0 else r()
            yield (
                f"{new_id(rng)}\t{self.world.id(n)}\t{rng.choice(titles)}\t{progress!r}\t"
                f"{at(LATEST - int(r() * SPAN))}"
            )

    def mood_lines(self) -> Iterator[str]:
        day, at, r = self.moments.day, self.moments.at, (rng := self.world.rng("moods")).random
        for n in range(self.users * 2):
            minute = LATEST - int(r() * SPAN)
            yield (
                f"{n + 1}\t{self.world.id(n // 2)}\t{day(minute)}\t"
                f"{rng.choice(('calm', 'stressed', 'happy', 'tired'))}\t{r()!r}\t{at(minute)}"
            )

    def push_token_lines(self) -> Iterator[str]:
        at, r = self.moments.at, (rng := self.world.rng("push_tokens")).random
        for n in range(self.users):
            yield (
                f"{new_id(rng)}\t{self.world.id(n)}\texample-token-{rng.getrandbits(96):024x}\t"
                f"{at(LATEST - int(r() * SPAN))}"
            )

    def user_answer_lines(self) -> Iterator[str]:
        at, r = self.moments.at, (rng := self.world.rng("user_answers")).random
        for n in range(self.users * 2):
            yield (
                f"{new_id(rng)}\t{self.world.id(n // 2)}\t{('saves_monthly', 'has_debt')[n % 2]}\t"
                f"{rng.choice(('yes', 'no', 'sometimes'))}\t{at(LATEST - int(r() * SPAN))}"
            )

    def notification_log_lines(self) -> Iterator[str]:
        at, r = self.moments.at, (rng := self.world.rng("notification_logs")).random
        for n in range(self.users * 2):
            yield (
                f"{n + 1}\t{self.world.id(n // 2)}\t{rng.choice(('push', 'email'))}\t"
                f"Your weekly budget is ready\t{'ft'[r() < 0.95]}\t{at(LATEST - int(r() * SPAN))}"
            )


def columns(names: str) -> tuple[str, ...]:
    return tuple(names.split())
