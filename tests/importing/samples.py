"""Rows, files and readings that the import tests share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.config import Settings
from geomap.geo.crs import to_metric
from geomap.importing import import_file
from geomap.intake.report import Outcome
from tests.imports import (
    LUCHENG,
    write_csv,
    write_geojson,
    write_gpkg,
    write_shapefile,
    write_xlsx,
)

LON, LAT = LUCHENG
SITE = {"编号": "s-1", "名称": "瓯江孵化器", "县区": "鹿城区", "阶段": "孵化、加速"}
SITE |= {"产业": "数字经济", "建筑面积（万㎡）": 1.2, "运营机构": "甲公司"}
PLACE = {"经度": LON, "纬度": LAT}
UNIT = {"编号": "u-1", "基地": "瓯江孵化器", "楼层": "三层", "房号": "301", "类型": "办公室"}
UNIT |= {"面积": "120㎡", "状态": "可租", "租金（元/㎡·天）": 1.2, "起租日": "2026年3月1日"}
AMENITY = {"编号": "a-1", "名称": "江心咖啡", "类别": "咖啡馆"}

PROJECT = {
    "编号": "p-1",
    "名称": "芯片甲",
    "县区": "鹿城区",
    "阶段": "加速",
    "需求面积": "100-200㎡",
}
PROJECT |= {"类型": "实验室、办公", "租金上限": "40", "入驻日期": "2026/9/1", "荷载": "500kg/㎡"}


def found(report, outcome: Outcome | None = None) -> dict[str, int]:
    """Return how often each finding was made."""
    groups = report.findings.groups.items()
    return {code: g.count for (o, code, _), g in groups if outcome in (None, o)}


def metres_off(row: dict[str, Any], lon: float, lat: float) -> float:
    point = row["geometry"]
    x, y = to_metric([shapely.get_x(point), lon], [shapely.get_y(point), lat])
    return float(np.hypot(x[1] - x[0], y[1] - y[0]))


FORMATS = {
    "utf-8": ("a.csv", lambda p, rows, shapes: write_csv(p, rows)),
    "utf-8-sig": ("a.csv", lambda p, rows, shapes: write_csv(p, rows, "utf-8-sig")),
    "gb18030": ("a.csv", lambda p, rows, shapes: write_csv(p, rows, "gb18030")),
    "xlsx": ("a.xlsx", lambda p, rows, shapes: write_xlsx(p, rows)),
    "titled": ("a.xlsx", lambda p, rows, shapes: write_xlsx(p, rows, above=["温州市台账", ""])),
    "geojson": ("a.geojson", write_geojson),
    "shapefile": ("a.zip", lambda p, rows, shapes: write_shapefile(p, rows, shapes)),
    "gbk_shapefile": (
        "a.zip",
        lambda p, rows, shapes: write_shapefile(
            p, rows, shapes, encoding="GBK", leave_out=(".cpg",)
        ),
    ),
    "gpkg": ("a.gpkg", write_gpkg),
}
FEW = ("xlsx", "geojson", "gpkg")
"""One format of each reader but text; sites go through every format."""
TEXT = ("utf-8", "utf-8-sig", "gb18030", "xlsx", "titled")


def make(folder: Path, form: str, rows: list[dict[str, Any]], shapes: list[BaseGeometry]) -> Path:
    """Write rows in a format; in a table of text the place is two columns, or WKT."""
    name, write = FORMATS[form]
    if form in TEXT:
        placed = [
            {"经度": s.x, "纬度": s.y} if s.geom_type == "Point" else {"wkt": s.wkt} for s in shapes
        ]
        rows = [{**row, **place} for row, place in zip(rows, placed, strict=True)]
    if "shapefile" in form:
        rows = [{key.split("（")[0][:3]: value for key, value in row.items()} for row in rows]
    return write(folder / name, rows, shapes)


def put_site(settings: Settings, folder: Path, **more: Any) -> None:
    file = write_csv(folder / "site.csv", [{**SITE, **PLACE, **more}])
    assert import_file(settings, "sites", file, crs="wgs84").stored
