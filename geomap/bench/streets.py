"""Streets and coverage: import, walking kernel, batch, interactive rings, agreement."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.bench.kernels import Sources, orders_of, relax_all, settle_all
from geomap.bench.measure import Result, medians_of, memory_of, once, ratio, spread
from geomap.bench.street_peers import measure_peers
from geomap.coverage.access import CATEGORIES, AmenityIndex, build_amenity_index
from geomap.coverage.batch import AccessTable, list_amenities_of
from geomap.coverage.point import ring_at
from geomap.coverage.warm import warm
from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.geo.crs import from_metric
from geomap.geo.geojson import geometry_to_geojson
from geomap.streets.file import open_network
from geomap.streets.graph import StreetNetwork, build_network
from geomap.streets.kernel import new_workspace
from geomap.streets.snap import snap_points
from geomap.streets.ways import StreetClass, Ways

LIMIT_M = 1200.0
NEAR_STREET_M = 25.0
F8 = NDArray[np.float64]


class Size(NamedTuple):
    """How much is measured."""

    sources: int = 4000
    sites: int = 10_000
    pois: int = 50_000
    rings: int = 400
    repeats: int = 9


SMALL = Size(40, 30, 60, 4, 1)


def grid_ways(side: int, gap_m: float = 100.0) -> Ways:
    """Return a generated town: `side` by `side` crossings with one street in eight missing."""
    rng = np.random.default_rng(5)
    number = np.arange(side * side).reshape(side, side)
    pairs = np.concatenate(
        [
            np.stack([number[:, :-1].ravel(), number[:, 1:].ravel()], axis=1),
            np.stack([number[:-1].ravel(), number[1:].ravel()], axis=1),
        ]
    )
    pairs = pairs[rng.random(len(pairs)) > 0.125]
    shift = rng.uniform(-0.3, 0.3, (side * side, 2))
    x = (number.ravel() % side + shift[:, 0]) * gap_m + 500_000.0
    y = (number.ravel() // side + shift[:, 1]) * gap_m + 3_100_000.0
    coords = np.column_stack(from_metric(x, y, "EPSG:32651"))
    count = len(pairs)
    return Ways(
        coords[pairs.ravel()],
        np.arange(count + 1) * 2,
        pairs.ravel(),
        np.full(count, StreetClass.MINOR, dtype=np.int8),
        [""] * count,
        np.zeros(count, dtype=np.bool_),
    )


def _import(file: Path, target: Path) -> Result:
    command = [sys.executable, "-m", "geomap.bench.import_child", str(file), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:]
        raise InputError(
            Label(f"读不了 {file.name}：{last}", f"Cannot import {file.name}: {last}"), field="file"
        )
    figures: Result = json.loads(done.stdout)
    return figures


def places_on_streets(network: StreetNetwork, count: int, seed: int) -> tuple[F8, F8]:
    """Return places within 25 m of a street of the largest component, degrees."""
    rng = np.random.default_rng(seed)
    main = np.flatnonzero(network.component[network.edge_u] == 0)
    edge = rng.choice(main, count)
    at = shapely.line_interpolate_point(
        network.lines[edge], rng.random(count) * network.edge_m[edge]
    )
    angle, off = rng.uniform(0.0, 2.0 * np.pi, count), NEAR_STREET_M * np.sqrt(rng.random(count))
    x, y = shapely.get_x(at) + off * np.cos(angle), shapely.get_y(at) + off * np.sin(angle)
    return from_metric(x, y, network.crs)


def _sources(network: StreetNetwork, count: int) -> Sources:
    rng = np.random.default_rng(11)
    main = np.flatnonzero(network.component[network.edge_u] == 0)
    edge = rng.choice(main, count)
    offset = (rng.random(count) * network.edge_m[edge]).astype(np.float32)
    rest = network.edge_m[edge] - offset
    return Sources(network.edge_u[edge], network.edge_v[edge], offset, rest)


def bench_kernel(network: StreetNetwork, size: Size, *, peers: bool = True) -> Result:
    """Time the kernel beside its floor, on one thread and two, and compare with scipy."""
    sources, work = _sources(network, size.sources), new_workspace(network.node_count)
    reached = settle_all(network, sources, LIMIT_M, work)
    known = orders_of(network, sources, LIMIT_M, work)
    own, floor, both = medians_of(
        [
            lambda: settle_all(network, sources, LIMIT_M, work),
            lambda: relax_all(network, sources, LIMIT_M, work, known),
            lambda: _two_threads(network, sources),
        ],
        size.repeats,
    )
    per = 1e6 / size.sources
    return {
        "limit_m": LIMIT_M,
        "sources": size.sources,
        "junctions_a_source": round(float(reached.mean()), 1),
        "us_a_source": round(own * per, 2),
        "floor_us_a_source": round(floor * per, 2),
        "times_the_floor": ratio(own, floor),
        "ns_a_junction": round(own * 1e9 / max(int(reached.sum()), 1), 1),
        "two_threads_times_one": ratio(own, both),
        "peers": measure_peers(network, sources, LIMIT_M, known, own / size.sources)
        if peers
        else {},
    }


def _two_threads(network: StreetNetwork, sources: Sources) -> None:
    half = len(sources.u) // 2
    parts = sources.part(slice(0, half)), sources.part(slice(half, None))
    threads = [
        threading.Thread(target=settle_all, args=(network, p, LIMIT_M, _tables(network, i)))
        for i, p in enumerate(parts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


_kept: dict[tuple[str, int], object] = {}


def _tables(network: StreetNetwork, worker: int) -> object:
    """Return the tables of a worker, made once: their making is not what is measured."""
    key = (network.version, worker)
    if key not in _kept:
        _kept[key] = new_workspace(network.node_count)
    return _kept[key]


def _amenities(network: StreetNetwork, size: Size) -> tuple[AmenityIndex, F8, F8]:
    lon, lat = places_on_streets(network, size.pois, 1)
    category = np.random.default_rng(3).integers(0, len(CATEGORIES), size.pois).astype(np.int8)
    return build_amenity_index(network, category, lon, lat), lon, lat


def bench_batch(network: StreetNetwork, index: AmenityIndex, size: Size) -> Result:
    """Time full lists of 12 categories for many sites, on one thread and two."""
    places = snap_points(network, *places_on_streets(network, size.sites, 2))
    figures: Result = {"sites": size.sites, "pois": size.pois, "limit_m": LIMIT_M}

    def run(threads: int) -> AccessTable:
        return list_amenities_of(network, index, places, LIMIT_M, search_m=LIMIT_M, threads=threads)

    one, two = medians_of([lambda: run(1), lambda: run(2)], size.repeats)
    table = run(1)
    return figures | {
        "listed_a_site": round(len(table.item) / size.sites, 1),
        "seconds": round(one, 4),
        "us_a_site": round(one / size.sites * 1e6, 2),
        "us_a_site_two_threads": round(two / size.sites * 1e6, 2),
        "two_threads_times_one": ratio(one, two),
    }


def bench_rings(
    network: StreetNetwork, index: AmenityIndex, lon: F8, lat: F8, size: Size
) -> Result:
    """Time one interactive ring, point to GeoJSON with lists, and see how both agree."""
    import orjson

    places = np.column_stack(places_on_streets(network, size.rings, 4))
    times, listed_in, listed_all, inside_all = [], 0, 0, 0
    points = shapely.points(lon, lat)
    for x, y in places.tolist():
        start = time.perf_counter()
        try:
            ring = ring_at(network, index, x, y)
        except GeomapError:
            continue
        body = orjson.dumps(
            {
                "type": "Feature",
                "geometry": geometry_to_geojson(ring.geometry),
                "properties": {
                    str(category): [(w.amenity, w.walk_m, w.walk_min) for w in found.items]
                    for category, found in ring.amenities.items()
                },
            }
        )
        times.append(time.perf_counter() - start)
        shapely.prepare(ring.geometry)
        inside = set(np.flatnonzero(shapely.contains_properly(ring.geometry, points)).tolist())
        listed = {w.amenity for found in ring.amenities.values() for w in found.items}
        listed_in += len(listed & inside)
        listed_all += len(listed)
        inside_all += len(inside)
        assert body  # noqa: S101 - keeps the work from being skipped
    return {
        "point_to_geojson_ms": spread(times),
        "listed_that_lie_in_the_ring": round(listed_in / max(listed_all, 1), 4),
        "in_the_ring_that_are_listed": round(listed_in / max(inside_all, 1), 4),
        "amenities_off_street_m": NEAR_STREET_M,
    }


def bench_streets(file: Path | None, size: Size | None = None, *, side: int = 300) -> Result:
    """Measure streets on an OSM extract, or on a generated grid where none is given."""
    size = size or Size()
    warm()
    figures: Result = {"source": file.name if file else f"generated grid {side} x {side}"}
    if file is None:
        seconds, network = once(lambda: build_network(grid_ways(side)))
        figures["build"] = {"seconds": round(seconds, 3), "junctions": network.node_count}
    else:
        with tempfile.TemporaryDirectory() as folder:
            figures["import"] = _import(file, Path(folder) / "network")
            seconds, network = once(lambda: open_network(Path(folder) / "network"))
        figures["open_s"] = round(seconds, 4)
    figures["kernel"] = bench_kernel(network, size)
    index, lon, lat = _amenities(network, size)
    figures["batch"] = bench_batch(network, index, size)
    figures["ring"] = bench_rings(network, index, lon, lat, size)
    return figures


def bench_grid(side: int = 2240, size: Size | None = None) -> Result:
    """Measure the kernel on a generated grid of 5 million junctions beside a small one."""
    size = size or Size()
    small = bench_kernel(build_network(grid_ways(min(side, 250))), size, peers=False)
    seconds, network = once(lambda: build_network(grid_ways(side)))
    with tempfile.TemporaryDirectory() as folder:
        from geomap.streets.file import save_network

        opened = open_network(save_network(network, Path(folder) / "network"))
        junctions = network.node_count
        del network
        large = bench_kernel(opened, size, peers=False)
    return {
        "junctions": junctions,
        "build_s": round(seconds, 2),
        "kernel": large,
        "times_a_small_grid": ratio(large["us_a_source"], small["us_a_source"]),
        "memory": memory_of("self"),
    }
