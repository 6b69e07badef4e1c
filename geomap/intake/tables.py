"""A table from any format: its headers mapped to fields, its rows one by one.

Rows are read from the confined reader's answer as often as they are needed, so that a
million of them never stand in memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import shapely
from shapely.geometry.base import BaseGeometry

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.intake.confined import Limits, run_confined
from geomap.intake.headers import Mapped, map_headers
from geomap.intake.reading import ROWS
from geomap.intake.values import Cell

FORMATS = {
    ".csv": ("csv", "CSV"),
    ".tsv": ("csv", "TSV"),
    ".txt": ("csv", "CSV"),
    ".geojson": ("json", "GeoJSON"),
    ".json": ("json", "JSON"),
    ".xlsx": ("excel", "Excel"),
    ".xlsm": ("excel", "Excel"),
    ".xls": ("excel", "Excel"),
    ".ods": ("excel", "ODS"),
    ".zip": ("vector", "Shapefile"),
    ".shp": ("vector", "Shapefile"),
    ".gpkg": ("vector", "GeoPackage"),
}
"""Task of the reader and name of each format, by the ending of the file."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One row as it was read: its number in the file, its cells, its geometry.

    `geometry` is hexadecimal WKB, None where there is none and "" where it cannot be read.
    """

    number: int
    cells: list[Any]
    geometry: str | None
    surplus: int = 0

    def cell(self, index: int) -> Cell:
        """Return a cell."""
        value: Cell = self.cells[index]
        return value


@dataclass(frozen=True, slots=True)
class Table:
    """A table in the work folder of the reader.

    Parameters
    ----------
    mapped
        Which column holds which field.
    has_geometry
        Whether rows carry a geometry of their own.
    file_crs
        What the file itself says its CRS is (``EPSG:n``), "" where it does not.
    notes
        What the reader chose: encoding, sheet, layer.
    """

    path: Path
    format: str
    count: int
    mapped: Mapped
    has_geometry: bool
    encoding: str
    file_crs: str
    notes: tuple[Label, ...]
    geometry_errors: dict[str, list[str]]
    surplus: bool = False
    headers: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Raw]:
        """Give the rows, as often as asked."""
        with self.path.open("rb") as stream:
            for line in stream:
                number, *cells, geometry = orjson.loads(line)
                extra = int(cells.pop() or 0) if self.surplus else 0
                yield Raw(number, cells, geometry, extra)

    def shape(self, raw: Raw) -> BaseGeometry | None:
        """Return the geometry of a row in the file's coordinates.

        Raises
        ------
        InputError
            The geometry cannot be read.
        """
        if raw.geometry is None:
            return None
        if raw.geometry == "":
            known = self.geometry_errors.get(str(raw.number))
            reason = Label(*known) if known else Label("几何读不出来", "the geometry is broken")
            raise InputError(reason, field="geometry")
        shape: BaseGeometry = shapely.from_wkb(bytes.fromhex(raw.geometry))
        return shape


def find_suffix(file: Path) -> str:
    """Return the ending that tells the format, lower case."""
    return file.suffix.lower()


def _format(file: Path) -> tuple[str, str]:
    suffix = find_suffix(file)
    if suffix not in FORMATS:
        raise InputError(
            Label(
                f"不认识 {suffix or '没有后缀'} 的文件", f"{suffix or 'no ending'}: unknown format"
            ),
            fix=Label(
                "给出 .csv、.xlsx、.geojson、打包的 Shapefile（.zip）或 .gpkg",
                "Give .csv, .xlsx, .geojson, a zipped Shapefile (.zip) or .gpkg",
            ),
            field="file",
        )
    return FORMATS[suffix]


def _notes(answer: dict[str, Any]) -> tuple[Label, ...]:
    notes = []
    if answer.get("detected") and answer["encoding"] not in ("utf-8", "utf-8-sig"):
        name = answer["encoding"]
        notes.append(Label(f"编码检测为 {name}", f"the encoding was detected: {name}"))
    chosen = answer.get("sheet") or answer.get("layer")
    others = answer.get("other_sheets")
    if chosen and others:
        zh, en = "、".join(others[:10]), ", ".join(others[:10])
        notes.append(
            Label(f"读的是“{chosen}”，没有读：{zh}", f"“{chosen}” was read; not read: {en}")
        )
    if answer.get("hidden_sheets"):
        hidden = answer["hidden_sheets"][:10]
        zh, en = "、".join(hidden), ", ".join(hidden)
        notes.append(Label(f"隐藏的工作表没有读：{zh}", f"hidden sheets were not read: {en}"))
    if answer.get("header_row", 1) > 1:
        row = answer["header_row"]
        notes.append(Label(f"表头在第 {row} 行", f"the headers stand in row {row}"))
    if answer.get("totals"):
        rows = [str(number) for number in answer["totals"]]
        zh, en = "、".join(rows), ", ".join(rows)
        notes.append(Label(f"合计行没有导入：第 {zh} 行", f"totals were left out: row {en}"))
    if answer.get("named_crs"):
        notes.append(
            Label(
                "文件里的 crs 成员没有采用，以声明的为准",
                "the crs member was not followed: what is declared counts",
            )
        )
    return tuple(notes)


@contextmanager
def open_table(
    file: Path,
    kind: str,
    *,
    encoding: str | None = None,
    limits: Limits | None = None,
    waiting: Callable[[float], None] = lambda _seconds: None,
) -> Iterator[Table]:
    """Read a table of a kind in the confined process.

    Raises
    ------
    InputError
        The format is unknown, or the file cannot be read.
    """
    task, name = _format(file)
    options = {"kind": kind, "encoding": encoding or ""}
    suffix = find_suffix(file)
    with run_confined(
        task, file, suffix=suffix, options=options, limits=limits, waiting=waiting
    ) as (answer, folder):
        yield Table(
            folder / ROWS,
            name,
            int(answer["rows"]),
            map_headers(kind, answer["headers"]),
            bool(answer.get("geometry")),
            str(answer.get("encoding", "")),
            str(answer.get("file_crs", "")),
            _notes(answer),
            dict(answer.get("geometry_errors", {})),
            bool(answer.get("extra")),
            tuple(answer["headers"]),
        )
