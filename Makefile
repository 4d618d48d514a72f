# Needs git, make and a Python from 3.11 on with venv. `make demo` and `make test` set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
# Twice as many as there are cores: the journeys wait for a process or a clock half of their time.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(2 * (os.cpu_count() or 1))')
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# What the bot runs on, and what is needed besides to work on it. The first is a third of the second, so that an
# office's server and a first `make demo` get no compiler of types, no browser driver and no PostgreSQL.
MADE := $(VENV)/.made
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

LOCK := UV_PYTHON_DOWNLOADS=never $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --no-strip-extras \
	--generate-hashes --no-header --no-annotate --python $(BIN)/python pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help install demo test check understanding weights locks bench chaos proxies lock texts picture clean

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/:.*## /\t/' | expand -t 10

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name it by PYTHON=…" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(RUNTIME): requirements.txt pyproject.toml $(MADE)
	$(PIP) install --require-hashes -r requirements.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV): requirements-dev.txt $(RUNTIME)
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

install: $(RUNTIME) ## a .venv with .venv/bin/loket in it

demo: $(RUNTIME) ## the whole system on this machine, in the browser, without a Telegram account
	@$(BIN)/loket demo $(ARGS)

test: $(DEV) ## all tests, with the coverage that must be kept
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m "not alone and not proxies" --cov --cov-report= $(ARGS)
	$(if $(ARGS),,$(BIN)/python -m pytest -m alone --cov --cov-append --cov-report=)
	@$(BIN)/coverage report --fail-under=95
	@$(BIN)/coverage report --include='bot/rules/*,bot/language/*' --fail-under=100

check: $(DEV) locks texts ## format, lint, types, floors, dependencies, texts, locks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

locks: $(DEV) ## whether the pinned versions still are what pyproject.toml asks for
	@mkdir -p $(VENV)/locks && cp requirements.txt requirements-dev.txt $(VENV)/locks/
	@$(LOCK) --group build -o $(VENV)/locks/requirements.txt > /dev/null
	@$(LOCK) --group dev -o $(VENV)/locks/requirements-dev.txt > /dev/null
	@for file in requirements.txt requirements-dev.txt; do \
		diff -u $$file $(VENV)/locks/$$file || { echo "$$file is out of date: make lock" >&2; exit 1; }; \
		! grep -nE '://|^--' $$file || { echo "$$file names a host" >&2; exit 1; }; \
	done

lock: $(DEV) ## pin again what pyproject.toml asks for; ARGS=--upgrade takes newer versions
	$(LOCK) $(ARGS) --group build -o requirements.txt > /dev/null
	$(LOCK) $(ARGS) --group dev -o requirements-dev.txt > /dev/null

texts: $(DEV) ## whether every text exists in every language, with the same parameters
	$(BIN)/python -m pytest --quiet -p no:cacheprovider tests/test_texts_complete.py

understanding: $(DEV) ## how well the recogniser understands its corpus; ARGS=--misses lists what it was tuned on and missed
	@$(BIN)/python -m tests.language.understanding $(ARGS)

weights: $(DEV) ## learn anew what each word is worth for each intent, after the tables or the corpus changed
	@$(BIN)/python -m tests.language.weigh

bench: $(DEV) ## measure, and write docs/performance.md; ARGS="--long": at full length; ARGS="pace outbox": these parts
	$(BIN)/python -m bench $(ARGS)

chaos: $(DEV) ## a broadcast through kills and failures, under five minutes; writes docs/reliability.md (ARGS=--processes: of webs and workers)
	$(BIN)/python -m tests.chaos $(ARGS)

proxies: $(DEV) ## nginx, Caddy, systemd and pgbouncer as docs/operations.md sets them up, as far as they are installed
	$(BIN)/python -m pytest -n0 -rs tests/proxies $(ARGS)
	$(BIN)/python -m pytest -n0 -rs --pgbouncer -k "postgresql or test_processes" tests/store tests/journeys/test_processes.py

picture: $(DEV) ## the pictures in docs/, taken from the demo
	$(BIN)/python -m playground.picture $(ARGS)
	$(BIN)/python -m playground.clerk

clean: ## all that was made, but for databases and .env
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
