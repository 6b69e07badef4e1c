"""A real server over a small demonstration city, and a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

GEOMAP = Path(sys.executable).with_name("geomap")
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended early"
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(f"the server was not ready within {seconds} s")


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small city: 60 sites, 2,000 units."""
    folder = tmp_path_factory.mktemp("data")
    environ = {**os.environ, "GEOMAP_DATA_DIR": str(folder)}
    subprocess.run(
        [GEOMAP, "demo", "--sites", "60", "--units", "2000"],
        env=environ,
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="session")
def server_url(data_dir: Path) -> Iterator[str]:
    port = find_free_port()
    environ = {**os.environ, "GEOMAP_DATA_DIR": str(data_dir)}
    command = [GEOMAP, "serve", "--port", str(port), "--workers", "1"]
    with (data_dir / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


class Watch:
    """Collects what a page must never do: console errors, requests off the machine."""

    def __init__(self, page: Page) -> None:
        self.problems: list[str] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", lambda request: self._on_request(request.url))

    def _on_console(self, message: object) -> None:
        if message.type in {"error", "warning"} and "GPU stall" not in message.text:  # type: ignore[attr-defined]
            self.problems.append(f"console {message.type}: {message.text}")  # type: ignore[attr-defined]

    def _on_request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
            self.problems.append(f"request off the machine: {url}")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, locale="zh-CN", color_scheme="light"
    )
    context.set_default_timeout(30_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test on any console error, CSP violation or foreign request."""
    page = context.new_page()
    watch = Watch(page)
    yield page
    assert watch.problems == []
