# The one entrance: everything a person or CI runs goes through here.
# Needs Python >= 3.11 and make; each target does its own set-up in .venv.

# The first Python that is new enough and can make virtual environments.
PYTHON ?= $(shell for p in python3 python python3.13 python3.12 python3.11; do \
  $$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
  && { echo $$p; break; }; done)
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
	$(BIN)/pytest -n auto --dist worksteal --durations 40 --durations-min 5

benchmark: $(VENV)/.dev
	$(BIN)/python -m benchmarks.check_speed
	$(BIN)/python -m benchmarks.inspect_speed
	$(BIN)/python -m benchmarks.history_speed
	$(BIN)/python -m benchmarks.data_speed
	$(BIN)/python -m benchmarks.digest_speed

$(VENV)/.python:
	@test -n "$(PYTHON)" || { echo "No Python >= 3.11 with venv and ensurepip was found (Debian: \
	apt install python3-venv). Run: make PYTHON=/path/to/python $(MAKECMDGOALS)" >&2; exit 2; }
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
