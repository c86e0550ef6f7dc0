# Heard's two commands are `make demo` and `make test`; the rest is what they are made of.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
HEARD_DATA ?= .heard
PORT ?= 8000
HOST ?= 127.0.0.1
# Make and Python want these unset or plain; a caller's virtual environment must not leak in.
unexport VIRTUAL_ENV PYTHONPATH
# Kept as bytecode, Heard starts in a third of the time, and the tests start it often.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test check bench-page bench-analysis screenshots frontend locks clean messages

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

demo: .ready-run .ready-frontend ## A running Heard with a demo borough, from nothing (FRESH=1 starts over)
	$(BIN)/heard demo --host $(HOST) --port $(PORT) --data $(HEARD_DATA) $(if $(FRESH),--reset)

test: .ready-test .ready-frontend .ready-browser check ## Everything that the tests need, then all of them
	$(BIN)/python scripts/run_tests.py

check: .ready-test ## Format, lint, types, and who imports whom
	$(BIN)/ruff format --check backend analysis tests scripts
	$(BIN)/ruff check backend analysis tests scripts
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench-page: .ready-test .ready-frontend .ready-browser .ready-bench ## How soon a first answer is possible, beside plain HTML and SurveyJS
	$(BIN)/python -m tests.bench.first_answers

bench-analysis: .ready-test .ready-rivals ## How fast comments are coded, beside TextBlob, VADER and a plain fusion
	$(BIN)/python -m tests.bench.coding_speed

screenshots: .ready-test .ready-frontend .ready-browser ## The README's pictures, from a fresh demo
	$(BIN)/python scripts/take_screenshots.py

frontend: .ready-frontend ## Fetch the front-end packages by lock

messages: .ready-test ## Collect what contributors read into frontend/locale, for translators
	$(BIN)/python scripts/extract_messages.py

locks: .venv/bin/uv ## Resolve the lock files anew
	$(BIN)/python scripts/make_locks.py

clean: ## Remove what was built; the demo's data stays
	rm -rf .venv .ready-* frontend/node_modules tests/bench/node_modules frontend/static/vendor

.venv/bin/uv: requirements-installer.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-installer.lock
	@touch $@

.ready-run: .venv/bin/uv requirements.lock pyproject.toml
	@echo "Installing what Heard runs on ..."
	$(BIN)/uv pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.ready-test: .ready-run requirements-test.lock
	@echo "Installing what the tests need ..."
	$(BIN)/uv pip install --quiet --require-hashes -r requirements-test.lock
	@touch $@

.ready-frontend: .ready-run frontend/package-lock.json scripts/front_end.py scripts/vendor.py
	@echo "Fetching front-end packages ..."
	$(BIN)/python scripts/front_end.py
	@touch $@

.ready-bench: .ready-run tests/bench/package-lock.json scripts/front_end.py
	@echo "Fetching what the bench compares with ..."
	$(BIN)/python scripts/front_end.py tests/bench
	@touch $@

.ready-rivals: .ready-run tests/bench/requirements.lock
	@echo "Fetching what the coder is compared with ..."
	$(BIN)/uv pip install --quiet --no-deps --require-hashes --target .venv/rivals -r tests/bench/requirements.lock
	@touch $@

.ready-browser: .ready-test scripts/find_browser.py
	$(BIN)/python scripts/find_browser.py --install
	@touch $@
