"""Vector tiles: what is in them, decoded by mapbox-vector-tile, and how they are kept."""

from __future__ import annotations

import dataclasses
import gzip
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
from flask.testing import FlaskClient
from werkzeug.test import Client

from geomap.domain.words import UnitStatus
from geomap.geo.mvt import PointLayer, encode_tile
from geomap.geo.tilegrid import tile_range
from geomap.store import write
from geomap.web.context import AppContext
from geomap.web.fast import FastLane
from geomap.web.ogc_tiles import tiles
from geomap.web.tiles import Tile, TileMemory
from layers.registry import LAYERS
from layers.tiles import TileSource, build_source, tile_layer

MVT = "application/vnd.mapbox-vector-tile"
AT = (120.7005, 28.0005)


def address(layer: str, z: int, lon: float = AT[0], lat: float = AT[1]) -> str:
    x, _, y, _ = tile_range((lon, lat, lon, lat), z)
    return f"/ogc/collections/{layer}/tiles/WebMercatorQuad/{z}/{y}/{x}"


def decode(content: bytes) -> dict[str, Any]:
    found: dict[str, Any] = mapbox_vector_tile.decode(content)
    return found


def names(client: FlaskClient, layer: str, z: int, key: str) -> list[str]:
    answer = client.get(address(layer, z))
    assert (answer.status_code, answer.mimetype) == (200, MVT)
    found = decode(answer.data)
    features = found[layer]["features"] if found else []
    return sorted(feature["properties"][key] for feature in features)


def test_sites_in_a_tile_but_none_that_is_only_known_to_its_town(client: FlaskClient) -> None:
    assert names(client, "sites", 4, "id") == ["alpha", "beta", "far"]
    assert names(client, "sites", 14, "id") == ["alpha"]
    found = decode(client.get(address("sites", 14)).data)["sites"]
    assert found["extent"] == 4096
    properties = found["features"][0]["properties"]
    assert (properties["name"], properties["vacant_m2"]) == ("阿尔法孵化器", 240)


def test_streets_are_thinned_by_class(client: FlaskClient) -> None:
    by_zoom = {z: names(client, "streets", z, "class") for z in (7, 8, 9, 11, 12, 13, 14)}
    assert by_zoom[7] == []
    assert by_zoom[8] == ["motorway"]
    assert by_zoom[9] == by_zoom[11] == ["motorway", "primary"]
    assert by_zoom[12] == ["minor", "motorway", "primary"]
    assert by_zoom[13] == by_zoom[14] == ["minor", "motorway", "path", "primary"]


def test_every_layer_has_tiles(client: FlaskClient) -> None:
    for spec in LAYERS.values():
        answer = client.get(address(spec.id, 13))
        assert answer.status_code == 200, spec.id
        if spec.id not in ("zones", "places"):
            assert list(decode(answer.data)) == [spec.id]


@pytest.mark.parametrize("layer", sorted(LAYERS))
@pytest.mark.parametrize("z", [8, 11, 14])
def test_cutting_by_bounds_leaves_nothing_out(context: AppContext, layer: str, z: int) -> None:
    spec = dataclasses.replace(LAYERS[layer], thin_by="")
    whole, source = tile_layer(spec, context.catalog), build_source(spec, context.catalog)
    for lon, lat in (AT, (120.7099, 28.0099), (121.1, 27.9), (120.6, 28.1), (100.0, 0.0)):
        x, _, y, _ = tile_range((lon, lat, lon, lat), z)
        wanted = decode(encode_tile([whole], z, x, y))
        assert decode(source.encode(z, x, y)) == wanted, (layer, z, lon, lat)


def test_empty_tile_is_empty_and_not_an_error(client: FlaskClient) -> None:
    answer = client.get("/ogc/collections/sites/tiles/WebMercatorQuad/8/0/0")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"", MVT)


@pytest.mark.parametrize(
    "path", ["15/0/0", "14/16384/0", "14/0/16384", "99/0/0", "8/-1/0", "8/a/0", "8/0/0/0"]
)
def test_tiles_that_are_not_there(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/ogc/collections/sites/tiles/WebMercatorQuad/{path}")
    assert answer.status_code == 404
    assert client.get("/ogc/collections/none/tiles/WebMercatorQuad/8/0/0").status_code == 404


def test_compressed_once_with_a_tag(client: FlaskClient) -> None:
    plain = client.get(address("sites", 8))
    packed = client.get(address("sites", 8), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    asked = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    again = client.get(address("sites", 8), headers=asked)
    assert (again.status_code, again.data) == (304, b"")


def test_kept_for_good_only_under_the_newest_version(
    client: FlaskClient, context: AppContext
) -> None:
    url = address("sites", 8)
    assert client.get(url).headers["Cache-Control"] == "no-cache"
    assert client.get(f"{url}?v=old").headers["Cache-Control"] == "no-cache"
    newest = client.get(f"{url}?v={context.catalog.stamp}").headers["Cache-Control"]
    assert newest == "public, max-age=31536000, immutable"


def test_other_workers_find_the_tile_on_disk(client: FlaskClient, context: AppContext) -> None:
    assert client.get(address("sites", 8)).status_code == 200
    files = list((context.tiles_dir / context.catalog.stamp).rglob("*.mvt.gz"))
    assert [file.relative_to(context.tiles_dir).parts[1:3] for file in files] == [("sites", "8")]
    marked = gzip.compress(b"from disk", mtime=0)
    files[0].write_bytes(marked)
    context.kept.get("tiles", (object(),), lambda: None)
    assert client.get(address("sites", 8)).data == b"from disk"


def test_an_edit_makes_new_tiles_and_removes_the_old(
    client: FlaskClient, context: AppContext
) -> None:
    before = client.get(address("sites", 14))
    old = context.tiles_dir / context.catalog.stamp
    assert old.is_dir()
    with context.store.writing("test") as tx:
        write.update_unit(tx, "a1", {"status": UnitStatus.LEASED.value}, version=1)
    context.follower._interval = 0.0
    after = client.get(address("sites", 14))
    assert decode(after.data)["sites"]["features"][0]["properties"]["vacant_m2"] == 60
    assert after.headers["ETag"] != before.headers["ETag"]
    assert not old.exists() and (context.tiles_dir / context.catalog.stamp).is_dir()


def test_a_disk_that_cannot_be_written_costs_nothing_but_time(
    client: FlaskClient, context: AppContext
) -> None:
    context.tiles_dir.write_text("in the way")
    assert client.get(address("sites", 8)).data


def test_memory_drops_the_oldest() -> None:
    memory = TileMemory("x", most=1_000)
    for i in range(5):
        memory.keep(("a", 0, 0, i), Tile(b"x" * 200, "t"))
        memory.find(("a", 0, 0, 0))
    assert memory.find(("a", 0, 0, 0)) is not None
    assert memory.find(("a", 0, 0, 1)) is None
    assert memory.find(("a", 0, 0, 4)) is not None


def test_tileset_says_where_tiles_are(client: FlaskClient) -> None:
    answer = client.get("/ogc/collections/sites/tiles/WebMercatorQuad").get_json()
    item = next(link for link in answer["links"] if link["rel"] == "item")
    limits = next(row for row in answer["tileMatrixSetLimits"] if row["tileMatrix"] == "14")
    url = item["href"].format(
        tileMatrix=14, tileRow=limits["maxTileRow"], tileCol=limits["maxTileCol"]
    )
    assert client.get(url).status_code == 200
    x0, x1, y0, y1 = tile_range((120.7, 27.9, 121.1, 28.02), 14)
    assert [limits[k] for k in ("minTileCol", "maxTileCol", "minTileRow", "maxTileRow")] == [
        x0, x1, y0, y1,
    ]  # fmt: skip
    grid = client.get("/ogc/tileMatrixSets/WebMercatorQuad").get_json()
    assert grid["tileMatrices"][14]["matrixWidth"] == 2**14


def test_the_fast_lane_answers_as_flask_does(app: Any, client: FlaskClient) -> None:
    lane = FastLane(app)
    quick = Client(lane)
    stamp = app.extensions["geomap.context"].catalog.stamp
    queries = ("", "?v=x", f"?v={stamp}", f"?lang=en&v={stamp}")
    for path in (address("sites", 8), address("sites", 8, 0, 0)):
        for query in queries:
            for headers in ({"Accept-Encoding": "gzip, br"}, {}):
                slow = client.get(path + query, headers=headers)
                fast = quick.get(path + query, headers=headers)
                for answer in (slow, fast):
                    answer.headers.pop("Date", None)
                assert dict(fast.headers) == dict(slow.headers)
                assert (fast.status_code, fast.data) == (slow.status_code, slow.data)
    tag = client.get(path, headers={"Accept-Encoding": "gzip"}).headers["ETag"]
    asked = {"Accept-Encoding": "gzip", "If-None-Match": tag}
    assert quick.get(path, headers=asked).status_code == 304
    for other in ("/ogc/collections/sites", "/ogc/collections/sites/tiles/X/8/0/0", "/healthz"):
        assert quick.get(other).status_code == client.get(other).status_code


def test_extent_of_nothing() -> None:
    spec = LAYERS["sites"]
    empty = dataclasses.replace(_no_points(), name="sites")
    assert TileSource(spec, empty).extent is None
    assert TileSource(spec, empty).encode(8, 0, 0) == b""


def _no_points() -> Any:
    return PointLayer("x", np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), {})


def test_tiles_belong_to_the_application(app: Any) -> None:
    with app.app_context():
        assert tiles() is tiles()
