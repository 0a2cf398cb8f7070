# One command for everything: the first call of report, test, verify, lab, lock, lint or bench sets braid up in .venv.
.DEFAULT_GOAL := help
.PHONY: help report test verify lab lock lint bench clean always

COHORT ?= demo
PYTHON ?= python3
BIN    := $(if $(filter Windows_NT,$(OS)),.venv/Scripts,.venv/bin)
READY  := .venv/ready

# A mark that names another folder (a copied .venv), or a Python that is gone: set_up.py has to look.
LOOK := $(if $(realpath $(BIN)/python $(BIN)/python.exe),$(shell grep -qsxF "$$(pwd -P)" $(READY) || echo always),always)

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1#\2/p' Makefile | awk -F'#' '{ printf "%-14s %s\n", $$1, $$2 }'

report: $(READY) ## Make the report of a cohort: make report COHORT=demo
	$(BIN)/braid run '$(COHORT)'

test: $(READY) ## Run the tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

verify: $(READY) ## Check a report against its data and notebooks: make verify COHORT=demo
	$(BIN)/braid verify '$(COHORT)'

lab: $(READY) ## Open the notebooks in JupyterLab
	$(BIN)/braid lab

lock: $(READY) ## Write the lock files from pyproject.toml (newest versions: make lock LOCK=--upgrade)
	$(BIN)/python analysis/set_up.py $(or $(LOCK),--lock)

lint: $(READY) ## Check style and types
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

bench: $(READY) ## Measure how fast braid is here, and write it into the README (45 minutes, on a quiet machine)
	$(BIN)/python -m tests.benchmark

clean: ## Delete what the notebooks wrote and what tools keep for themselves; reports and .venv stay
	rm -rf data_processed/*/ .pytest_cache .mypy_cache .ruff_cache .hypothesis .quarto .snakemake

$(READY): requirements.lock requirements-quarto.lock requirements-cluster.lock pyproject.toml analysis/set_up.py $(LOOK)
	@$(PYTHON) analysis/set_up.py
