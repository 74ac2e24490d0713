"""Writing a first pgassay.toml from what the project shows."""

from __future__ import annotations

from pathlib import Path

from pgassay.analysis.main_history import choose_main
from pgassay.facts.settings import Settings
from pgassay.flows.opened_project import read_project
from pgassay.sources.model_files import read_model_locations


class ConfigurationExists(Exception):
    """There is a configuration already; it is never overwritten."""


def init(root: Path) -> tuple[Path, bool]:
    """Write `root`/pgassay.toml; its path, and whether any history was found. Nothing is executed
    or connected to.

    Raises ConfigurationExists.
    """
    root = root.resolve()
    path = root / "pgassay.toml"
    project, files = read_project(root, Settings())
    tables = sorted({table for table, _ in read_model_locations(root, files)})
    names = [h.name for h in project.histories]
    main = choose_main(project.histories, "", ())
    systems = [s.name for s in project.systems]
    text = _text(names, systems, main.name if main else "", tables)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise ConfigurationExists(f"{path} exists already; it was left as it is.") from error
    return path, bool(names or project.systems)


def _text(histories: list[str], systems: list[str], main: str, tables: list[str]) -> str:
    found = ", ".join(f"{h}/" for h in histories) or "none"
    others = f" Other systems: {', '.join(f'{s}/' for s in systems)}." if systems else ""
    shown = "".join(f"  # {_quoted(t)},\n" for t in tables)
    chosen = f"main = {_quoted(main)}" if len(histories) > 1 else f"# main = {_quoted(main)}"
    return f"""\
# pgassay: what it should know of this project. Every key may be left out.

[database]
# The live database, only ever read. env:NAME takes it from a variable, so that no password
# stands here. --database-url and DATABASE_URL overrule it.
# url = "env:DATABASE_URL"

[project]
# Roles of the server that migrations need and something else makes (Terraform, the host), for runs
# without the live server, which says itself what it has.
# roles = ["app_reader"]

[project.environment]
# Variables for the project's own code, which runs on scratch. It gets no secrets: a variable whose
# name looks like one holds "withheld-by-pgassay". Where the code has to decode it, write a made-up
# value of the right form here, never the secret.
# APP_KEY = "bm90IGEgc2VjcmV0"

[history]
# Migration histories found: {found}.{others} The one that production follows:
{chosen}

[critical]
# Tables that must exist and hold rows in the live database. Take out the # of each that counts.
tables = [
{shown}]

[data]
# The file with the rules for rows (`pgassay data infer --write` proposes one), and how long all of
# them together may take while one snapshot is held.
# file = "pgassay-data.yml"
# time_limit_s = 600

[money]
# The type that money must have. A column is taken for money by its name and neighbours; the
# report says why. Patterns match schema.table.column, or its end; in code module.class.field or
# module.function.name.
precision = 12
scale = 2
# columns = ["public.orders.worth"]        # money that the names do not show
# not_money = ["public.games.bonus_*"]     # and what only looks like it
# [[money.policy]]
# pattern = "public.wallets.*"
# precision = 38
# scale = 18

# [migrations]
# How big production's tables are, where no database can be reached: from
# `pgassay schema snapshot --with-stats --out production.json`
# sizes = "production.json"

# A finding that somebody answers for, until a day. `pgassay check --write-baseline` accepts all of
# today's instead, so that only new ones count.
# [[waivers]]
# code = "DRF002"
# subject = "public.legacy_*"
# reason = "why it may stay"
# owner = "who is asked"
# until = 2027-03-31
"""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
