"""Where the rows of a table lie: declared coordinates to WGS84, checked against the region.

Nothing is moved by guess. Coordinates are taken as declared; what contradicts the
declaration is said with the fix.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import GeomapError, InputError
from geomap.domain.words import Label
from geomap.geo.crs import DeclaredCrs, declared_to_wgs84, parse_crs
from geomap.intake.measures import parse_coordinate
from geomap.intake.region import Floats, Region
from geomap.intake.tables import Raw, Table
from geomap.intake.values import BadValueError, as_text, is_empty

OK, MISSING, UNREADABLE, OFF_GLOBE, SWAPPED, OUTSIDE, NULL_ISLAND = range(7)


@dataclass(slots=True)
class Places:
    """Coordinates of the rows of a table.

    Parameters
    ----------
    x, y
        As the file has them, NaN where there are none, shape (n,).
    lon, lat
        The same in EPSG:4326.
    problem
        What is wrong with each: OK, MISSING, UNREADABLE, OFF_GLOBE, SWAPPED, OUTSIDE,
        NULL_ISLAND.
    county
        Index of the region's county that holds each point, -1 where none.
    coarse
        Whether both coordinates have at most two decimals (1 km).
    """

    declared: DeclaredCrs
    x: Floats
    y: Floats
    lon: Floats
    lat: Floats
    problem: NDArray[np.int8]
    county: NDArray[np.int32]
    coarse: NDArray[np.bool_]
    reasons: dict[int, Label] = field(default_factory=dict)


def has_coordinates(table: Table) -> bool:
    """Return whether rows of a table can carry a place."""
    column = table.mapped.column
    pair = "lon" in column and "lat" in column
    return table.has_geometry or pair or "lonlat" in column or "wkt" in column


def require_crs(text: str, table: Table) -> DeclaredCrs:
    """Return the declared CRS of a table with coordinates.

    Raises
    ------
    InputError
        None is declared, or the file itself says another.
    """
    if not text:
        raise InputError(
            Label("没有声明坐标系", "No coordinate reference system is declared"),
            fix=Label(
                "加上 --crs wgs84（GPS、天地图）、gcj02（高德、腾讯）、bd09（百度）或 EPSG:n",
                "Add --crs wgs84 (GPS, Tianditu), gcj02 (Amap, Tencent), bd09 (Baidu) or EPSG:n",
            ),
            field="crs",
        )
    declared = parse_crs(text)
    own = table.file_crs
    degrees = own in ("EPSG:4326", "EPSG:4490")
    agrees = not own or own == declared.name or (degrees and not declared.name.startswith("EPSG"))
    if not agrees and not (degrees and declared.name in ("EPSG:4326", "EPSG:4490")):
        raise InputError(
            Label(
                f"声明的是 {text}，文件自己写的是 {own}", f"{text} is declared, the file says {own}"
            ),
            fix=Label(f"声明 --crs {own}，或改正文件", f"Declare --crs {own}, or correct the file"),
            field="crs",
        )
    return declared


def _pair(text: str) -> tuple[float, float]:
    parts = [part for part in as_text(text).strip("()[] ").replace(";", ",").split(",") if part]
    parts = parts if len(parts) == 2 else as_text(text).split()
    if len(parts) != 2:
        raise BadValueError("not_a_pair", Label("不是“经度,纬度”", "not “longitude,latitude”"))
    return parse_coordinate(parts[0]).value, parse_coordinate(parts[1]).value


def read_shape(table: Table, raw: Raw) -> BaseGeometry | None:
    """Return the geometry of a row, of the file's own or of a WKT column.

    Raises
    ------
    InputError
        It cannot be read.
    """
    if table.has_geometry:
        return table.shape(raw)
    index = table.mapped.column.get("wkt")
    if index is None or is_empty(raw.cell(index)):
        return None
    try:
        shape: BaseGeometry = shapely.from_wkt(str(raw.cell(index)))
    except (shapely.errors.GEOSException, TypeError) as error:
        raise InputError(Label("不是 WKT 几何", "not a WKT geometry"), field="geometry") from error
    return shape


def _point_of(shape: BaseGeometry) -> tuple[float, float]:
    if shape.geom_type == "Point":
        return float(shapely.get_x(shape)), float(shapely.get_y(shape))
    try:
        inside = shapely.point_on_surface(shape)
        return float(inside.x), float(inside.y)
    except shapely.errors.GEOSException:
        west, south, east, north = shape.bounds
        return (west + east) / 2.0, (south + north) / 2.0


def _decimals(cell: object) -> int:
    text = as_text(cell if isinstance(cell, str | int | float) else None)
    return len(text.partition(".")[2])


def _coordinates(table: Table, raw: Raw) -> tuple[float, float, bool]:
    """Return x, y and whether they are coarse; NaN where there are none."""
    shape = read_shape(table, raw)
    if shape is not None:
        return (*_point_of(shape), False)
    column = table.mapped.column
    if "lonlat" in column and not is_empty(raw.cell(column["lonlat"])):
        x, y = _pair(str(raw.cell(column["lonlat"])))
        return x, y, _decimals(x) <= 2 and _decimals(y) <= 2
    if "lon" not in column or "lat" not in column:
        return float("nan"), float("nan"), False
    cells = raw.cell(column["lon"]), raw.cell(column["lat"])
    if is_empty(cells[0]) and is_empty(cells[1]):
        return float("nan"), float("nan"), False
    if is_empty(cells[0]) or is_empty(cells[1]):
        raise BadValueError(
            "half_place", Label("只有一个坐标", "one of two coordinates is missing")
        )
    x, y = (float(parse_coordinate(cell).value) for cell in cells)
    return x, y, all(_decimals(cell) <= 2 for cell in cells)


def read_places(table: Table, declared: DeclaredCrs, region: Region) -> Places:
    """Read where the rows of a table lie, and what is wrong with it."""
    count = table.count
    x, y = np.full(count, np.nan), np.full(count, np.nan)
    coarse = np.zeros(count, dtype=np.bool_)
    problem = np.zeros(count, dtype=np.int8)
    reasons: dict[int, Label] = {}
    for i, raw in enumerate(table):
        try:
            x[i], y[i], coarse[i] = _coordinates(table, raw)
        except (BadValueError, GeomapError) as error:
            problem[i], reasons[raw.number] = UNREADABLE, error.reason
    missing = (np.isnan(x) | np.isnan(y)) & (problem == OK)
    problem[missing] = MISSING
    places = _place(x, y, problem, declared, region)
    places.coarse = coarse & (places.problem == OK) & declared.geographic
    places.reasons = reasons
    return places


def _place(
    x: Floats, y: Floats, problem: NDArray[np.int8], declared: DeclaredCrs, region: Region
) -> Places:
    lon, lat = to_degrees(x, y, declared)
    there = problem == OK
    problem[there & (x == 0.0) & (y == 0.0)] = NULL_ISLAND
    problem[(problem == OK) & ~_on_globe(lon, lat)] = OFF_GLOBE
    county = np.full(len(x), -1, dtype=np.int32)
    swapped = _swapped(x, y, declared, region)
    if not region.anywhere:
        here = problem == OK
        outside = here.copy()
        outside[here] = ~region.holds(lon[here], lat[here])
        problem[outside] = OUTSIDE
    problem[np.isin(problem, (OFF_GLOBE, OUTSIDE)) & swapped] = SWAPPED
    if region.counties:
        fine = problem == OK
        county[fine] = region.find_county(lon[fine], lat[fine])
    return Places(declared, x, y, lon, lat, problem, county, np.zeros(len(x), dtype=np.bool_))


def to_degrees(x: Floats, y: Floats, declared: DeclaredCrs) -> tuple[Floats, Floats]:
    """Return declared coordinates in EPSG:4326; what lies off the globe becomes NaN."""
    lon, lat = np.full(len(x), np.nan), np.full(len(x), np.nan)
    fine = np.isfinite(x) & np.isfinite(y)
    if declared.geographic:
        fine &= _on_globe(x, y)
    if fine.any():
        lon[fine], lat[fine] = declared_to_wgs84(x[fine], y[fine], declared)
    bad = ~np.isfinite(lon) | ~np.isfinite(lat)
    lon[bad] = lat[bad] = np.nan
    return lon, lat


def _on_globe(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    with np.errstate(invalid="ignore"):
        found: NDArray[np.bool_] = (np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0)
    return found


def _swapped(x: Floats, y: Floats, declared: DeclaredCrs, region: Region) -> NDArray[np.bool_]:
    """Return where the point would be right if its two coordinates changed places."""
    lon, lat = to_degrees(y, x, declared)
    fine = _on_globe(lon, lat)
    if region.anywhere:
        return fine & declared.geographic
    found = np.zeros(len(x), dtype=np.bool_)
    if fine.any():
        found[fine] = region.holds(lon[fine], lat[fine])
    return found


def read_adcodes(table: Table, parse: Callable[[object], str]) -> list[str]:
    """Return the declared county of every row, "" where none."""
    index = table.mapped.column.get("adcode")
    if index is None:
        return [""] * table.count
    return [parse(raw.cell(index)) for raw in table]
