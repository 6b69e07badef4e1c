"""Rows of a table to sites, with the operators that they name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.records import Operator, Site
from geomap.domain.words import Label, LocationPrecision
from geomap.intake import synonyms
from geomap.intake.dates import parse_day
from geomap.intake.footprints import read_footprint
from geomap.intake.frames import frame_of, judge_frame
from geomap.intake.headers import require_columns
from geomap.intake.judging import judge_county, judge_place
from geomap.intake.known_sites import KnownSites
from geomap.intake.measures import parse_site_area
from geomap.intake.places import (
    Places,
    has_coordinates,
    read_adcodes,
    read_places,
    require_crs,
)
from geomap.intake.region import Region
from geomap.intake.report import Findings
from geomap.intake.rows import Row, SeenIds, Tick, no_tick, stable_id, sweep
from geomap.intake.tables import Table
from geomap.intake.values import (
    Parser,
    fold,
    parse_count,
    parse_flag,
    parse_note,
    parse_text,
)
from geomap.intake.witnesses import from_counties, from_names

SAME_PLACE_DEG = 0.003
"""Some 300 m: two sites of one name this close are one, or a mistake."""
PARSERS: Mapping[str, Parser] = {
    "name": parse_text,
    "adcode": synonyms.parse_county,
    "reporting_unit": synonyms.parse_reporting_unit,
    "address": parse_text,
    "precision": synonyms.parse_precision,
    "stages": synonyms.parse_stages,
    "industries": synonyms.parse_industries,
    "level": synonyms.parse_level,
    "area_m2": parse_site_area,
    "services": synonyms.parse_services,
    "platforms": synonyms.parse_platforms,
    "opened_on": parse_day,
    "state_owned": parse_flag,
    "tenants": parse_count,
    "jobs": parse_count,
    "note": parse_note,
    "source": parse_text,
    "source_date": parse_text,
    "demo": parse_flag,
}
BLANKS: Mapping[str, Any] = {
    **dict.fromkeys(("name", "adcode", "reporting_unit", "address", "note"), ""),
    **dict.fromkeys(("source", "source_date"), ""),
    **dict.fromkeys(("stages", "industries", "services", "platforms"), ()),
    "state_owned": False,
    "demo": False,
}


@dataclass(frozen=True, slots=True)
class CleanSites:
    """Sites that may be stored, and the operators that are new with them."""

    sites: list[Site]
    operators: list[Operator]
    warnings: tuple[Label, ...] = ()
    notes: tuple[Label, ...] = ()


def clean_sites(
    table: Table,
    *,
    crs: str,
    region: Region,
    known: KnownSites,
    findings: Findings,
    today: date,
    tick: Tick = no_tick,
) -> CleanSites:
    """Clean a table of sites.

    Raises
    ------
    InputError
        A column that must be there is missing, or the CRS is not declared.
    """
    if "id" not in table.mapped.column:
        require_columns("sites", table.mapped, [("name",)])
    placed = has_coordinates(table)
    if not placed and not {"id", "precision"} & set(table.mapped.column):
        require_columns("sites", table.mapped, [("lon",), ("lat",)])
    places = read_places(table, require_crs(crs, table), region) if placed else None
    broom = _Broom(table, places, region, known, findings, today)
    for index, row in enumerate(sweep(table, findings, tick)):
        broom.take(row, index)
    return broom.result()


class _Broom:
    """Cleans the rows of one table."""

    def __init__(
        self,
        table: Table,
        places: Places | None,
        region: Region,
        known: KnownSites,
        findings: Findings,
        today: date,
    ) -> None:
        self.table, self.places, self.region, self.known = table, places, region, known
        self.today = today
        self.ids = SeenIds()
        self.sites: list[Site] = []
        self.operators: dict[str, Operator] = {}
        self.made_ids = 0
        self.seen: dict[str, list[tuple[int, BaseGeometry | None]]] = {}

    def take(self, row: Row, index: int) -> None:
        """Clean one row, and keep its site where nothing speaks against it."""
        values = row.take(PARSERS, BLANKS)
        if "adcode" in values:
            values["declared_adcode"] = values.pop("adcode")
            self._local_unit(row, values)
        self._opened(row, values)
        geometry = self._geometry(row, index, values)
        if geometry is not None:
            values["geometry"] = geometry
            adcode = values.get("declared_adcode", "")
            if self.places is not None:
                judge_county(row, self.places, index, adcode, self.region)
        if row.has("operator"):
            values["operator_id"] = self._operator(row, demo=bool(values.get("demo")))
        site = self._site(row, index, values)
        if row.close() and site is not None:
            self.sites.append(site)

    def _local_unit(self, row: Row, values: dict[str, Any]) -> None:
        unit = synonyms.local_reporting_unit(row.cell("adcode"))
        if unit and not values.get("reporting_unit"):
            values["reporting_unit"] = unit
            reason = Label("本地代码指的任务单位", "the reporting unit that the local code names")
            row.fixed("local_unit", reason, field="adcode", to=unit)

    def _opened(self, row: Row, values: Mapping[str, Any]) -> None:
        opened = values.get("opened_on")
        if opened is not None and opened.year > self.today.year + 10:
            reason = Label("日期太远", "the date lies too far ahead")
            row.doubt("far_date", reason, field="opened_on")

    def _geometry(self, row: Row, index: int, values: dict[str, Any]) -> BaseGeometry | None:
        places = self.places
        if places is None or not judge_place(row, places, index):
            return None
        if bool(places.coarse[index]) and not row.has("precision"):
            values["precision"] = LocationPrecision.TOWN
            reason = Label(
                "坐标只有两位小数（约 1 公里），定位精度记作乡镇",
                "two decimals only (about 1 km): located to the town",
            )
            row.fixed("coarse", reason, field="lat", to="town")
        return read_footprint(row, self.table, places, index)

    def _operator(self, row: Row, *, demo: bool) -> str:
        name = row.text("operator")
        if not name:
            return ""
        if len(name) > 200:
            row.reject("too_long", Label("超过 200 字", "too long"), field="operator")
            return ""
        known = self.known.demo_operators if demo else self.known.operators
        if fold(name) in known:
            return known[fold(name)]
        made = stable_id("op", name, *(["demo"] if demo else []))
        self.operators.setdefault(made, Operator(id=made, name=name, demo=demo))
        return made

    def _site(self, row: Row, index: int, values: dict[str, Any]) -> Site | None:
        given = row.id()
        stored = self.known.by_id.get(given) if given else None
        name = values.get("name") or (stored.name if stored else "")
        if not name:
            row.require(["name"])
            return None
        values["name"] = name
        made = not given
        if made:
            given = self._made_id(values, index)
            stored = self.known.by_id.get(given)
        row.require_mark(stored, values)
        if stored is not None:
            self.known.keep(stored, values)
        site = _merged(stored, given, values)
        unknown = values.get("precision") is LocationPrecision.UNKNOWN
        if site.geometry is None and stored is None and row.good and not unknown:
            row.doubt(
                "no_place",
                Label("新基地没有坐标", "a new site without coordinates"),
                fix=Label(
                    "补上经度和纬度；确实不知道就把定位精度写成 未知",
                    "fill in longitude and latitude, or write unknown as its precision",
                ),
            )
        if not self._twins(row, site):
            self.ids.check(row, given, made=made)
        return site

    def _made_id(self, values: Mapping[str, Any], index: int) -> str:
        self.made_ids += 1
        adcode = values.get("declared_adcode") or self._joined(index)
        return stable_id("s", values["name"], adcode)

    def _joined(self, index: int) -> str:
        at = -1 if self.places is None else int(self.places.county[index])
        return self.region.counties[at].adcode if at >= 0 else ""

    def _twins(self, row: Row, site: Site) -> bool:
        """Doubt a site that stands twice, in the file or in the record."""
        key, found = fold(site.name), False
        for number, place in self.seen.get(key, ()):
            if _near(place, site.geometry):
                reason = Label(
                    f"和第 {number} 行像是同一个基地", f"row {number} looks the same site"
                )
                fix = Label("删去一行，或改名", "remove one, or rename it")
                row.doubt("twin_in_file", reason, field="name", fix=fix)
                found = True
                break
        self.seen.setdefault(key, []).append((row.number, site.geometry))
        for other in self.known.by_name.get(key, []):
            if other.id != site.id and _near(other.geometry, site.geometry):
                reason = Label(f"像是库里的 {other.id}", f"looks like {other.id} of the record")
                fix = Label(
                    f"若是同一个，把编号写成 {other.id}", f"if it is, give it the id {other.id}"
                )
                row.doubt("twin_in_record", reason, field="name", fix=fix)
                break
        return found

    def result(self) -> CleanSites:
        """Return what was kept, with what must be said of the whole file."""
        used = {site.operator_id for site in self.sites}
        operators = [o for o in self.operators.values() if o.id in used]
        notes = []
        if self.made_ids:
            n = self.made_ids
            notes.append(
                Label(
                    f"{n:,} 行没有编号，由名称和县区生成，再次导入会更新同一个基地",
                    f"{n:,} rows had no id: made of name and county, so that a second import "
                    f"updates the same sites",
                )
            )
        return CleanSites(self.sites, operators, self._shift(), tuple(notes))

    def _shift(self) -> tuple[Label, ...]:
        if self.places is None:
            return ()
        names = [self._name(raw.cells) for raw in self.table]

        def known(index: int) -> tuple[float, float] | None:
            found = self.known.by_name.get(names[index], [])
            exact = len(found) == 1 and found[0].precision is LocationPrecision.EXACT
            point = found[0].geometry if exact else None
            if point is None or point.geom_type != "Point":
                return None
            return float(shapely.get_x(point)), float(shapely.get_y(point))

        lon, lat, declared = self.places.lon, self.places.lat, self.places.declared
        adcodes = read_adcodes(self.table, synonyms.find_adcode)
        witnesses = from_names(lon, lat, frame_of(declared), known)
        witnesses += from_counties(lon, lat, frame_of(declared), adcodes, self.region)
        return judge_frame(lon, lat, declared, witnesses)[0]

    def _name(self, cells: Sequence[Any]) -> str:
        index = self.table.mapped.column.get("name")
        return fold(str(cells[index] or "")) if index is not None else ""


def _merged(stored: Site | None, site_id: str, values: Mapping[str, Any]) -> Site:
    """Return the site: what the file says, and for the rest what the record holds."""
    given = {name: value for name, value in values.items() if name != "precision"}
    precision = values.get("precision")
    placed = given.get("geometry") is not None
    if precision is None and placed:
        precision = LocationPrecision.EXACT
    if stored is not None and (values.get("demo") or not stored.demo):
        return dataclasses.replace(stored, **given, precision=precision or stored.precision)
    precision = precision or LocationPrecision.UNKNOWN
    return Site(**{"geometry": None, **given, "id": site_id, "precision": precision})


def _near(one: BaseGeometry | None, other: BaseGeometry | None) -> bool:
    """Return whether two places may be the same; one that is unknown may."""
    if one is None or other is None:
        return True
    gap = shapely.distance(one, other)
    return bool(np.isfinite(gap) and gap <= SAME_PLACE_DEG)
