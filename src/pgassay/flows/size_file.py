"""The file that says how big production is, where a run is given one."""

from __future__ import annotations

from pgassay.facts.table_size import TableSizes
from pgassay.flows.wanted import Wanted
from pgassay.sources.configuration import ConfigurationError
from pgassay.sources.project_files import relative
from pgassay.sources.snapshot_file import SnapshotInvalid, read_snapshot


def sizes_of_file(wanted: Wanted) -> TableSizes | None:
    """Of the snapshot that --sizes or the configuration names; None where neither does, or nobody
    wants sizes.

    Raises ConfigurationError.
    """
    if "sizes" not in wanted.fields or wanted.size_file is None:
        return None
    path = wanted.size_file
    shown = relative(path, wanted.root)
    again = f"next: pgassay schema snapshot --with-stats --out {shown}"
    try:
        snapshot = read_snapshot(path)
    except SnapshotInvalid as error:
        raise ConfigurationError(
            f"{shown} does not tell how big production's tables are: {error.reason}\n{again}"
        ) from error
    if snapshot.sizes is None:
        raise ConfigurationError(
            f"{shown} does not tell how big production's tables are: it is a snapshot without "
            f"sizes, taken at {snapshot.taken_at}\n{again}"
        )
    return TableSizes(shown, snapshot.taken_at, snapshot.sizes)
