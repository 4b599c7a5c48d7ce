# One command a verb. `make run` and `make test` set up all they need; they want Python 3.11+ and nothing else.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
EDITOR := $(wildcard editor/*.* editor/src/*)

# Compiled modules are kept, whatever the shell says: the tests start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-heavy test-all tools check bench bench-serving lock clean

run: $(VENV)/run.stamp
	@$(BIN)/carekg serve --port $(PORT)

test: $(VENV)/dev.stamp
	$(BIN)/pytest -m "not heavy" -n auto --dist loadfile --no-loadscope-reorder

test-heavy: $(VENV)/heavy.stamp tools
	$(BIN)/pytest -m heavy -n 2 --dist loadfile

test-all: test test-heavy

# What the heavy tests use beside Python; all else they get for themselves, below .cache/.
tools:
	@command -v mvn >/dev/null || { echo "Installing Maven ..."; apt-get update -qq && apt-get install -qq -y maven; } || \
	  { echo "The heavy tests need Maven (mvn): install it and run them again." >&2; exit 1; }
	@{ command -v soffice && command -v pdftotext; } >/dev/null || { echo "Installing LibreOffice ..."; \
	  apt-get update -qq && apt-get install -qq -y --no-install-recommends libreoffice-calc-nogui \
	  libreoffice-writer-nogui poppler-utils; } || \
	  { echo "The heavy tests need LibreOffice (soffice) and Poppler (pdftotext): install them and run them again." >&2; \
	  exit 1; }
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || \
	  { echo "Installing Chromium ..."; apt-get update -qq && apt-get install -qq -y chromium; } || \
	  { echo "The heavy tests need Chromium: install it and run them again." >&2; exit 1; }
	@command -v Rscript >/dev/null || { echo "Installing R ..."; apt-get update -qq && \
	  apt-get install -qq -y --no-install-recommends r-base-core; } || \
	  { echo "The heavy tests need R (Rscript): install it and run them again." >&2; exit 1; }

check: $(VENV)/dev.stamp
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/carekg check

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks

# Serving under load, beside other servers; takes wrk, and cargo and clang for Oxigraph's own server.
bench-serving: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks.serving

# The versions that everything was tested with; the build repeats with them.
lock: $(VENV)/dev.stamp
	$(BIN)/pip install --quiet --upgrade --upgrade-strategy eager -e '.[dev,heavy]'
	$(BIN)/pip freeze --exclude-editable --exclude carekg > constraints.txt

clean:
	rm -rf $(VENV) dist build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "carekg needs Python 3.11 or newer; name one with: make PYTHON=python3.12" >&2; exit 1; }
	@echo "Setting up $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: $(VENV)/bin/python pyproject.toml constraints.txt $(EDITOR)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/bin/python pyproject.toml constraints.txt $(EDITOR)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@ $(VENV)/run.stamp

$(VENV)/heavy.stamp: $(VENV)/bin/python pyproject.toml constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,heavy]'
	@touch $@ $(VENV)/run.stamp $(VENV)/dev.stamp
