"""Run every check of the project: lint, types, import rules, then all tests by two workers.

In CI (``CI=true``) a skipped test is a failure. Usage: check.py [--only lint|tests]
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
LINT = (
    ("lint", [BIN / "ruff", "check", "."]),
    ("format", [BIN / "ruff", "format", "--check", "-q", "."]),
    ("types", [BIN / "mypy"]),
    ("import rules", [BIN / "lint-imports", "--no-logo"]),
    ("front-end types", [sys.executable, "scripts/check_front.py"]),
)
WORKERS = ("-n2", "--dist=loadfile", "--no-loadscope-reorder", "--max-worker-restart=0")
"""Two, whatever the machine has: one drives the browser, the other does the rest."""
TESTS = ("tests", [sys.executable, "-m", "pytest", "-q", "--durations=8", *WORKERS])


def run(title: str, command: list[str | Path]) -> bool:
    """Run one check; return whether it passed."""
    start = time.monotonic()
    print(f"▸ {title}", flush=True)
    passed = subprocess.run([str(part) for part in command], cwd=ROOT, check=False).returncode == 0
    print(f"  {'ok' if passed else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
    return passed


def main() -> int:
    """Run the checks that were asked for; the tests come last, to end with their summary."""
    only = sys.argv[2] if sys.argv[1:2] == ["--only"] else ""
    failed = [title for title, command in LINT if only != "tests" and not run(title, command)]
    if failed:
        print(f"✗ failed: {', '.join(failed)}", flush=True)
        return 1
    if only == "lint":
        return 0
    title, command = TESTS
    if os.environ.get("CI") == "true":
        command = [*command, "--no-skips"]
    return 0 if run(title, command) else 1


if __name__ == "__main__":
    sys.exit(main())
