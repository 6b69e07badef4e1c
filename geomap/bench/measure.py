"""Clocks, memory and the machine, for all benches."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Result = dict[str, Any]


class Size(NamedTuple):
    """How much of the streets is measured."""

    sources: int = 4000
    sites: int = 10_000
    pois: int = 50_000
    rings: int = 400
    repeats: int = 9
    peer_rings: int = 40


SMALL = Size(40, 30, 60, 4, 1, 3)
PACKAGES = ("numpy", "numba", "scipy", "shapely", "pyproj", "osmium", "granian", "flask")


def times_of(action: Callable[[], object], repeats: int) -> list[float]:
    """Return the wall seconds of some runs of `action`, after one that is not counted."""
    action()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return times


def median_of(action: Callable[[], object], repeats: int = 5) -> float:
    """Return the median wall seconds of `action`, after one run that is not counted."""
    return float(np.median(times_of(action, repeats)))


def rounds_of(actions: Sequence[Callable[[], object]], rounds: int) -> NDArray[np.float64]:
    """Return the wall seconds of each action in each round, shape (rounds, actions).

    What else runs on the machine then weighs on all alike, and their ratios stand. One
    round before is not counted.
    """
    for action in actions:
        action()
    times = np.empty((rounds, len(actions)))
    for row in times:
        for i, action in enumerate(actions):
            start = time.perf_counter()
            action()
            row[i] = time.perf_counter() - start
    return times


def medians_of(actions: Sequence[Callable[[], object]], repeats: int = 5) -> list[float]:
    """Return the median wall seconds of each action, taking turns."""
    return [float(seconds) for seconds in np.median(rounds_of(actions, repeats), axis=0)]


def times_one(times: NDArray[np.float64]) -> Result:
    """Return how many times as quick the second of two actions is, round by round.

    Other work on the machine slows two threads more than one: the best round is nearest
    to what the code can do, the median is what this run saw.
    """
    gain = times[:, 0] / times[:, 1]
    return {
        "median": round(float(np.median(gain)), 2),
        "best": round(float(gain.max()), 2),
        "rounds": len(gain),
    }


def once(action: Callable[[], Any]) -> tuple[float, Any]:
    """Return the wall seconds of one run, and what it gave."""
    start = time.perf_counter()
    result = action()
    return time.perf_counter() - start, result


def spread(seconds: Sequence[float], unit: float = 1e3, digits: int = 3) -> Result:
    """Return median, 99th percentile and number of some times, in ``1 / unit`` seconds."""
    values = np.asarray(seconds, dtype=np.float64) * unit
    return {
        "median": round(float(np.median(values)), digits),
        "p99": round(float(np.percentile(values, 99)), digits),
        "runs": len(values),
    }


def ratio(peer: float | None, own: float, digits: int = 2) -> float | None:
    """Return how many times as long the peer takes, None where it was not measured."""
    return None if peer is None else round(peer / max(own, 1e-12), digits)


def installed(name: str) -> bool:
    """Return whether a peer can be imported."""
    return importlib.util.find_spec(name) is not None


def _cpu() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2] for line in text.splitlines() if line.startswith("model name")]
    return names[0].strip() if names else platform.machine()


def describe_machine() -> Result:
    """Return what a figure depends on: processor, cores, Python, versions, load."""
    versions: dict[str, str | None] = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            versions[package] = None
    return {
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": versions,
        "load_1_min": round(os.getloadavg()[0], 2),
    }


def memory_of(pid: int | str) -> Result:
    """Return resident and proportional memory of a process, megabytes, and its peak."""
    wanted = {"VmRSS": "rss_mb", "VmHWM": "peak_mb"}
    result: Result = {"rss_mb": None, "peak_mb": None, "pss_mb": None}
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return result
    for line in lines:
        name, _, value = line.partition(":")
        if name in wanted:
            result[wanted[name]] = round(int(value.split()[0]) / 1024, 1)
    for line in rollup:
        if line.startswith("Pss:"):
            result["pss_mb"] = round(int(line.split()[1]) / 1024, 1)
    return result
