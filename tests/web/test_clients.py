"""A real server on loopback, asked by real clients: OWSLib, GDAL, and urllib."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import mapbox_vector_tile
import pyogrio
import pytest
import shapely
from owslib.ogcapi.features import Features

from geomap.domain.errors import InputError
from geomap.geo.tilegrid import tile_range
from geomap.web.serve import address_of, require_free_port

SERVE = """
import sys
from geomap.cli import main
main(["--lang", "en", "serve", "--port", sys.argv[1], "--workers", "2"])
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    environ = {**os.environ, "GEOMAP_DATA_DIR": str(folder)}
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, str(port)],
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the server did not come up")


@pytest.fixture(scope="module")
def served(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(template, tmp_path_factory.mktemp("served") / "data"))


@pytest.fixture(scope="module")
def url(served: Path) -> Iterator[str]:
    port = free_port()
    process = start(served, port)
    try:
        wait(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        output = process.communicate(timeout=30)[0].decode()
    assert process.returncode == 0, output
    assert f"✓ Ready: http://127.0.0.1:{port}" in output
    assert "Traceback" not in output


def test_owslib_reads_collections_and_pages(url: str) -> None:
    service = Features(f"{url}/ogc")
    assert (
        "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"
        in (service.conformance()["conformsTo"])
    )
    assert {"sites", "units", "counties", "rings"} <= set(service.feature_collections())
    assert service.collection("sites")["title"] == "孵化载体"
    page = service.collection_items("units", limit=2, status="vacant")
    assert (page["numberMatched"], page["numberReturned"]) == (3, 2)
    near = service.collection_items("sites", bbox=[120.69, 27.99, 120.701, 28.001])
    assert [feature["id"] for feature in near["features"]] == ["alpha"]
    assert service.collection_item("sites", "beta")["properties"]["demo"] is True
    document = next(link["href"] for link in service.links if link["rel"] == "service-desc")
    assert json.loads(get(document)[2])["openapi"].startswith("3.1")


def test_gdal_reads_every_layer(url: str) -> None:
    source = f"OAPIF:{url}/ogc"
    listed = {name for name, _ in pyogrio.list_layers(source)}
    assert {"sites", "units", "counties", "streets"} <= listed
    sites = pyogrio.read_dataframe(source, layer="sites")
    assert sites["name"].tolist()[0] == "阿尔法孵化器"
    assert sites.crs is not None and sites.crs.is_geographic
    assert sites.geometry.iloc[0].equals(shapely.Point(120.7, 28.0))
    units = pyogrio.read_dataframe(source, layer="units")
    assert units.set_index("id")["area_m2"].to_dict()["a1"] == 180.0
    counties = pyogrio.read_dataframe(source, layer="counties")
    assert counties.geometry.iloc[0].area == pytest.approx(0.2 * 0.085)


def test_gdal_follows_the_pages_and_filters_by_place(url: str) -> None:
    source = f"OAPIF:{url}/ogc"
    units = pyogrio.read_dataframe(source, layer="units", PAGE_SIZE="2")
    assert len(units) == 5
    boxed = pyogrio.read_dataframe(source, layer="sites", bbox=(120.69, 27.99, 120.701, 28.001))
    assert list(boxed["id"]) == ["alpha"]


def get(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def test_tiles_over_the_wire(url: str) -> None:
    x, _, y, _ = tile_range((120.7, 28.0, 120.7, 28.0), 12)
    address = f"{url}/ogc/collections/sites/tiles/WebMercatorQuad/12/{y}/{x}"
    for _ in range(6):
        status, headers, body = get(address)
        assert status == 200
        assert headers["content-type"] == "application/vnd.mapbox-vector-tile"
        assert mapbox_vector_tile.decode(body)["sites"]["features"]
    status, packed, _ = get(address, **{"Accept-Encoding": "gzip"})
    assert packed["content-encoding"] == "gzip"
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed["etag"]}
    assert get(address, **again)[0] == 304


def test_a_body_that_is_too_large_is_refused_by_the_server(url: str) -> None:
    request = urllib.request.Request(
        f"{url}/api/v1/match",
        data=b" " * 3_000_000,
        headers={"Content-Type": "application/json"},
    )
    with pytest.raises((urllib.error.HTTPError, OSError)) as caught:
        urllib.request.urlopen(request, timeout=10)
    if isinstance(caught.value, urllib.error.HTTPError):
        assert caught.value.code == 413
        caught.value.close()
    assert get(f"{url}/healthz")[0] == 200


def test_a_body_in_chunks_is_cut_off_and_refused(url: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", int(url.rsplit(":", 1)[1]), timeout=10)
    headers = {"Content-Type": "application/json"}
    chunks = [b"{", b" " * 999_999, b"}"]
    connection.request("POST", "/api/v1/match", iter(chunks), headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["status"]) == (413, 413)
    connection.request("POST", "/api/v1/match", iter([b"{", b"}"]), headers, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["total"] == 4
    connection.close()


def test_a_taken_port_is_said_plainly(url: str, served: Path) -> None:
    process = start(served, int(url.rsplit(":", 1)[1]))
    output = process.communicate(timeout=60)[0].decode()
    assert process.returncode == 1
    assert "is taken" in output and "PORT=" in output and "Traceback" not in output


def test_a_host_that_is_not_ours() -> None:
    with pytest.raises(InputError) as caught:
        require_free_port("203.0.113.1", 8000)
    assert caught.value.field == "host"


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("::1", "http://[::1]:8000"),
        ("maps.local", "http://maps.local:8000"),
    ],
)
def test_the_address_to_open(host: str, address: str) -> None:
    assert address_of(host, 8000) == address


def test_sigterm_answers_what_is_open_and_ends(data_dir: Path) -> None:
    port = free_port()
    process = start(data_dir, port)
    try:
        wait(f"http://127.0.0.1:{port}", process)
        process.terminate()
        output = process.communicate(timeout=30)[0].decode()
    finally:
        process.kill()
    assert process.returncode == 0, output
