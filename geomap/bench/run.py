"""Which bench, on which file, as one JSON object."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from geomap.bench.measure import Result, describe_machine
from geomap.config import Settings
from geomap.domain.errors import InputError, NotReadyError
from geomap.domain.words import Label

Bench = Callable[[Settings, Path | None], Result]


def _tiles(settings: Settings, _: Path | None) -> Result:
    from geomap.bench.service import bench_served_tiles
    from geomap.bench.tiles import bench_encoder

    result: Result = {"encoder": bench_encoder()}
    try:
        result["served"] = bench_served_tiles(settings)
    except NotReadyError as error:
        result["served"] = {"skipped": error.reason.en}
    return result


def _join(settings: Settings, _: Path | None) -> Result:
    from geomap.bench.join import bench_join, round_counties
    from geomap.build import locate_shapefiles
    from geomap.intake.boundaries import read_county_shapefile

    folder = locate_shapefiles(settings)
    if (folder / "counties.shp").exists():
        shapes = [county.geometry for county in read_county_shapefile(folder)]
        return bench_join(shapes) | {"source": "counties.shp"}
    return bench_join(round_counties()) | {"source": "generated"}


def _rings(settings: Settings, _: Path | None) -> Result:
    from geomap.bench.rings import bench_all_rings

    return bench_all_rings(settings)


def _streets(_: Settings, file: Path | None) -> Result:
    from geomap.bench.grid import bench_grid
    from geomap.bench.streets import bench_streets

    return bench_grid() if file is None else bench_streets(file)


def _streets_of_a_file(_: Settings, file: Path | None) -> Result:
    from geomap.bench.streets import bench_streets

    if file is None:
        raise NotReadyError(
            Label("没有给出路网文件", "No file of streets was given"),
            fix=Label("给出 .osm.pbf 文件", "Give an .osm.pbf file"),
            field="file",
        )
    return bench_streets(file)


def _match(_: Settings, __: Path | None) -> Result:
    from geomap.bench.match import bench_match

    return bench_match()


def _place(_: Settings, __: Path | None) -> Result:
    from geomap.bench.place import bench_place

    return bench_place()


def _service(settings: Settings, _: Path | None) -> Result:
    from geomap.bench.service import bench_service

    return bench_service(settings)


BENCHES: dict[str, Bench] = {
    "tiles": _tiles,
    "join": _join,
    "rings": _rings,
    "streets": _streets,
    "match": _match,
    "place": _place,
    "service": _service,
}
"""By name. ``all`` runs them too, but `streets` only on a file: the generated town of 5
million junctions takes minutes."""

GENERATED = "grid"
"""As a file of `streets`: the generated town, as without a file."""


def _require_file(file: Path | None) -> Path | None:
    if file is None or str(file) == GENERATED:
        return None
    if not file.exists():
        raise InputError(
            Label(f"文件 {file.name} 不存在", f"There is no file {file.name}"),
            fix=Label(
                "给出路网文件（.osm.pbf）或 grid", "Give a file of streets (.osm.pbf), or grid"
            ),
            field="file",
        )
    return file


def run_bench(settings: Settings, what: str, file: Path | None) -> Result:
    """Run one bench or all.

    Parameters
    ----------
    settings
        Whose data `rings`, `service` and served tiles are measured on.
    what
        A name of `BENCHES`, or ``all``.
    file
        OSM extract or road lines for `streets`; the generated town without one.

    Returns
    -------
    dict
        ``machine``, and under the name of each bench its figures with ``took_s``. In
        ``all`` a bench without its data says ``skipped``.

    Raises
    ------
    InputError
        There is no such bench, or the file cannot be used.
    NotReadyError
        The one bench that was asked for lacks its data.
    """
    if what == GENERATED:
        what, file = "streets", None
    file = _require_file(file)
    benches = BENCHES | {"streets": _streets_of_a_file} if what == "all" else BENCHES
    names = list(BENCHES) if what == "all" else [what]
    if names[0] not in BENCHES:
        known = ", ".join(("all", *BENCHES))
        raise InputError(
            Label(f"没有测试 {what!r}", f"There is no bench {what!r}"),
            fix=Label(f"可用：{known}", f"Use one of: {known}"),
            field="what",
        )
    result: Result = {"machine": describe_machine()}
    for name in names:
        start = time.perf_counter()
        try:
            result[name] = benches[name](settings, file)
        except NotReadyError as error:
            if what != "all":
                raise
            result[name] = {"skipped": error.reason.en}
        result[name]["took_s"] = round(time.perf_counter() - start, 2)
    return result
