#!/usr/bin/env bash
# Renew requirements/*.lock from setup.cfg. Needs uv; everyone else only needs pip.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() { uv pip compile --python-version 3.11 --generate-hashes --no-header -q setup.cfg "$@"; }
lock --extra setup -o requirements/run.lock
lock --extra setup --extra dev -o requirements/dev.lock
