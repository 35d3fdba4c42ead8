# Everything starts from here. `make demo` and `make test` need Python 3.10 or
# newer and make, nothing else; the other targets say what they miss.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:
.SUFFIXES:

# Where the environment is made, and with which Python (the first that fits when empty).
VENV ?= .venv
PYTHON ?=
# Where the demo is served.
HOST ?= 127.0.0.1
PORT ?= 8000
# More arguments for pytest, such as ARGS="tests/test_shelf.py -k secret".
ARGS ?=

BIN := $(VENV)/bin

# A stamp per extra of setup.cfg says that it is installed. A stamp is older than
# setup.cfg where the dependencies changed, and void where the interpreter it was
# installed for is gone.
STAMP := $(VENV)/.installed-
BROKEN := $(if $(wildcard $(VENV)),$(shell $(BIN)/python -c 'import pip' >/dev/null 2>&1 || echo void))
DRIVER := $(if $(filter postgres% pgsql%,$(DATABASE_URL)),$(STAMP)postgres,$(if $(filter mysql%,$(DATABASE_URL)),$(STAMP)mysql))

.PHONY: help void demo demo-cached demo-data demo-reset test test-browser test-concurrency test-custom-user test-docs test-all test-wheel
.PHONY: coverage test-nginx test-workers api-snapshots
.PHONY: lint lint-python lint-types lint-templates lint-css format messages compilemessages docs bench screenshots clean

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' Makefile

# ----------------------------------------------------------------- environment

define make_environment
@set -eu; \
if $(BIN)/python -c 'import pip' >/dev/null 2>&1; then exit 0; fi; \
python='$(PYTHON)'; \
for candidate in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
  [ -z "$$python" ] || break; \
  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then python=$$candidate; fi; \
done; \
if [ -z "$$python" ]; then \
  echo 'Python 3.10 or newer was not found. Install it, or name it: make PYTHON=/path/to/python3 ...' >&2; exit 1; \
fi; \
if ! "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then \
  echo "$$python can't be run, or is older than Python 3.10." >&2; exit 1; \
fi; \
if ! "$$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
  echo "$$python can't make environments: its venv or ensurepip module is missing." >&2; \
  echo 'On Debian and Ubuntu: apt-get install python3-venv. Or name another Python: make PYTHON=/path/to/python3 ...' >&2; exit 1; \
fi; \
echo "Making $(VENV) with $$("$$python" --version)"; \
if ! "$$python" -m venv --clear '$(VENV)' || ! $(BIN)/python -m pip --version >/dev/null; then \
  echo "$$python could not make a working environment in $(VENV); the lines above say why." >&2; rm -rf '$(VENV)'; exit 1; \
fi
endef

$(STAMP)%: setup.cfg pyproject.toml $(BROKEN)
	$(make_environment)
	@echo "Installing wagtail-gamification[$*]"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]' || \
	  { echo 'Installing failed; the lines above say why. pip needs a package index that it can reach.' >&2; exit 1; }
	@touch $@

.PRECIOUS: $(STAMP)%

void:

# ------------------------------------------------------------------------ demo

# The demo is always on SQLite, whatever database the tests are sent to.
SANDBOX := env -u DATABASE_URL -u SANDBOX_DATA $(BIN)/python sandbox/manage.py
SANDBOX_DATABASE := sandbox/db.sqlite3
SANDBOX_MEDIA := sandbox/media sandbox/imports

demo: demo-data ## Serve the sandbox on SQLite (HOST=, PORT=); keeps its data
	@echo
	@echo 'The site:     http://$(HOST):$(PORT)/'
	@echo 'The CMS:      http://$(HOST):$(PORT)/admin/'
	@$(SANDBOX) demo_logins
	@echo
	@exec $(SANDBOX) runserver --noreload $(HOST):$(PORT)

# As `demo`, with nginx in front of it at port 8080, where the noticeboard is kept.
demo-cached: demo-data ## Serve the sandbox behind nginx as a cache, at port 8080
	@command -v nginx >/dev/null || { echo 'nginx is missing; install it first.' >&2; exit 1; }
	@mkdir -p sandbox/nginx
	@nginx -p sandbox/nginx/ -c $(abspath sandbox/nginx.conf) && trap 'kill $$(cat sandbox/nginx/nginx.pid)' EXIT INT TERM; \
	echo; \
	echo 'The site behind a cache: http://127.0.0.1:8080/noticeboard/ (X-Cache says HIT where it was kept)'; \
	$(SANDBOX) demo_logins; \
	$(SANDBOX) runserver --noreload 127.0.0.1:8000

# Loading writes into the database in many steps, so the file alone doesn't say
# that it came to its end: the stamp does.
demo-data: $(STAMP)sandbox
	@if [ -e $(SANDBOX_DATABASE) ] && [ -e $(SANDBOX_DATABASE).loaded ]; then \
	  $(SANDBOX) migrate --verbosity 0; \
	  if [ wagtail_gamification/migrations/0001_initial.py -nt $(SANDBOX_DATABASE).loaded ]; then \
	    echo 'The models changed since the data was loaded. If a page fails: make demo-reset'; \
	  fi; \
	else \
	  rm -rf $(SANDBOX_DATABASE) $(SANDBOX_DATABASE).loaded $(SANDBOX_MEDIA) && \
	  echo 'Making the database' && $(SANDBOX) migrate --verbosity 0 && \
	  $(SANDBOX) load_demo && touch $(SANDBOX_DATABASE).loaded; \
	fi

demo-reset: ## Throw the demo's data away and load it again
	@rm -rf $(SANDBOX_DATABASE) $(SANDBOX_DATABASE).loaded $(SANDBOX_MEDIA)
	@$(MAKE) --no-print-directory demo-data

# ----------------------------------------------------------------------- tests

PYTEST := $(BIN)/python -m pytest

test: $(STAMP)test $(DRIVER) ## Run the tests (DATABASE_URL=, ARGS=)
	$(PYTEST) --numprocesses auto --dist loadfile $(ARGS)

# It takes twice the time, so it isn't what everybody runs.
coverage: $(STAMP)test $(DRIVER) ## Run the tests and fail below the branch coverage that pyproject.toml asks for
	$(PYTEST) --numprocesses auto --dist loadfile --cov

test-custom-user: $(STAMP)test $(DRIVER) ## Run the tests of a site with a user model of its own
	$(PYTEST) --ds=tests.settings_custom_user tests/customuser $(ARGS)

test-concurrency: $(STAMP)test $(STAMP)postgres ## Run what happens at once, on PostgreSQL (DATABASE_URL=)
	@case "$$DATABASE_URL" in postgres*) ;; *) \
	  echo 'These tests need PostgreSQL: DATABASE_URL=postgres://user:password@host/name make test-concurrency' >&2; exit 1;; esac
	$(PYTEST) -m concurrency --numprocesses auto tests/concurrency $(ARGS)

# In a shell of its own for each backend: settings are read once.
test-workers: $(STAMP)test $(STAMP)postgres $(STAMP)workers ## Run imports and events by background workers, on PostgreSQL and Redis (DATABASE_URL=)
	@case "$$DATABASE_URL" in postgres*) ;; *) \
	  echo 'These tests need PostgreSQL: DATABASE_URL=postgres://user:password@host/name make test-workers' >&2; exit 1;; esac
	TASKS_BACKEND=db $(PYTEST) --ds=tests.settings_workers -m workers tests/workers/test_workers.py $(ARGS)
	TASKS_BACKEND=rq $(PYTEST) --ds=tests.settings_workers -m workers tests/workers $(ARGS)

test-browser: $(STAMP)test $(STAMP)browser ## Run the tests that drive Chromium
	$(PYTEST) -m browser --numprocesses auto tests/browser $(ARGS)

api-snapshots: $(STAMP)test $(DRIVER) ## Write what the API answers into tests/api again, after it was changed
	UPDATE_SNAPSHOTS=1 $(PYTEST) tests/api/test_snapshots.py $(ARGS)

test-nginx: $(STAMP)test $(DRIVER) ## Serve pages from the cache of nginx, and look who sees what
	$(PYTEST) -m nginx tests/nginx $(ARGS)

test-wheel: $(STAMP)test $(STAMP)packaging ## Build sdist and wheel, and render a shelf from the wheel
	$(PYTEST) -m packaging tests/packaging $(ARGS)

test-docs: $(STAMP)test $(STAMP)browser $(STAMP)docs $(STAMP)packaging ## Build the documentation and follow the tutorial
	$(PYTEST) -m docs tests/docs $(ARGS)

# The highest Python that is here of those that the newest versions support.
# pyenv keeps its Pythons where tox doesn't look, so they are added to the path.
test-all: $(STAMP)matrix ## Run lowest and highest supported versions on three databases (ENVS=)
	@if command -v pyenv >/dev/null 2>&1; then \
	  for bin in "$$(pyenv root)"/versions/*/bin; do PATH="$$PATH:$$bin"; done; \
	fi; export PATH; \
	high=py313; \
	IFS=:; for bin in $$PATH; do if "$$bin/python3.14" -c '' >/dev/null 2>&1; then high=py314; fi; done; unset IFS; \
	envs='$(ENVS)'; \
	for database in sqlite postgres mariadb; do \
	  [ -n '$(ENVS)' ] || envs="$$envs$${envs:+,}py310-lowest-$$database,$$high-highest-$$database"; \
	done; \
	$(abspath $(BIN))/tox run -e "$$envs" $(if $(ARGS),-- $(ARGS))

# ------------------------------------------------------------------------ lint

PYTHON_SOURCES := .ci $(wildcard wagtail_gamification tests sandbox benchmarks docs)
TEMPLATES = $(shell find templates sandbox tests -name '*.html' -not -path '*/node_modules/*' 2>/dev/null)
STYLESHEETS = $(shell find static sandbox -name '*.css' -not -path '*/static-root/*' 2>/dev/null)

lint: lint-python lint-types lint-templates lint-css ## Check style, types, templates and stylesheets

lint-python: $(STAMP)lint
	$(BIN)/ruff check $(PYTHON_SOURCES)
	$(BIN)/ruff format --check $(PYTHON_SOURCES)

# The plugin for Django imports the test settings, so the tests' dependencies are needed too.
lint-types: $(STAMP)lint $(STAMP)test
	env -u DATABASE_URL $(BIN)/mypy

lint-templates: $(STAMP)lint
	@[ -n '$(TEMPLATES)' ] || { echo 'No template was found.' >&2; exit 1; }
	$(BIN)/djhtml --check --tabwidth 4 $(TEMPLATES)

lint-css: node_modules/.installed
	@[ -n '$(STYLESHEETS)' ] || { echo 'No stylesheet was found.' >&2; exit 1; }
	node_modules/.bin/stylelint --max-warnings 0 $(STYLESHEETS)

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null 2>&1 || { echo 'The stylesheets are checked by stylelint, which needs Node.js 18 or newer with npm.' >&2; exit 1; }
	npm ci --no-audit --no-fund --loglevel error
	@touch $@

format: $(STAMP)lint ## Put Python, templates and (after make lint) stylesheets into the project's format
	$(BIN)/ruff check --fix $(PYTHON_SOURCES)
	$(BIN)/ruff format $(PYTHON_SOURCES)
	$(if $(TEMPLATES),$(BIN)/djhtml --tabwidth 4 $(TEMPLATES))
	$(if $(wildcard node_modules/.installed),node_modules/.bin/stylelint --fix $(STYLESHEETS))

# ---------------------------------------------------------------- translations

# Both need GNU gettext. Neither line numbers nor the time of gathering are kept: they
# would change with every commit, and a translation with none of them.
TRANSLATED := wagtail_gamification sandbox/learning

messages: $(STAMP)test ## Gather what is to be translated into the locale/*.po files
	@set -e; for app in $(TRANSLATED); do \
	  (cd $$app && $(abspath $(BIN))/python -m django makemessages --all --symlinks --add-location file --no-obsolete); \
	  for file in $$app/locale/*/LC_MESSAGES/django.po; do \
	    sed '/^"POT-Creation-Date: /d' $$file > $$file.new; mv $$file.new $$file; \
	  done; \
	done

compilemessages: $(STAMP)test ## Compile the translations into the locale/*.mo files that are read
	@set -e; for app in $(TRANSLATED); do \
	  (cd $$app && $(abspath $(BIN))/python -m django compilemessages); \
	done

# ------------------------------------------- documentation, pictures, benchmarks

docs: $(STAMP)docs ## Build the documentation into docs/_build/html
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --builder html docs docs/_build/html
	@echo 'Open docs/_build/html/index.html'

bench: $(STAMP)test $(DRIVER) ## Run every benchmark (DATABASE_URL=)
	$(BIN)/python -m benchmarks all $(ARGS)

screenshots: $(STAMP)sandbox $(STAMP)browser ## Make the pictures of the documentation again
	$(BIN)/python docs/screenshots.py $(ARGS)

clean: ## Remove environments, builds and caches; keeps the demo's data
	rm -rf $(VENV) .tox build dist docs/_build node_modules htmlcov .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache *.egg-info
