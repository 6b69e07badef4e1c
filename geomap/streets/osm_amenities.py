"""Amenities of an OpenStreetMap extract: tags to the 12 categories of 配套.

The table is explicit: what no row names is no amenity. Read from points and from areas
(closed ways and multipolygon relations, by a point inside them).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory as C
from geomap.streets.doubles import drop_doubles
from geomap.streets.osm_file import header_date, refuse_file, require_osm_file

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
_NAMED_KEYS = ("amenity", "shop", "leisure", "tourism", "office", "healthcare")
"""Keys of which every value is a place of some kind: what none of the 12 takes is named."""


class OsmAmenities(NamedTuple):
    """What an extract holds.

    Parameters
    ----------
    amenities
        One of each place, ordered by id.
    dropped
        What was left out of what has a category, by reason: ``private``, ``nodes_missing``
        (outside the extract), ``not_an_area`` (an open line), ``double``.
    unmapped
        Tags that make no category, as ``amenity=parking``, with how often they stand.
    """

    amenities: list[Amenity]
    dropped: dict[str, int]
    unmapped: dict[str, int]


def classify_amenity(tags: Mapping[str, str]) -> C | None:
    """Return the category of something tagged, None where it is no amenity.

    A private pool or garden is none.
    """
    category = _category(tags)
    return None if category is not None and _is_private(tags, category) else category


def _category(tags: Mapping[str, str]) -> C | None:
    for key in _KEYS:
        for value in tags.get(key, "").split(";"):
            category = TAG_CATEGORY.get((key, value.strip()))
            if category is not None:
                return category
    return C.RETAIL if tags.get("shop", "") not in NO_SHOP else None


def _is_private(tags: Mapping[str, str], category: C) -> bool:
    return tags.get("access", "") in _PRIVATE and category is C.LEISURE


def read_osm_amenities(path: Path) -> OsmAmenities:
    """Read the amenities of an extract, without doubles.

    Parameters
    ----------
    path
        ``.osm.pbf`` or ``.osm`` file.

    Returns
    -------
    OsmAmenities
        Ids are ``osm:n…``, ``osm:w…`` and ``osm:r…``; the source names OpenStreetMap, and
        its date is that of the extract, else of the object's last edit.

    Raises
    ------
    InputError
        The file is missing, damaged or of another format.
    """
    import osmium

    path = Path(path)
    require_osm_file(path)
    try:
        gathered = _Gathered(header_date(path))
        keys = osmium.filter.KeyFilter(*_KEYS)
        for item in osmium.FileProcessor(str(path)).with_areas(keys).with_filter(keys):
            gathered.take(item)
    except (RuntimeError, OSError, ValueError) as error:
        raise refuse_file(path, error) from error
    return gathered.result()


class _Gathered:
    """What was found while a file is read."""

    def __init__(self, date: str) -> None:
        self.date = date
        self.amenities: list[Amenity] = []
        self.outlines: dict[str, BaseGeometry] = {}
        self.dropped: Counter[str] = Counter()
        self.unmapped: Counter[str] = Counter()
        self.lines: dict[str, bool] = {}
        """Ways and relations with a category, and whether each could be an area."""

    def take(self, item: Any) -> None:
        """Take a node or an area; note a line, which may yet become an area."""
        tags = {tag.k: tag.v for tag in item.tags}
        category = _category(tags)
        if not (item.is_node() or item.is_area()):
            if category is not None:
                self._note(item, tags)
            return
        if category is None:
            self._unknown(tags)
            return
        if _is_private(tags, category):
            self.dropped["private"] += 1
            self.lines.pop(_ident(item), None)
            return
        place, outline = _place(item)
        if place is not None:
            self._keep(item, tags, category, place, outline)
        elif item.is_node():
            self.dropped["nodes_missing"] += 1

    def _note(self, item: Any, tags: Mapping[str, str]) -> None:
        if item.is_way():
            self.lines[f"osm:w{item.id}"] = len(item.nodes) > 3 and item.is_closed()
        else:
            self.lines[f"osm:r{item.id}"] = tags.get("type") in ("multipolygon", "boundary")

    def _unknown(self, tags: Mapping[str, str]) -> None:
        """Count the first tag that names a kind of place."""
        key = next((key for key in _NAMED_KEYS if tags.get(key, "no") != "no"), None)
        if key is not None:
            self.unmapped[f"{key}={tags[key][:60]}"] += 1

    def _keep(
        self,
        item: Any,
        tags: Mapping[str, str],
        category: C,
        place: tuple[float, float],
        outline: BaseGeometry | None,
    ) -> None:
        ident = _ident(item)
        self.lines.pop(ident, None)
        if outline is not None and tags.get("name"):
            self.outlines[ident] = outline
        street, number = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
        self.amenities.append(
            Amenity(
                id=ident,
                name=tags.get("name", ""),
                category=category,
                lon=place[0],
                lat=place[1],
                address=f"{street}{number}" if street else "",
                source="OpenStreetMap",
                source_date=self.date or _edited(item),
            )
        )

    def result(self) -> OsmAmenities:
        """Return what was gathered, each place once."""
        kept = drop_doubles(self.amenities, self.outlines)
        self.dropped["double"] += len(self.amenities) - len(kept)
        for could_be_area in self.lines.values():
            self.dropped["nodes_missing" if could_be_area else "not_an_area"] += 1
        dropped = {reason: count for reason, count in self.dropped.items() if count}
        return OsmAmenities(kept, dropped, dict(self.unmapped.most_common()))


def _ident(item: Any) -> str:
    if item.is_node():
        return f"osm:n{item.id}"
    return f"osm:{'w' if item.from_way() else 'r'}{item.orig_id()}"


def _edited(item: Any) -> str:
    """Return the day of the last edit (ISO), "" where the file does not keep it."""
    day: str = item.timestamp.date().isoformat()
    return "" if day.startswith("1970-01-01") else day


def _place(item: Any) -> tuple[tuple[float, float] | None, BaseGeometry | None]:
    """Return a node's position, or a point inside an area and its outline.

    The point is None where nodes are missing.
    """
    if item.is_node():
        found = item.location.valid()
        return ((item.location.lon, item.location.lat) if found else None), None
    rings = [[(n.lon, n.lat) for n in ring if n.location.valid()] for ring in item.outer_rings()]
    faces = [shapely.Polygon(ring) for ring in rings if len(ring) > 3]
    if not faces:
        return None, None
    largest = max(faces, key=lambda face: face.area)
    inside = largest.centroid if largest.contains(largest.centroid) else None
    point = inside or largest.representative_point()
    return (point.x, point.y), shapely.multipolygons(faces)
