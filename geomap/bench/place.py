"""Many projects, one allocation: the demonstration city and crowded markets, beside CP-SAT."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from geomap.bench.asked import at_most
from geomap.bench.child import ChildFailedError, run_child
from geomap.bench.measure import Result, installed, memory_of, once
from geomap.bench.peers_ortools import save_pairs
from geomap.bench.place_city import Asked, demonstration
from geomap.bench.place_data import Market, generate_pairs
from geomap.domain.placement import Pin, PlacementMode, Policy
from geomap.placement.blocking import count_blocking, require_feasible
from geomap.placement.greedy import solve_greedy
from geomap.placement.optimal import solve_optimal
from geomap.placement.pairs import Allocation, Pairs
from geomap.placement.place import place
from geomap.placement.result import Placement
from geomap.placement.stable import solve_stable
from geomap.placement.warm import warm

City = Callable[[int, int, int], Asked]
_WORKERS = {"one worker": 1, "as many as it likes": 0}


class PlaceSize(NamedTuple):
    """How much of placement is measured.

    `cities` are (projects, sites, vacant units); the marks are of the first and the last. The
    first is measured `repeats` times, the others, which take minutes, once.
    """

    cities: tuple[tuple[int, int, int], ...] = ((200, 245, 12_000), (2_000, 2_450, 100_000))
    markets: tuple[Market, ...] = (
        Market(200, 400, alike=0.8, adjacent=0.6, divisible=0.7),
        Market(2_000, 100_000),
        Market(2_000, 6_000, alike=0.8, adjacent=0.6, divisible=0.7),
    )
    repeats: int = 3
    time_limit_s: float = 60.0


SMALL_PLACE = PlaceSize(((6, 4, 200),), (Market(12, 12, alike=0.8),), 1, 10.0)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _median(action: Callable[[], Any], repeats: int) -> tuple[float, Any]:
    """Return the median seconds of some runs, and what the last one gave."""
    runs = [once(action) for _ in range(repeats)]
    return round(float(np.median([seconds for seconds, _ in runs])), 3), runs[-1][1]


def _figures(pairs: Pairs, found: Allocation, seconds: float) -> Result:
    require_feasible(pairs, found.choice)
    figures: Result = {
        "seconds": seconds,
        "value": found.value,
        "placed": int((found.choice >= 0).sum()),
        "blocking_pairs": count_blocking(pairs, found.choice),
    }
    if found.bound is not None and found.gap is not None:
        gap = round(100.0 * found.gap, 5)
        figures |= {"bound": found.bound, "gap_percent": gap, "proven": found.proven}
    return figures


def bench_solvers(pairs: Pairs, size: PlaceSize) -> Result:
    """Measure the three ways to allocate the same pairs, and CP-SAT."""
    order = np.arange(len(pairs), dtype=np.int64)
    limit = size.time_limit_s
    ways: dict[str, Callable[[], Allocation]] = {
        "greedy": lambda: solve_greedy(pairs, order),
        "stable": lambda: solve_stable(pairs),
        "optimal": lambda: solve_optimal(pairs, time_limit_s=limit),
    }
    figures: Result = {"projects": len(pairs), "pairs": len(pairs.value)}
    for name, way in ways.items():
        seconds, found = _median(way, size.repeats)
        figures[name] = _figures(pairs, found, seconds)
        _say(f"  {name}: {seconds} s, {found.value:,}")
    return figures | {"CP-SAT": bench_cp_sat(pairs, limit)}


def bench_cp_sat(pairs: Pairs, time_limit_s: float) -> Result | str:
    """Solve by CP-SAT with one worker and with its own choice; "not installed" without it."""
    if not installed("ortools"):
        return "not installed"
    figures: Result = {}
    with tempfile.TemporaryDirectory(prefix="geomap-bench-") as folder:
        path = Path(folder) / "pairs.npz"
        save_pairs(pairs, path)
        for name, workers in _WORKERS.items():
            arguments = str(path), str(time_limit_s), str(workers)
            try:
                figures[name] = run_child("geomap.bench.peers_ortools", *arguments)
            except ChildFailedError as error:
                figures[name] = {"failed": str(error)}
            _say(f"  CP-SAT, {name}: {figures[name]}")
    return figures


def _told(seconds: float, placement: Placement) -> Result:
    found = placement.allocation
    return {
        "seconds": seconds,
        "value": found.value,
        "placed": len(placement.placed),
        "blocking_pairs": placement.blocking,
        "bound": found.bound,
        "gap_percent": None if found.gap is None else round(100.0 * found.gap, 5),
        "proven": found.proven,
        "greedy_value": placement.greedy.value,
    }


def _pinned(placement: Placement, policy: Policy) -> Policy:
    """Return the policy with one project pinned to another place, and all others kept."""
    keep = {
        one.project_id: tuple(part.unit_id for part in one.parts)
        for one in placement.placed
        if one.parts
    }
    book, pairs, choice = placement.book, placement.book.pairs, placement.allocation.choice
    row = next(p for p in range(len(pairs)) if pairs.start[p + 1] - pairs.start[p] > 1)
    second = pairs.start[row] + int(choice[row] == pairs.start[row])
    at = slice(pairs.use_start[second], pairs.use_start[second + 1])
    ids = book.prepared.catalog.units.id
    units = tuple(ids[int(unit)] for unit in book.unit[pairs.resource[at]])
    project = book.projects[row].id
    keep.pop(project, None)
    return replace(policy, pins=(Pin(project, units),), keep=keep)


def bench_city(asked: Asked, size: PlaceSize) -> Result:
    """Measure the whole way, from projects to an allocation with its reasons."""
    prepared, projects = asked
    policy = Policy(time_limit_s=size.time_limit_s)

    def solve(policy: Policy, mode: PlacementMode) -> tuple[float, Placement]:
        seconds, placement = _median(
            lambda: place(prepared, projects, policy, mode=mode), size.repeats
        )
        _say(f"  whole, {mode}: {seconds} s, {placement.allocation.value:,}")
        return seconds, placement

    vacant = int(prepared.catalog.sites.vacant_count.sum())
    figures: Result = {"vacant_units": vacant, "live_units": len(prepared.live.row)}
    seconds, stable = solve(policy, PlacementMode.STABLE)
    figures["stable"] = _told(seconds, stable)
    seconds, optimal = solve(policy, PlacementMode.OPTIMAL)
    figures["optimal"] = _told(seconds, optimal)
    seconds, again = solve(_pinned(optimal, policy), PlacementMode.OPTIMAL)
    stay = sum(a.parts == b.parts for a, b in zip(optimal.placed, again.placed, strict=False))
    figures["after one pin"] = _told(seconds, again) | {"same_place": stay}
    figures["peak_mb"] = memory_of("self")["peak_mb"]
    return figures | {"solvers": bench_solvers(optimal.book.pairs, size)}


def _marks(cities: list[Result]) -> list[Result]:
    small, big = cities[0], cities[-1]
    return [
        at_most("first city, optimal, s", small["optimal"]["seconds"], 10.0),
        at_most("first city, gap, %", small["optimal"]["gap_percent"], 0.0),
        at_most("first city, again after one pin, s", small["after one pin"]["seconds"], 2.0),
        at_most("last city, optimal, s", big["optimal"]["seconds"], 120.0),
        at_most("last city, gap, %", big["optimal"]["gap_percent"], 0.5),
        at_most("last city, stable, s", big["stable"]["seconds"], 20.0),
        at_most("memory in all, MB", big["peak_mb"], 4096.0),
    ]


def bench_place(size: PlaceSize = PlaceSize(), city: City = demonstration) -> Result:
    """Measure placement.

    Parameters
    ----------
    size
        How much.
    city
        Makes a catalog and projects for numbers of projects, sites and vacant units.

    Returns
    -------
    dict
        ``cities``: the whole way and the solvers alone; ``markets``: the solvers on made-up
        pairs, on purpose crowded; ``asked``, the marks.
    """
    warm()
    cities: list[Result] = []
    for projects, sites, units in size.cities:
        _say(f"{projects:,} projects, {units:,} vacant units")
        repeats = 1 if cities else size.repeats
        cities.append(bench_city(city(projects, sites, units), size._replace(repeats=repeats)))
    markets = []
    for market in size.markets:
        _say(f"{market}")
        found = bench_solvers(generate_pairs(market), size._replace(repeats=1))
        markets.append({"market": market._asdict(), **found})
    return {"cities": cities, "markets": markets, "asked": _marks(cities)}
