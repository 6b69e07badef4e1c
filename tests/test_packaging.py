"""The wheel, installed into a fresh environment elsewhere, runs the same."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
import venv
from pathlib import Path

import pytest

from tests.browser.conftest import find_free_port, wait_until_ready

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.packaging


def build_wheel(target: Path) -> Path:
    """Build from a copy of what git tracks, so that nothing stale is shipped."""
    source = target / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.split(b"\0")
    for name in filter(None, listed):
        here, there = ROOT / os.fsdecode(name), source / os.fsdecode(name)
        if here.is_file():
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(here.read_bytes())
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target), str(source)],
        check=True,
        capture_output=True,
        cwd=target,
    )
    return next(target.glob("*.whl"))


def install(wheel: Path, target: Path) -> Path:
    """Install the wheel into an environment that shares only the third-party packages."""
    environment = target / "env"
    venv.create(environment, with_pip=False)
    third_party = next(Path(sys.prefix).glob("lib/python3*/site-packages"))
    own = next(environment.glob("lib/python3*/site-packages"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--target",
            str(own),
            str(wheel),
        ],
        check=True,
    )
    # A plain path line adds the locked packages without running the .pth files in there,
    # so the editable install of the checkout stays out.
    (own / "third_party.pth").write_text(f"{third_party}\n")
    return environment / "bin" / "python"


def fetch(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        return bytes(answer.read())


def test_the_wheel_runs_outside_the_checkout(tmp_path: Path) -> None:
    python = install(build_wheel(tmp_path), tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("GEOMAP_", "PYTHON"))}
    environ |= {"GEOMAP_DATA_DIR": str(elsewhere / "data"), "PYTHONDONTWRITEBYTECODE": "1"}
    geomap = [str(python), "-m", "geomap.cli"]
    origin = subprocess.run(
        [str(python), "-c", "import geomap, layers; print(geomap.__file__, layers.__file__)"],
        cwd=elsewhere,
        env=environ,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert origin.count(str(tmp_path)) == 2
    demo = [*geomap, "demo", "--sites", "20", "--units", "400"]
    subprocess.run(demo, cwd=elsewhere, env=environ, check=True, capture_output=True)
    port = find_free_port()
    serve = [*geomap, "serve", "--port", str(port), "--workers", "1"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(serve, cwd=elsewhere, env=environ, stdout=log, stderr=log)
    try:
        base = f"http://127.0.0.1:{port}"
        wait_until_ready(base, process)
        assert "孵化空间数字地图" in fetch(f"{base}/").decode()
        assert b"--" in fetch(f"{base}/static/css/tokens.css")
        assert b"maplibre" in fetch(f"{base}/static/vendor/maplibre-gl/maplibre-gl.css")
        assert b'"features"' in fetch(f"{base}/ogc/collections/sites/items?limit=1")
    finally:
        process.terminate()
        process.wait(timeout=20)
