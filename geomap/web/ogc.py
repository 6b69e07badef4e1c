"""OGC API – Features 1.0: every public layer as a collection, as JSON and as pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from apiflask import APIBlueprint
from flask import Response, render_template, request

from geomap.domain.errors import InputError
from geomap.web import ogc_items
from geomap.web.describe import describe
from geomap.web.language import language_of, text_of
from geomap.web.ogc_parts import (
    CRS84,
    GEOJSON,
    HTML,
    JSON,
    OPENAPI,
    TILING,
    link,
    list_public,
    require_public,
)
from geomap.web.ogc_query import read_format, read_items_query, require_known
from geomap.web.ogc_tiles import tiles
from geomap.web.problems import problem
from geomap.web.respond import bytes_answer, json_answer
from geomap.web.state import context
from layers.spec import LayerSpec

bp = APIBlueprint("ogc", __name__, url_prefix="/ogc")
_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"
_COMMON = "http://www.opengis.net/spec/ogcapi-common"
_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf"
CONFORMS_TO = [
    f"{_COMMON}-1/1.0/conf/core",
    f"{_COMMON}-1/1.0/conf/json",
    f"{_COMMON}-1/1.0/conf/html",
    f"{_COMMON}-2/1.0/conf/collections",
    f"{_FEATURES}/core",
    f"{_FEATURES}/geojson",
    f"{_FEATURES}/html",
    f"{_TILES}/core",
    f"{_TILES}/tileset",
    f"{_TILES}/tilesets-list",
    f"{_TILES}/geodata-tilesets",
    f"{_TILES}/mvt",
]
_PAD_DEG = 0.01
_ERRORS = (400, 404, 503)


@bp.errorhandler(InputError)
def refuse(error: InputError) -> Response:
    """Return 400 for what cannot be used: OGC API – Features asks for this status."""
    return problem(400, error.slug, error.reason, field=error.field, fix=error.fix)


def _answer(value: dict[str, Any], title: str, *, media: str = JSON, **page: Any) -> Response:
    """Return a resource as JSON or as a page, with links to itself and to the other."""
    form = read_format(request)
    args = request.args.to_dict()
    other = "html" if form == "json" else "json"
    kinds = {"json": media, "html": HTML}
    own = [
        link(request.path, "self", media=kinds[form], **args),
        link(request.path, "alternate", media=kinds[other], **(args | {"f": other})),
    ]
    value = value | {"links": [*own, *value.get("links", [])]}
    if form == "html":
        text = render_template("ogc.html", title=title, value=value, path=request.path, **page)
        response = bytes_answer(text.encode(), HTML)
    else:
        response = json_answer(value, mimetype=media)
    response.headers["Vary"] = "Accept, Accept-Encoding, Accept-Language, Cookie"
    response.headers["Content-Language"] = "en" if language_of(request) == "en" else "zh-CN"
    return response


def _is_demo() -> bool:
    return context().catalog.demo


@bp.get("", strict_slashes=False)
@describe(bp, "Landing page of the OGC API", query="FormatQuery", answer="Landing", errors=(400,))
def landing() -> Response:
    """Return what is here."""
    require_known(request)
    english = language_of(request) == "en"
    title = "Digital map of incubation space, Wenzhou" if english else "温州孵化空间数字地图"
    value = {
        "title": title,
        "description": "OGC API – Features, OGC API – Tiles",
        "links": [
            link("/api/v1/openapi.json", "service-desc", "OpenAPI 3.1", OPENAPI),
            link("/api/docs", "service-doc", "API", HTML),
            link("/ogc/conformance", "conformance", "Conformance"),
            link("/ogc/collections", "data", "Layers" if english else "图层"),
            link("/ogc/tileMatrixSets", f"{TILING}s", "Tile grids"),
        ],
    }
    return _answer(value, title)


@bp.get("/conformance")
@describe(bp, "The standards met", query="FormatQuery", answer="Conformance", errors=(400,))
def conformance() -> Response:
    """Return the conformance classes."""
    require_known(request)
    return _answer({"conformsTo": CONFORMS_TO}, "Conformance", classes=CONFORMS_TO)


def _describe(spec: LayerSpec, language: str) -> dict[str, Any]:
    here, title = f"/ogc/collections/{spec.id}", text_of(spec.title, language)
    columns = [
        {"name": c.name, "type": c.type, "unit": c.unit, "title": text_of(c.label, language)}
        for c in spec.columns
    ]
    value: dict[str, Any] = {
        "id": spec.id,
        "title": title,
        "description": text_of(spec.description, language) or title,
        "attribution": text_of(spec.attribution, language),
        "itemType": "feature",
        "crs": [CRS84],
        "columns": columns,
        "links": [
            link(f"{here}/items", "items", title, GEOJSON),
            link(f"{here}/items", "items", title, HTML, f="html"),
            link(
                f"{here}/tiles", "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", "Tiles"
            ),
        ],
    }
    extent = tiles().source_of(context().catalog, spec).extent
    if extent is not None:
        west, south, east, north = extent
        box = [west - _PAD_DEG, south - _PAD_DEG, east + _PAD_DEG, north + _PAD_DEG]
        value["extent"] = {"spatial": {"bbox": [[round(n, 5) for n in box]], "crs": CRS84}}
    return value


@bp.get("/collections")
@describe(bp, "All layers", query="FormatQuery", answer="Collections", errors=(400, 503))
def list_collections() -> Response:
    """Return the collections."""
    require_known(request)
    language = language_of(request)
    found = []
    for spec in list_public():
        value = _describe(spec, language)
        value["links"].insert(0, link(f"/ogc/collections/{spec.id}", "self", value["title"]))
        found.append(value)
    title = "Layers" if language == "en" else "图层"
    return _answer({"collections": found}, title, collections=found, demo=_is_demo())


@bp.get("/collections/<collection_id>")
@describe(bp, "One layer", query="FormatQuery", answer="Collection", errors=_ERRORS)
def get_collection(collection_id: str) -> Response:
    """Return a collection."""
    spec = require_public(collection_id)
    require_known(request)
    value = _describe(spec, language_of(request))
    return _answer(value, value["title"], collection=value, demo=_is_demo())


@bp.get("/collections/<collection_id>/items")
@describe(
    bp,
    "Features of a layer",
    query="ItemsQuery",
    answer="FeatureCollection",
    media=GEOJSON,
    errors=_ERRORS,
    description="Any column of the layer is a filter: ?status=vacant. See `columns` of the layer.",
)
def list_items(collection_id: str) -> Response:
    """Return a page of features."""
    spec = require_public(collection_id)
    query = read_items_query(request, spec)
    shared = context()
    collection = ogc_items.collection_of(shared, shared.catalog, spec)
    rows = ogc_items.select(collection, query)
    shown = rows[query.offset : query.offset + query.limit]
    table = read_format(request) == "html"
    write = ogc_items.write_features if table else ogc_items.dump_features
    value = {
        "type": "FeatureCollection",
        "timeStamp": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "numberMatched": len(rows),
        "numberReturned": len(shown),
        "features": write(collection, shown),
        "links": [
            *_pages(query.limit, query.offset, len(rows)),
            link(f"/ogc/collections/{spec.id}", "collection"),
        ],
    }
    title = text_of(spec.title, language_of(request))
    return _answer(value, title, media=GEOJSON, items=value, spec=spec, demo=_is_demo())


def _pages(limit: int, offset: int, total: int) -> list[dict[str, Any]]:
    """Return links to the next and the previous page, keeping the other parameters."""
    args, links = request.args.to_dict(), []
    media = HTML if read_format(request) == "html" else GEOJSON
    steps = (("next", offset + limit, offset + limit < total), ("prev", offset - limit, offset > 0))
    for rel, at, there in steps:
        if there:
            page = args | {"limit": str(limit), "offset": str(max(at, 0))}
            links.append(link(request.path, rel, media=media, **page))
    return links


@bp.get("/collections/<collection_id>/items/<feature_id>")
@describe(bp, "One feature", query="FormatQuery", answer="Feature", media=GEOJSON, errors=_ERRORS)
def get_item(collection_id: str, feature_id: str) -> Response:
    """Return a feature."""
    spec = require_public(collection_id)
    require_known(request)
    shared = context()
    collection = ogc_items.collection_of(shared, shared.catalog, spec)
    value = ogc_items.write_features(collection, ogc_items.find_feature(collection, feature_id))[0]
    value["links"] = [link(f"/ogc/collections/{spec.id}", "collection")]
    title = f"{text_of(spec.title, language_of(request))} {feature_id}"
    return _answer(value, title, media=GEOJSON, feature=value, spec=spec, demo=_is_demo())
