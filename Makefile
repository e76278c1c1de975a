# One command each; `make setup` runs by itself before the others when something changed.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
export CPPFLAGS := -DPyEval_CallObject=PyObject_CallObject $(CPPFLAGS)

.PHONY: setup demo test lint types bench format check soak requirements clean

setup: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml tools/setup.sh
	@bash tools/setup.sh $(VENV)
	@touch $@

demo: setup
	@$(BIN)/zavuch demo --out out

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports

types: setup
	@$(BIN)/mypy

test: lint types
	@$(BIN)/python -m pytest -n 2 -q

check: test

bench: setup
	@$(BIN)/python -m bench

format: setup
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

soak: setup
	@HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -n 2 -q

requirements: setup
	@bash tools/pin.sh $(BIN)

clean:
	@rm -rf $(VENV) out build *.egg-info
