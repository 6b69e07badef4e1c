"""OGC API – Features."""

from __future__ import annotations

from apiflask import APIBlueprint

bp = APIBlueprint("ogc", __name__, url_prefix="/ogc")
