"""Ways that the confined reader handed back, cut to the region, and their drawn lines."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.intake.region import Region
from geomap.intake.report import Findings, Outcome
from geomap.streets.ways import StreetClass, Ways

MARGIN_DEG = 0.03
"""Some 3 km: streets this far beyond the region stay, so that rings at its edge are whole."""

DROPPED = {
    "no_foot": Label("禁止步行", "walking is forbidden"),
    "use_sidepath": Label("人行道另外画了", "walkers have a path of their own beside it"),
    "no_access": Label("不对外开放", "no public access"),
    "motorroad": Label("汽车专用路", "a road for motors only"),
    "road_tunnel": Label("没有人行道的公路隧道", "a road tunnel without a pavement"),
    "hard_trail": Label("难走的山径", "a hard mountain trail"),
    "ford": Label("要涉水", "it leads through water"),
    "unfinished": Label("在建、规划或废弃", "under construction, planned or abandoned"),
    "not_for_walkers": Label("赛道、公交专用道等", "a race track, busway or the like"),
    "nodes_missing": Label("节点在提取范围之外", "its nodes lie outside of the extract"),
    "not_a_street": Label("不是道路", "no street"),
    "not_a_line": Label("不是线", "no line"),
    "too_short": Label("太短", "too short"),
    "outside": Label("在本市之外", "outside of the region"),
}
"""Why a way of the file is left out."""

DRAWN = {
    StreetClass.MOTORWAY: Label("高速公路", "motorways"),
    StreetClass.FERRY: Label("轮渡航线", "ferries"),
}
"""What is drawn on the map and never walked."""


def load_ways(folder: Path, extent: Any) -> Ways:
    """Read the arrays of ways that the reader wrote; nothing is unpickled."""
    arrays: dict[str, Any] = {
        name: np.load(folder / f"{name}.npy", allow_pickle=False)
        for name in ("coords", "offsets", "node_id", "klass", "bridge")
    }
    names = [str(name) for name in json.loads((folder / "names.json").read_text("utf-8"))]
    box = tuple(float(v) for v in extent) if extent else None
    west_south_east_north = box if box and len(box) == 4 else None
    return Ways(name=names, extent=west_south_east_north, **arrays)


def cut_to_region(ways: Ways, region: Region) -> Ways:
    """Keep the ways that come within `MARGIN_DEG` of the region; an extent shrinks with them."""
    if region.anywhere or not len(ways):
        return ways
    west, south, east, north = region.box()
    box = (west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    lon, lat = ways.coords[:, 0], ways.coords[:, 1]
    inside = (lon >= box[0]) & (lon <= box[2]) & (lat >= box[1]) & (lat <= box[3])
    keep = np.logical_or.reduceat(inside, ways.offsets[:-1])
    if keep.all():
        return ways
    extent = ways.extent or box
    shrunk = (
        max(extent[0], box[0]),
        max(extent[1], box[1]),
        min(extent[2], box[2]),
        min(extent[3], box[3]),
    )
    return take_ways(ways, keep, shrunk)


def take_ways(
    ways: Ways, keep: NDArray[np.bool_], extent: tuple[float, float, float, float] | None
) -> Ways:
    """Return some of the ways."""
    sizes = np.diff(ways.offsets)
    vertices = np.repeat(keep, sizes)
    return Ways(
        ways.coords[vertices],
        np.concatenate([[0], np.cumsum(sizes[keep])]),
        ways.node_id[vertices],
        ways.klass[keep],
        [name for name, kept in zip(ways.name, keep.tolist(), strict=True) if kept],
        ways.bridge[keep],
        extent,
    )


def require_streets(ways: Ways, region: Region, whole: Ways) -> None:
    """Refuse a file without a street that can be walked in the region.

    Parameters
    ----------
    ways
        The ways in the region.
    whole
        Those of the file, which say where it lies instead.
    """
    if len(ways) and ways.walkable.any():
        return
    if not len(whole) or not whole.walkable.any():
        raise InputError(
            Label("文件里没有可步行的道路", "The file holds no walkable street"),
            fix=Label(
                "换一份有道路的文件；若道路都标了禁行，检查 highway、foot、access 标签",
                "Give a file with streets; if all are closed, check highway, foot and access",
            ),
            field="file",
        )
    (west, south), (east, north) = whole.coords.min(axis=0), whole.coords.max(axis=0)
    box = f"{west:.2f}～{east:.2f}°E，{south:.2f}～{north:.2f}°N"
    raise InputError(
        Label(
            f"文件里本市范围内没有可步行的道路：它的道路在 {box}",
            f"The file holds no walkable street in the region: its streets lie in "
            f"{west:.2f} to {east:.2f}°E, {south:.2f} to {north:.2f}°N",
        ),
        fix=Label(
            f"换一份覆盖本市的路网，核对 --crs；范围由 GEOMAP_REGION 决定（现在是 {region.root}）",
            f"Give streets of the city and check --crs; GEOMAP_REGION sets the region (now "
            f"{region.root})",
        ),
        field="file",
    )


def report_streets(
    findings: Findings, ways: Ways, dropped: Mapping[str, int], outside: int
) -> tuple[Label, ...]:
    """Count ways by what became of them, each reason by itself; return what else to say."""
    findings.close(Outcome.ACCEPTED, len(ways))
    reasons = {**dropped, "outside": outside}
    for code, count in sorted(reasons.items(), key=lambda item: -item[1]):
        if count:
            findings.count(Outcome.SKIPPED, code, DROPPED.get(code, Label(code, code)), count)
    drawn = [(label, int((ways.klass == klass).sum())) for klass, label in DRAWN.items()]
    parts = [(label, count) for label, count in drawn if count]
    if not parts:
        return ()
    zh = "、".join(f"{label.zh} {count:,}" for label, count in parts)
    en = ", ".join(f"{label.en} {count:,}" for label, count in parts)
    return (Label(f"只画不走：{zh}", f"Drawn, never walked: {en}"),)


def street_rows(ways: Ways) -> Iterator[dict[str, Any]]:
    """Give the rows of the drawn streets."""
    lines: Any = shapely.linestrings(ways.coords, indices=ways.way_of_vertex)
    for i, line in enumerate(lines):
        yield {
            "name": str(ways.name[i])[:200],
            "klass": StreetClass(int(ways.klass[i])).name.lower(),
            "bridge": bool(ways.bridge[i]),
            "demo": False,
            "geometry": line,
        }
