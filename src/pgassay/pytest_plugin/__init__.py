"""`pytest --pgassay`: the assay as tests of the user's own suite.

pytest loads this file in every suite of an environment that has pgassay, so it imports nothing but
pytest; all else is imported where the option is given.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("pgassay")
    group.addoption(
        "--pgassay",
        action="store_true",
        help="Test the migrations, models and money of a project on a scratch server.",
    )
    group.addoption(
        "--pgassay-project",
        metavar="DIR",
        help="The project that --pgassay is about. Default: pgassay_project, then rootdir.",
    )
    parser.addini(
        "pgassay_project", "The project that --pgassay is about, relative to rootdir.", default=""
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("pgassay"):
        from pgassay.pytest_plugin.items import SuitePlugin

        config.pluginmanager.register(SuitePlugin(config), "pgassay-suite")
    elif config.getoption("pgassay_project"):
        raise pytest.UsageError("--pgassay-project is of --pgassay: give that too.")
