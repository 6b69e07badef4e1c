"""Streets and coverage: import, walking kernel, batch, interactive rings, agreement."""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geomap.bench.agreement import count_agreement
from geomap.bench.asked import at_least, at_most
from geomap.bench.child import ChildFailedError, run_child
from geomap.bench.import_child import LINE_SUFFIXES
from geomap.bench.kernels import Sources, orders_of, relax_all, settle_all
from geomap.bench.measure import (
    Result,
    Size,
    medians_of,
    once,
    ratio,
    rounds_of,
    spread,
    times_one,
)
from geomap.bench.street_peers import bench_ring_peers, bench_walk_peers, networkx_graph
from geomap.coverage.access import CATEGORIES, AmenityIndex, build_amenity_index
from geomap.coverage.batch import AccessTable, list_amenities_of
from geomap.coverage.point import PointRing, ring_at
from geomap.coverage.warm import warm
from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.geo.crs import from_metric
from geomap.geo.geojson import geometry_to_geojson
from geomap.streets.file import open_network
from geomap.streets.graph import StreetNetwork
from geomap.streets.kernel import Workspace, new_workspace
from geomap.streets.snap import snap_points

LIMIT_M = 1200.0
MINUTES = 15.0
NEAR_STREET_M = 25.0
F8 = NDArray[np.float64]


def _import(file: Path, target: Path) -> Result:
    try:
        return run_child("geomap.bench.import_child", str(file), str(target))
    except ChildFailedError as error:
        why = Label(f"读不了 {file.name}：{error}", f"Cannot import {file.name}: {error}")
        raise InputError(why, field="file") from error


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


def starts_on_edges(network: StreetNetwork, count: int) -> Sources:
    """Return starts anywhere on streets of the largest component."""
    rng = np.random.default_rng(11)
    main = np.flatnonzero(network.component[network.edge_u] == 0)
    edge = rng.choice(main, count)
    offset = (rng.random(count) * network.edge_m[edge]).astype(np.float32)
    rest = network.edge_m[edge] - offset
    return Sources(network.edge_u[edge], network.edge_v[edge], offset, rest)


def bench_kernel(network: StreetNetwork, size: Size) -> Result:
    """Time the kernel beside its floor in turns, and on one thread beside two."""
    sources, work = starts_on_edges(network, size.sources), new_workspace(network.node_count)
    reached = settle_all(network, sources, LIMIT_M, work)
    known = orders_of(network, sources, LIMIT_M, work)
    own, floor = medians_of(
        [
            lambda: settle_all(network, sources, LIMIT_M, work),
            lambda: relax_all(network, sources, LIMIT_M, work, known),
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
    }


def bench_two_threads(network: StreetNetwork, size: Size) -> Result:
    """Walk from four times as many starts, on one thread and two, in turns."""
    sources = starts_on_edges(network, 4 * size.sources)
    works = new_workspace(network.node_count), new_workspace(network.node_count)
    times = rounds_of(
        [
            lambda: settle_all(network, sources, LIMIT_M, works[0]),
            lambda: _two_threads(network, sources, works),
        ],
        size.repeats,
    )
    return times_one(times)


def _two_threads(
    network: StreetNetwork, sources: Sources, works: tuple[Workspace, Workspace]
) -> None:
    half = len(sources.u) // 2
    parts = sources.part(slice(0, half)), sources.part(slice(half, None))
    threads = [
        threading.Thread(target=settle_all, args=(network, part, LIMIT_M, work))
        for part, work in zip(parts, works, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _amenities(network: StreetNetwork, size: Size) -> tuple[AmenityIndex, F8, F8]:
    lon, lat = places_on_streets(network, size.pois, 1)
    category = np.random.default_rng(3).integers(0, len(CATEGORIES), size.pois).astype(np.int8)
    return build_amenity_index(network, category, lon, lat), lon, lat


def bench_batch(network: StreetNetwork, index: AmenityIndex, size: Size) -> Result:
    """Time full lists of 12 categories for many sites, on one thread and two, in turns."""
    places = snap_points(network, *places_on_streets(network, size.sites, 2))

    def run(threads: int) -> AccessTable:
        return list_amenities_of(network, index, places, LIMIT_M, search_m=LIMIT_M, threads=threads)

    times = rounds_of([lambda: run(1), lambda: run(2)], size.repeats)
    one, two = np.median(times, axis=0) / size.sites * 1e6
    return {
        "sites": size.sites,
        "pois": size.pois,
        "limit_m": LIMIT_M,
        "listed_a_site": round(len(run(1).item) / size.sites, 1),
        "us_a_site": round(float(one), 2),
        "us_a_site_two_threads": round(float(two), 2),
        "two_threads_times_one": times_one(times),
    }


def _to_json(ring: PointRing) -> bytes:
    return orjson.dumps(
        {
            "type": "Feature",
            "geometry": geometry_to_geojson(ring.geometry),
            "properties": {
                str(category): [(w.amenity, w.walk_m, w.walk_min) for w in found.items]
                for category, found in ring.amenities.items()
            },
        }
    )


def bench_rings(
    network: StreetNetwork, index: AmenityIndex, lon: F8, lat: F8, size: Size
) -> Result:
    """Time one interactive ring, point to GeoJSON with lists, and see how both agree.

    All are timed first, then compared: looking at every amenity in between would push the
    streets out of the processor's caches.
    """
    places = np.column_stack(places_on_streets(network, size.rings, 4))
    points = np.asarray(shapely.points(lon, lat))
    times, counts, sent, good = [], [(0, 0, 0)], 0, []
    for x, y in places.tolist():
        start = time.perf_counter()
        try:
            ring = ring_at(network, index, x, y, minutes=MINUTES)
        except GeomapError:
            continue
        sent += len(_to_json(ring))
        times.append(time.perf_counter() - start)
        good.append((x, y))
    for x, y in good:
        counts.append(count_agreement(ring_at(network, index, x, y, minutes=MINUTES), points))
    listed, inside, both = np.sum(counts, axis=0).tolist()
    return {
        "point_to_geojson_ms": spread(times),
        "bytes_a_ring": round(sent / max(len(times), 1)),
        "listed_that_lie_in_the_ring": round(both / max(listed, 1), 4),
        "in_the_ring_that_are_listed": round(both / max(inside, 1), 4),
        "amenities_off_street_m": NEAR_STREET_M,
    }


def bench_streets(file: Path, size: Size | None = None) -> Result:
    """Measure streets on an OSM extract, or on road lines (taken as WGS84).

    Returns
    -------
    dict
        Figures of the import, the kernel, the batch and the ring, those of peers, and
        under ``asked`` each mark with whether it is reached.

    Raises
    ------
    InputError
        The file cannot be read or holds nothing to walk.
    """
    size = size or Size()
    figures: Result = {"source": file.name}
    with tempfile.TemporaryDirectory() as folder:
        saved = Path(folder) / "network"
        figures["import"] = _import(file, saved)
        seconds, network = once(lambda: open_network(saved))
        figures["open_s"] = round(seconds, 4)
        warm()
        # On a small extract 50,000 amenities would put thousands into every list.
        size = size._replace(pois=min(size.pois, network.node_count))
        figures["kernel"] = bench_kernel(network, size)
        figures["kernel"]["two_threads_times_one"] = bench_two_threads(network, size)
        index, lon, lat = _amenities(network, size)
        figures["batch"] = bench_batch(network, index, size)
        figures["ring"] = bench_rings(network, index, lon, lat, size)
        graph = networkx_graph(network)
        sources = starts_on_edges(network, size.sources)
        extract = None if file.suffix.lower() in LINE_SUFFIXES else file
        figures["walk_peers"] = bench_walk_peers(network, saved, sources, LIMIT_M, graph)
        figures["ring_peers"] = bench_ring_peers(
            network, index, extract, MINUTES, graph, size.peer_rings
        )
    figures["asked"] = _marks(figures)
    return figures


def _marks(figures: Result) -> list[Result]:
    kernel, batch, ring = figures["kernel"], figures["batch"], figures["ring"]
    time_ms, read = ring["point_to_geojson_ms"], figures["import"]
    listed, inside = ring["listed_that_lie_in_the_ring"], ring["in_the_ring_that_are_listed"]
    differ = figures["walk_peers"]["agreement_with_scipy"]["junctions_that_differ"]
    threads = "two threads, times as quick as one"
    return [
        at_most("walk kernel, times the floor", kernel["times_the_floor"], 2.0, 1.5),
        at_most("batch, µs a site", batch["us_a_site"], 40.0, 13.0),
        at_most("one ring, ms, median", time_ms["median"], 3.0, 1.5),
        at_most("one ring, ms, 99th percentile", time_ms["p99"], 8.0),
        at_most("import, s", read["seconds"], 8.0, 3.0),
        at_most("import, peak MB", read["peak_mb"], 600.0),
        at_least(f"{threads}: kernel, median", kernel["two_threads_times_one"]["median"], 1.8),
        at_least(f"{threads}: kernel, best", kernel["two_threads_times_one"]["best"], 1.8),
        at_least(f"{threads}: batch, median", batch["two_threads_times_one"]["median"], 1.8),
        at_least(f"{threads}: batch, best", batch["two_threads_times_one"]["best"], 1.8),
        at_least("listed amenities that lie in the ring", listed, 0.99),
        at_least("amenities in the ring that are listed", inside, 0.94),
        at_most("junctions that differ from scipy's", differ, 0.0),
    ]
