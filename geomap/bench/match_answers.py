"""Whole answers to demands, and how soon an edited vacancy is seen, on a record of a city."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from geomap.bench.match_data import TODAY
from geomap.bench.measure import Result, memory_of, spread
from geomap.config import read_settings
from geomap.web.context import AppContext

PAGE = 20
WORKERS = 2
_WATCH_S = 120.0


class BenchContext(AppContext):
    """What requests share, on the day of the generated city."""

    def today(self) -> date:
        """Return the day on which listings of the city are fresh."""
        return TODAY


def open_context(folder: Path) -> BenchContext:
    """Open a data folder as a worker does."""
    return BenchContext(read_settings({"GEOMAP_DATA_DIR": str(folder)}))


def bench_answers(folder: Path, demands: Sequence[dict[str, Any]]) -> Result:
    """Measure from a demand's JSON to the answer's, with reasons.

    ``ms`` is of candidates, refusals and ways out, ``with_sites_ms`` with up to 2,000 sites
    for a map, ``with_counts_and_histograms_ms`` with all that the page asks for.

    Demands that ask for a walk are left out: there are no streets. Each is asked once, after
    half of them that are not counted.
    """
    import orjson

    from geomap.web.view_match import match_answer

    context = open_context(folder)
    asked = [demand for demand in demands if "near" not in demand]
    variants = {
        "ms": {"with_sites": False},
        "with_sites_ms": {},
        "with_counts_and_histograms_ms": {"with_facets": True},
    }
    times: dict[str, list[float]] = {name: [] for name in variants}
    sizes: dict[str, list[int]] = {name: [] for name in variants}
    start = time.perf_counter()
    match_answer(context, {}, limit=PAGE, language="zh")
    first = time.perf_counter() - start
    for name, options in variants.items():
        for turn, demand in enumerate([*asked[: len(asked) // 2], *asked]):
            start = time.perf_counter()
            answer = orjson.dumps(
                match_answer(context, demand, limit=PAGE, language="zh", **options)
            )
            if turn >= len(asked) // 2:
                times[name].append(time.perf_counter() - start)
                sizes[name].append(len(answer))
    context.close()
    return {
        **{name: spread(spent) for name, spent in times.items()},
        "first_ms": round(first * 1e3, 1),
        "bytes": {name: round(statistics.median(some)) for name, some in sizes.items()},
    }


def watch(folder: Path, unit_id: str) -> None:
    """In a worker: ask for the catalog again and again, and print when a unit has changed."""
    from geomap.web.view_match import prepared_of

    context = open_context(folder)
    prepared_of(context, context.catalog)
    print("ready", flush=True)  # noqa: T201 - read by the bench
    seen, end = None, time.monotonic() + _WATCH_S
    while time.monotonic() < end:
        catalog = context.catalog
        version = int(catalog.units.version[catalog.units.id.find(unit_id)])
        if version != seen:
            if seen is not None:
                prepared_of(context, catalog)
            print(version, time.monotonic(), memory_of("self")["pss_mb"], flush=True)  # noqa: T201
            seen = version
        time.sleep(0.002)


def bench_followers(folder: Path, edits: int) -> Result:
    """Edit a vacancy and measure until every worker would answer a match by it.

    Two processes follow the record, each as a worker of the service does.
    """
    from geomap.store import write

    unit_id = "u0000007"
    command = [sys.executable, "-m", "geomap.bench.match_answers", str(folder), unit_id]
    workers = [
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
        for _ in range(WORKERS)
    ]
    context = open_context(folder)
    times, memory = [], []
    rng = np.random.default_rng(1)
    try:
        for worker in workers:
            _line(worker), _line(worker)
        for turn in range(edits + 1):
            time.sleep(float(rng.uniform(0.05, 0.6)))
            with context.store.writing("bench") as tx:
                patch = {"status": ("leased", "vacant")[turn % 2]}
                write.update_unit(tx, unit_id, patch, version=turn + 1)
            done = time.monotonic()
            seen = [_line(worker) for worker in workers]
            if turn:
                times.append(max(float(line[1]) for line in seen) - done)
                memory = [float(line[2]) for line in seen]
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
        context.close()
    return {"ms": spread(times), "workers": WORKERS, "pss_mb_a_worker": max(memory)}


def _line(worker: subprocess.Popen[str]) -> list[str]:
    assert worker.stdout is not None  # noqa: S101 - a pipe was asked for
    return worker.stdout.readline().split()


if __name__ == "__main__":
    watch(Path(sys.argv[1]), sys.argv[2])
