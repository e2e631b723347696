# Everything a person or a machine does with the hub. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py
PORT ?= 8000
ENTRIES ?= 300
export PYTHONUNBUFFERED := 1

.PHONY: help
help: ## List every target
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-18s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements/dev.txt
	@bash .ci/install "$(PYTHON)" "$(VENV)" requirements/dev.txt
	@touch $@

.PHONY: install
install: $(VENV)/.installed ## Make .venv with the locked, hash-checked packages

.PHONY: setup
setup: install ## Migrate, load reference, demo and real data (nothing is changed the second time)
	@$(MANAGE) setup --entries $(ENTRIES)

.PHONY: run
run: install ## Start the site and its worker on http://127.0.0.1:8000
	@$(MANAGE) serve --port $(PORT) --entries $(ENTRIES)

.PHONY: test
test: install ## Linters, contracts, types, every test; installs what a test needs when it may
	@bash .ci/test

.PHONY: lint
lint: install ## Only linters, import contracts and types
	@bash .ci/lint

.PHONY: unit
unit: install ## Only the tests that need no database
	@$(BIN)/pytest tests/unit -q

.PHONY: format
format: install ## Format the Python code and sort its imports
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: messages
messages: install ## Renew the catalogues under site/locale from code and templates
	@$(MANAGE) catalogues

.PHONY: rebuild
rebuild: install ## Build the search index anew while the site serves
	@$(MANAGE) search_rebuild

.PHONY: bench
bench: install ## Measure engines, pages and load at 100,000 entries, beside bare Elasticsearch and Wagtail's search
	@bash .ci/beside-servers bash -ec '$(BIN)/python tests/benchmarks/bench_engines.py --sizes 10000,100000 && \
	  $(BIN)/python tests/benchmarks/bench_search.py --no-wagtail && \
	  $(BIN)/python tests/benchmarks/bench_pages.py --load 60'

.PHONY: bench-large
bench-large: install ## Measure how engines grow from 10,000 to 1,000,000 entries and draw the graph (hours; goes on where it was stopped)
	@mkdir -p var && ELASTICSEARCH_HEAP=2g bash .ci/beside-servers $(BIN)/python tests/benchmarks/bench_engines.py \
	  --sizes 10000,100000,1000000 --results var/engines.jsonl --graph docs/images/engines.svg

.PHONY: relevance
relevance: install ## Measure nDCG@10 on the development questions, every engine, with the questions that lost most
	@bash .ci/beside-servers $(BIN)/python tests/benchmarks/relevance.py --losses 10

.PHONY: lighthouse
lighthouse: install ## Lighthouse (phone) on home, searches, detail, article: at least 95 in every category, nothing shifts
	@bash .ci/lighthouse

.PHONY: shots
shots: install ## Take screenshots of every page type of a running `make run` (390, 1280 px; light, dark)
	@$(BIN)/python tests/e2e/screens.py

.PHONY: lock
lock: install ## Renew the hash-pinned requirements from requirements/*.in
	@for name in base production dev; do \
	  $(BIN)/uv pip compile -q --upgrade --generate-hashes --universal --python-version 3.11 \
	    --no-header --no-emit-index-url requirements/$$name.in -o requirements/$$name.txt; done

.PHONY: clean
clean: ## Remove the local database, media and caches (not .venv)
	@rm -rf var .mypy_cache .ruff_cache .pytest_cache .hypothesis

.PHONY: elasticsearch
elasticsearch: ## Start a test node of Elasticsearch on a free port, in the foreground; Ctrl-C ends it
	@bash .ci/elasticsearch run

.PHONY: postgres
postgres: ## Start a test PostgreSQL on a free port, in the foreground; Ctrl-C ends it
	@bash .ci/postgres run

.PHONY: production-check
production-check: install ## Run the hub as in production on loopback (nginx, gunicorn, PostgreSQL, Elasticsearch), ask everything, stop it
	@CHROMIUM=$$(bash .ci/services) $(BIN)/python docker/check/run.py
