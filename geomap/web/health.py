"""Whether the service lives, is ready, and how it does."""

from __future__ import annotations

import hmac
import os
import time
from typing import cast

from apiflask import APIBlueprint
from flask import Response, current_app, request
from werkzeug.exceptions import Forbidden

from geomap import __version__
from geomap.web.describe import describe
from geomap.web.limits import is_local
from geomap.web.metrics import Metrics, resident_bytes
from geomap.web.respond import json_answer
from geomap.web.state import context

bp = APIBlueprint("health", __name__)
TEXT = "text/plain; version=0.0.4; charset=utf-8"


@bp.get("/healthz")
@describe(bp, "Whether the process answers", answer="Health")
def healthz() -> Response:
    """Return that it lives; nothing is opened for that."""
    return json_answer({"status": "ok", "version": __version__}, cache="no-store")


@bp.get("/readyz")
@describe(bp, "Whether the data can be served", answer="Readiness", errors=(503,))
def readyz() -> Response:
    """Return what is served; 503 with the reason where there is no data."""
    shared = context()
    catalog, network = shared.catalog, shared.find_network()
    answer = {
        "status": "ok",
        "version": __version__,
        "catalog_version": catalog.version,
        "stamp": catalog.stamp,
        "built_at": catalog.built_at,
        "sites": len(catalog.sites),
        "units": len(catalog.units),
        "network": network.version if network else None,
        "demo": catalog.demo,
    }
    return json_answer(answer, cache="no-store")


def _may_read_metrics() -> bool:
    """Return whether the request comes from this machine, or brings the token."""
    token = context().settings.token_metrics
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if token and scheme.lower() == "bearer":
        return hmac.compare_digest(given.strip().encode(), token.encode())
    return is_local(request)


@bp.get("/metrics")
@describe(
    bp,
    "Counters for Prometheus, on this machine or with the bearer token GEOMAP_TOKEN_METRICS",
    media="text/plain",
    errors=(403,),
)
def metrics() -> Response:
    """Return the counters of the worker that answers."""
    if not _may_read_metrics():
        raise Forbidden
    counted = cast(Metrics, current_app.extensions["geomap.metrics"])
    worker = f'{{worker="{os.getpid()}"}}'
    lines = [
        *counted.lines(),
        "# TYPE geomap_resident_bytes gauge",
        f"geomap_resident_bytes{worker} {resident_bytes()}",
        "# TYPE geomap_uptime_seconds gauge",
        f"geomap_uptime_seconds{worker} {time.time() - counted.started:.0f}",
        "# TYPE geomap_catalog_version gauge",
        f"geomap_catalog_version {context().catalog.version}",
        "# TYPE geomap_info gauge",
        f'geomap_info{{version="{__version__}"}} 1',
    ]
    response = Response("\n".join(lines) + "\n")
    response.headers["Content-Type"] = TEXT
    response.headers["Cache-Control"] = "no-store"
    return response
