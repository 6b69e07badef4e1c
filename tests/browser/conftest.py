"""A real server over a small demonstration city, and a real Chromium."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shapely
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from geomap.build import open_record
from geomap.config import read_settings
from geomap.domain import records
from geomap.domain.words import UnitKind, UnitStatus
from geomap.store import write

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


HOSTILE = '<img src=x onerror="window.taken=1"> & <b>伪标题</b>'
"""A site's name that must stay text wherever it shows."""
WAIT_MS = 30_000
expect.set_options(timeout=WAIT_MS)


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
    add_hostile_site(folder)
    subprocess.run([GEOMAP, "build"], env=environ, check=True, capture_output=True)
    return folder


def add_hostile_site(folder: Path) -> None:
    """Put a site whose every text looks like markup into the record."""
    store = open_record(read_settings({"GEOMAP_DATA_DIR": str(folder)}))
    operator = records.Operator(id="hostile-operator", name=HOSTILE, demo=True)
    site = records.Site(
        id="hostile",
        name=HOSTILE,
        geometry=shapely.Point(120.655, 28.005),
        address=HOSTILE,
        note=HOSTILE,
        operator_id=operator.id,
        source=HOSTILE,
        demo=True,
    )
    unit = records.Unit(
        id="hostile-1",
        site_id=site.id,
        building="<i>B</i>",
        floor=1,
        room="<u>1</u>",
        kind=UnitKind.OFFICE,
        area_m2=120.0,
        status=UnitStatus.VACANT,
        rent_cny_m2_month=20.0,
        demo=True,
    )
    try:
        with store.writing("test") as tx:
            write.add_operators(tx, [operator])
            write.add_sites(tx, [site])
            write.add_units(tx, [unit])
    finally:
        store.close()


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

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.expected: tuple[str, ...] = ("GPU stall",)

    def follow(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", lambda request: self._on_request(request.url))

    def _on_console(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if kind in {"error", "warning"} and not any(part in text for part in self.expected):
            self.problems.append(f"console {kind}: {text}")

    def _on_request(self, url: str) -> None:
        if not url.startswith(("http://127.0.0.1", "data:", "blob:")):
            self.problems.append(f"request off the machine: {url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails a test on any console error, CSP violation or foreign request of its pages."""
    watch = Watch()
    yield watch
    assert watch.problems == []


OpenContext = Callable[..., BrowserContext]


@pytest.fixture
def open_context(browser: Browser, server_url: str, watch: Watch) -> Iterator[OpenContext]:
    """Makes fresh browser contexts, each with its own cookies and clipboard."""
    opened: list[BrowserContext] = []

    def open_one(width: int = 1440, height: int = 900, scheme: str = "light") -> BrowserContext:
        context = browser.new_context(
            base_url=server_url,
            viewport={"width": width, "height": height},
            locale="zh-CN",
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(WAIT_MS)
        context.on("page", watch.follow)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def page(open_context: OpenContext) -> Page:
    """A desktop page."""
    return open_context().new_page()


def wait_for_map(page: Page) -> None:
    """Wait until the map has drawn everything that it shows."""
    expect(page.locator("body")).to_have_attribute("data-map", "idle")
