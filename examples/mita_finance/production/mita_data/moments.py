"""Times as text, by the minute, in the two years before noon (UTC) of the day called today."""

from datetime import date, timedelta

DAYS = 730
NOON = DAYS * 1440 + 720  # the last minute of the past
_CLOCK = [f" {minute // 60:02d}:{minute % 60:02d}:" for minute in range(1440)]


class Moments:
    def __init__(self, today: date) -> None:
        self.days = [(today + timedelta(days=n - DAYS)).isoformat() for n in range(-90, DAYS + 500)]

    def day(self, minute: int) -> str:
        return self.days[minute // 1440 + 90]

    def at(self, minute: int) -> str:
        """The moment of a minute. Its second is the minute's too, or all would end in :00."""
        return f"{self.days[minute // 1440 + 90]}{_CLOCK[minute % 1440]}{minute * 7 % 60:02d}+00"
