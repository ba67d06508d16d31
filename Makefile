# Two commands: `make run` starts Relais, `make test` proves it. Everything they install stays in .venv/.

PORT ?= 8000
RELAIS_HOME ?= ./var
export PORT RELAIS_HOME

.DEFAULT_GOAL := help
.PHONY: help run test proof journeys guide lint format bench lock catalogues clean

help: ## Say what each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Start Relais on PORT (8000), with everything it writes under RELAIS_HOME (./var)
	@scripts/environment.sh run
	@scripts/catalogues.sh
	@exec scripts/run.sh

test: ## Run every test, after installing what they need
	@scripts/environment.sh test
	@scripts/services.sh
	@scripts/catalogues.sh
	@scripts/test.sh

journeys: ## Run only the journeys in the browser
	@scripts/environment.sh test
	@scripts/services.sh
	@scripts/catalogues.sh
	@.venv/bin/python -m pytest -m "journey and not guide"

guide: ## Take the pictures of docs/guide again
	@scripts/environment.sh test
	@scripts/services.sh
	@scripts/catalogues.sh
	@.venv/bin/python -m pytest -m guide tests/journeys/test_guide_pictures.py

proof: ## Run every test and the long proofs (kills, floods, many more examples)
	@scripts/environment.sh test
	@RELAIS_PROOF=1 scripts/services.sh
	@scripts/catalogues.sh
	@RELAIS_PROOF=1 scripts/test.sh

lint: ## Check the import contracts and the style
	@scripts/environment.sh test
	@scripts/lint.sh

format: ## Rewrite the code in the house style
	@scripts/environment.sh test
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

bench: ## Print figures: decisions per second, milliseconds per paper, page times
	@scripts/environment.sh test
	@scripts/services.sh
	@scripts/catalogues.sh
	@scripts/bench.sh

lock: ## Choose versions again and write the lock files
	@scripts/lock.sh

catalogues: ## Compile the message catalogues
	@scripts/environment.sh run
	@scripts/catalogues.sh

clean: ## Remove the environment and the caches; keeps RELAIS_HOME
	@rm -rf .venv .tools .pytest_cache .ruff_cache .hypothesis .import_linter_cache build relais.egg-info
