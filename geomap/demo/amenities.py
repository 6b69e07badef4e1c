"""Amenities along the streets: many in the hearts of towns, few in the hills."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.demo.firms import list_words
from geomap.demo.ground import Ground
from geomap.demo.places import Raster
from geomap.demo.streams import stream, wave_noise
from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory as C
from geomap.geo.crs import from_metric, to_metric
from geomap.streets.ways import StreetClass, Ways

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
SOURCE = "演示数据"
SCALE = 0.62
FINE = 0.02
"""Below this density there is nothing."""


class Supply(NamedTuple):
    """How a category spreads: places a km² in the densest heart, how fast that falls with
    density (as a power), and how much it gathers in lively spots (0…1).
    """

    most_km2: float
    power: float
    gather: float
    ends: Sequence[str]


SUPPLY: Mapping[C, Supply] = MappingProxyType(
    {
        C.YOUTH_HOUSING: Supply(
            3.2, 1.0, 0.3, ("青年公寓", "人才公寓", "青年社区", "保障性租赁房")
        ),
        C.TRANSIT: Supply(9.0, 0.6, 0.1, ("公交站", "路口公交站", "公交首末站", "公共自行车点")),
        C.RETAIL: Supply(11.0, 0.75, 0.5, ("便利店", "生鲜超市", "商业街", "购物中心", "农贸市场")),
        C.EDUCATION_HEALTH: Supply(5.0, 0.8, 0.2, ("社区卫生站", "小学", "幼儿园", "门诊部")),
        C.LEISURE: Supply(3.6, 0.95, 0.4, ("公园", "健身房", "球馆", "口袋公园")),
        C.LEARNING: Supply(2.6, 1.0, 0.3, ("文化活动中心", "图书馆分馆", "培训中心", "自习室")),
        C.BAR: Supply(3.2, 1.7, 0.8, ("小酒馆", "精酿吧", "餐酒馆")),
        C.THEATRE: Supply(0.75, 1.35, 0.6, ("小剧场", "脱口秀剧场", "黑匣子剧场")),
        C.CAFE: Supply(7.0, 1.3, 0.7, ("咖啡", "茶室", "茶咖", "奶茶铺")),
        C.BOOKSHOP: Supply(1.5, 1.2, 0.5, ("书吧", "书店", "城市书屋")),
        C.CINEMA: Supply(0.95, 1.2, 0.6, ("小影厅", "私享影院", "影城")),
        C.PRACTICE_ROOM: Supply(0.9, 1.3, 0.6, ("小练室", "琴房", "排练房", "录音棚")),
    }
)
_RANK_PULL = {StreetClass.TRUNK: 1.5, StreetClass.PRIMARY: 1.7, StreetClass.SECONDARY: 1.6}


def build_amenities(
    ways: Ways, density: Raster, ground: Ground, *, seed: int, today: date, scale: float = SCALE
) -> list[Amenity]:
    """Place amenities 5–40 m beside the streets.

    Parameters
    ----------
    ways
        The streets.
    density, ground
        How built-up each place is, and where land is dry.
    seed
        Of the city.
    today
        The day that the demonstration is of.
    scale
        Factor on all numbers.
    """
    ax, ay, bx, by, length, klass = _segments(ways)
    mx, my = (ax + bx) / 2.0, (ay + by) / 2.0
    built = density.at(mx, my)
    lively = wave_noise(stream(seed, "lively spots"), mx, my, wavelength_m=1_500.0)
    area_km2 = _served_km2(length, built)
    found: list[Amenity] = []
    words = list_words()
    for category, supply in SUPPLY.items():
        rng = stream(seed, f"amenities {category}")
        wanted = scale * supply.most_km2 * np.maximum(built - FINE, 0.0) ** supply.power * area_km2
        wanted *= np.exp(supply.gather * (lively - 0.35)) * klass
        count = rng.poisson(wanted)
        at = np.repeat(np.arange(len(count)), count)
        f, side = rng.random(len(at)), np.where(rng.random(len(at)) < 0.5, -1.0, 1.0)
        away = rng.uniform(6.0, 30.0, len(at)) * side
        nx, ny = -(by - ay)[at] / length[at], (bx - ax)[at] / length[at]
        x = ax[at] + f * (bx - ax)[at] + away * nx
        y = ay[at] + f * (by - ay)[at] + away * ny
        dry = shapely.contains_xy(ground.dry, x, y) & (ground.county_at(x, y) >= 0)
        found += _records(category, supply, x[dry], y[dry], words, rng, len(found), today)
    return found


def _segments(ways: Ways) -> tuple[F8, F8, F8, F8, F8, F8]:
    """Return both ends, length (m) and pull of every walkable piece of street on land."""
    way = ways.way_of_vertex
    x, y = to_metric(ways.coords[:, 0], ways.coords[:, 1])
    keep = (way[:-1] == way[1:]) & ways.walkable[way[:-1]] & ~ways.bridge[way[:-1]]
    keep &= ways.klass[way[:-1]] != StreetClass.STEPS
    first = np.flatnonzero(keep)
    pull = np.array([_RANK_PULL.get(klass, 0.9) for klass in StreetClass])
    ax, ay, bx, by = x[first], y[first], x[first + 1], y[first + 1]
    length = np.maximum(np.hypot(bx - ax, by - ay), 0.1)
    return ax, ay, bx, by, length, pull[ways.klass[way[first]]]


def _served_km2(length: F8, density: F8) -> F8:
    """Return the ground that each piece of street serves: half a block on either side."""
    block_m = np.interp(density, (0.0, 0.1, 0.3, 0.6, 1.0), (600.0, 420.0, 240.0, 150.0, 105.0))
    return length * block_m / 2.0 / 1e6


def _records(
    category: C,
    supply: Supply,
    x: F8,
    y: F8,
    words: Sequence[str],
    rng: np.random.Generator,
    before: int,
    today: date,
) -> list[Amenity]:
    lon, lat = (np.round(v, 7) for v in from_metric(x, y))
    word = rng.integers(0, len(words), len(x)).tolist()
    end = rng.integers(0, len(supply.ends), len(x)).tolist()
    return [
        Amenity(
            id=f"demo-a{before + k + 1:06d}",
            name=f"{words[word[k]]}{supply.ends[end[k]]}",
            category=category,
            lon=float(lon[k]),
            lat=float(lat[k]),
            source=SOURCE,
            source_date=today.isoformat(),
            demo=True,
        )
        for k in range(len(x))
    ]
