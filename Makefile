PORT =
MODEL =
ARGS =
TESTS =

bin = .venv/bin

.NOTPARALLEL:
.PHONY: help setup run test style types tests format coverage docs lock train bench clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /    make \1\t/p' Makefile | expand -t 20
	@echo "Options: PORT=8765 MODEL=bundled for run; ARGS='--ranks 2' for run, train and bench;"
	@echo "TESTS='tests/server -k whep' for test, tests and coverage."

setup: ## make .venv with the locked versions; install Chromium and TypeScript for the tests where it may
	@scripts/setup.sh

run: setup ## start the server and print its address
	@exec $(bin)/fifo-live serve $(if $(PORT),--port $(PORT)) $(if $(MODEL),--model $(MODEL)) $(ARGS)

test: style types tests ## everything that must be green before a commit

style: setup ## check format and lint
	$(bin)/ruff format --check .
	$(bin)/ruff check .

types: setup ## check types
	$(bin)/mypy
	scripts/types_of_pages.sh

tests: setup ## run the tests, in a network namespace of their own
	$(bin)/python scripts/sealed.py $(bin)/python -m pytest $(TESTS)

format: setup ## format, and mend what lint can mend
	$(bin)/ruff format .
	$(bin)/ruff check --fix .

# Tracing slows the tests down, so each gets more time. The floors are in tests/coverage.toml.
coverage: setup ## measure what the tests reach, processes included; fail below the floors
	rm -rf .coverage
	$(bin)/python scripts/sealed.py $(bin)/python -m coverage run -m pytest --timeout 240 $(TESTS)
	$(bin)/python -m coverage combine --quiet
	$(bin)/python -m coverage html --quiet --directory .coverage/html
	$(bin)/python -m coverage json --quiet -o .coverage/report.json
	$(bin)/python scripts/coverage_floors.py .coverage/report.json

docs: ## build the documentation site in site/html; a dead link fails
	scripts/docs.sh

lock: ## write requirements.lock and requirements-docs.lock anew
	scripts/lock.sh

train: setup ## train the bundled model again
	$(bin)/python -m fifo_live.training $(ARGS)

bench: setup ## measure the live stream on this machine
	$(bin)/fifo-live bench live $(ARGS)

clean: ## remove caches, reports and built pages; keep .venv, .venv-docs and training data
	rm -rf .coverage .mypy_cache .pytest_cache .ruff_cache build site test-artifacts
	find . -path "./.venv*" -prune -o -name __pycache__ -type d -exec rm -rf {} +
