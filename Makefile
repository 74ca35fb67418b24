# `make help` lists the targets.

VENV    ?= .venv
PORT    ?= 8501
ADDRESS ?= localhost
NO_BROWSER := $(if $(filter 1 true yes,$(HEADLESS)),--server.headless true)

BIN := $(VENV)/bin
RUN := $(VENV)/.installed-run
DEV := $(VENV)/.installed-dev
# Outlives an attempt that did not finish; what such an attempt left is made afresh.
UNFINISHED := $(VENV)/.unfinished

# Without bytecode files, importing TensorFlow takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

# On all cores, which takes half of pip's time; some packages carry files that no Python compiles.
COMPILE = -@$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib/python*/site-packages

# $(call version,PYTHON,MODULE): 3.12, or nothing where that Python will not do. It has to be run
# to know: a version manager's shim can be on PATH and fail, and some systems split ensurepip off.
version = $(shell "$(1)" -c 'import sys, venv, $(2); v = sys.version_info; \
	print("%d.%d" % v[:2] if (3, 11) <= v[:2] <= (3, 13) else "")' 2>/dev/null)
usable = $(if $(call version,$(1),ensurepip),$(1))

HAVE := $(if $(wildcard $(UNFINISHED)),,$(call version,$(BIN)/python,pip))
ifeq ($(origin PYTHON),undefined)
PYTHON := $(if $(HAVE),$(BIN)/python,$(or $(call usable,python3.13),$(call usable,python3.12),\
	$(call usable,python3.11),$(call usable,python3)))
endif
WANT := $(call version,$(PYTHON),ensurepip)

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench bench-quick reproduce clean FORCE

help:
	@echo 'make run     start the app  (PORT=8501  ADDRESS=localhost  HEADLESS=1: open no browser)'
	@echo 'make test    all tests; those that drive the page need Chromium'
	@echo 'make lint    ruff and mypy, changing nothing'
	@echo 'make format  let ruff rewrite the sources'
	@echo 'make bench   the benchmark, about seven minutes; make bench-quick: two networks, about one'
	@echo '             (with pip install torch next to PyTorch, too)'
	@echo 'make reproduce   published results, run again and put next to the published figures,'
	@echo '             about 25 minutes; ONLY="shampoo adding" runs those alone'
	@echo 'make clean   remove the virtual environment and the caches'
	@echo 'PYTHON=python3.12 chooses the interpreter, 3.11 to 3.13; VENV=.venv the environment.'

run: $(RUN)
	$(BIN)/python -m streamlit run app.py --server.address $(ADDRESS) --server.port $(PORT) $(NO_BROWSER)

# Those that drive a browser have the machine to themselves.
test: $(DEV)
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --ignore tests/browser
	$(BIN)/python -m pytest tests/browser

lint: $(DEV)
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy rnn_core

format: $(DEV)
	$(BIN)/python -m ruff check --fix .
	$(BIN)/python -m ruff format .

bench: $(RUN)
	$(BIN)/python -m rnn_core.bench

bench-quick: $(RUN)
	$(BIN)/python -m rnn_core.bench --quick

reproduce: $(RUN)
	$(BIN)/python -m rnn_core.reproduce $(ONLY)

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	rm -rf tests/browser/.screenshots
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUN): pyproject.toml
	$(call install,.)
	@touch $@

$(DEV): pyproject.toml
	$(call install,.[dev])
	@touch $@ $(RUN)

ifneq ($(HAVE),$(WANT))
$(RUN) $(DEV): FORCE
endif

define install
$(if $(WANT),,$(error Needs Python 3.11, 3.12 or 3.13 with its venv module (on Debian: \
	python3-venv); name one with PYTHON=... Received: "$(PYTHON)"))
$(if $(filter $(WANT),$(HAVE)),,rm -rf $(VENV) && mkdir -p $(VENV) && touch $(UNFINISHED) && \
	"$(PYTHON)" -m venv $(VENV))
@touch $(UNFINISHED)
$(BIN)/python -m pip install --no-compile --editable '$(1)'
$(COMPILE)
@rm $(UNFINISHED)
endef
