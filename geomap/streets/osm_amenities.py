"""Amenities of an OpenStreetMap extract: tags to the 12 categories of 配套.

The table is explicit: what no row names is no amenity. Read from points and from areas
(closed ways and multipolygon relations, by a point inside them).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory as C
from geomap.geo.crs import metric_crs_of, to_metric
from geomap.streets.osm_file import header_date, refuse_file, require_osm_file

SAME_NAME_M = 100.0
"""Two of a category with one name this close are one: a shop's door and its outline."""
UNNAMED_M = 15.0
"""The same for two of which at least one has no name."""

TAGS: Mapping[C, Mapping[str, str]] = {
    C.BAR: {"amenity": "bar pub biergarten nightclub"},
    C.THEATRE: {"amenity": "theatre music_venue events_venue arts_centre"},
    C.CAFE: {"amenity": "cafe tea_house ice_cream", "shop": "coffee tea bubble_tea"},
    C.BOOKSHOP: {"shop": "books"},
    C.CINEMA: {"amenity": "cinema"},
    C.PRACTICE_ROOM: {
        "amenity": "studio music_school dancing_school rehearsal_studio",
        "leisure": "dance",
    },
    C.LEARNING: {
        "amenity": "library language_school training prep_school coworking_space"
        " exhibition_centre community_centre",
        "office": "coworking educational_institution",
        "tourism": "museum gallery",
    },
    C.EDUCATION_HEALTH: {
        "amenity": "kindergarten childcare school college university"
        " hospital clinic doctors dentist pharmacy",
        "healthcare": "hospital clinic doctor centre",
    },
    C.TRANSIT: {
        "highway": "bus_stop",
        "railway": "station halt tram_stop subway_entrance",
        "public_transport": "station",
        "amenity": "bus_station ferry_terminal bicycle_rental",
    },
    C.LEISURE: {
        "leisure": "park garden playground sports_centre fitness_centre swimming_pool"
        " stadium bowling_alley amusement_arcade escape_game",
        "amenity": "karaoke_box internet_cafe gaming",
        "tourism": "theme_park zoo aquarium",
    },
    C.YOUTH_HOUSING: {
        "building": "dormitory",
        "amenity": "student_accommodation dormitory",
        "tourism": "hostel apartment",
    },
    C.RETAIL: {"amenity": "marketplace restaurant fast_food food_court"},
}
"""Values of each key that make a category. Any other ``shop`` is retail too."""

TAG_CATEGORY: Mapping[tuple[str, str], C] = {
    (key, value): category
    for category, keys in TAGS.items()
    for key, values in keys.items()
    for value in values.split()
}

NO_SHOP = frozenset({"", "no", "vacant", "books", "coffee", "tea", "bubble_tea"})
_KEYS = tuple(dict.fromkeys(key for key, _ in TAG_CATEGORY))
_PRIVATE = frozenset({"private", "no"})


def classify_amenity(tags: Mapping[str, str]) -> C | None:
    """Return the category of something tagged, None where it is no amenity.

    A private pool or garden is none.
    """
    for key in _KEYS:
        for value in tags.get(key, "").split(";"):
            category = TAG_CATEGORY.get((key, value.strip()))
            if category is not None:
                private = tags.get("access", "") in _PRIVATE and category is C.LEISURE
                return None if private else category
    return C.RETAIL if tags.get("shop", "") not in NO_SHOP else None


def read_osm_amenities(path: Path) -> list[Amenity]:
    """Read the amenities of an extract, without obvious doubles.

    Parameters
    ----------
    path
        ``.osm.pbf`` or ``.osm`` file.

    Returns
    -------
    list of Amenity
        Ids are ``osm:n…``, ``osm:w…`` and ``osm:r…``; the source names OpenStreetMap
        and its date is that of the extract.

    Raises
    ------
    InputError
        The file is missing, damaged or of another format.
    """
    import osmium

    path = Path(path)
    require_osm_file(path)
    try:
        date = header_date(path)
        keys = osmium.filter.KeyFilter(*_KEYS)
        reader = osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys)
        found = [a for item in reader if (a := _amenity(item, date)) is not None]
    except (RuntimeError, OSError, ValueError) as error:
        raise refuse_file(path, error) from error
    return drop_doubles(found)


def _amenity(item: Any, date: str) -> Amenity | None:
    if not (item.is_node() or item.is_area()):
        return None
    tags = {tag.k: tag.v for tag in item.tags}
    category = classify_amenity(tags)
    place = _place(item) if category is not None else None
    if category is None or place is None:
        return None
    if item.is_node():
        ident = f"osm:n{item.id}"
    else:
        ident = f"osm:{'w' if item.from_way() else 'r'}{item.orig_id()}"
    street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
    return Amenity(
        id=ident,
        name=tags.get("name", ""),
        category=category,
        lon=place[0],
        lat=place[1],
        address=f"{street}{number}" if street else "",
        source="OpenStreetMap",
        source_date=date,
    )


def _place(item: Any) -> tuple[float, float] | None:
    """Return a node's position, or a point inside an area; None where nodes are missing."""
    if item.is_node():
        return (item.location.lon, item.location.lat) if item.location.valid() else None
    rings = [[(n.lon, n.lat) for n in ring if n.location.valid()] for ring in item.outer_rings()]
    faces = [shapely.Polygon(ring) for ring in rings if len(ring) > 3]
    if not faces:
        return None
    largest = max(faces, key=lambda face: face.area)
    inside = largest.centroid if largest.contains(largest.centroid) else None
    point = inside or largest.representative_point()
    return point.x, point.y


def drop_doubles(amenities: Iterable[Amenity]) -> list[Amenity]:
    """Drop amenities that stand twice, keeping the first of the better named.

    One of a category is a double of another with the same name within `SAME_NAME_M`, or,
    where one has no name, within `UNNAMED_M`.
    """
    items = sorted(amenities, key=lambda a: (not a.name, a.id))
    if not items:
        return []
    lon, lat = np.array([a.lon for a in items]), np.array([a.lat for a in items])
    x, y = to_metric(lon, lat, metric_crs_of(float(np.median(lon)), float(np.median(lat))))
    points = np.asarray(shapely.points(x, y))
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=SAME_NAME_M)
    gap = np.hypot(x[one] - x[other], y[one] - y[other])
    dropped = np.zeros(len(items), dtype=np.bool_)
    order = np.lexsort((other, one))
    for i in order[one[order] < other[order]]:
        a, b = items[one[i]], items[other[i]]
        if dropped[one[i]] or a.category is not b.category:
            continue
        near = gap[i] <= UNNAMED_M and not b.name
        dropped[other[i]] |= near or (bool(b.name) and a.name == b.name)
    kept = [item for item, gone in zip(items, dropped, strict=True) if not gone]
    return sorted(kept, key=lambda a: a.id)
