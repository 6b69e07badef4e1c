"""Tiles and versioned files without the detour through Flask.

A map asks for dozens of tiles at once. One that this worker holds in memory is answered
from there, with the same headers as Flask gives; anything else goes on to Flask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from geomap.domain.errors import GeomapError
from geomap.web.metrics import Metrics
from geomap.web.ogc_parts import MVT
from geomap.web.ogc_tiles import tiles
from geomap.web.respond import IMMUTABLE, NO_CACHE
from geomap.web.security import HEADERS, PUBLIC_HEADERS
from geomap.web.state import context
from geomap.web.tiles import Tile

Start = Callable[..., Any]
_PREFIX = "/ogc/collections/"
_ROUTE = "/ogc/collections/<collection_id>/tiles/WebMercatorQuad/<int:z>/<int:y>/<int:x>"


class FastLane:
    """A WSGI application in front of another."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self._context, self._tiles = context(), tiles()
        self._metrics: Metrics = app.extensions["geomap.metrics"]
        self._headers = [*HEADERS.items(), *PUBLIC_HEADERS.items(), ("Content-Type", MVT)]

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer a request."""
        path: str = environ.get("PATH_INFO", "")
        if environ["REQUEST_METHOD"] == "GET" and path.startswith(_PREFIX):
            answer = self._find(path, environ)
            if answer is not None:
                return self._send(*answer, environ, start)
        return self.app(environ, start)

    def _find(self, path: str, environ: dict[str, Any]) -> tuple[Tile, str] | None:
        """Return a tile in memory and how long it may be kept."""
        parts = path.split("/")
        if len(parts) != 9 or parts[5] != "WebMercatorQuad" or parts[4] != "tiles":
            return None
        numbers = parts[6:]
        if not all(n.isascii() and n.isdigit() and len(n) < 9 for n in numbers):
            return None
        try:
            catalog = self._context.catalog
        except GeomapError:
            return None
        z, y, x = map(int, numbers)
        tile = self._tiles.memory_of(catalog).find((parts[3], z, x, y))
        if tile is None or (tile.packed and "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", "")):
            return None
        newest = f"v={catalog.stamp}" in environ.get("QUERY_STRING", "").split("&")
        return tile, IMMUTABLE if newest else NO_CACHE

    def _send(
        self, tile: Tile, cache: str, environ: dict[str, Any], start: Start
    ) -> Iterable[bytes]:
        tag = f'W/"{tile.tag}"' if tile.packed else f'"{tile.tag}"'
        headers = [*self._headers, ("ETag", tag), ("Cache-Control", cache)]
        headers.append(("Vary", "Accept-Encoding"))
        if f'"{tile.tag}"' in environ.get("HTTP_IF_NONE_MATCH", ""):
            self._metrics.count(_ROUTE, "GET", 304, 0.0)
            start("304 NOT MODIFIED", headers)
            return ()
        if tile.packed:
            headers.append(("Content-Encoding", "gzip"))
        headers.append(("Content-Length", str(len(tile.packed))))
        self._metrics.count(_ROUTE, "GET", 200, 0.0)
        start("200 OK", headers)
        return (tile.packed,)
