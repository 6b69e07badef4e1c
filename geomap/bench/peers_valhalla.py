"""Valhalla on the same OSM extract, in a process of its own: tiles, then isochrones on foot."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.bench.child import ChildFailedError, answer, run_child
from geomap.bench.measure import Result, installed
from geomap.domain.errors import InputError

WARM = 5
"""Queries that are not counted: they fill the cache of tiles."""


def time_valhalla(
    extract: Path | None, places: list[tuple[float, float]], minutes: float, speed_kmh: float
) -> tuple[Result | str, list[BaseGeometry | None]]:
    """Time Valhalla's isochrone of places (degrees), and return its polygons, EPSG:4326."""
    if not installed("valhalla"):
        return "not installed", []
    if extract is None:
        return "needs an OSM extract", []
    try:
        text = json.dumps({"places": places, "minutes": minutes, "speed_kmh": speed_kmh})
        result = run_child("geomap.bench.peers_valhalla", str(extract), text=text)
    except (ChildFailedError, InputError) as error:
        return f"failed: {error}", []
    shapes = [shapely.from_geojson(s) if s else None for s in result.pop("shapes")]
    return result, shapes


def _build_tiles(extract: Path, folder: Path) -> Path:
    """Let Valhalla's own builder turn the extract into tiles; returns its settings' file."""
    from valhalla.config import get_config

    (folder / "tiles").mkdir()
    config = get_config(tile_extract="", tile_dir=str(folder / "tiles"))
    file = folder / "valhalla.json"
    file.write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "valhalla", "valhalla_build_tiles", "-c", str(file)]
    # The builder leaves lists of what it met in the folder where it runs.
    subprocess.run(  # noqa: S603
        [*command, str(extract.resolve())], check=True, stdout=sys.stderr, cwd=folder
    )
    return file


def measure(extract: Path, asked: dict[str, Any]) -> Result:
    """Build tiles in a temporary folder and time one query after another, JSON to JSON."""
    import valhalla

    base = {
        "costing": "pedestrian",
        "costing_options": {"pedestrian": {"walking_speed": asked["speed_kmh"]}},
        "contours": [{"time": asked["minutes"]}],
        "polygons": True,
        "denoise": 0.0,
    }
    requests = [
        json.dumps(base | {"locations": [{"lon": lon, "lat": lat}]}) for lon, lat in asked["places"]
    ]
    with tempfile.TemporaryDirectory() as name:
        start = time.perf_counter()
        actor = valhalla.Actor(_build_tiles(extract, Path(name)))
        built = time.perf_counter() - start
        times, shapes = [], []
        for i, request in enumerate(requests[:WARM] + requests):
            start = time.perf_counter()
            try:
                reply = actor.isochrone(request)
            except RuntimeError:  # no street near this place
                reply = ""
            if i >= WARM:
                times.append(time.perf_counter() - start)
                shapes.append(_shape(reply))
    found = [t for t, shape in zip(times, shapes, strict=True) if shape]
    return {
        "tiles_s": round(built, 2),
        "queries": len(found),
        "ms_a_ring": round(float(np.median(found)) * 1e3, 2) if found else None,
        "shapes": shapes,
    }


def _shape(reply: str) -> str | None:
    """Return the polygons of a reply as one GeoJSON geometry."""
    if not reply:
        return None
    shapes = [
        shapely.from_geojson(json.dumps(f["geometry"])) for f in json.loads(reply)["features"]
    ]
    whole = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
    return None if whole.is_empty else str(shapely.to_geojson(whole))


if __name__ == "__main__":
    answer(lambda: measure(Path(sys.argv[1]), json.loads(sys.stdin.read())))
