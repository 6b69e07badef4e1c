"""Every bench runs on small input and gives its figures; nothing is timed here."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import shapely

from geomap.bench import (
    BENCHES,
    agreement,
    asked,
    grid,
    join,
    kernels,
    measure,
    peers_networkx,
    peers_pandana,
    peers_valhalla,
    run,
    run_bench,
    service,
    street_peers,
    streets,
    tiles,
)
from geomap.bench import match as bench_of_matching
from geomap.bench.grid import bench_grid, grid_ways
from geomap.bench.match import SMALL_MATCH, bench_match
from geomap.bench.match_data import TODAY, generate_city
from geomap.bench.match_demands import generate_demands
from geomap.bench.match_store import columns_that_differ
from geomap.bench.measure import SMALL
from geomap.bench.rings import measure_rings
from geomap.bench.streets import bench_streets
from geomap.config import Settings, read_settings
from geomap.coverage.access import amenity_points
from geomap.domain.errors import InputError, NotReadyError
from geomap.matching.prepared import prepare
from geomap.streets.file import open_network, save_network
from geomap.streets.graph import build_network
from geomap.streets.kernel import new_workspace
from tests.streets.osm_sample import OsmXml


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "data")})


def town_file(path: Path) -> Path:
    """A grid of 12 by 12 crossings as an OSM file."""
    osm = OsmXml()
    for i in range(144):
        osm.node(i + 1, 100.0 * (i % 12), 100.0 * (i // 12))
    for row in range(12):
        osm.way(row + 1, range(12 * row + 1, 12 * row + 13), {"highway": "residential"})
        osm.way(row + 101, range(row + 1, 145, 12), {"highway": "footway"})
    return osm.write(path)


def require_figures(figures: dict) -> None:
    """All of it can be written as JSON, and no figure is negative."""
    json.dumps(figures)
    for value in figures.values():
        if isinstance(value, dict):
            require_figures(value)
        elif isinstance(value, (int, float)):
            assert value >= 0


def require_marks(figures: dict) -> None:
    """Every mark says what was measured and whether that reaches it."""
    for row in figures["asked"]:
        word, mark = row["asked"].rsplit(" ", 1)
        below = row["measured"] <= float(mark)
        above = row["measured"] >= float(mark)
        assert row["reached"] is (below if word == "at most" else above)


def test_streets_of_a_file(tmp_path):
    figures = bench_streets(town_file(tmp_path / "town.osm"), SMALL)
    require_figures(figures)
    require_marks(figures)
    assert figures["import"]["junctions"] == 140
    assert figures["import"]["peak_mb"] > 0
    assert figures["kernel"]["two_threads_times_one"]["rounds"] == SMALL.repeats
    agreement = figures["walk_peers"]["agreement_with_scipy"]
    assert agreement["sources"] == SMALL.sources
    assert agreement["junctions_compared"] >= 40 * 50
    assert agreement["junctions_that_differ"] == 0
    assert agreement["largest_difference_m"] < 0.01
    assert figures["batch"]["listed_a_site"] > 0
    assert figures["ring"]["point_to_geojson_ms"]["runs"] > 0
    assert figures["ring"]["listed_that_lie_in_the_ring"] > 0.9
    assert figures["walk_peers"]["peers"]["scipy dijkstra(limit=)"]["times_ours"] > 0


def test_streets_of_road_lines(tmp_path):
    """A cross of two streets, 600 m each, as GeoJSON."""
    path = tmp_path / "roads.geojson"
    lines = [[[0.0, 0.0], [0.003, 0.0], [0.006, 0.0]], [[0.003, -0.003], [0.003, 0.0]]]
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for line in lines
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    figures = bench_streets(path, SMALL)
    require_figures(figures)
    assert (figures["import"]["junctions"], figures["import"]["edges"]) == (4, 3)
    told = figures["ring_peers"]["peers"]["Valhalla isochrone"]
    assert told in ("not installed", "needs an OSM extract")


def test_peers_that_are_not_there_say_so(tmp_path, monkeypatch):
    for module in (peers_networkx, peers_pandana, peers_valhalla, street_peers):
        monkeypatch.setattr(module, "installed", lambda _: False)
    figures = bench_streets(town_file(tmp_path / "town.osm"), SMALL)
    walks, rings = figures["walk_peers"]["peers"], figures["ring_peers"]["peers"]
    absent = [told for told in (walks | rings).values() if told == "not installed"]
    assert len(absent) == 5
    assert figures["ring_peers"]["ours_ms_a_ring"] > 0


def with_peer(module: str):
    """Take a test in where a peer of the optional extra `bench` is installed.

    Elsewhere it is no test at all: what the bench says then has its own test above.
    """

    def decorate(test):
        return test if measure.installed(module) else None

    return decorate


@with_peer("networkx")
def test_networkx_reaches_the_same_junctions():
    network = build_network(grid_ways(12))
    nodes = np.arange(5, dtype=np.int32)
    told = peers_networkx.time_ego_graph(peers_networkx.to_graph(network), nodes, 400.0)
    zero = np.zeros(5, dtype=np.float32)
    far = np.full(5, np.inf, dtype=np.float32)
    starts = kernels.Sources(nodes, nodes, zero, far)
    reached = kernels.settle_all(network, starts, 400.0, new_workspace(network.node_count))
    assert told["junctions_a_source"] == reached.mean()


@with_peer("osmnx")
def test_the_hull_of_osmnx_holds_what_is_reached():
    network = build_network(grid_ways(12))
    nodes = np.arange(3, dtype=np.int32)
    graph = peers_networkx.to_graph(network)
    told, hulls = peers_networkx.time_osmnx_rings(graph, nodes, 400.0)
    assert told["ms_a_ring"] > 0
    for node, hull in zip(nodes, hulls, strict=True):
        near = np.hypot(
            network.node_x - network.node_x[node], network.node_y - network.node_y[node]
        )
        assert hull.covers(shapely.Point(network.node_x[node], network.node_y[node]))
        assert not hull.covers(
            shapely.Point(network.node_x[near.argmax()], network.node_y[near.argmax()])
        )


@with_peer("pandana")
def test_pandana_counts_every_junction(tmp_path):
    file = save_network(build_network(grid_ways(6)), tmp_path / "network")
    told = peers_pandana.time_pandana(file, 50_000.0)
    assert told["batch"]["junctions_a_source"] == open_network(file).node_count
    assert told["single"]["us_a_source"] > 0


def test_a_peer_that_fails_is_told(tmp_path, monkeypatch):
    for module in (peers_pandana, peers_valhalla):
        monkeypatch.setattr(module, "installed", lambda _: True)
    broken = tmp_path / "broken"
    broken.write_bytes(b"nothing")
    assert peers_pandana.time_pandana(broken, 100.0).startswith("failed: ")
    told, shapes = peers_valhalla.time_valhalla(broken, [(0.0, 0.0)], 15.0, 4.8)
    assert told.startswith("failed: ")
    assert shapes == []


def test_valhalla_needs_an_extract(monkeypatch):
    monkeypatch.setattr(peers_valhalla, "installed", lambda _: True)
    assert peers_valhalla.time_valhalla(None, [], 15.0, 4.8) == ("needs an OSM extract", [])


def test_scipy_finds_a_wrong_walk():
    """A street of the compared network is a metre too long: the walks differ by it."""
    network = build_network(grid_ways(10))
    starts = streets.starts_on_edges(network, 20)
    right = agreement.agree_with_scipy(network, starts, 500.0)
    assert right["junctions_that_differ"] == 0
    assert right["largest_difference_m"] < 0.01
    matrix = agreement.arcs_matrix(network)
    matrix.data += 1.0
    wrong = agreement.agree_with_scipy(network, starts, 500.0, matrix)
    assert wrong["largest_difference_m"] > 0.9


def test_marks():
    row = asked.at_most("a", 1.6, 2.0, 1.5)
    assert (row["reached"], row["striven_for_reached"]) == (True, False)
    assert asked.at_most("a", 2.1, 2.0)["reached"] is False
    assert asked.at_least("a", 1.8, 1.8)["reached"] is True
    assert asked.at_least("a", None, 1.8)["reached"] is False


def test_the_town_is_like_a_town():
    """Most junctions join three streets, some are dead ends, few are crossings."""
    network = build_network(grid_ways(60))
    degrees = np.bincount(np.diff(network.arc_at), minlength=5) / network.node_count
    assert network.component_size[0] > 0.9 * network.node_count
    assert 0.15 < degrees[1] < 0.22
    assert 0.68 < degrees[3] < 0.78
    assert 0.05 < degrees[4] < 0.11
    assert degrees[2] < 0.01
    assert 1.35 < network.node_count / 60**2 < 1.5
    assert grid_ways(60).coords.tolist() == grid_ways(60).coords.tolist()


def test_a_large_town_beside_a_small_one():
    figures = bench_grid(12, SMALL)
    require_figures(figures)
    require_marks(figures)
    assert figures["times_a_small_town"] > 0
    assert figures["memory"]["rss_mb"] > 0
    assert figures["build"]["peak_mb"] > 0
    assert figures["agreement_with_scipy"]["junctions_that_differ"] == 0


def test_a_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"nothing")
    with pytest.raises(InputError) as error:
        bench_streets(path, SMALL)
    assert error.value.field == "file"
    assert "a.osm.pbf" in error.value.reason.zh
    assert error.value.fix


def test_a_file_that_is_not_there(settings, tmp_path):
    with pytest.raises(InputError) as error:
        run_bench(settings, "streets", tmp_path / "a.osm.pbf")
    assert error.value.field == "file"


def test_rings_of_a_grid():
    figures = measure_rings(build_network(grid_ways(12)), [], [], [], amenity_points([]))
    require_figures(figures)
    assert figures["sites"] == 0


def test_tiles():
    figures = tiles.bench_encoder(points=20, polygons=2, repeats=1)
    require_figures(figures)
    assert figures["bytes"] > 0
    assert figures["times_faster"] is None or figures["times_faster"] > 0


def test_join_agrees_with_its_peer():
    figures = join.bench_join(join.round_counties(5, 64), points=5000, repeats=1)
    require_figures(figures)
    assert figures["points_that_differ"] == 0
    assert figures["polygons"] == 5


PEERS = ("DuckDB, one thread", "PostGIS, indexed")


def test_matching_beside_its_peers(settings, monkeypatch):
    """Every part runs on a small city, and whatever peers are there find the same rows."""
    monkeypatch.setattr(bench_of_matching, "bench_match", small_match)
    figures = run_bench(settings, "match", None)["match"]
    require_figures({k: v for k, v in figures.items() if k not in ("kernel", "asked")})
    assert [row["units"] for row in figures["kernel"]] == [300, 900]
    assert len(figures["asked"]) == 10
    require_marks({"asked": [row for row in figures["asked"] if row["measured"] is not None]})
    assert figures["catalog"]["columns_that_differ"] == []
    assert figures["answers"]["ms"]["runs"] > 0
    assert figures["relaxations"]["changes"] > 0
    assert figures["vacancy_seen"]["workers"] == 2
    for name in PEERS:
        told = figures["peers"][name]
        assert told == "not installed" or told["demands_that_differ"] == 0


def small_match():
    return bench_match(SMALL_MATCH)


def test_peers_of_matching_that_are_not_there_say_so(monkeypatch):
    monkeypatch.setattr(bench_of_matching, "installed", lambda _: False)
    monkeypatch.setattr(bench_of_matching, "find_postgres", lambda: None)
    prepared = prepare(generate_city(200, 5), today=TODAY)
    peers = bench_of_matching.bench_peers(prepared, SMALL_MATCH)
    assert peers == dict.fromkeys(PEERS, "not installed")


def test_a_peer_of_matching_that_differs_is_counted():
    prepared = prepare(generate_city(200, 5), today=TODAY)
    asked = bench_of_matching.asked_of(prepared.catalog, 6, 1)
    told = bench_of_matching.compare(prepared, lambda _: [(-1, 0.0)], asked, indexed=False)
    assert (told["demands_compared"], told["demands_that_differ"]) == (6, 6)


def test_the_city_and_its_demands_are_the_same_every_time():
    one, other = generate_city(500, 12), generate_city(500, 12)
    assert columns_that_differ(one, other) == []
    assert columns_that_differ(one, generate_city(500, 12, seed=1)) != []
    assert generate_demands(50) == generate_demands(50)
    assert len({json.dumps(demand) for demand in generate_demands(240)}) > 230


def test_all_benches_that_lack_their_data_say_so(settings, monkeypatch):
    """The benches that need no data, minutes at full size, are left out."""
    for name in BENCHES.keys() - {"tiles", "streets", "service"}:
        monkeypatch.setitem(BENCHES, name, lambda *_: {"seconds": 0.0})
    monkeypatch.setattr(tiles, "bench_encoder", lambda: {"tiles_per_s": 1.0})
    figures = run_bench(settings, "all", None)
    assert list(figures) == ["machine", *BENCHES]
    assert figures["streets"]["skipped"]
    assert figures["machine"]["cores"] == os.cpu_count()
    assert figures["service"]["skipped"]
    assert figures["tiles"]["served"]["skipped"]
    assert all(figures[name]["took_s"] >= 0 for name in list(figures)[1:])


def test_one_bench_without_its_data_is_refused(settings):
    with pytest.raises(NotReadyError):
        run_bench(settings, "service", None)


def test_an_unknown_bench_lists_those_that_exist(settings):
    with pytest.raises(InputError) as error:
        run_bench(settings, "nothing", None)
    assert all(name in error.value.fix.en for name in BENCHES)


def test_the_file_reaches_the_streets(settings, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(streets, "bench_streets", lambda file: seen.append(file) or {"source": "x"})
    assert run_bench(settings, "streets", tmp_path)["streets"]["source"] == "x"
    assert seen == [tmp_path]


@pytest.mark.parametrize(("what", "file"), [("streets", None), ("streets", "grid"), ("grid", None)])
def test_without_a_file_a_town_is_generated(settings, monkeypatch, what, file):
    monkeypatch.setattr(grid, "bench_grid", lambda: {"source": "generated"})
    figures = run_bench(settings, what, file and Path(file))
    assert figures["streets"]["source"] == "generated"


def test_memory_of_this_process():
    memory = measure.memory_of(os.getpid())
    assert memory["rss_mb"] > 1
    assert memory["pss_mb"] > 1
    assert measure.memory_of(2**22 + 1) == {"rss_mb": None, "peak_mb": None, "pss_mb": None}
    assert service.family_of(os.getpid())[0] == os.getpid()


def test_spread_and_ratio():
    assert measure.spread([0.001, 0.002, 0.003]) == {"median": 2.0, "p99": 2.98, "runs": 3}
    assert measure.ratio(None, 1.0) is None
    assert measure.ratio(3.0, 2.0) == 1.5


def test_a_service_that_does_not_come_up(settings, monkeypatch):
    monkeypatch.setattr(service.sys, "executable", "/bin/false")
    with pytest.raises(NotReadyError), service.running_service(settings, 1):
        pass
    assert run.BENCHES["service"]


def test_requests_are_counted():
    """A server of one answer, on loopback."""
    import socketserver
    import threading

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                while self.rfile.readline().strip():
                    pass
                self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        figures = service.requests_per_second(server.server_address[1], "/x", 0.05)
        server.shutdown()
    assert (figures["status"], figures["bytes"]) == (200, 3)
    assert figures["per_s"] > 0
