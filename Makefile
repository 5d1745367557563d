# make run   the main job: all designs of config/config.yaml, in results/
# make new   a configuration of your own, from a few questions, and a check of it
# make archive  the run and all that it takes to check and repeat it in one file, results.crate.zip (docs/archive.md)
# make validate-archive  the same, checked by the validator of such archives, from .venv-validator (needs network)
# make test  the tests: some 12 minutes on two cores; make test-fast a part of two minutes, make test-long the rest
# make env   only the environment, .venv
# make site  the documentation as a site, results/site/index.html, from .venv-site
# make notebook  the tutorial's notebook run in Jupyter's way, results/tutorial.ipynb; the kernel is .venv-site/bin/python
# make outputs  what the Python of pages and of the notebook prints, written beside it
# make slurm what profiles/slurm needs beside the environment, into .venv (docs/snakemake.md)
# make peers docs/comparison.md anew: StrainDesign beside Knockflow, from .venv-peers
# make bench docs/scale.md anew, its first part: seconds and memory on genome-scale models (20 minutes, and up to an hour more for four removals)
# make bench-peers  its second part: StrainDesign and COBRApy beside Knockflow (hours; goes on where it was stopped)
# make bench-benders  docs/benders.md anew: classic and Pareto-optimal cuts (two hours; goes on where it was stopped)
# make lock  new pins from requirements.in (needs uv)

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
INSTALL := $(BIN)/python workflow/install.py
VALIDATOR := .venv-validator
VALIDATOR_READY := $(VALIDATOR)/.ready
VALIDATOR_LOCK := tests/benchmarks/requirements-validator.lock
SLURM_LOCK := profiles/slurm/requirements.lock
PEERS := .venv-peers
PEERS_READY := $(PEERS)/.ready
PEERS_LOCK := tests/benchmarks/requirements-peers.lock
SITE := .venv-site
SITE_READY := $(SITE)/.ready
BENCH := results/benchmarks
UV := uv pip compile --quiet --no-header --universal --no-strip-extras --generate-hashes --python-version 3.11 --no-emit-index-url

# Two workers; whole files, since tests of a file share a run. The longest files come first, so that none waits for one.
WORKERS := -n 2 --dist loadfile --no-loadscope-reorder
FOLDERS := tests/workflow tests/oracle tests/unit tests/contract tests/benchmarks

# Without byte code every stage would start three times slower.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: docs site notebook outputs pictures new run archive validate-archive slurm test test-fast test-long env lint format lock peers bench bench-peers bench-benders

run: $(READY)
	@$(BIN)/python workflow/run.py

archive: $(READY)
	@$(BIN)/python workflow/run.py archive

validate-archive: archive $(VALIDATOR_READY)
	$(VALIDATOR)/bin/rocrate-validator -y validate --profile-identifier workflow-run-crate-0.5 results.crate.zip

new: $(READY)
	@$(BIN)/python -m knockflow new

test: $(READY)
	$(BIN)/python -m pytest $(WORKERS) $(FOLDERS)

test-fast: $(READY)
	$(BIN)/python -m pytest $(WORKERS) -m fast

docs: $(READY)
	$(BIN)/python workflow/document.py
	$(BIN)/python workflow/typed.py

outputs: $(READY)
	$(BIN)/python workflow/page_code.py

site: $(SITE_READY)
	NO_MKDOCS_2_WARNING=1 $(SITE)/bin/mkdocs build --strict --quiet
	@echo 'The site is results/site/index.html; its search needs a server: python3 -m http.server -d results/site'

notebook: $(SITE_READY)
	@mkdir -p results
	$(SITE)/bin/jupyter execute --output=$(CURDIR)/results/tutorial.ipynb docs/tutorial.ipynb

pictures: $(READY)
	$(BIN)/python tests/benchmarks/pictures.py

test-long: $(READY)
	$(BIN)/python -m pytest -m long
	KNOCKFLOW_EXAMPLES=10 $(BIN)/python -m pytest -m property

peers: $(READY) $(PEERS_READY)
	KNOCKFLOW_PEERS=$(PEERS)/bin/python $(BIN)/python tests/benchmarks/compare_straindesign.py

bench: $(READY)
	rm -f $(BENCH)/scale.jsonl
	$(BIN)/python tests/benchmarks/scale.py --results $(BENCH)/scale.jsonl
	$(BIN)/python tests/benchmarks/scale.py --results $(BENCH)/scale.jsonl --write

bench-peers: $(READY) $(PEERS_READY)
	KNOCKFLOW_PEERS=$(PEERS)/bin/python $(BIN)/python tests/benchmarks/scale_peers.py --results $(BENCH)/peers.jsonl
	$(BIN)/python tests/benchmarks/scale_peers.py --results $(BENCH)/peers.jsonl --write

bench-benders: $(READY)
	$(BIN)/python tests/benchmarks/benders.py --results $(BENCH)/benders.jsonl
	$(BIN)/python tests/benchmarks/benders.py --results $(BENCH)/benders.jsonl --write

env: $(READY)

lint: $(READY)
	$(BIN)/python -m pytest tests/contract

format: $(READY)
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .
	$(BIN)/snakefmt Snakefile workflow

# A lock older than Python's newest release may lack its wheels; 3.11 to 3.13 are tested.
$(READY): requirements.lock requirements-build.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	|| { echo 'Knockflow needs Python 3.11 or newer; name one: make PYTHON=python3.12' >&2; exit 1; }
	@echo 'Making the environment .venv: about 1 GB, about two minutes.'
	@rm -rf .venv
	@$(PYTHON) -m venv .venv
	@$(INSTALL) --require-hashes -r requirements-build.lock
	@$(INSTALL) --require-hashes --no-build-isolation -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
	@echo 'The environment .venv is ready.'

slurm: $(READY)
	@$(INSTALL) --require-hashes -r $(SLURM_LOCK)

$(VALIDATOR_READY): $(VALIDATOR_LOCK)
	rm -rf $(VALIDATOR)
	$(PYTHON) -m venv $(VALIDATOR)
	$(VALIDATOR)/bin/pip install --quiet --require-hashes -r $(VALIDATOR_LOCK)
	touch $@

$(PEERS_READY): $(PEERS_LOCK) requirements-build.lock
	rm -rf $(PEERS)
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --require-hashes -r requirements-build.lock
	$(PEERS)/bin/pip install --quiet --require-hashes --no-build-isolation -r $(PEERS_LOCK)
	touch $@

# It sees the packages of .venv, whose versions its own lock has where both need one.
$(SITE_READY): requirements-site.lock $(READY)
	rm -rf $(SITE)
	$(BIN)/python -m venv $(SITE)
	$(SITE)/bin/pip install --quiet --require-hashes -r requirements-site.lock
	$(BIN)/python workflow/see_packages.py $(SITE)
	touch $@

lock:
	$(UV) requirements.in -o requirements.lock
	$(UV) requirements-build.in -o requirements-build.lock
	$(UV) --constraint requirements.lock requirements-site.in -o requirements-site.lock
	$(UV) profiles/slurm/requirements.in -o $(SLURM_LOCK)
	$(UV) tests/benchmarks/requirements-peers.in -o $(PEERS_LOCK)
	$(UV) tests/benchmarks/requirements-validator.in -o $(VALIDATOR_LOCK)
