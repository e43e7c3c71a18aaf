# The commands of the house; each one installs what it needs on first use.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
OUT ?= out/demo
# Threads that spin for long make torch many times slower where cores are shared (see ui/cli/app.py).
export GOMP_SPINCOUNT ?= 10000

# Debian's Chromium, or another that CHROMIUM names; it is installed for the browser tests only.
CHROMIUM ?= /usr/bin/chromium
export CHROMIUM
BROWSER_READY := $(VENV)/.browser-ready

.PHONY: help install ui demo test test-browser check format bench maquette licences clean

help:
	@echo "make ui       the page, on this computer: http://127.0.0.1:7860"
	@echo "make demo     brief to checked shots, into $(OUT)"
	@echo "make test     the whole test suite, offline, no GPU"
	@echo "make test-browser   the page in a real Chromium"
	@echo "make check    format, lint, types, import rules, then the tests"
	@echo "make bench    measured ratios against the plain way of doing the same"
	@echo "make licences writes docs/licences.md from the installed packages"
	@echo "make maquette FROM=dir   replace the embedded base by other weights"

install: $(READY)

# torch first and exactly: its own CPU or CUDA packages come with it; the rest is pinned without resolution.
$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV) || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

ui: $(READY)
	$(BIN)/samecast ui

demo: $(READY)
	$(BIN)/samecast demo --out $(OUT)

# A file's tests stay together, so that what they share is made once; one thread each, a process a core.
test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

$(BROWSER_READY): $(READY)
	@test -x "$(CHROMIUM)" || { apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium; }
	@touch $@

test-browser: $(BROWSER_READY)
	$(BIN)/python -m pytest -m browser tests/browser

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

bench: $(READY)
	$(BIN)/python -m bench

maquette: $(READY)
	@test -n "$(FROM)" || { echo "say where the new weights are: make maquette FROM=dir"; exit 2; }
	$(BIN)/samecast base maquette --from "$(FROM)"

licences: $(READY)
	$(BIN)/python -m docs.licences

clean:
	rm -rf out .mypy_cache .ruff_cache .pytest_cache .hypothesis
