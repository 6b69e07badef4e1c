"""OGC API – Tiles: Mapbox vector tiles of every layer in WebMercatorQuad."""

from __future__ import annotations

import gzip
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from geomap.geo.tilegrid import tile_range
from geomap.web.describe import describe
from geomap.web.language import language_of, text_of
from geomap.web.ogc_parts import MVT, SCHEME, absolute, link, require_public, tms_link
from geomap.web.respond import IMMUTABLE, NO_CACHE, accepts, bytes_answer, json_answer
from geomap.web.state import context
from geomap.web.tiles import Tiles

bp = APIBlueprint("tiles", __name__, url_prefix="/ogc")
GRID = "WebMercatorQuad"
CRS_3857 = "http://www.opengis.net/def/crs/EPSG/0/3857"
_HALF = 20037508.342789244
_SCALE_0 = 559082264.028717
_NOT_FOUND = (404, 503)


def tiles() -> Tiles:
    """Return the tiles of the running application."""
    shared = context()
    return shared.kept.get("tiles", (shared,), lambda: Tiles(shared))


@bp.get("/collections/<collection_id>/tiles/WebMercatorQuad/<int:z>/<int:y>/<int:x>")
@describe(bp, "One vector tile", query="TileQuery", media=MVT, errors=_NOT_FOUND)
def get_tile(collection_id: str, z: int, y: int, x: int) -> Response:
    """Return a tile, compressed once; an empty one has no content but status 200.

    MapLibre and GDAL both read an empty tile as one without features; 204 makes some
    clients ask again.
    """
    spec, catalog = require_public(collection_id), context().catalog
    tile = tiles().find(catalog, spec, z, x, y)
    packed = bool(tile.packed) and accepts("gzip")
    content = tile.packed if packed or tile.empty else gzip.decompress(tile.packed)
    cache = IMMUTABLE if request.args.get("v") == catalog.stamp else NO_CACHE
    encoding = "gzip" if packed else ""
    return bytes_answer(content, MVT, cache=cache, tag=tile.tag, encoding=encoding)


@bp.get("/collections/<collection_id>/tiles")
@describe(
    bp, "The tile sets of a collection", query="LanguageQuery", answer="Tilesets", errors=_NOT_FOUND
)
def list_tilesets(collection_id: str) -> Response:
    """Return the one tile set that a collection has."""
    spec = require_public(collection_id)
    here = f"/ogc/collections/{spec.id}/tiles"
    title = text_of(spec.title, language_of(request))
    tileset = {
        "title": title,
        "dataType": "vector",
        "crs": CRS_3857,
        "tileMatrixSetURI": SCHEME,
        "links": [link(f"{here}/{GRID}", "self", title), tms_link()],
    }
    return json_answer({"links": [link(here, "self")], "tilesets": [tileset]})


@bp.get("/collections/<collection_id>/tiles/WebMercatorQuad")
@describe(bp, "A tile set", query="LanguageQuery", answer="Tileset", errors=_NOT_FOUND)
def get_tileset(collection_id: str) -> Response:
    """Return the tile set: where its tiles are, and which hold something."""
    spec, catalog = require_public(collection_id), context().catalog
    here = f"/ogc/collections/{spec.id}/tiles/{GRID}"
    source = tiles().source_of(catalog, spec)
    extent = source.extent
    template = absolute(here) + "/{tileMatrix}/{tileRow}/{tileCol}"
    answer: dict[str, Any] = {
        "title": text_of(spec.title, language_of(request)),
        "dataType": "vector",
        "crs": CRS_3857,
        "tileMatrixSetURI": SCHEME,
        "links": [
            link(here, "self"),
            tms_link(),
            {"href": template, "rel": "item", "type": MVT, "templated": True},
        ],
        "layers": [{"id": spec.id, "dataType": "vector", "geometryType": spec.geometry}],
    }
    if extent is not None:
        answer["boundingBox"] = {"lowerLeft": extent[:2], "upperRight": extent[2:]}
        answer["tileMatrixSetLimits"] = [
            _limits(z, extent) for z in range(spec.min_zoom, spec.tile_max_zoom + 1)
        ]
    return json_answer(answer)


def _limits(z: int, extent: tuple[float, float, float, float]) -> dict[str, Any]:
    west, east, north, south = tile_range(extent, z)
    return {
        "tileMatrix": str(z),
        "minTileRow": north,
        "maxTileRow": south,
        "minTileCol": west,
        "maxTileCol": east,
    }


@bp.get("/tileMatrixSets")
@describe(bp, "The tile grids", answer="TileMatrixSets")
def list_grids() -> Response:
    """Return the one grid."""
    grid = {"id": GRID, "title": "Web Mercator Quad", "uri": SCHEME, "crs": CRS_3857}
    links = [link(f"/ogc/tileMatrixSets/{GRID}", "self")]
    return json_answer({"tileMatrixSets": [{**grid, "links": links}]})


@bp.get("/tileMatrixSets/WebMercatorQuad")
@describe(bp, "The Web Mercator tile grid", answer="TileMatrixSet")
def get_grid() -> Response:
    """Return the grid as OGC 17-083r4 writes it."""
    matrices = [
        {
            "id": str(z),
            "scaleDenominator": _SCALE_0 / 2**z,
            "cellSize": 2 * _HALF / 256 / 2**z,
            "pointOfOrigin": [-_HALF, _HALF],
            "tileWidth": 256,
            "tileHeight": 256,
            "matrixWidth": 2**z,
            "matrixHeight": 2**z,
        }
        for z in range(25)
    ]
    return json_answer(
        {
            "id": GRID,
            "title": "Google Maps Compatible for the World",
            "uri": SCHEME,
            "crs": CRS_3857,
            "orderedAxes": ["X", "Y"],
            "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible",
            "tileMatrices": matrices,
        }
    )
