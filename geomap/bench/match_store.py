"""The generated city as a record, and its catalog built in a process of its own."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geomap.bench.child import answer
from geomap.bench.measure import Result, memory_of
from geomap.catalog import columns as c
from geomap.catalog.catalog import Catalog
from geomap.domain import words
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.store import write
from geomap.store.engine import Store, Transaction

_CHUNK = 20_000
_EPOCH = date(1970, 1, 1)
_CODED: dict[str, Sequence[str | None]] = {
    "kind": list(words.UnitKind),
    "status": list(words.UnitStatus),
    "permitted_use": [*words.PermittedUse, None],
}
_TRI = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")


def _words_of(mask: int, names: Sequence[str]) -> list[str]:
    return [str(name) for i, name in enumerate(names) if mask >> i & 1]


def _site_rows(catalog: Catalog) -> Iterator[dict[str, Any]]:
    s, industries = catalog.sites, [industry.id for industry in INDUSTRIES]
    levels = [*map(str, words.SiteLevel), None]
    texts = ("address", "declared_adcode", "reporting_unit", "town", "operator_id", "note")
    for i in range(len(s)):
        yield {
            "id": s.id[i],
            "name": s.name[i],
            "geometry": shapely.Point(s.lon[i], s.lat[i]),
            "precision": "exact",
            **dict.fromkeys((*texts, "source", "source_date"), ""),
            "stages": _words_of(int(s.stages[i]), list(words.Stage)),
            "industries": _words_of(int(s.industries[i]), industries),
            "services": _words_of(int(s.services[i]), list(words.Service)),
            "platforms": _words_of(int(s.platforms[i]), list(words.Platform)),
            "level": levels[s.level[i]],
            "area_m2": None,
            "opened_on": None,
            "state_owned": bool(s.state_owned[i]),
            "tenants": int(s.tenants[i]),
            "jobs": int(s.jobs[i]),
            "reference": False,
            "demo": True,
            "adcode": COUNTIES[s.county[i]].adcode,
            "joined_reporting_unit": REPORTING_UNITS[s.county[i]].id,
            "county_mismatch": False,
        }


def _values(catalog: Catalog, name: str, rows: slice) -> list[Any]:
    """Return a column of the units as the store keeps it."""
    units = catalog.units
    if name == "site_id":
        return [catalog.sites.id[int(site)] for site in units.site[rows]]
    column = getattr(units, name)
    if isinstance(column, c.TextColumn):
        return [column[i] for i in range(*rows.indices(len(units)))]
    values = column[rows].tolist()
    if name in _CODED:
        return [None if v < 0 else str(_CODED[name][v]) for v in values]
    if name in _TRI:
        return [None if v < 0 else v for v in values]
    if name in ("free_from", "verified_at"):
        clock = "" if name == "free_from" else " 00:00:00.000000"
        missing = int(c.MISSING_DAY)
        return [None if v == missing else f"{_EPOCH + timedelta(v)}{clock}" for v in values]
    if column.dtype.kind == "f":
        return [None if v != v else v for v in values]
    return [None if name == "desks" and v < 0 else v for v in values]


def _write_units(tx: Transaction, catalog: Catalog) -> None:
    names = [n for n in vars(catalog.units) if n not in ("site", "version")] + ["site_id"]
    marks = ", ".join("?" * len(names))
    query = f"INSERT INTO units (version, {', '.join(names)}) VALUES (1, {marks})"  # noqa: S608
    for start in range(0, len(catalog.units), _CHUNK):
        rows = slice(start, min(start + _CHUNK, len(catalog.units)))
        columns = [_values(catalog, name, rows) for name in names]
        tx.connection.exec_driver_sql(query, list(zip(*columns, strict=True)))
    tx.log("bulk", "units", patch={"rows": len(catalog.units)})


def _access_rows(catalog: Catalog) -> Iterator[dict[str, Any]]:
    access, categories = catalog.access, list(map(str, words.AmenityCategory))
    for site in range(len(catalog.sites)):
        for i, category in enumerate(categories):
            yield {
                "site_id": catalog.sites.id[site],
                "profile": "wenzhou-6-6",
                "category": category,
                "count": int(access.count[site, i]),
                "nearest_id": "",
                "nearest_m": float(access.walk_m[site, i]),
            }


def write_city(catalog: Catalog, store: Store) -> None:
    """Write sites, units and access of a generated city into an empty embedded record."""
    with store.writing("geomap bench") as tx:
        write.write_rows(tx, "sites", _site_rows(catalog))
        _write_units(tx, catalog)
        write.write_rows(tx, "access", _access_rows(catalog))


def columns_that_differ(left: Catalog, right: Catalog) -> list[str]:
    """Return the names of the columns of sites, units and access that are not the same."""
    names = []
    for table in ("sites", "units", "access"):
        mine, other = getattr(left.tables, table), getattr(right.tables, table)
        for name in vars(mine):
            a, b = getattr(mine, name), getattr(other, name)
            if isinstance(a, np.ndarray):
                same = a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind == "f")
            else:
                same = bool(np.array_equal(a.blob, b.blob) and np.array_equal(a.offsets, b.offsets))
            if not same:
                names.append(f"{table}.{name}")
    return names


def build_from(url: str, folder: Path) -> Result:
    """Build the catalog of a record, save it, and say how long that took and its memory."""
    from geomap.catalog.build import build_catalog
    from geomap.catalog.snapshot import save_snapshot
    from geomap.store.engine import open_store

    store = open_store(url, create=False)
    start = time.perf_counter()
    catalog = build_catalog(store)
    built = time.perf_counter()
    save_snapshot(catalog, folder)
    saved = time.perf_counter()
    store.close()
    return {
        "seconds": round(saved - start, 3),
        "read_s": round(built - start, 3),
        "save_s": round(saved - built, 3),
        "peak_mb": memory_of("self")["peak_mb"],
        "units": len(catalog.units),
    }


if __name__ == "__main__":
    answer(lambda: build_from(sys.argv[1], Path(sys.argv[2])))
