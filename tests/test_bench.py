"""Every bench runs on small input and gives its figures; nothing is timed here."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from geomap.bench import BENCHES, join, measure, run, run_bench, service, streets, tiles
from geomap.bench.rings import measure_rings
from geomap.bench.streets import SMALL, bench_grid, bench_streets, grid_ways
from geomap.config import Settings, read_settings
from geomap.coverage.access import amenity_points
from geomap.domain.errors import InputError, NotReadyError
from geomap.streets.graph import build_network
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


def test_streets_of_a_file(tmp_path):
    figures = bench_streets(town_file(tmp_path / "town.osm"), SMALL)
    require_figures(figures)
    assert {"source", "import", "open_s", "kernel", "batch", "ring"} <= set(figures)
    assert figures["import"]["junctions"] == 140
    assert figures["import"]["peak_mb"] > 0
    assert figures["kernel"]["peers"]["agreement_with_scipy"]["junctions_that_differ"] == 0
    assert figures["kernel"]["peers"]["agreement_with_scipy"]["largest_difference_m"] < 0.01
    assert figures["batch"]["listed_a_site"] > 0
    assert figures["ring"]["point_to_geojson_ms"]["runs"] > 0


def test_streets_of_a_generated_grid():
    figures = bench_streets(None, SMALL, side=20)
    require_figures(figures)
    assert figures["build"]["junctions"] > 300
    assert figures["ring"]["listed_that_lie_in_the_ring"] > 0.9


def test_the_grid_is_one_town():
    network = build_network(grid_ways(15))
    assert network.component_size[0] > 0.9 * network.node_count


def test_a_large_grid_beside_a_small_one():
    figures = bench_grid(12, SMALL)
    require_figures(figures)
    assert figures["kernel"]["us_a_source"] > 0
    assert figures["times_a_small_grid"] > 0


def test_a_file_that_cannot_be_read(tmp_path):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(b"nothing")
    with pytest.raises(InputError) as error:
        bench_streets(path, SMALL)
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


def test_all_benches_that_lack_their_data_say_so(settings, monkeypatch):
    for name in ("join", "rings", "streets"):
        monkeypatch.setitem(BENCHES, name, lambda *_: {"seconds": 0.0})
    monkeypatch.setattr(tiles, "bench_encoder", lambda: {"tiles_per_s": 1.0})
    figures = run_bench(settings, "all", None)
    assert list(figures) == ["machine", *(name for name in BENCHES if name != "grid")]
    assert figures["machine"]["cores"] == os.cpu_count()
    assert figures["service"]["skipped"]
    assert figures["match"]["skipped"]
    assert figures["tiles"]["served"]["skipped"]
    assert all(figures[name]["took_s"] >= 0 for name in list(figures)[1:])


def test_one_bench_without_its_data_is_refused(settings):
    with pytest.raises(NotReadyError):
        run_bench(settings, "match", None)


def test_an_unknown_bench_lists_those_that_exist(settings):
    with pytest.raises(InputError) as error:
        run_bench(settings, "nothing", None)
    assert all(name in error.value.fix.en for name in BENCHES)


def test_the_file_reaches_the_streets(settings, monkeypatch, tmp_path):
    seen = []
    monkeypatch.setattr(streets, "bench_streets", lambda file: seen.append(file) or {"source": "x"})
    assert run_bench(settings, "streets", tmp_path)["streets"]["source"] == "x"
    assert seen == [tmp_path]


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
