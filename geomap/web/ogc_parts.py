"""What the OGC rooms share: addresses, links, and who may see a layer."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

from flask import request

from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from geomap.web.limits import LOOPBACK
from layers.registry import LAYERS
from layers.spec import LayerSpec

JSON, HTML, GEOJSON = "application/json", "text/html", "application/geo+json"
OPENAPI = "application/vnd.oai.openapi+json;version=3.1"
MVT = "application/vnd.mapbox-vector-tile"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
SCHEME = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
TILING = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
PUBLIC = "public"
_HOST = re.compile(r"[A-Za-z0-9.\-:\[\]]{1,255}")


def absolute(path: str) -> str:
    """Return the address of a path as the client reached this service.

    A proxy on this machine says by which scheme and host it was asked.
    """
    root = request.host_url.rstrip("/")
    if request.remote_addr in LOOPBACK and "X-Forwarded-Proto" in request.headers:
        scheme = request.headers["X-Forwarded-Proto"]
        host = request.headers.get("X-Forwarded-Host", request.host)
        if scheme in ("http", "https") and _HOST.fullmatch(host):
            root = f"{scheme}://{host}"
    return root + path


def link(path: str, rel: str, title: str = "", media: str = JSON, **query: str) -> dict[str, Any]:
    """Return a link object."""
    href = absolute(path) + (f"?{urlencode(query)}" if query else "")
    value = {"href": href, "rel": rel, "type": media}
    return value | ({"title": title} if title else {})


def tms_link() -> dict[str, Any]:
    """Return the link to the tile grid."""
    return link("/ogc/tileMatrixSets/WebMercatorQuad", TILING, "WebMercatorQuad")


def list_public() -> list[LayerSpec]:
    """Return the layers that anyone may see."""
    return [spec for spec in LAYERS.values() if spec.role == PUBLIC]


def require_public(collection_id: str) -> LayerSpec:
    """Return a layer that anyone may see; another is not found, as if it were not there.

    Raises
    ------
    NotFoundError
        There is no such public layer.
    """
    for spec in list_public():
        if spec.id == collection_id:
            return spec
    names = ", ".join(spec.id for spec in list_public())
    raise NotFoundError(
        Label(f"没有图层 {collection_id[:60]}", f"There is no layer {collection_id[:60]}"),
        fix=Label(f"图层有：{names}", f"Layers: {names}"),
        field="collection",
    )
