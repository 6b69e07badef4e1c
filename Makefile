# Two commands: `make serve` uses the map, `make test` proves that it works.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
DATA ?= var
BIN := .venv/bin

.PHONY: serve test setup setup-test lint unit bench clean

serve: setup
	@GEOMAP_DATA_DIR="$(DATA)" $(BIN)/geomap prepare
	@GEOMAP_DATA_DIR="$(DATA)" $(BIN)/geomap serve --host "$(HOST)" --port "$(PORT)"

test: setup-test
	@$(BIN)/python scripts/check.py

setup:
	@$(PYTHON) scripts/setup.py serve

setup-test:
	@$(PYTHON) scripts/setup.py test

lint: setup-test
	@$(BIN)/python scripts/check.py --only lint

unit: setup-test
	@$(BIN)/python -m pytest -q -m "not browser and not postgres and not packaging"

bench: setup
	@GEOMAP_DATA_DIR="$(DATA)" $(BIN)/geomap bench

clean:
	rm -rf .venv .setup var static/vendor build dist *.egg-info
