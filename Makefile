# Một Cửa. `make run` and `make test` do everything from nothing; the rest is for working on it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED ?= false
export TF_CPP_MIN_LOG_LEVEL ?= 3
export PYTHONWARNINGS ?= ignore

PYTHON := .venv/bin/python
MOTCUA := .venv/bin/motcua

.PHONY: help run test setup setup-dev check train bench soak nlu-report lock clean

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

run: .venv/.run-installed train  ## set everything up (first time) and serve on http://127.0.0.1:8080
	@$(MOTCUA) db upgrade && MOTCUA_DEMO=$${MOTCUA_DEMO:-1} exec $(MOTCUA) serve

test: check train  ## checks, then every test, with a real PostgreSQL and a real Chromium
	@$(PYTHON) tests/find_browser.py && $(PYTHON) -m pytest -q -n 2 --dist loadfile

setup: .venv/.run-installed  ## only install what `make run` needs

setup-dev: .venv/.dev-installed  ## only install what `make test` needs

# Both marks hold the lock file's name; a lock newer than its mark is installed again.
.venv/.run-installed: requirements.lock pyproject.toml
	@test -f .venv/.dev-installed -a ! requirements.lock -nt .venv/.dev-installed && touch $@ || ./scripts/install requirements.lock
	@touch $@

.venv/.dev-installed: requirements-dev.lock pyproject.toml
	@./scripts/install requirements-dev.lock
	@touch $@ .venv/.run-installed

check: .venv/.dev-installed  ## format, lint, types, import rules, data
	@.venv/bin/ruff format --check --quiet . && .venv/bin/ruff check --quiet .
	@.venv/bin/mypy --no-error-summary bot actions
	@out=$$(.venv/bin/lint-imports --no-cache) || { echo "$$out"; exit 1; }

train: .venv/.run-installed  ## train the Rasa model if data or configuration changed
	@$(MOTCUA) train

bench: .venv/.dev-installed train  ## measure turns, beside a stock Rasa (PROCEDURES=file.jsonl adds the import)
	@$(PYTHON) -m bench $(if $(PROCEDURES),--procedures $(PROCEDURES))

soak: .venv/.dev-installed  ## what takes hours: the postman's last place ten thousand times, a million messages while processes die
	@$(PYTHON) -m bench.pickup_race --rounds 10000
	@$(PYTHON) -m bench.flood --events 1000000 --kill-every 20 --database postgresql
	@$(PYTHON) -m bench.flood --events 20000 --real --database postgresql

nlu-report: .venv/.dev-installed train  ## measure what is understood, into reports/ (PROCEDURES=file.jsonl: its catalogue too)
	@$(PYTHON) -m bench.nlu_report $(if $(PROCEDURES),--procedures $(PROCEDURES))

lock: ## resolve the dependencies again (needs uv)
	uv pip compile pyproject.toml --python-version 3.10 --generate-hashes --no-emit-index-url --no-header -q -o requirements.lock
	uv pip compile pyproject.toml --extra dev -c requirements.lock --python-version 3.10 --generate-hashes --no-emit-index-url --no-header -q -o requirements-dev.lock

clean:  ## remove the environment, the model and the local database
	rm -rf .venv models var .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info .rasa
