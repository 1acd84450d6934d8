# The dev loop. `make` alone lists it. Needs python3 (3.11 or newer, with venv) and nothing else.
PY ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
UV_INSTALL := $(BIN)/uv pip install -q --compile-bytecode --python $(BIN)/python --require-hashes
PROCESSORS := $(shell getconf _NPROCESSORS_ONLN)
# Two more than there are processors: tests that wait for a browser or a process leave theirs to another.
# On SQLite hardly any test waits, and each worker has to start, collect and migrate.
WORKERS ?= $(shell expr $(PROCESSORS) + 2)

# Processes that tests start read compiled files, also where a machine's profile says to write none.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo up test fuzz proof check fmt messages browser gettext postgres cups

help: ## list what can be made
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: .venv/run ## the whole walk against a rehearsal of Azure (EXIT=1: stop after the table; PORT, DATA_DIR)
	$(BIN)/python -m demo $(if $(EXIT),--exit)

up: .venv/run ## run the console with its worker, clock and broker (PORT, DATA_DIR)
	$(BIN)/python manage.py up

test: check browser postgres cups ## the quick checks and the whole suite, the walk also on SQLite
	TEST_DATABASE=sqlite $(BIN)/python -m pytest -q -n $(PROCESSORS) --dist worksteal -m both_databases
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(ARGS)

fuzz: .venv/dev postgres ## hostile SCIM requests at random (N=100000, SEED=7)
	PROOF_ROUNDS=$(or $(N),20000) $(if $(SEED),PROOF_SEED=$(SEED)) $(BIN)/python -m pytest -v -m proof tests/scim_sync/hostile

proof: browser postgres cups ## the long proofs, one by one (PROOF_ROUNDS=1000, PROOF_SEED=7, ARGS="-k races")
	$(BIN)/python -m pytest -v -m proof $(ARGS)

check: .venv/dev gettext ## format, lint, types, imports, templates, settings, migrations, translations
	tools/check.sh

fmt: .venv/dev ## put code and templates in shape
	$(BIN)/ruff check -q --fix . ; $(BIN)/ruff format -q .
	$(BIN)/djlint --quiet --reformat templates || true

messages: .venv/dev gettext ## bring the translations in step with the sources and compile them
	$(BIN)/python -m tools.translations

browser: .venv/dev
	@tools/ensure-browser.sh

gettext:
	@tools/ensure-gettext.sh

postgres:
	@tools/ensure-postgres.sh

cups:
	@tools/ensure-cups.sh

# Stamps: installing again happens only when a requirements file changed. Byte-compiling halves every start.
.venv/run: requirements.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed: make PY=python3.12 …' >&2; exit 1; }
	@$(PY) -c 'import ensurepip, venv' || { echo "$(PY) has no venv module: apt-get install python3-venv (or your system's package of that name)" >&2; exit 1; }
	$(PY) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV_VERSION)
	$(UV_INSTALL) -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	$(UV_INSTALL) -r requirements-dev.txt
	@touch $@
