"""One demand, ranked units: a million generated units, beside DuckDB and PostGIS."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from geomap.bench.asked import at_least, at_most
from geomap.bench.child import run_child
from geomap.bench.match_answers import bench_answers, bench_followers
from geomap.bench.match_data import SEED, TODAY, generate_city, walk_from
from geomap.bench.match_demands import generate_demands
from geomap.bench.match_sql import query_of, site_columns, unit_columns
from geomap.bench.match_store import columns_that_differ, write_city
from geomap.bench.measure import Result, installed, ratio, spread
from geomap.bench.peers_sql import Ask, find_postgres, open_duckdb, open_postgis
from geomap.catalog.catalog import Catalog
from geomap.catalog.snapshot import open_snapshot
from geomap.domain.demand import Demand
from geomap.matching.context import Context
from geomap.matching.demand_json import parse_demand
from geomap.matching.kernel import find_top
from geomap.matching.match import rank_best, relaxations_of
from geomap.matching.prepared import Prepared, prepare
from geomap.store.engine import open_store

PAGE = 20
_TURN = 25


class MatchSize(NamedTuple):
    """How much of matching is measured."""

    units: tuple[int, ...] = (10_000, 100_000, 1_000_000)
    units_a_site: int = 50
    demands: int = 240
    peer_demands: int = 100
    relaxed: int = 40
    edits: int = 12


SMALL_MATCH = MatchSize((300, 900), 30, 12, 8, 2, 2)


def asked_of(catalog: Catalog, count: int, seed: int) -> list[tuple[Demand, Any]]:
    """Return demands, each with the walk from its `near` to the sites."""
    demands = map(parse_demand, generate_demands(count, seed=seed))
    return [
        (d, walk_from(catalog, d.near.lon, d.near.lat) if d.near is not None else None)
        for d in demands
    ]


def _times(prepared: Prepared, asked: Sequence[tuple[Demand, Any]]) -> list[float]:
    """Return the seconds from each demand to its best 20."""
    times = []
    for demand, walk_m in asked:
        start = time.perf_counter()
        find_top(prepared, prepared.context(demand, walk_m), PAGE)
        times.append(time.perf_counter() - start)
    return times


def _bench_kernel(units: int, size: MatchSize) -> tuple[Prepared, Result]:
    """Measure demands that were never asked before, after others of the same mix."""
    sites = max(1, units // size.units_a_site)
    catalog = generate_city(units, sites)
    start = time.perf_counter()
    prepared = prepare(catalog, today=TODAY)
    ready = time.perf_counter() - start
    _times(prepared, asked_of(catalog, size.demands, SEED + 1))
    asked = asked_of(catalog, size.demands, SEED)
    times = _times(prepared, asked)
    figures = {
        "units": units,
        "sites": sites,
        "live_units": len(prepared.live.row),
        "prepared_s": round(ready, 3),
        "ms": spread(times),
        "us_a_thousand_units": round(float(np.median(times)) * 1e9 / units, 3),
    }
    return prepared, figures


def _bench_store(catalog: Catalog, folder: Path) -> Result:
    """Write the city as a record, and build its catalog in a process of its own."""
    url = f"sqlite:///{folder / 'geomap.gpkg'}"
    store = open_store(url)
    try:
        write_city(catalog, store)
    finally:
        store.close()
    figures = run_child("geomap.bench.match_store", url, str(folder / "snapshot"))
    built = open_snapshot(folder / "snapshot")
    return figures | {"columns_that_differ": columns_that_differ(catalog, built)}


def _bench_relaxations(prepared: Prepared, size: MatchSize) -> Result:
    """Measure the ways out of demands that find little or nothing."""
    times: list[float] = []
    changes: list[int] = []
    for demand, walk_m in asked_of(prepared.catalog, size.demands, SEED + 2):
        ranking = rank_best(prepared, demand, most=PAGE, walk_m=walk_m)
        if ranking.total > PAGE or len(times) == size.relaxed:
            continue
        start = time.perf_counter()
        found = relaxations_of(ranking)
        times.append(time.perf_counter() - start)
        changes.append(len(found))
    return {"ms": spread(times), "changes": round(float(np.mean(changes)), 1)}


class _Peer(NamedTuple):
    """A peer's seconds, beside ours for the same demands, and the demands that differ."""

    ours: list[float]
    theirs: list[float]
    differ: int

    def figures(self) -> Result:
        return {
            "ms": spread(self.theirs),
            "ours_ms": spread(self.ours),
            "times_ours": ratio(float(np.median(self.theirs)), float(np.median(self.ours))),
            "demands_compared": len(self.theirs),
            "demands_that_differ": self.differ,
        }


def _rows_of(prepared: Prepared, context: Context) -> list[tuple[int, float]]:
    top = find_top(prepared, context, PAGE)
    return list(zip(top.rows.tolist(), np.rint(top.scores * 1e9).tolist(), strict=True))


def compare(
    prepared: Prepared, ask: Ask, asked: Sequence[tuple[Demand, Any]], *, indexed: bool
) -> Result:
    """Ask the peer and the fast pass in turns of some demands, and compare row by row.

    Turn by turn, so that what else runs weighs on both; some demands a turn, so that neither
    starts each of them with the other's data in the processor's cache.
    """
    ours: list[float] = []
    theirs: list[float] = []
    differ = 0
    for start in range(0, len(asked), _TURN):
        contexts = [prepared.context(*one) for one in asked[start : start + _TURN]]
        queries = [query_of(context, PAGE, indexed=indexed) for context in contexts]
        ask(queries[0])
        seconds, found = _timed(ask, queries)
        theirs += seconds
        _rows_of(prepared, contexts[0])
        seconds, mine = _timed(lambda context: _rows_of(prepared, context), contexts)
        ours += seconds
        for one, other in zip(found, mine, strict=True):
            differ += [(int(row), float(key)) for row, key in one] != other
    return _Peer(ours, theirs, differ).figures()


def _timed(ask: Callable[[Any], Any], questions: Sequence[Any]) -> tuple[list[float], list[Any]]:
    seconds, answers = [], []
    for question in questions:
        start = time.perf_counter()
        answers.append(ask(question))
        seconds.append(time.perf_counter() - start)
    return seconds, answers


def bench_peers(prepared: Prepared, size: MatchSize) -> Result:
    """Load both peers, one after the other, and ask each; "not installed" where it is not."""
    sites, units = site_columns(prepared), unit_columns(prepared)
    asked = asked_of(prepared.catalog, size.peer_demands, SEED + 3)
    peers: Result = {}
    with ExitStack() as stack:
        if installed("duckdb"):
            ask = stack.enter_context(open_duckdb(sites, units))
            peers["DuckDB, one thread"] = compare(prepared, ask, asked, indexed=False)
        else:
            peers["DuckDB, one thread"] = "not installed"
    binaries = find_postgres()
    if binaries is None:
        return peers | {"PostGIS, indexed": "not installed"}
    with open_postgis(binaries, sites, units) as ask:
        peers["PostGIS, indexed"] = compare(prepared, ask, asked, indexed=True)
    return peers


def _times_ours(peers: Result, name: str) -> float | None:
    told = peers[name]
    return told["times_ours"] if isinstance(told, dict) else None


def _marks(figures: Result) -> list[Result]:
    kernel, store = figures["kernel"][-1]["ms"], figures["catalog"]
    answers, relaxed = figures["answers"]["ms"], figures["relaxations"]["ms"]
    peers, seen = figures["peers"], figures["vacancy_seen"]["ms"]
    return [
        at_most("rules, scores and top 20, ms", kernel["median"], 3.0, 0.7),
        at_most("rules, scores and top 20, p99, ms", kernel["p99"], 15.0),
        at_most("whole match, JSON out, ms", answers["median"], 8.0, 2.0),
        at_most("whole match, p99, ms", answers["p99"], 30.0),
        at_most("relaxations, ms", relaxed["median"], 40.0, 10.0),
        at_least("DuckDB, times ours", _times_ours(peers, "DuckDB, one thread"), 3.0),
        at_least("PostGIS, times ours", _times_ours(peers, "PostGIS, indexed"), 20.0),
        at_most("catalog from the store, s", store["seconds"], 15.0, 5.0),
        at_most("catalog from the store, MB", store["peak_mb"], 1000.0),
        at_most("a vacancy changed, seen by every worker, ms", seen["median"], 1000.0, 100.0),
    ]


def bench_match(size: MatchSize = MatchSize()) -> Result:
    """Measure matching on a generated city, one thread.

    Returns
    -------
    dict
        ``kernel`` by number of units; ``catalog``, ``answers``, ``relaxations``, ``peers``
        and ``vacancy_seen`` at the largest; ``asked``, the marks.
    """
    figures: Result = {"kernel": []}
    for units in size.units:
        prepared, kernel = _bench_kernel(units, size)
        figures["kernel"].append(kernel)
    figures["relaxations"] = _bench_relaxations(prepared, size)
    figures["peers"] = bench_peers(prepared, size)
    with tempfile.TemporaryDirectory(prefix="geomap-bench-") as name:
        folder = Path(name)
        figures["catalog"] = _bench_store(prepared.catalog, folder)
        figures["answers"] = bench_answers(folder, generate_demands(size.demands, seed=SEED))
        figures["vacancy_seen"] = bench_followers(folder, size.edits)
    figures["asked"] = _marks(figures)
    return figures
