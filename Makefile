# `make help` lists the targets. `./run` and `./test` install what is missing, then call `make run` and `make test`.
.DEFAULT_GOAL := help
BIN := .venv/bin
PYTHON_SOURCES := $(wildcard src scripts tests benchmarks models)
KILLS ?= 200
ARGS ?=
# Hundreds of processes start in a run: where compiled modules may not be kept, each compiles a thousand anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup setup-run run test thorough check fmt gen lock bench crash e2e

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

setup: ## Make .venv with everything that development needs
	@sh scripts/setup.sh requirements-dev.lock

setup-run:
	@sh scripts/setup.sh requirements.lock

run: setup-run ## Serve on this machine (ARGS='--port 8001' go to `conduet serve`)
	@exec $(BIN)/conduet serve $(ARGS)

test: check ## Run `check`, then the suite on SQLite and PostgreSQL and the journeys in a browser
	@sh scripts/suite.sh

thorough: setup ## What takes long and finds the rest: requests made of the OpenAPI document, a thousand examples of each property
	@$(BIN)/python -m pytest -q -n auto -m 'thorough or (hypothesis and not postgres)' --hypothesis-profile=thorough $(ARGS)

check: setup ## Format, lint, types, import contracts, sizes, generated files
	@sh scripts/check.sh $(PYTHON_SOURCES)

fmt: setup ## Format the sources and mend what the linter can mend
	@$(BIN)/ruff format $(PYTHON_SOURCES)
	@$(BIN)/ruff check --fix $(PYTHON_SOURCES)

gen: setup ## Write the generated reference pages anew
	@$(BIN)/python -m scripts.generate_reference

lock: ## Resolve the dependencies anew (ARGS='--upgrade')
	@sh scripts/lock.sh $(ARGS)

bench: setup ## Measure the server against a bare floor (ARGS='turn' names a case)
	@$(BIN)/python -m benchmarks $(ARGS)

crash: setup ## Kill a server under load KILLS=200 times and count what is lost
	@$(BIN)/python -m tests.crash --kills $(KILLS) $(ARGS)

e2e: setup ## Journeys in a browser (ARGS='tests/web/test_projects.py', SHOTS=FOLDER keeps pictures)
	@sh scripts/e2e.sh $(ARGS)
