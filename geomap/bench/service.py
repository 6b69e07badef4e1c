"""The running service: start-up, memory, tiles from the cache, the first map in a browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geomap.bench.measure import Result, installed, memory_of
from geomap.bench.page import changes_of
from geomap.config import Settings
from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label

CLIENTS = 4
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--enable-unsafe-swiftshader",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IDLE = "body[data-map='idle']"
FIRST_MAP = "performance.getEntriesByName('first-map')[0].startTime"
"""A selector, since the page's policy lets no expression be evaluated in it."""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_service(settings: Settings, workers: int) -> Iterator[tuple[int, int, float]]:
    """Run ``geomap serve`` on a free port; gives the port, its process, and seconds to ready.

    Raises
    ------
    NotReadyError
        It did not come up within a minute.
    """
    port, start = _free_port(), time.perf_counter()
    environ = {
        **os.environ,
        "GEOMAP_DATA_DIR": str(settings.data_dir),
        "GEOMAP_DATABASE_URL": settings.database_url,
    }
    command = [sys.executable, "-m", "geomap.cli", "serve", "--port", str(port)]
    command += ["--workers", str(workers)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_ready(port, process)
        yield port, process.pid, time.perf_counter() - start
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_ready(port: int, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    raise NotReadyError(
        Label("服务没有起来", "The service did not come up"),
        fix=Label("先运行 geomap demo 和 geomap doctor", "Run geomap demo and geomap doctor first"),
    )


def family_of(pid: int) -> list[int]:
    """Return a process and all that it started."""
    try:
        path = Path(f"/proc/{pid}/task/{pid}/children")
        children = [int(child) for child in path.read_text(encoding="utf-8").split()]
    except OSError:
        children = []
    return [pid, *(member for child in children for member in family_of(child))]


def memory_of_family(pid: int) -> Result:
    """Return memory of a process and its children, in all and one by one, megabytes."""
    each = [memory_of(member) for member in family_of(pid)]
    total = {key: round(sum(one[key] or 0.0 for one in each), 1) for key in ("rss_mb", "pss_mb")}
    return total | {"processes": each}


class _Client:
    """One connection that is kept open."""

    def __init__(self, port: int, path: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip, br\r\n\r\n"
        self._request = head.encode()
        self._rest = b""

    def get(self) -> tuple[int, int]:
        """Return status and length of the body."""
        self._socket.sendall(self._request)
        data = self._rest
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._receive()
        head = data[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        whole = end + 4 + length
        while len(data) < whole:
            data += self._receive()
        self._rest = data[whole:]
        return int(head.split(b" ", 2)[1]), length

    def _receive(self) -> bytes:
        part = self._socket.recv(1 << 16)
        if not part:
            raise ConnectionError("the service closed the connection")
        return part

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def requests_per_second(port: int, path: str, seconds: float) -> Result:
    """Ask for one path again and again over some connections, for some seconds."""
    first = _Client(port, path)
    status, length = first.get()
    first.close()
    counts, stop = [0] * CLIENTS, time.perf_counter() + seconds

    def ask(number: int) -> None:
        client = _Client(port, path)
        while time.perf_counter() < stop:
            if client.get()[0] == status:
                counts[number] += 1
        client.close()

    start = time.perf_counter()
    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - start
    return {
        "path": path,
        "status": status,
        "bytes": length,
        "per_s": round(sum(counts) / spent, 1),
        "connections": CLIENTS,
    }


def tile_path(settings: Settings, collection: str = "sites", zoom: int = 12) -> str:
    """Return the path of the tile that holds the middle site."""
    import numpy as np

    from geomap.build import open_catalog

    sites = open_catalog(settings).sites
    place = np.flatnonzero(np.isfinite(sites.lon))
    middle = place[np.argsort(sites.lon[place])[len(place) // 2]] if len(place) else None
    lon, lat = (120.7, 28.0) if middle is None else (sites.lon[middle], sites.lat[middle])
    count = 1 << zoom
    x = int((lon + 180.0) / 360.0 * count)
    y = int((1.0 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2.0 * count)
    return f"/ogc/collections/{collection}/tiles/WebMercatorQuad/{zoom}/{y}/{x}"


def bench_served_tiles(settings: Settings, *, seconds: float = 5.0) -> Result:
    """Ask a real service for one tile, cached after the first time."""
    path = tile_path(settings)
    with running_service(settings, 2) as (port, _, _):
        return requests_per_second(port, path, seconds)


def bench_service(settings: Settings, *, workers: int = 2, seconds: float = 3.0) -> Result:
    """Measure a real service of the settings' data: start, memory before and after use."""
    from geomap.build import require_served_data

    require_served_data(settings)
    path = tile_path(settings)
    with running_service(settings, workers) as (port, pid, ready_s):
        idle = memory_of_family(pid)
        tiles = requests_per_second(port, path, seconds)
        browser = first_map(f"http://127.0.0.1:{port}/")
        return {
            "workers": workers,
            "ready_s": round(ready_s, 2),
            "memory_idle": idle,
            "tiles": tiles,
            "memory_used": memory_of_family(pid),
            "browser": browser,
        }


def find_browser() -> str | None:
    """Return Chromium's path, where it and playwright are installed."""
    if not installed("playwright"):
        return None
    named = os.environ.get("CHROMIUM", "")
    return named or next((path for b in BROWSERS if (path := shutil.which(b))), None)


def first_map(url: str, *, repeats: int = 3) -> Any:
    """Return seconds until the map is idle, in a fresh browser profile and again in it.

    Counted by the page's own clock, from the start of the navigation.
    """
    executable = find_browser()
    if executable is None:
        return "not installed (playwright and Chromium)"
    from playwright.sync_api import sync_playwright

    cold: list[float] = []
    warm: list[float] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        for _ in range(repeats):
            context = chromium.new_context(viewport={"width": 1440, "height": 900})
            for times in (cold, warm):
                page = context.new_page()
                page.goto(url)
                page.wait_for_selector(IDLE, timeout=60_000)
                times.append(float(page.evaluate(FIRST_MAP)) / 1000)
                page.close()
            context.close()
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        page.wait_for_selector(IDLE, timeout=60_000)
        changes = changes_of(page)
        chromium.close()
    middle = repeats // 2
    return {
        "cold_s": round(sorted(cold)[middle], 2),
        "warm_s": round(sorted(warm)[middle], 2),
        "change_to_result": changes,
    }
