"""`python -m pgassay`."""

from pgassay.cli.main import run

run()
