# One command each; the same words on a laptop and in CI. `setup` runs by itself before the others when something changed.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
OUT := out
WORKERS := 2
SOAK := 5
SEED := $(shell date +%Y%m%d)

.NOTPARALLEL:
.PHONY: setup demo test lint types policies bench format check soak requirements clean help

help:  ## these lines
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1|\2/p' Makefile | column -t -s '|'

setup: $(STAMP)  ## the virtual environment .venv with the command zavuch (PYTHON=… chooses the interpreter)

$(STAMP): requirements-build.txt requirements-dev.txt pyproject.toml tools/setup.sh
	@bash tools/setup.sh $(VENV)
	@touch $@

demo: setup  ## five schools: an invented year each, audited, one finding explained; files under out/
	@$(BIN)/zavuch demo --out $(OUT)

test: lint types  ## everything a commit must pass
	@$(BIN)/python -m pytest -n $(WORKERS)

lint: setup  ## ruff, formatting, the layers of the house, unused and missing packages, sizes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports
	@$(BIN)/deptry .
	@$(BIN)/python -m tests.house.sizes

types: setup  ## mypy, strict
	@$(BIN)/mypy

policies: setup  ## load every school's policy, all errors at once
	@$(BIN)/zavuch policy check

check: policies test  ## policies, then test

bench: setup  ## the audit against hand-written SQL; figures for docs/performance.md
	@$(BIN)/python -m bench

format: setup  ## put the code into its form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

soak: setup  ## full years of five schools against their truth; the laws (hypothesis) with many more examples, under SOAK seeds from SEED on
	@$(BIN)/python -m tests.full_years
	@for seed in $$(seq $(SEED) $$(($(SEED) + $(SOAK) - 1))); do \
	  echo "seed $$seed"; HYPOTHESIS_PROFILE=soak $(BIN)/python -m pytest -m hypothesis -n $(WORKERS) -q --hypothesis-seed=$$seed || exit 1; \
	done

requirements: setup  ## renew the pinned requirements from pyproject.toml
	@bash tools/pin.sh $(BIN)

clean:  ## remove what set-up, tools and demo made
	@rm -rf $(VENV) $(OUT) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
