"""Rentable units, at the place of their site."""

from __future__ import annotations

import numpy as np
import shapely

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label, PermittedUse, UnitKind, UnitStatus
from geomap.geo.mvt import PointLayer, Properties
from layers.areas import DEMO, ID
from layers.spec import (
    Column,
    LayerSpec,
    Table,
    dates_or_none,
    floats_or_none,
    words_or_none,
)

_NUMBERS = {
    "floor_load_kn_m2": (Label("楼面荷载", "Floor load"), "kN/㎡"),
    "clear_height_m": (Label("净高", "Clear height"), "m"),
    "column_spacing_m": (Label("柱距", "Column spacing"), "m"),
    "freight_lift_t": (Label("货梯", "Freight lift"), "t"),
    "power_kw": (Label("电力", "Power"), "kW"),
}
_YES_NO = {
    "water": Label("给水", "Water"),
    "drainage": Label("排水", "Drainage"),
    "exhaust": Label("排风", "Exhaust"),
    "gas": Label("燃气", "Gas"),
    "clean_room": Label("洁净间", "Clean room"),
    "hazardous_storage": Label("危化品间", "Hazardous storage"),
    "open_24h": Label("全天开放", "Open 24 hours"),
}


def _placed(catalog: Catalog) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    units, sites = catalog.units, catalog.sites
    return np.flatnonzero(np.isfinite(sites.lon[units.site])) if len(units) else np.arange(0)


def table(catalog: Catalog) -> Table:
    """Return one feature a unit of a located site."""
    units, rows = catalog.units, _placed(catalog)
    site = units.site[rows]
    columns = {
        "id": units.id.take(rows),
        "site_id": catalog.sites.id.take(site),
        "building": units.building.take(rows),
        "floor": units.floor[rows].astype(np.int64),
        "kind": words_or_none(units.kind[rows], UnitKind),
        "area_m2": floats_or_none(units.area_m2[rows]),
        "divisible_min_m2": floats_or_none(units.divisible_min_m2[rows]),
        "rent_cny_m2_month": floats_or_none(units.rent_cny_m2_month[rows]),
        "status": words_or_none(units.status[rows], UnitStatus),
        "free_from": dates_or_none(units.free_from[rows]),
        "verified_at": dates_or_none(units.verified_at[rows]),
        **{name: floats_or_none(getattr(units, name)[rows]) for name in _NUMBERS},
        **{name: _yes_no(getattr(units, name)[rows]) for name in _YES_NO},
        "permitted_use": words_or_none(units.permitted_use[rows], PermittedUse),
        "demo": units.demo[rows],
    }
    points = shapely.points(catalog.sites.lon[site], catalog.sites.lat[site])
    return Table(columns, np.asarray(points, dtype=object))


def _yes_no(values: np.ndarray[tuple[int], np.dtype[np.int8]]) -> list[bool | None]:
    return [None if v < 0 else bool(v) for v in values.tolist()]


def tiles(catalog: Catalog) -> PointLayer:
    """Return the vacant units as points."""
    units, rows = catalog.units, _placed(catalog)
    rows = rows[units.status[rows] == 0]
    site = units.site[rows]
    columns: Properties = {
        "id": units.id.take(rows),
        "kind": words_or_none(units.kind[rows], UnitKind),
        "area_m2": floats_or_none(units.area_m2[rows]),
    }
    return PointLayer("units", catalog.sites.lon[site], catalog.sites.lat[site], rows + 1, columns)


LAYER = LayerSpec(
    id="units",
    title=Label("单元", "Units"),
    geometry="Point",
    columns=(
        ID,
        Column("site_id", "string", Label("载体编号", "Site id")),
        Column("building", "string", Label("楼栋", "Building")),
        Column("floor", "integer", Label("楼层", "Floor")),
        Column("kind", "string", Label("类型", "Kind")),
        Column("area_m2", "number", Label("面积", "Area"), "㎡"),
        Column("divisible_min_m2", "number", Label("可分割，最小", "Divisible from"), "㎡"),
        Column("rent_cny_m2_month", "number", Label("租金", "Rent"), "元/㎡·月"),
        Column("status", "string", Label("状态", "Status")),
        Column("free_from", "date", Label("起租日", "Free from")),
        Column("verified_at", "date", Label("核实日", "Verified")),
        *(Column(n, "number", text, unit) for n, (text, unit) in _NUMBERS.items()),
        *(Column(n, "boolean", text) for n, text in _YES_NO.items()),
        Column("permitted_use", "string", Label("许可用途", "Permitted use")),
        DEMO,
    ),
    table=table,
    tiles=tiles,
    popup=("building", "floor", "kind", "area_m2", "rent_cny_m2_month", "status"),
    visible=False,
    min_zoom=14,
)
