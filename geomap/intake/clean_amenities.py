"""Rows of a table, or the amenities of an OpenStreetMap extract, to amenities."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory, Label
from geomap.intake.headers import require_columns
from geomap.intake.judging import judge_place
from geomap.intake.known_sites import SAME_POINT_DEG
from geomap.intake.places import (
    MISSING,
    Places,
    has_coordinates,
    read_adcodes,
    read_places,
    require_crs,
)
from geomap.intake.poi_types import Kindless, classify_type, type_parts
from geomap.intake.region import Region
from geomap.intake.report import Findings, Outcome
from geomap.intake.rows import Row, SeenIds, Tick, no_tick, stable_id, sweep
from geomap.intake.shifts import shift_warning, suspect_shift
from geomap.intake.synonyms import CATEGORY_TABLE, find_adcode
from geomap.intake.tables import Table
from geomap.intake.values import (
    Parser,
    find_word,
    fold,
    parse_flag,
    parse_text,
    unknown_word,
)

SAME_PLACE_DEG = 0.0003
"""Some 30 m: two of one name and category this close are one."""
_TYPES = ("type_big", "type_mid", "type_small", "type")

PARSERS: Mapping[str, Parser] = {
    "name": parse_text,
    "address": parse_text,
    "source": parse_text,
    "source_date": parse_text,
    "demo": parse_flag,
}

BLANKS: Mapping[str, Any] = {**dict.fromkeys(PARSERS, ""), "demo": False}

FindAmenity = Callable[[str], Amenity | None]
"""From an id to the amenity of the record."""


@dataclass(frozen=True, slots=True)
class CleanAmenities:
    """Amenities that may be stored."""

    amenities: list[Amenity]
    warnings: tuple[Label, ...] = ()
    notes: tuple[Label, ...] = ()


def clean_amenities(
    table: Table,
    *,
    crs: str,
    region: Region,
    findings: Findings,
    source: str,
    find_stored: FindAmenity = lambda _id: None,
    tick: Tick = no_tick,
) -> CleanAmenities:
    """Clean a table of amenities or of a map service's points of interest.

    Parameters
    ----------
    source
        What to name as the source where the row does not.
    find_stored
        Gives the amenity of an id that the record holds: columns that the file lacks keep
        its values.

    Raises
    ------
    InputError
        A column that must be there is missing, or the CRS is not declared.
    """
    column = table.mapped.column
    if not has_coordinates(table):
        require_columns("amenities", table.mapped, [("lon",), ("lat",)])
    require_columns("amenities", table.mapped, [("category", *_TYPES)])
    places = read_places(table, require_crs(crs, table), region)
    broom = _Broom(places, source, find_stored)
    for index, row in enumerate(sweep(table, findings, tick)):
        broom.take(row, index)
    adcodes = read_adcodes(table, find_adcode) if "adcode" in column else []
    found = suspect_shift(places, adcodes, region) if adcodes else None
    warnings = (shift_warning(found, places.declared.name),) if found else ()
    return CleanAmenities(broom.amenities, warnings, broom.notes())


class _Broom:
    """Cleans the rows of one table."""

    def __init__(self, places: Places, source: str, find_stored: FindAmenity) -> None:
        self.places, self.source, self.find_stored = places, source, find_stored
        self.ids = SeenIds()
        self.amenities: list[Amenity] = []
        self.seen: dict[tuple[str, str, int, int], int] = {}
        self.made_ids = 0

    def take(self, row: Row, index: int) -> None:
        """Clean one row, and keep its amenity where nothing speaks against it."""
        category = self._category(row)
        if category is None:
            row.close()
            return
        values = row.take(PARSERS, BLANKS)
        amenity = None
        if judge_place(row, self.places, index):
            amenity = self._amenity(row, index, category, values)
        elif int(self.places.problem[index]) == MISSING:
            fix = Label("补上坐标", "fill them in")
            row.reject("no_place", Label("没有坐标", "no coordinates"), fix=fix)
        if row.close() and amenity is not None:
            self.amenities.append(amenity)

    def _category(self, row: Row) -> AmenityCategory | None:
        """Return the category; skip what is no amenity, doubt what no one knows."""
        said = row.text("category")
        found = find_word(said, CATEGORY_TABLE) if said else None
        if found is not None:
            return found
        parts = type_parts([said, *(row.text(field) for field in _TYPES)])
        judged = classify_type(parts, row.text("name"))
        if isinstance(judged, AmenityCategory):
            return judged
        field = next((f for f in ("category", "type", *_TYPES) if row.cell(f) is not None), "type")
        if judged is Kindless.NO_AMENITY:
            reason = Label("不是配套，略过", "no amenity: left out")
            row.note(Outcome.SKIPPED, "no_amenity", reason, field=field)
        elif not parts:
            row.reject("missing", Label("没有类型", "no type"), field=field)
        else:
            error = unknown_word(parts[-1], tuple(AmenityCategory), code="unknown_type")
            row.doubt(error.code, error.reason, field=field, fix=error.fix)
        return None

    def _amenity(
        self, row: Row, index: int, category: AmenityCategory, values: Mapping[str, Any]
    ) -> Amenity:
        lon, lat = float(self.places.lon[index]), float(self.places.lat[index])
        name = values.get("name", "")
        twin = self._twin(row, category, name, lon, lat)
        given = row.id()
        made = not given
        if made:
            self.made_ids += 1
            given = stable_id("a", name, category, f"{lon:.5f}", f"{lat:.5f}")
        if not twin:
            self.ids.check(row, given, made=made)
        stored = self.find_stored(given)
        row.require_mark(stored, values)
        if stored is None or stored.demo > bool(values.get("demo")):
            stored = Amenity(id=given, name="", category=category, lon=lon, lat=lat)
        elif max(abs(stored.lon - lon), abs(stored.lat - lat)) <= SAME_POINT_DEG:
            lon, lat = stored.lon, stored.lat
        source = values.get("source") or stored.source or self.source
        changed = {**values, "source": source, "category": category, "lon": lon, "lat": lat}
        return dataclasses.replace(stored, **changed)

    def _twin(self, row: Row, category: AmenityCategory, name: str, lon: float, lat: float) -> bool:
        """Doubt what stands twice; places are kept in cells of the distance asked for."""
        x, y = round(lon / SAME_PLACE_DEG), round(lat / SAME_PLACE_DEG)
        key = (fold(name), category.value)
        around = ((*key, x + i, y + j) for i in (0, -1, 1) for j in (0, -1, 1))
        first = next((self.seen[cell] for cell in around if cell in self.seen), None)
        if first is None:
            self.seen[(*key, x, y)] = row.number
            return False
        reason = Label(f"和第 {first} 行是同一处", f"the same place as row {first}")
        row.doubt("twin", reason, field="name", fix=Label("删去一行", "remove one of them"))
        return True

    def notes(self) -> tuple[Label, ...]:
        """Return what must be said of the whole file."""
        if not self.made_ids:
            return ()
        n = self.made_ids
        return (
            Label(
                f"{n:,} 行没有编号，由名称、类别和坐标生成",
                f"{n:,} rows had no id: made of name, category and place",
            ),
        )


def clean_osm_amenities(
    rows: Iterable[list[Any]], region: Region, findings: Findings
) -> CleanAmenities:
    """Keep the amenities of an extract that lie in the region; the others are skipped.

    An extract is cut by a box or a province, so that what lies outside is no mistake.
    """
    found = [
        Amenity(
            id=str(ident),
            name=str(name)[:200],
            category=AmenityCategory(category),
            lon=float(lon),
            lat=float(lat),
            address=str(address)[:200],
            source=str(source),
            source_date=str(day),
        )
        for ident, name, category, lon, lat, address, source, day in rows
    ]
    inside = np.ones(len(found), dtype=np.bool_)
    if not region.anywhere and found:
        lon = np.array([a.lon for a in found])
        inside = region.holds(lon, np.array([a.lat for a in found]))
    kept = [a for a, keep in zip(found, inside.tolist(), strict=True) if keep]
    left = len(found) - len(kept)
    findings.close(Outcome.ACCEPTED, len(kept))
    findings.close(Outcome.SKIPPED, left)
    notes: tuple[Label, ...] = ()
    if left:
        notes = (
            Label(
                f"本市之外的 {left:,} 处没有导入", f"{left:,} outside of the region were left out"
            ),
        )
    return CleanAmenities(kept, (), notes)
