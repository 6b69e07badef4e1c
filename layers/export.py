"""Layers as files: .gpkg .shp.zip .geojson .xlsx .csv .html, each written whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
import xlsxwriter

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.geo.geojson import geometry_to_geojson
from layers.cells import unarmed
from layers.registry import get_layer
from layers.spec import CRS, LayerSpec

Writer = Callable[[LayerSpec, gpd.GeoDataFrame, Path], None]
_PAGE = ".html"


def plain(value: Any) -> Any:
    """Return a value as JSON takes it; NaN and NA become None."""
    if hasattr(value, "item"):
        value = value.item()
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return None
    return value


def _write_geojson(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> None:
    columns = [frame[name].tolist() for name in spec.names]
    features = [
        {
            "type": "Feature",
            "geometry": geometry_to_geojson(shape),
            "properties": {n: plain(v) for n, v in zip(spec.names, values, strict=True)},
        }
        for shape, *values in zip(frame.geometry, *columns, strict=True)
    ]
    whole = {"type": "FeatureCollection", "name": spec.id, "features": features}
    path.write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def _write_gpkg(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> None:
    pyogrio.write_dataframe(frame, path, layer=spec.id, driver="GPKG")


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Return a name of at most ten characters for each, no two alike, as Shapefiles want.

    Names that begin alike keep their end as well: ``demo_incubators_2026`` is
    ``demo_i2026``.
    """
    begins = Counter(name[:10] for name in names)
    short: dict[str, str] = {}
    for name in names:
        wanted = name[:10] if begins[name[:10]] == 1 else name[:6] + name[-4:]
        number = 0
        while wanted in short.values():
            number += 1
            wanted = f"{name[: 9 - len(str(number))]}_{number}"
        short[name] = wanted
    return short


def _write_shapefile(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> None:
    """Write a zipped Shapefile, one a geometry type, with short names."""
    short = short_names(spec.names)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path, "w", 8) as archive:
        flat = frame.rename(columns=short)
        groups = flat.groupby(flat.geom_type.str.removeprefix("Multi"))
        for kind, part in groups:
            name = spec.id if len(groups) == 1 else f"{spec.id}_{str(kind).lower()}"
            target = Path(folder) / f"{name}.shp"
            pyogrio.write_dataframe(part, target, driver="ESRI Shapefile", encoding="UTF-8")
        if not len(flat):
            target = Path(folder) / f"{spec.id}.shp"
            pyogrio.write_dataframe(
                flat, target, driver="ESRI Shapefile", encoding="UTF-8", geometry_type="Point"
            )
        for file in sorted(Path(folder).iterdir()):
            archive.write(file, file.name)


def _table(spec: LayerSpec, frame: gpd.GeoDataFrame) -> tuple[list[str], list[list[Any]]]:
    """Return headings and rows, with the place as longitude and latitude (WGS84)."""
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    heads = [c.label.zh + (f"（{c.unit}）" if c.unit else "") for c in spec.columns]
    columns = [frame[name].tolist() for name in spec.names]
    lon, lat = shapely.get_x(points).round(6), shapely.get_y(points).round(6)
    rows = zip(*columns, lon.tolist(), lat.tolist(), strict=True)
    return [*heads, "经度", "纬度"], [[plain(value) for value in row] for row in rows]


def _write_xlsx(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> None:
    heads, rows = _table(spec, frame)
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(path, safe) as book:
        sheet, bold = book.add_worksheet(spec.title.zh[:31]), book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads), 14)
        for column, head in enumerate(heads):
            sheet.write_string(0, column, head, bold)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                if value is not None:
                    sheet.write(number, column, value)


def _write_csv(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> None:
    heads, rows = _table(spec, frame)
    safe = pd.DataFrame([[unarmed(v) for v in row] for row in rows], columns=heads)
    safe.to_csv(path, index=False, encoding="utf-8-sig")


def _page_writer(catalog: Catalog) -> Writer:
    """Return what writes a portable map, with the catalog's land beneath the features."""
    from layers.folium_map import render_map

    def write(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> None:
        land = get_layer("land").build(catalog)
        path.write_text(render_map(spec, frame, land), encoding="utf-8")

    return write


WRITERS: Mapping[str, Writer] = {
    ".gpkg": _write_gpkg,
    ".shp.zip": _write_shapefile,
    ".geojson": _write_geojson,
    ".xlsx": _write_xlsx,
    ".csv": _write_csv,
}


SUFFIXES = (*WRITERS, _PAGE)
"""Every kind of file that a layer can be written to."""


def _writer_of(catalog: Catalog, path: Path) -> Writer:
    if path.name.lower().endswith(_PAGE) and path.name.lower() != _PAGE:
        return _page_writer(catalog)
    return _table_writer_of(path)


def _table_writer_of(path: Path) -> Writer:
    for suffix, writer in WRITERS.items():
        if path.name.lower().endswith(suffix) and path.name.lower() != suffix:
            return writer
    known = " ".join(SUFFIXES)
    raise InputError(
        Label(f"不认识的文件类型：{path.name}", f"Unknown kind of file: {path.name}"),
        fix=Label(f"后缀用 {known}", f"End the name in one of {known}"),
        field="file",
    )


def _require_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise InputError(Label(f"没有目录 {path.parent}", f"No folder {path.parent}"), field="file")


def export_layer(catalog: Catalog, layer_id: str, path: Path) -> int:
    """Write a layer to a file; return how many features.

    The file appears only when it is complete; a file of that name is replaced.

    Raises
    ------
    NotFoundError, InputError
        No such layer; unknown suffix or missing folder.
    """
    spec, writer = get_layer(layer_id), _writer_of(catalog, path)
    _require_folder(path)
    frame = spec.build(catalog)
    frame = frame if len(frame) else gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)
    return _write_whole(spec, frame, path, writer)


def write_layer(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path) -> int:
    """Write features of a layer (EPSG:4326) to a file of `WRITERS`; return how many.

    Raises
    ------
    InputError
        Unknown suffix or missing folder.
    """
    return _write_whole(spec, frame, path, _table_writer_of(path))


def _write_whole(spec: LayerSpec, frame: gpd.GeoDataFrame, path: Path, writer: Writer) -> int:
    """Write a file that appears only when it is complete; a file of that name is replaced."""
    _require_folder(path)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as folder:
        partial = Path(folder) / path.name
        writer(spec, frame, partial)
        shutil.move(partial, path)
    return len(frame)
