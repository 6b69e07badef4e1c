"""For each kind of import: from a file to what would change in the record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.geo.crs import parse_crs
from geomap.importing.job import Job, Plan, city_day
from geomap.intake.clean_amenities import CleanAmenities, clean_amenities
from geomap.intake.clean_areas import clean_boundaries, clean_zones
from geomap.intake.clean_extract import clean_osm_amenities
from geomap.intake.clean_projects import clean_projects
from geomap.intake.clean_sites import clean_sites
from geomap.intake.clean_streets import (
    cut_to_region,
    load_ways,
    report_streets,
    require_streets,
    street_rows,
)
from geomap.intake.clean_units import SiteFinder, clean_units
from geomap.intake.confined import Limits, run_confined
from geomap.intake.frames import frame_of, judge_frame
from geomap.intake.known_amenities import KnownAmenities
from geomap.intake.reading import ROWS
from geomap.intake.record import compare
from geomap.intake.witnesses import ask_about_streets
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.store import write
from geomap.store.engine import Transaction

_OSM_MEMORY = 8 << 30
LINE_ENDINGS = (".geojson", ".json", ".gpkg", ".shp", ".zip")


def _id(item: Any) -> str:
    return str(item.id)


def plan_sites(job: Job) -> Plan:
    """Plan an import of sites with their operators."""
    known = job.record.known_sites
    with job.table() as table:
        clean = clean_sites(
            table,
            crs=job.crs,
            region=job.region,
            known=known,
            findings=job.findings,
            today=city_day(job.now),
            tick=job.tick,
        )
    change = compare(clean.sites, lambda s: known.by_id.get(s.id), set(known.by_id), _id)
    notes = clean.notes
    if clean.operators:
        n = len(clean.operators)
        notes += (Label(f"新的运营机构：{n:,} 家", f"New operators: {n:,}"),)

    def store(tx: Transaction) -> None:
        write.add_operators(tx, clean.operators)
        write.add_sites(tx, change.writes)

    tables = ("sites", "operators")
    return Plan(
        store,
        tables,
        len(change.new),
        len(change.updated),
        change.unchanged,
        clean.warnings,
        notes,
        doubtful=bool(clean.warnings),
    )


def plan_units(job: Job) -> Plan:
    """Plan an import of units of sites that the record holds."""
    with job.table() as table:
        clean = clean_units(
            table,
            sites=SiteFinder(job.record.site_names()),
            find_stored=job.record.find_unit,
            findings=job.findings,
            now=job.now,
            tick=job.tick,
        )
    ids = job.record.unit_ids
    change = compare(clean.units, lambda u: job.record.find_unit(u.id), ids, _id)
    return Plan(
        lambda tx: void(write.add_units(tx, change.writes)),
        ("sites", "units"),
        len(change.new),
        len(change.updated),
        change.unchanged,
        (),
        clean.notes,
    )


def void(_count: int) -> None:
    """Drop a count."""


def is_osm(file: Path) -> bool:
    """Return whether a file is an OpenStreetMap extract by its name."""
    return file.name.lower().endswith((".pbf", ".osm"))


@contextmanager
def _read_osm(job: Job, task: str, file_suffix: str, **options: Any) -> Iterator[Any]:
    limits = Limits(memory=_OSM_MEMORY, seconds=900)
    with run_confined(
        task,
        job.file,
        suffix=file_suffix,
        options=options,
        limits=limits,
        waiting=job.waiting,
    ) as answer:
        yield answer


def _require_wgs84(job: Job) -> str:
    """Return the ending of an OpenStreetMap extract, whose coordinates are always WGS84."""
    if job.crs.lower() not in ("", "wgs84", "epsg:4326"):
        raise InputError(
            Label("OSM 数据总是 wgs84", "OpenStreetMap data is always wgs84"),
            fix=Label("去掉 --crs", "Leave --crs out"),
            field="crs",
        )
    job.crs = "wgs84"
    job.facts |= {"format": "OpenStreetMap"}
    return ".osm.pbf" if job.file.name.lower().endswith(".pbf") else ".osm"


def _osm_amenities(job: Job) -> CleanAmenities:
    with _read_osm(job, "osm_amenities", _require_wgs84(job)) as (answer, folder):
        rows = [orjson.loads(line) for line in (folder / ROWS).read_bytes().splitlines()]
    known = KnownAmenities(job.record.amenities, job.record.ground)
    clean = clean_osm_amenities(rows, job.region, job.findings, answer, known)
    if not job.day:
        return clean
    dated = [replace(a, source_date=a.source_date or job.day) for a in clean.amenities]
    return replace(clean, amenities=dated)


def plan_amenities(job: Job) -> Plan:
    """Plan an import of amenities from a table or an OpenStreetMap extract."""
    if is_osm(job.file):
        clean = _osm_amenities(job)
    else:
        with job.table() as table:
            clean = clean_amenities(
                table,
                crs=job.crs,
                region=job.region,
                findings=job.findings,
                source=job.source,
                day=job.day,
                known=KnownAmenities(job.record.amenities, job.record.ground),
                tick=job.tick,
            )
    stored, ids = job.record.amenities, job.record.ids("amenities")
    change = compare(clean.amenities, lambda a: stored.get(a.id), ids, _id)
    return Plan(
        lambda tx: void(write.add_amenities(tx, change.writes)),
        ("amenities",),
        len(change.new),
        len(change.updated),
        change.unchanged,
        clean.warnings,
        clean.notes,
        doubtful=bool(clean.warnings),
    )


@contextmanager
def _read_ways(job: Job) -> Iterator[Any]:
    if is_osm(job.file):
        with _read_osm(job, "osm_ways", _require_wgs84(job)) as answer:
            yield answer
        return
    suffix = job.file.suffix.lower()
    names = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GeoPackage"}
    job.facts |= {"format": names.get(suffix, "Shapefile")}
    if suffix not in LINE_ENDINGS:
        raise InputError(
            Label(f"{suffix or '没有后缀'} 不是路网文件", f"{suffix or 'no ending'}: no streets"),
            fix=Label(
                "给出 .osm.pbf，或路的中心线：.geojson、打包的 Shapefile（.zip）、.gpkg",
                "Give .osm.pbf, or centrelines: .geojson, a zipped Shapefile (.zip) or .gpkg",
            ),
            field="file",
        )
    if not job.crs:
        raise InputError(
            Label("没有声明坐标系", "No coordinate reference system is declared"),
            fix=Label("加上 --crs，如 wgs84 或 EPSG:4549", "Add --crs, as wgs84 or EPSG:4549"),
            field="crs",
        )
    options = {
        "crs": job.crs,
        "encoding": job.encoding or "",
        "node_crossings": job.node_crossings,
    }
    with _read_osm(job, "line_ways", suffix, **options) as answer:
        yield answer


def plan_streets(job: Job) -> Plan:
    """Plan a new walking network with its drawn lines, in the place of the present ones."""
    from geomap.build import locate_network
    from geomap.streets.file import save_network
    from geomap.streets.graph import build_network

    with _read_ways(job) as (answer, folder):
        whole = load_ways(folder, answer["extent"])
    ways = cut_to_region(whole, job.region)
    require_streets(ways, job.region, whole)
    job.working(Label(f"正在由 {len(ways):,} 条路建路网 …", f"Building from {len(ways):,} ways …"))
    notes = report_streets(job.findings, ways, answer["dropped"], len(whole) - len(ways))
    declared = parse_crs(job.crs)
    witnesses = ask_about_streets(ways, frame_of(declared), job.record.ground)
    lon, lat = ways.coords.T
    warnings, more = judge_frame(lon, lat, declared, witnesses, osm=is_osm(job.file))
    network = build_network(ways)
    metres = float(network.edge_m.sum())
    notes += (
        Label(
            f"步行路网：{len(network.node_x):,} 个路口，{metres / 1000.0:,.1f} 公里",
            f"Walking network: {len(network.node_x):,} junctions, {metres / 1000.0:,.1f} km",
        ),
    )
    notes += more
    osm, day = is_osm(job.file), str(answer.get("date") or "")
    source = f"© OpenStreetMap contributors {day}".strip() if osm else job.source

    def store(tx: Transaction) -> None:
        write.clear(tx, "streets")
        write.write_rows(tx, "streets", street_rows(ways))
        write.set_meta(tx, "streets_source", source)
        # Last, so that a failure before it leaves the old network beside the old lines.
        save_network(network, locate_network(job.settings))

    doubtful = bool(warnings)
    return Plan(
        store, ("streets",), new=len(ways), warnings=warnings, notes=notes, doubtful=doubtful
    )


def plan_boundaries(job: Job) -> Plan:
    """Plan the replacement of the county boundaries, after the checks of set-up."""
    from geomap.intake.boundaries import check_county_shapes

    with job.table() as table:
        shapes = clean_boundaries(table, crs=job.crs, findings=job.findings, source=job.source)
    if job.findings.bad == 0:
        check_county_shapes(shapes)
    present = {c.adcode: c for c in job.record.counties()}
    change = compare(shapes, lambda c: present.get(c.adcode), set(present), lambda c: c.adcode)

    def store(tx: Transaction) -> None:
        check_county_shapes(shapes)
        write.clear(tx, "counties")
        write.add_counties(tx, shapes)

    return Plan(store, ("counties",), len(change.new), len(change.updated), change.unchanged)


def plan_zones(job: Job) -> Plan:
    """Plan an import of functional zones."""
    with job.table() as table:
        zones = clean_zones(
            table,
            crs=job.crs,
            region=job.region,
            findings=job.findings,
            source=job.source,
            find_stored=job.record.zones.get,
        )
    stored, ids = job.record.zones, job.record.ids("zones")
    change = compare(zones, lambda z: stored.get(z.id), ids, _id)
    return Plan(
        lambda tx: void(write.add_zones(tx, change.writes)),
        ("zones",),
        len(change.new),
        len(change.updated),
        change.unchanged,
    )


def _check_demand(obj: dict[str, Any]) -> dict[str, Any]:
    return demand_to_json(parse_demand(obj))


def plan_projects(job: Job) -> Plan:
    """Plan an import of graduating projects."""
    with job.table() as table:
        projects, job.facts["unknown_columns"] = clean_projects(
            table,
            check=_check_demand,
            findings=job.findings,
            sites=SiteFinder(job.record.site_names()),
            tick=job.tick,
        )
    stored, ids = job.record.projects, job.record.ids("projects")
    change = compare(projects, lambda p: stored.get(p.id), ids, _id)
    return Plan(
        lambda tx: void(write.add_projects(tx, change.writes)),
        ("projects",),
        len(change.new),
        len(change.updated),
        change.unchanged,
    )


PLANS: dict[str, Callable[[Job], Plan]] = {
    "sites": plan_sites,
    "units": plan_units,
    "amenities": plan_amenities,
    "streets": plan_streets,
    "boundaries": plan_boundaries,
    "zones": plan_zones,
    "projects": plan_projects,
}
"""How each kind is planned."""

__all__: Sequence[str] = ("PLANS", "is_osm")
