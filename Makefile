# Every command sets up what it needs first; nothing outside this folder is touched.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# two workers for two cores; a file stays whole, since its tests share what is costly to make
PYTEST := $(BIN)/python -m pytest -q -n 2 --dist loadfile
UV     := $(BIN)/uv pip install --quiet --python $(BIN)/python

# the extension is built where Node 20 or newer is; everything else does without
NODE_MAJOR := $(shell node -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0)
HAS_NODE   := $(shell [ $(NODE_MAJOR) -ge 20 ] && echo yes)
NO_NODE    := needs Node 20 or newer, and there is none

MANIFEST    := dbt_project/target/manifest.json
DBT_SOURCES := $(shell find dbt_project -path dbt_project/target -prune -o \
                 \( -name '*.sql' -o -name '*.yml' \) -print)

export DO_NOT_TRACK := 1
export DAGSTER_DISABLE_TELEMETRY := yes
export GX_ANALYTICS_ENABLED := false

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run extension test test-extension test-fast test-all lint lint-extension \
        format bench lock clean

help: ## what can be made here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/uv: requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	  || { echo "HEAT needs Python 3.11, 3.12 or 3.13; say which: make $(MAKECMDGOALS) PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
	  -r requirements-bootstrap.lock
	@touch $@

$(VENV)/installed: $(BIN)/uv requirements.lock pyproject.toml
	$(UV) --require-hashes -r requirements.lock
	$(UV) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed requirements-dev.lock
	$(UV) --require-hashes -r requirements-dev.lock
	@touch $@

$(MANIFEST): $(VENV)/installed $(DBT_SOURCES)
	$(BIN)/dbt --quiet parse --no-partial-parse --project-dir dbt_project --profiles-dir dbt_project
	@touch $@

setup: $(MANIFEST) ## virtual environment, locked dependencies, dbt manifest
	@true

setup-dev: setup $(VENV)/installed-dev

run: setup ## the demo company, populated, at three addresses (Ctrl-C ends it)
	$(BIN)/heat up --demo

extension/node_modules: extension/package-lock.json
	cd extension && npm ci --silent
	@touch $@

extension: $(if $(HAS_NODE),extension/node_modules) ## the browser extension: dist/chrome, dist/firefox and a zip of each
	@$(if $(HAS_NODE),cd extension && npm run --silent build,echo "the extension $(NO_NODE)"; exit 1)

test: setup-dev test-extension ## all tests but the slow ones (under 10 minutes)
	$(PYTEST) -m "not slow"

test-extension: $(if $(HAS_NODE),extension/node_modules)
	@$(if $(HAS_NODE),cd extension && npm test --silent,echo "skipped the extension's own tests: it $(NO_NODE)")

test-fast: setup-dev ## what takes under a minute: no browser, no pipeline, no processes
	$(PYTEST) -m "not slow and not browser and not pipeline and not process"

test-all: setup-dev test-extension ## every test, the slow ones too (under 40 minutes)
	$(PYTEST)

lint: setup-dev lint-extension ## ruff, mypy, import-linter, sqlfluff, dbt's warnings, notebooks, the extension
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	cd dbt_project && ../$(BIN)/sqlfluff lint --disable-progress-bar models tests macros
	$(BIN)/dbt --quiet --warn-error parse --no-partial-parse --target-path target/lint \
	  --project-dir dbt_project --profiles-dir dbt_project
	$(BIN)/nbstripout --verify notebooks/*.ipynb

lint-extension: $(if $(HAS_NODE),extension/node_modules)
	@$(if $(HAS_NODE),cd extension && npm run --silent lint,echo "skipped linting the extension: it $(NO_NODE)")

format: setup-dev ## let the formatters have their way
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/nbstripout notebooks/*.ipynb

bench: setup-dev ## speed and memory: a table, and JSON in tests/bench/results
	$(BIN)/python tests/bench

lock: $(BIN)/uv ## resolve the dependencies again
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url requirements-bootstrap.in -o requirements-bootstrap.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras \
	  --no-header --no-emit-index-url --extra encryption pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-strip-extras \
	  --no-header --no-emit-index-url --extra encryption --extra dev -c requirements.lock \
	  pyproject.toml -o requirements-dev.lock

clean: ## remove all that was installed or built here, and the demo home
	rm -rf $(VENV) dbt_project/target dbt_project/logs data/home tests/screenshots \
	  tests/bench/results extension/node_modules extension/dist
