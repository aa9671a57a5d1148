# The commands of this house. `make run` and `make test` start from a fresh machine with Python 3.11+ and make.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run stop test test-fast lives chaos lint bench lock messages install install-dev

help:  ## This list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: install  ## Start everything on this machine (PORT, DATA_DIR, DATABASE_URL, REDIS_URL); Ctrl-C stops it
	@exec $(BIN)/python manage.py run

stop:  ## End a run of this folder
	@$(BIN)/python manage.py stop

test: install-dev  ## Everything CI runs
	@PATH="$(CURDIR)/$(BIN):$$PATH" deploy/test.sh

lives: install-dev  ## The lifecycle against its plain model, in full: 500 lives of 50 steps (some 15 minutes)
	@LIFECYCLE_RUNS=$${LIFECYCLE_RUNS:-500} $(BIN)/pytest -n 2 -q -rP tests/problems/test_stateful_model.py

test-fast: install-dev  ## The tests alone, stopping at the first failure
	@$(BIN)/pytest -n 2 -x -q

lint: install-dev  ## Style, imports, order of the apps
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports

bench: install-dev  ## Benchmarks; prints ratios
	@$(BIN)/python -m bench

chaos: install-dev  ## Ten minutes of writers while workers and Redis are killed (CHAOS_MINUTES): no figure may be wrong
	@BENCH_ONLY=chaos $(BIN)/python -m bench

messages: install-dev  ## Bring the English catalogue up to date and compile it
	@$(BIN)/python manage.py catalogue

lock: $(BIN)/python  ## Pin requirements.in and requirements-dev.in anew, with hashes
	@$(BIN)/pip install --quiet pip-tools
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-options --output-file=requirements.txt requirements.in
	@$(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras --no-emit-options --output-file=requirements-dev.txt requirements-dev.in

install: $(BIN)/python
	@deploy/install.sh requirements.txt

install-dev: $(BIN)/python
	@deploy/install.sh requirements-dev.txt

$(BIN)/python:
	@deploy/venv.sh "$(PYTHON)" "$(VENV)"
