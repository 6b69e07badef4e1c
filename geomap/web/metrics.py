"""Counts and times of requests, as Prometheus reads them.

Each worker counts what it served; `worker` tells them apart, and a scrape asks one of
them. Sums over scrapes of one worker grow, as counters must.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from flask import Flask, Response, g, request

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
_PAGE = os.sysconf("SC_PAGE_SIZE")


class Metrics:
    """Counters of one worker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[str, float] = {}
        self._buckets: dict[str, list[int]] = {}
        self.started = time.time()

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._requests[route, method, status] += 1
            self._seconds[route] = self._seconds.get(route, 0.0) + seconds
            buckets = self._buckets.setdefault(route, [0] * (len(_BUCKETS_S) + 1))
            buckets[-1] += 1
            for i, limit in enumerate(_BUCKETS_S):
                if seconds <= limit:
                    buckets[i] += 1

    def lines(self) -> Iterator[str]:
        """Give the counters in the text format."""
        yield "# HELP geomap_requests_total Requests served."
        yield "# TYPE geomap_requests_total counter"
        with self._lock:
            requests, buckets = dict(self._requests), {k: list(b) for k, b in self._buckets.items()}
            seconds = dict(self._seconds)
        for (route, method, status), total in sorted(requests.items()):
            names = f'route="{route}",method="{method}",status="{status}"'
            yield f"geomap_requests_total{{{names}}} {total}"
        yield "# HELP geomap_request_seconds Time taken by requests."
        yield "# TYPE geomap_request_seconds histogram"
        for route, row in sorted(buckets.items()):
            for limit, total in zip((*map(str, _BUCKETS_S), "+Inf"), row, strict=True):
                yield f'geomap_request_seconds_bucket{{route="{route}",le="{limit}"}} {total}'
            yield f'geomap_request_seconds_sum{{route="{route}"}} {seconds[route]:.6f}'
            yield f'geomap_request_seconds_count{{route="{route}"}} {row[-1]}'


def resident_bytes() -> int:
    """Return the resident memory of this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE


def register_metrics(app: Flask) -> None:
    """Time every request by its route."""
    metrics = Metrics()
    app.extensions["geomap.metrics"] = metrics

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        route = str(request.url_rule) if request.url_rule else "other"
        seconds = time.perf_counter() - g.get("started", time.perf_counter())
        method = request.method if request.method in _METHODS else "other"
        metrics.count(route, method, response.status_code, seconds)
        return response


_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
"""Others, which anyone can make up, are counted together."""
