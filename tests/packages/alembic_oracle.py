"""What Alembic itself says of a history and does on a database; runs in the package's interpreter.

    python alembic_oracle.py INI URL own|handed

`handed`: env.py gets a connection as `config.attributes["connection"]`. It shares no code with
pgassay, and prints one JSON object.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any


class Steps(logging.Handler):
    """Alembic logs each revision that it runs."""

    def __init__(self) -> None:
        super().__init__()
        self.last = ""

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        if said.startswith("Running upgrade"):
            self.last = said.split("->")[1].split(",")[0].strip()


def main(ini: str, url: str, way: str) -> None:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from sqlalchemy import create_engine

    os.chdir(os.path.dirname(ini))
    config = Config(ini)
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    script = ScriptDirectory.from_config(config)
    steps = Steps()
    # A handler of the root's keeps env.py from setting up logging in its own way.
    logging.getLogger().addHandler(logging.NullHandler())
    logger = logging.getLogger("alembic.runtime.migration")
    logger.setLevel(logging.INFO)
    logger.addHandler(steps)
    said: dict[str, Any] = {
        "revisions": sorted(r.revision for r in script.walk_revisions()),
        "heads": sorted(script.get_heads()),
        "bases": sorted(script.get_bases()),
        "failed": "",
        "error": "",
    }
    with create_engine(url).connect() as connection:
        if way == "handed":
            config.attributes["connection"] = connection
        try:
            command.upgrade(config, "heads")
            connection.commit()
        except Exception as error:
            said.update(failed=steps.last, error=str(error).split("\n")[0])
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
