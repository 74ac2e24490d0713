"""A PostgreSQL server, as a session on it sees it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Server:
    """`url` has its password masked. `version_num` is server_version_num, such as 180006."""

    url: str
    database: str
    user: str
    version: str
    version_num: int

    @property
    def major(self) -> int:
        return self.version_num // 10000
