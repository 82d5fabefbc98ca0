# Palabre: `make help` lists what can be done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help
.PHONY: help install run demo check test bench bench-reports bench-move docs messages preview

help: ## Show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(VENV)/.installed ## Set up .venv with all that running needs

$(VENV)/.installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Palabre needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Palabre into $(VENV) (about a minute the first time)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the tools for tests and checks…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

run: install ## Start the whole network on http://127.0.0.1:8000
	@exec $(BIN)/palabre serve

demo: install ## As run, with a made-up community in it, in a data folder of its own
	@exec $(BIN)/palabre demo --data $(CURDIR)/palabre-demo

check: $(VENV)/.installed-dev ## Format, lint, types and import directions, in seconds
	$(BIN)/ruff format --check src tests bench tools
	$(BIN)/ruff check src tests bench tools
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed-dev ## Measure speed and memory, beside this machine's limits
	$(BIN)/python -m bench.run --write

bench-reports: $(VENV)/.installed-dev ## Measure the moderators' queue with 26,000 open cases
	$(BIN)/python -m bench.reports --write

bench-move: $(VENV)/.installed-dev ## Measure archive and restore beside pg_dump, moving and taking over
	$(BIN)/python -m bench.move --write

test: $(VENV)/.installed-dev ## Run every test, with its own set-up
	@tools/browser.sh
	@tools/patroni.sh
	@tools/rclone.sh
	@tools/ssh.sh
	$(BIN)/pytest -n auto -m "not journey"
	$(BIN)/pytest -n 2 --dist loadfile -m journey

docs: $(VENV)/.installed-dev ## Write the pages made from the code: routes, commands, settings, schema
	$(BIN)/python -m tools.generate

messages: $(VENV)/.installed-dev ## Gather the words users see into the translations
	$(BIN)/python -m tests.support.messages

preview: $(VENV)/.installed-dev ## Show every page with sample people on http://127.0.0.1:8765
	$(BIN)/python -m tests.support.preview
