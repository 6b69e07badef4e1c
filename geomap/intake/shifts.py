"""A suspected shift: coordinates that fit another datum better than the declared one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from geomap.domain.words import Label
from geomap.geo.crs import DeclaredCrs
from geomap.intake.places import Places, to_degrees
from geomap.intake.region import Floats, Region

SHIFT_VOTES = 3
"""Rows that must speak for another datum, and not a quarter as many against it."""

_GEOGRAPHIC = ("wgs84", "cgcs2000", "EPSG:4326", "EPSG:4490")
_FRAMES = ("wgs84", "gcj02", "bd09")


def suspect_shift(
    places: Places,
    adcodes: Sequence[str],
    region: Region,
    known: Callable[[int], tuple[float, float] | None] = lambda _index: None,
) -> tuple[str, int, int] | None:
    """Return the frame that explains the places better than the declared one.

    Two witnesses: the county that a row says, and where the record already has the place
    (within 60 m under one frame, over 300 m off under the other).

    Returns
    -------
    tuple or None
        Name of the frame, rows for it, and rows for the declared one.
    """
    if places.declared.name not in (*_GEOGRAPHIC, *_FRAMES) or not len(places.x):
        return None
    ours = "wgs84" if places.declared.name in _GEOGRAPHIC else places.declared.name
    here = _votes(places.lon, places.lat, adcodes, region, known)
    best = None
    for frame in _FRAMES:
        if frame == ours:
            continue
        lon, lat = to_degrees(places.x, places.y, DeclaredCrs(frame))
        there = _votes(lon, lat, adcodes, region, known)
        better, worse = int((there > here).sum()), int((there < here).sum())
        strong = better >= SHIFT_VOTES and better > 4 * worse
        if strong and (best is None or better > best[1]):
            best = (frame, better, worse)
    return best


def _votes(
    lon: Floats,
    lat: Floats,
    adcodes: Sequence[str],
    region: Region,
    known: Callable[[int], tuple[float, float] | None],
) -> NDArray[np.int8]:
    """Return for each row how well a frame fits: 1 for its county, 2 for its known place."""
    votes = np.zeros(len(lon), dtype=np.int8)
    if region.counties:
        codes = np.array([c.adcode for c in region.counties] + [""])
        found = codes[region.find_county(lon, lat)]
        said = np.array(list(adcodes), dtype=object)
        votes += ((found == said) & (found != "")).astype(np.int8)
    for i in range(len(lon)):
        place = known(i)
        if place is not None and np.isfinite(lon[i]):
            east = (lon[i] - place[0]) * 111_320.0 * np.cos(np.radians(lat[i]))
            gap = float(np.hypot(east, (lat[i] - place[1]) * 110_950.0))
            votes[i] += 2 if gap < 60.0 else 0
    return votes


def shift_warning(found: tuple[str, int, int], declared: str) -> Label:
    """Return what to say of a suspected shift."""
    frame, better, _ = found
    return Label(
        f"坐标可能其实是 {frame}（声明的是 {declared}）：有 {better} 行按 {frame} 才和县区或"
        f"已知位置相符。没有自动改动，请核对来源后重新声明 --crs",
        f"The coordinates may really be {frame} ({declared} is declared): {better} rows agree "
        f"with their county or known place only as {frame}. Nothing was moved; check the source "
        f"and declare --crs again",
    )
