"""Prepare a checkout: environment, locked dependencies, front-end packages.

Runs under the system's Python 3.11 with the standard library alone. Every step is
skipped when what it depends on has not changed, and a failed step says what to do;
the next run goes on from there.

Usage: python3 scripts/setup.py serve|test
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMPS = ROOT / ".setup"
PYTHON = VENV / "bin" / "python"
TEST_PACKAGES = {
    "chromium": "chromium",
    "fonts-noto-cjk": "",
    "postgresql-15": "/usr/lib/postgresql/15/bin/initdb",
    "postgresql-15-postgis-3": "/usr/share/postgresql/15/extension/postgis.control",
}
"""Debian 12 packages that the tests need, with a program or file that shows each."""


class StepError(Exception):
    """A step that failed, with what to do about it."""


def run(*args: str | Path, fix: str, **environment: str) -> None:
    """Run a command; raise StepError with `fix` when it fails."""
    done = subprocess.run(
        [str(arg) for arg in args], cwd=ROOT, env={**os.environ, **environment}, check=False
    )
    if done.returncode:
        raise StepError(f"{fix}\n  (failed: {' '.join(str(arg) for arg in args)})")


def fingerprint(*names: str) -> str:
    """Return a hash of files of the checkout and of the Python in use."""
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def step(title: str, stamp: str, wanted: str, action: Callable[[], None]) -> None:
    """Do `action` unless the stamp file already holds `wanted`."""
    path = STAMPS / stamp
    if path.exists() and path.read_text() == wanted:
        return
    print(f"▸ {title} …", flush=True)
    start = time.monotonic()
    action()
    STAMPS.mkdir(exist_ok=True)
    path.write_text(wanted)
    print(f"  done in {time.monotonic() - start:.0f} s", flush=True)


def make_environment() -> None:
    """Create .venv; on Debian this needs the package python3-venv."""
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        install_system_packages(["python3-venv"])
    run(
        sys.executable, "-m", "venv", "--clear", VENV, fix="Delete .venv and run the command again."
    )


def install_dependencies(lock: str) -> None:
    """Install a lock file with hashes into .venv, then the project itself."""
    network = "Check the network and the package index of pip, then run the command again."
    pip = (PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--progress-bar=off")
    run(*pip, "-q", "--require-hashes", "-r", ROOT / "requirements" / lock, fix=network)
    run(*pip, "-q", "--no-deps", "--no-build-isolation", "-e", ROOT, fix=network)


def install_system_packages(packages: list[str]) -> None:
    """Install Debian packages as root, or name them."""
    command = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise StepError(f"System packages are missing. As root: {command}")
    fix = f"Installing system packages failed. As root, try: apt-get update && {command}"
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", fix=fix, **quiet)
    run("apt-get", "install", "-qq", "-y", "--no-install-recommends", *packages, fix=fix, **quiet)


def has_fonts() -> bool:
    """Return whether a CJK font is installed."""
    return any(Path("/usr/share/fonts").glob("**/NotoSansCJK*"))


def need_test_packages() -> None:
    """Install or name the system packages that the tests need and lack."""
    missing = [
        package
        for package, proof in TEST_PACKAGES.items()
        if not (has_fonts() if not proof else Path(proof).exists() or shutil.which(proof))
    ]
    if missing:
        print(f"▸ system packages for the tests: {', '.join(missing)} …", flush=True)
        install_system_packages(missing)


def prepare(purpose: str) -> None:
    """Bring the checkout to where `purpose` (serve or test) can run."""
    if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons do run this file
        raise StepError("Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …")
    if purpose == "test":
        need_test_packages()
    step("Python environment", "venv", fingerprint(), make_environment)
    have_dev = STAMPS / "dev.lock"
    lock = "dev.lock" if purpose == "test" or have_dev.exists() else "run.lock"
    wanted = fingerprint(f"requirements/{lock}", "setup.cfg", ".setup/venv")
    step(f"dependencies ({lock})", lock, wanted, lambda: install_dependencies(lock))
    vendor = fingerprint("package.json", "package-lock.json", "scripts/vendor.py")
    if not (ROOT / "static" / "vendor" / "stamp.txt").exists():
        (STAMPS / "vendor").unlink(missing_ok=True)
    fix = "Check the network and the npm registry, then run the command again."
    step("front-end packages", "vendor", vendor, lambda: run(PYTHON, "scripts/vendor.py", fix=fix))


if __name__ == "__main__":
    try:
        prepare(sys.argv[1] if len(sys.argv) > 1 else "serve")
    except StepError as error:
        sys.exit(f"✗ {error}")
