# The two commands are `make run` and `make test`; both do all the set-up they need.
# Everything lands in .venv and in the models folder (AGENT_ASSIST_MODELS, default: your user data folder).

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
BENCHMARKS := $(subst /,.,$(basename $(sort $(wildcard tests/benchmarks/bench_*.py))))

.DEFAULT_GOAL := help
.PHONY: help setup install models system run test check unit e2e bench screenshots format clean

help:  ## show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: setup  ## open the window with the sample shop (headless where there is no display)
	@$(BIN)/agent-assist run --samples

test: setup check unit  ## everything CI runs: static checks, then all tests

setup: system install models  ## virtual environment, dependencies, starter models

install: $(STAMP)

$(STAMP): pyproject.toml
	@echo "== Installing dependencies into $(VENV) (llama-cpp-python compiles for about 4 minutes on 2 cores)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --upgrade pip
	@$(BIN)/python -m pip install --progress-bar on --editable '.[dev]'
	@touch $@

system:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || { \
	  echo "Python 3.11 or newer is needed; call make with PYTHON=/path/to/python3.11"; exit 1; }
	@sh resources/setup/system_libraries.sh

models: install
	@$(BIN)/agent-assist models build

check: install  ## formatting, lint, types, architecture
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

# Some hundred processes are started: where Python may keep no compiled modules, each would compile all of them anew.
unit: install models
	@$(BIN)/python -m compileall -q agent_assist models ui tests
	@QT_QPA_PLATFORM=offscreen $(BIN)/pytest -n logical --maxprocesses 4 --dist worksteal

e2e: setup  ## 20 tickets by real keys over the real models (needs Xvfb and xdotool)
	@command -v Xvfb >/dev/null && command -v xdotool >/dev/null || { \
	  echo "Install Xvfb and xdotool first (Debian/Ubuntu: sudo apt-get install xvfb xdotool; ibus ibus-libpinyin dbus for pinyin)"; exit 1; }
	@AGENT_ASSIST_E2E=1 $(BIN)/pytest tests/e2e/test_keyboard.py -s

bench: setup  ## every benchmark, one after the other
	@for name in $(BENCHMARKS); do echo "== $$name"; QT_QPA_PLATFORM=offscreen $(BIN)/python -m $$name || exit 1; done

screenshots: setup  ## pictures of the window into OUT=DIR
	@QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.e2e.screenshots $(or $(OUT),build/screenshots)

format: install  ## format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean:  ## remove what was built here (profiles and models stay)
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
