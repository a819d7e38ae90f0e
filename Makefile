# Everything a developer, a visitor and the build machine type. `make` alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help .venv demo test test-long lint screenshots bench lock

PYTHON ?=
RUN := .venv/bin/python
PARALLEL := --numprocesses auto --maxprocesses 4 --dist worksteal
ARGS ?=

help: ## list the targets
	@sed -n 's/^\([.a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

# Made anew only when the pinned list differs from the one that it was made from.
.venv: ## the environment alone, from the pinned list
	@if cmp -s requirements/dev.txt .venv/pinned.txt; then exit 0; fi; \
	for python in $(PYTHON) python3.11 python3.12 python3.13 python3.14 python3 ""; do \
	    [ -n "$$python" ] || break; \
	    if "$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then break; fi; \
	done; \
	if [ -z "$$python" ]; then \
	    found=$$(python3 --version 2>/dev/null) || found='no Python 3'; \
	    echo "SuiteSync needs Python 3.11 or newer with its venv module, and found $$found." \
	        "Install one (on Debian: apt-get install python3.11-venv), or name it: make PYTHON=/path/to/python" >&2; \
	    exit 1; \
	fi; \
	echo "Making .venv with $$($$python --version) from requirements/dev.txt; this takes about a minute."; \
	"$$python" -m venv --clear .venv && \
	.venv/bin/pip install --disable-pip-version-check --no-input --quiet --require-hashes -r requirements/dev.txt && \
	cp requirements/dev.txt .venv/pinned.txt

demo: .venv ## the practice world, the console and the workers, with a sample company (ARGS=--once: settle, prove, stop)
	@exec $(RUN) manage.py demo $(ARGS)

test: .venv ## the whole suite on a PostgreSQL of its own, then the database part on SQLite
	$(RUN) -m pytest $(PARALLEL) $(ARGS)
	DATABASE_URL=sqlite:///tests.sqlite3 $(RUN) -m pytest $(PARALLEL) -m "sqlite and not long" $(ARGS)

test-long: .venv ## the tests that are too slow for every run
	$(RUN) -m pytest $(PARALLEL) -m long $(ARGS)

lint: .venv ## style, types, migrations and production settings
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	DJANGO_SETTINGS_MODULE=tests.settings $(RUN) manage.py makemigrations --check --dry-run
	ENV_FILE= LOCAL= DEBUG= SECURE_PROXY=true ALLOWED_HOSTS=suitesync.example \
	    DATABASE_URL=postgres://suitesync@localhost/suitesync \
	    $(RUN) manage.py check --deploy --fail-level WARNING

screenshots: .venv ## every page in light, dark and on a phone, in var/screenshots; and the README's picture
	$(RUN) -m tests.dashboard.screenshots var/screenshots

bench: .venv ## the benchmarks, each beside its limit or peer; also in bench.json
	@exec $(RUN) -m bench $(ARGS)

# A machine's own package sources are left out, so that the hashes are those of the public index.
lock: .venv ## pin every package anew, with hashes, from pyproject.toml
	@[ -x .venv-lock/bin/pip-compile ] || { $(RUN) -m venv .venv-lock && .venv-lock/bin/pip install --quiet pip-tools==7.6.2; }
	@set -e; export PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND='make lock'; \
	unset PIP_FIND_LINKS PIP_EXTRA_INDEX_URL; \
	compile='.venv-lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-emit-options'; \
	$$compile --extra dev --output-file requirements/dev.txt pyproject.toml; \
	$$compile --constraint requirements/dev.txt --output-file requirements/run.txt pyproject.toml
