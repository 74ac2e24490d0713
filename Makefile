# The one entrance: everything a person or CI runs goes through here.
# Needs Python >= 3.11 and make; each target does its own set-up in .venv.

PYTHON ?= $(shell command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint unit benchmark clean

help:
	@echo "make demo       play the worked example: MITA Finance's production and its verdict"
	@echo "make test       everything: lint, types, walls, tests on real servers"
	@echo "make benchmark  the measured limits, as ratios"
	@echo "make clean      remove .venv and caches"

demo: $(VENV)/.demo
	$(BIN)/pgassay demo

test: lint unit

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(VENV)/.dev
	$(BIN)/pytest -n auto --dist worksteal

benchmark: $(VENV)/.dev
	$(BIN)/python -m benchmarks.check_speed

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "pgassay needs Python 3.11 or newer; $(PYTHON) is older. Run: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo: $(VENV)/.python pyproject.toml
	$(PIP) install -e '.[demo]'
	@touch $@

$(VENV)/.dev: $(VENV)/.python pyproject.toml requirements-dev.txt
	$(PIP) install -e '.[demo]' -r requirements-dev.txt
	@touch $@ $(VENV)/.demo

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
