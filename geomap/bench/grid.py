"""A generated town of any size, and what a walk costs on one of 5 million junctions."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geomap.bench.asked import at_most
from geomap.bench.child import answer, run_child
from geomap.bench.measure import Result, Size, memory_of, once, rounds_of
from geomap.geo.crs import from_metric
from geomap.streets.ways import StreetClass, Ways

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]

LARGE_SIDE = 1870
"""5.0 million junctions."""
SMALL_SIDE = 210
"""About as many junctions as a real city of 300,000 street vertices."""
BLOCK_M = 100.0
"""Median width of a block; widths spread like those of a real city (log-normal)."""
DEAD_ENDS, CROSSINGS, MISSING = 0.26, 0.13, 0.03
"""Dead ends, crossings of four streets and missing streets, as shares of the joints.
With them one junction in six is a dead end and one in twelve a crossing, all others join
three streets: on the OpenStreetMap extract of Porto it is 17, 74 and 9 %."""


def grid_ways(side: int) -> Ways:
    """Return a generated town of about ``1.43 * side**2`` junctions, always the same.

    Staggered blocks, as bricks in a wall, so that most junctions join three streets; some
    crossings, dead ends and gaps; streets with two bends each.
    """
    rng = np.random.default_rng(5)
    xy = _joints(rng, side)
    pairs = _streets(rng, side)
    pairs, xy = _add_dead_ends(rng, pairs, xy)
    coords, ids = _with_bends(rng, pairs, xy)
    count = len(pairs)
    return Ways(
        np.column_stack(from_metric(coords[:, 0], coords[:, 1], "EPSG:32651")),
        np.arange(count + 1) * 4,
        ids,
        np.full(count, StreetClass.MINOR, dtype=np.int8),
        [""] * count,
        np.zeros(count, dtype=np.bool_),
    )


def _joints(rng: np.random.Generator, side: int) -> F8:
    """Return the joints of the wall, metres, shape (side * side, 2)."""
    gaps = BLOCK_M * np.exp(rng.normal(0.0, 0.5, (2, side)))
    across, up = np.cumsum(gaps, axis=1)
    shift = rng.uniform(-0.15, 0.15, (side * side, 2)) * BLOCK_M
    x = np.tile(across, side) + shift[:, 0] + 500_000.0
    y = np.repeat(up, side) + shift[:, 1] + 3_000_000.0
    return np.column_stack([x, y])


def _streets(rng: np.random.Generator, side: int) -> I8:
    """Return the joints at both ends of each street: rows, and every other upright."""
    number = np.arange(side * side).reshape(side, side)
    rows = np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1)
    low, high = number[:-1].ravel(), number[1:].ravel()
    staggered = (low // side + low % side) % 2 == 0
    crossing = rng.random(len(low)) < CROSSINGS
    uprights = np.stack([low, high], axis=1)[staggered | crossing]
    pairs = np.concatenate([rows, uprights])
    return pairs[rng.random(len(pairs)) >= MISSING]


def _add_dead_ends(rng: np.random.Generator, pairs: I8, xy: F8) -> tuple[I8, F8]:
    """Split some streets where a dead end leaves them."""
    wanted = min(int(DEAD_ENDS * len(xy)), len(pairs))
    split = rng.choice(len(pairs), wanted, replace=False)
    u, v = pairs[split].T
    part = rng.uniform(0.25, 0.75, (wanted, 1))
    foot = xy[u] + part * (xy[v] - xy[u])
    across = (xy[v] - xy[u])[:, ::-1] * (1.0, -1.0)
    end = foot + across * rng.choice([-0.4, 0.4], (wanted, 1))
    foot_id = len(xy) + np.arange(wanted)
    kept = np.delete(pairs, split, axis=0)
    new = [(u, foot_id), (foot_id, v), (foot_id, foot_id + wanted)]
    streets = np.concatenate([kept, *(np.stack(pair, axis=1) for pair in new)])
    return streets, np.concatenate([xy, foot, end])


def _with_bends(rng: np.random.Generator, pairs: I8, xy: F8) -> tuple[F8, I8]:
    """Return the vertices of streets of three pieces, and their identities."""
    count = len(pairs)
    coords, ids = np.empty((count, 4, 2)), np.empty((count, 4), dtype=np.int64)
    first, last = xy[pairs[:, 0]], xy[pairs[:, 1]]
    across = (last - first)[:, ::-1] * (1.0, -1.0)
    ids[:, 0], ids[:, 3] = pairs.T
    coords[:, 0], coords[:, 3] = first, last
    for bend in (1, 2):
        ids[:, bend] = len(xy) + np.arange(count) + (bend - 1) * count
        aside = across * rng.uniform(-0.12, 0.12, (count, 1))
        coords[:, bend] = first + (last - first) * (bend / 3.0) + aside
    return coords.reshape(-1, 2), ids.ravel()


def build_grid(side: int, target: Path) -> Result:
    """Generate, build and save a town; return seconds, size and the peak of memory."""
    from geomap.streets.file import save_network
    from geomap.streets.graph import build_network

    made, ways = once(lambda: grid_ways(side))
    built, network = once(lambda: build_network(ways))
    saved, _ = once(lambda: save_network(network, target))
    return {
        "generate_s": round(made, 2),
        "build_s": round(built, 2),
        "save_s": round(saved, 2),
        "junctions": network.node_count,
        "edges": network.edge_count,
        "vertices": len(network.geom),
        "arcs_a_junction": round(len(network.arc_node) / network.node_count, 2),
        "peak_mb": memory_of("self")["peak_mb"],
    }


def walk_grid(large: Path, small: Path, sources: int, repeats: int) -> Result:
    """Walk on a large and a small saved town in turns; memory is that after the large one."""
    from geomap.bench.agreement import agree_with_scipy
    from geomap.bench.kernels import settle_all
    from geomap.bench.streets import LIMIT_M, bench_kernel, starts_on_edges
    from geomap.streets.file import open_network
    from geomap.streets.kernel import new_workspace

    opened, network = once(lambda: open_network(large))
    kernel = bench_kernel(network, Size(sources=sources, repeats=repeats))
    memory = memory_of("self")
    town = open_network(small)
    tables, starts = new_workspace(network.node_count), starts_on_edges(network, sources)
    town_tables, town_starts = new_workspace(town.node_count), starts_on_edges(town, sources)
    times = rounds_of(
        [
            lambda: settle_all(network, starts, LIMIT_M, tables),
            lambda: settle_all(town, town_starts, LIMIT_M, town_tables),
        ],
        repeats,
    )
    return {
        "open_s": round(opened, 3),
        "memory": memory,
        "kernel": kernel,
        "small_town": {
            "junctions": town.node_count,
            "us_a_source": round(float(np.median(times[:, 1])) / sources * 1e6, 2),
        },
        "times_a_small_town": round(float(np.median(times[:, 0] / times[:, 1])), 2),
        "agreement_with_scipy": agree_with_scipy(network, starts.part(slice(0, 100)), LIMIT_M),
    }


def bench_grid(side: int = LARGE_SIDE, size: Size | None = None) -> Result:
    """Measure walks on a generated town of 5 million junctions beside a small one.

    Both are built and saved by one process and opened by another, so that the memory of
    the walk does not hold that of the building.
    """
    size = size or Size()
    with tempfile.TemporaryDirectory() as name:
        large, small = Path(name) / "large", Path(name) / "small"
        module = "geomap.bench.grid"
        figures: Result = {"source": f"generated town {side} x {side}"}
        figures["build"] = run_child(module, "build", str(side), str(large))
        run_child(module, "build", str(min(side, SMALL_SIDE)), str(small))
        numbers = str(size.sources), str(size.repeats)
        figures |= run_child(module, "walk", str(large), str(small), *numbers)
    times, differ = figures["times_a_small_town"], figures["agreement_with_scipy"]
    figures["asked"] = [
        at_most("walk on 5 million junctions, times that in a small town", times, 1.5),
        at_most("resident memory of those walks, MB", figures["memory"]["rss_mb"], 1500.0),
        at_most("junctions that differ from scipy's", differ["junctions_that_differ"], 0.0),
    ]
    return figures


def _main(task: str, *arguments: str) -> Result:
    if task == "build":
        return build_grid(int(arguments[0]), Path(arguments[1]))
    large, small, sources, repeats = arguments
    return walk_grid(Path(large), Path(small), int(sources), int(repeats))


if __name__ == "__main__":
    answer(lambda: _main(*sys.argv[1:]))
