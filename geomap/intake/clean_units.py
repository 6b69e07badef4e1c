"""Rows of a table to units of the sites in the record."""

from __future__ import annotations

import dataclasses
import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any

from geomap.domain.records import Unit
from geomap.domain.words import Label
from geomap.intake import measures, synonyms
from geomap.intake.dates import CITY_TIME, parse_day, parse_moment
from geomap.intake.headers import require_columns
from geomap.intake.report import Findings
from geomap.intake.rows import Row, SeenIds, Tick, no_tick, stable_id, sweep
from geomap.intake.tables import Table
from geomap.intake.values import Parser, fold, parse_count, parse_flag, parse_text

_FLAGS = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")
PARSERS: Mapping[str, Parser] = {
    "building": parse_text,
    "floor": measures.parse_floor,
    "room": parse_text,
    "kind": synonyms.parse_kind,
    "area_m2": measures.parse_unit_area,
    "status": synonyms.parse_status,
    "free_from": parse_day,
    "verified_at": parse_moment,
    "tenant": parse_text,
    "desks": parse_count,
    "divisible_min_m2": measures.parse_least_part,
    "floor_load_kn_m2": measures.parse_load,
    "clear_height_m": measures.parse_height,
    "column_spacing_m": measures.parse_spacing,
    "freight_lift_t": measures.parse_lift,
    "power_kw": measures.parse_power,
    "permitted_use": synonyms.parse_use,
    "demo": parse_flag,
    **dict.fromkeys(_FLAGS, parse_flag),
}
BLANKS: Mapping[str, Any] = {**dict.fromkeys(("building", "room", "tenant"), ""), "demo": False}
REQUIRED = ("kind", "area_m2", "status")
_KEEP_WHEN_BLANK = ("kind", "area_m2", "status", "floor")
_HUGE_M2 = 200_000.0


@dataclass(frozen=True, slots=True)
class SiteName:
    """A site of the record, as a unit may name it."""

    id: str
    name: str
    demo: bool


class SiteFinder:
    """Finds the site that a row names, by id or by a name that only one site has."""

    def __init__(self, sites: Iterable[SiteName]) -> None:
        self._by_id: dict[str, SiteName] = {}
        self._by_name: dict[str, list[SiteName]] = {}
        for site in sites:
            self._by_id[site.id] = site
            self._by_name.setdefault(fold(site.name), []).append(site)

    def find(self, row: Row) -> SiteName | None:
        """Return the site of a row; reject the row where there is none or several."""
        text = row.text("site")
        real = self.list_named(text)
        if len(real) == 1:
            return real[0]
        if real:
            ids = "、".join(site.id for site in real[:5])
            row.reject(
                "ambiguous_site",
                Label(f"有 {len(real)} 个基地叫这个名字", f"{len(real)} sites have this name"),
                field="site",
                fix=Label(f"写基地编号，如 {ids}", f"write the site's id, as {ids}"),
            )
            return None
        self._refuse(row, text)
        return None

    def list_named(self, text: str) -> list[SiteName]:
        """Return the site of an id, or those of a name: the real ones, else the made-up ones."""
        if text in self._by_id:
            return [self._by_id[text]]
        found = self._by_name.get(fold(text), [])
        return [site for site in found if not site.demo] or found

    def _refuse(self, row: Row, text: str) -> None:
        close = difflib.get_close_matches(fold(text), self._by_name, n=1, cutoff=0.6)
        fix = Label("先导入基地，或改正名称", "import the site first, or correct its name")
        if close:
            name = self._by_name[close[0]][0].name
            fix = Label(f"是不是“{name}”？", f"is it “{name}”?")
        row.reject("no_site", Label("没有这个基地", "no such site"), field="site", fix=fix)


@dataclass(frozen=True, slots=True)
class CleanUnits:
    """Units that may be stored."""

    units: list[Unit]
    notes: tuple[Label, ...] = ()


def clean_units(
    table: Table,
    *,
    sites: SiteFinder,
    find_stored: Callable[[str], Unit | None],
    findings: Findings,
    now: datetime,
    tick: Tick = no_tick,
) -> CleanUnits:
    """Clean a table of units.

    Parameters
    ----------
    sites
        Sites of the record.
    find_stored
        Gives the unit of an id that the record holds: columns that the file lacks keep its
        values.
    now
        To tell a moment of verification that lies ahead.

    Raises
    ------
    InputError
        A column that must be there is missing.
    """
    if "id" not in table.mapped.column:
        wanted = [("site",), *((name,) for name in REQUIRED)]
        require_columns("units", table.mapped, wanted)
    broom = _Broom(sites, find_stored, now)
    for row in sweep(table, findings, tick):
        broom.take(row)
    return CleanUnits(broom.units, broom.notes())


class _Broom:
    """Cleans the rows of one table."""

    def __init__(
        self, sites: SiteFinder, find_stored: Callable[[str], Unit | None], now: datetime
    ) -> None:
        self.sites, self.find_stored, self.now = sites, find_stored, now
        self.units: list[Unit] = []
        self.ids = SeenIds()
        self.rooms: dict[tuple[object, ...], int] = {}
        self.copies: Counter[tuple[object, ...]] = Counter()
        self.made_ids = 0
        self.on_demo = 0

    def take(self, row: Row) -> None:
        """Clean one row, and keep its unit where nothing speaks against it."""
        values = row.take(PARSERS, BLANKS)
        given = row.id()
        stored = self.find_stored(given) if given else None
        if row.has("rent_cny_m2_month"):
            area = values.get("area_m2") or (stored.area_m2 if stored else None)
            parser = partial(measures.parse_rent, area_m2=area)
            values["rent_cny_m2_month"] = row.parse("rent_cny_m2_month", parser)
        self._doubts(row, values)
        unit = self._unit(row, given, stored, values)
        if unit is not None:
            _require_part(row, unit)
        if row.close() and unit is not None:
            self.units.append(unit)

    def _doubts(self, row: Row, values: Mapping[str, Any]) -> None:
        area = values.get("area_m2")
        if area is not None and area > _HUGE_M2:
            reason = Label("面积大得不像一个单元", "unlikely large for one unit")
            row.doubt("huge_area", reason, field="area_m2", fix=Label("核对单位", "check the unit"))
        verified = values.get("verified_at")
        if verified is not None and verified > self.now + timedelta(days=1):
            row.doubt(
                "verified_ahead",
                Label("核实时间在将来", "verified in the future"),
                field="verified_at",
                fix=Label("写真正核实的时间", "write when it was really verified"),
            )

    def _unit(
        self, row: Row, given: str, stored: Unit | None, values: dict[str, Any]
    ) -> Unit | None:
        site_id = stored.site_id if stored else ""
        if row.cell("site") is not None:
            site = self.sites.find(row)
            site_id = site.id if site else ""
            self.on_demo += bool(site and site.demo)
        row.require_mark(stored, values)
        if stored is not None and (values.get("demo") or not stored.demo):
            kept = {k: v for k, v in values.items() if v is not None or k not in _KEEP_WHEN_BLANK}
            kept |= {"site_id": site_id} if site_id else {}
            kept |= _kept_moment(stored, values.get("verified_at"))
            self.ids.check(row, stored.id)
            return dataclasses.replace(stored, **kept)
        row.require(("site", *REQUIRED))
        if not site_id or any(values.get(name) is None for name in REQUIRED):
            return None
        if values.get("floor") is None:
            if not row.good:
                return None
            values["floor"] = 1
            reason = Label("没有楼层，按 1 层", "no floor: the first is taken")
            row.fixed("no_floor", reason, field="floor", to="1")
        return self._new(row, given, site_id, values)

    def _new(self, row: Row, given: str, site_id: str, values: dict[str, Any]) -> Unit:
        building, room = values.get("building", ""), values.get("room", "")
        spot = (site_id, fold(building), values["floor"], fold(room))
        first = self.rooms.setdefault(spot, row.number)
        if room and first != row.number:
            row.doubt(
                "same_room",
                Label(f"和第 {first} 行是同一个房间", f"the room of row {first}"),
                field="room",
                fix=Label("删去一行，或改正房号", "remove one, or correct the room"),
            )
        twin = bool(room) and first != row.number
        made = not given
        if made:
            self.made_ids += 1
            parts = spot if room else (*spot, values["kind"], values["area_m2"])
            self.copies[parts] += 1
            given = stable_id("u", *parts, *([] if room else [self.copies[parts]]))
            stored = self.find_stored(given)
            row.require_mark(stored, values)
            if stored is not None and not stored.demo:
                values = {**_given(stored), **values}
        if not twin:
            self.ids.check(row, given, made=made)
        blank = {"building": "", "room": ""}
        return Unit(**{**blank, **values, "id": given, "site_id": site_id})

    def notes(self) -> tuple[Label, ...]:
        """Return what must be said of the whole file."""
        notes = []
        if self.made_ids:
            n = self.made_ids
            notes.append(
                Label(
                    f"{n:,} 行没有编号，由基地、楼栋、楼层和房号生成，再次导入会更新同一个单元",
                    f"{n:,} rows had no id: made of site, building, floor and room, so that a "
                    f"second import updates the same units",
                )
            )
        if self.on_demo:
            n = self.on_demo
            notes.append(
                Label(f"{n:,} 行属于演示基地", f"{n:,} rows belong to sites of the demonstration")
            )
        return tuple(notes)


def _require_part(row: Row, unit: Unit) -> None:
    """Refuse a smallest part that is larger than its unit."""
    least = unit.divisible_min_m2
    if least is None or least <= unit.area_m2:
        return
    field = "divisible_min_m2" if row.has("divisible_min_m2") else "area_m2"
    row.reject(
        "part_over_area",
        Label(
            f"可分割的最小面积 {least:g} ㎡ 大于单元面积 {unit.area_m2:g} ㎡",
            f"the smallest part, {least:g} m², is larger than the unit, {unit.area_m2:g} m²",
        ),
        field=field,
        fix=Label("核对两个面积；整租的留空", "check both areas; leave it empty if let whole"),
    )


def _kept_moment(stored: Unit, given: datetime | None) -> dict[str, datetime]:
    """Keep the time of day of a verification where the file says its day alone."""
    known = stored.verified_at
    if known is None or given is None:
        return {}
    day_alone = given.astimezone(CITY_TIME).time() == time(0)
    same = known.astimezone(CITY_TIME).date() == given.astimezone(CITY_TIME).date()
    return {"verified_at": known} if day_alone and same else {}


def _given(unit: Unit) -> dict[str, Any]:
    return {f.name: getattr(unit, f.name) for f in dataclasses.fields(unit)}
