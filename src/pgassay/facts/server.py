"""A PostgreSQL server, as a session on it sees it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Server:
    """`url` has its password masked. `version_num` is server_version_num, such as 180006.

    `database_oid` and `system_identifier`, which initdb makes, tell databases of one name apart;
    0 and "" where they could not be read. `roles` are the names of all that there are, None where
    nobody asked.
    """

    url: str
    database: str
    user: str
    version: str
    version_num: int
    database_oid: int = 0
    system_identifier: str = ""
    roles: frozenset[str] | None = field(default=None, repr=False)

    @property
    def major(self) -> int:
        return self.version_num // 10000
