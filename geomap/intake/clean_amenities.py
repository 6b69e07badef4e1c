"""Rows of a table, or the amenities of an OpenStreetMap extract, to amenities."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory, Label
from geomap.intake.dates import parse_data_day
from geomap.intake.frames import Witness, frame_of, judge_frame
from geomap.intake.headers import require_columns
from geomap.intake.judging import judge_place
from geomap.intake.known_amenities import KnownAmenities, ask_about_amenities
from geomap.intake.known_sites import SAME_POINT_DEG
from geomap.intake.places import (
    MISSING,
    Places,
    has_coordinates,
    read_adcodes,
    read_places,
    require_crs,
)
from geomap.intake.poi_types import Kindless, judge_types, list_left_out
from geomap.intake.region import Region
from geomap.intake.report import Findings, Outcome
from geomap.intake.rows import Row, SeenIds, Tick, no_tick, stable_id, sweep
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
from geomap.intake.witnesses import (
    from_counties,
)

SAME_PLACE_DEG = 0.0003
"""Some 30 m: two of one name and category this close are one."""
_TYPES = ("type_big", "type_mid", "type_small", "type")

PARSERS: Mapping[str, Parser] = {
    "name": parse_text,
    "address": parse_text,
    "source": parse_text,
    "source_date": parse_data_day,
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
    day: str = "",
    known: KnownAmenities | None = None,
    tick: Tick = no_tick,
) -> CleanAmenities:
    """Clean a table of amenities or of a map service's points of interest.

    Parameters
    ----------
    source
        What to name as the source where the row does not.
    day
        Day of the data (ISO) where the row does not say.
    known
        What the record holds: columns that the file lacks keep its values, and where it
        knows better, a shift is suspected.

    Raises
    ------
    InputError
        A column that must be there is missing, or the CRS is not declared.
    """
    known = known or KnownAmenities()
    if not has_coordinates(table):
        require_columns("amenities", table.mapped, [("lon",), ("lat",)])
    require_columns("amenities", table.mapped, [("category", *_TYPES, "type_code")])
    places = read_places(table, require_crs(crs, table), region)
    broom = _Broom(places, source, day, known.by_id.get)
    for index, row in enumerate(sweep(table, findings, tick)):
        broom.take(row, index)
    said = _said_counties(table, region)
    witnesses: list[Witness] = []
    witnesses += from_counties(places.lon, places.lat, frame_of(places.declared), said, region)
    kept = broom.amenities
    lon, lat = np.array([a.lon for a in kept]), np.array([a.lat for a in kept])
    witnesses += ask_about_amenities(kept, lon, lat, frame_of(places.declared), known)
    warnings, notes = judge_frame(lon, lat, places.declared, witnesses)
    return CleanAmenities(kept, warnings, (*broom.notes(), *notes))


def _said_counties(table: Table, region: Region) -> list[str]:
    """Return the county that each row says, in a column of its own or in its address."""
    if "adcode" in table.mapped.column:
        return read_adcodes(table, find_adcode)
    index = table.mapped.column.get("address")
    if index is None:
        return []
    names = [(county.name, county.adcode) for county in region.counties]

    def county_in(address: object) -> str:
        found = {code for name, code in names if name in str(address or "")}
        return found.pop() if len(found) == 1 else ""

    return [county_in(raw.cell(index)) for raw in table]


class _Broom:
    """Cleans the rows of one table."""

    def __init__(self, places: Places, source: str, day: str, find_stored: FindAmenity) -> None:
        self.places, self.source, self.day, self.find_stored = places, source, day, find_stored
        self.ids = SeenIds()
        self.amenities: list[Amenity] = []
        self.seen: dict[tuple[str, str, int, int], int] = {}
        self.made_ids = 0
        self.left_out: Counter[str] = Counter()

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
        texts = [said, *(row.text(field) for field in _TYPES)]
        judged = judge_types(texts, row.text("type_code"), row.text("name"))
        if isinstance(judged.kind, AmenityCategory):
            return judged.kind
        fields = ("category", "type", *_TYPES, "type_code")
        field = next((f for f in fields if row.cell(f) is not None), "type")
        if not judged.named:
            row.reject("missing", Label("没有类型", "no type"), field=field)
            return None
        self.left_out[judged.named] += 1
        if judged.kind is Kindless.NO_AMENITY:
            reason = Label("不是配套，略过", "no amenity: left out")
            row.note(Outcome.SKIPPED, "no_amenity", reason, field=field)
        else:
            error = unknown_word(judged.named, tuple(AmenityCategory), code="unknown_type")
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
        day = values.get("source_date") or self.day or stored.source_date
        changed = {**values, "source": source, "source_date": day, "category": category}
        changed |= {"lon": lon, "lat": lat}
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
        said = [list_left_out(self.left_out)] if self.left_out else []
        if self.made_ids:
            n = self.made_ids
            said.append(
                Label(
                    f"{n:,} 行没有编号，由名称、类别和坐标生成",
                    f"{n:,} rows had no id: made of name, category and place",
                )
            )
        return tuple(said)
