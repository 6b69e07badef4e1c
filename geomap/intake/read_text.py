"""CSV and JSON, read in the confined process."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import shapely

from geomap.domain.errors import InputError
from geomap.geo.geojson import parse_geometry
from geomap.intake.reading import refuse, write_table

ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "ansi": "gb18030",
}
"""Encodings that can be declared. GB 18030 reads whatever its elders wrote."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",\t;|，"
_CHUNK = 1 << 20


def _decodes(file: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    try:
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def find_encoding(file: Path, declared: str) -> tuple[str, bool]:
    """Return the encoding of a text file and whether it was detected.

    A byte order mark decides, then strict UTF-8, then strict GB 18030.

    Raises
    ------
    InputError
        The declared encoding is unknown or does not fit, or none fits.
    """
    with file.open("rb") as stream:
        head = stream.read(4)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), "")
    if declared:
        encoding = ENCODINGS.get(declared.lower().replace("_", "-"))
        if encoding is None:
            raise refuse(
                f"编码 {declared[:40]} 不支持",
                f"the encoding {declared[:40]} is not supported",
                "用 utf-8、utf-8-sig、utf-16 或 gb18030",
                "Use utf-8, utf-8-sig, utf-16 or gb18030",
            )
        encoding = "utf-8-sig" if marked == "utf-8-sig" and encoding == "utf-8" else encoding
        if not _decodes(file, encoding):
            raise refuse(
                f"内容不是 {declared}",
                f"its content is not {declared}",
                "去掉 --encoding 让程序检测，或声明真正的编码",
                "Leave --encoding out to have it detected, or declare the true one",
            )
        return encoding, False
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        if _decodes(file, encoding):
            return encoding, True
    raise refuse(
        "编码既不是 utf-8 也不是 gb18030",
        "its encoding is neither utf-8 nor gb18030",
        "另存为 CSV UTF-8",
        "Save it as CSV UTF-8",
    )


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=lambda mark: (line.count(mark), -_DELIMITERS.index(mark)))


def read_csv(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read a table of text; its first line that is not blank holds the headers."""
    encoding, detected = find_encoding(file, options.get("encoding") or "")
    csv.field_size_limit(limits["cell"])
    with file.open(encoding=encoding, newline="") as stream:
        head = next(
            (line for line in iter(lambda: stream.readline(limits["cell"]), "") if line.strip()), ""
        )
        if "\x00" in head:
            raise refuse("不是文本文件", "it is no text file", "另存为 CSV", "Save it as CSV")
        delimiter = _delimiter(head)
        stream.seek(0)
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        try:
            headers = next((row for row in reader if any(cell.strip() for cell in row)), [])
            if not headers:
                raise refuse("文件是空的", "the file is empty")
            rows = _csv_rows(reader, len(headers))
            return write_table(
                folder,
                [h.strip() for h in headers],
                rows,
                limits,
                encoding=encoding,
                detected=detected,
                extra=True,
                delimiter=delimiter,
            )
        except csv.Error as error:
            raise _unreadable(max(reader.line_num, 1), error) from error


def _unreadable(line: int, error: csv.Error) -> InputError:
    return refuse(
        f"第 {line} 行读不出来（{error}）",
        f"line {line} cannot be read ({error})",
        "检查这一行的引号：引号要成对，引号外不能再有字",
        "Check the quotes of that line: they come in pairs, with nothing beside them",
    )


def _csv_rows(reader: Any, width: int) -> Iterator[tuple[int, list[Any], None]]:
    """Give rows of a fixed width; the last cell counts the cells beyond it."""
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:  # the row's first line, where the quote was opened
            raise _unreadable(number, error) from error
        if row is None:
            return
        if not any(cell.strip() for cell in row):
            continue
        surplus = sum(1 for cell in row[width:] if cell.strip())
        cells: list[Any] = row[:width] + [None] * (width - len(row))
        yield number, [*cells, surplus or None], None


def _load(file: Path) -> Any:
    data = file.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise refuse(
            f"不是有效的 JSON（{error}）",
            f"it is not valid JSON ({error})",
            "存为 UTF-8 的 JSON",
            "Save it as JSON in UTF-8",
        ) from error


def read_json(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read GeoJSON, or a list of objects (bare, or under ``items`` or ``projects``).

    A ``crs`` member is never followed; only a name in it is reported.
    """
    document = _load(file)
    if isinstance(document, dict) and document.get("type") in ("FeatureCollection", "Feature"):
        return _features(document, folder, limits)
    if isinstance(document, dict):
        lists = [document[k] for k in ("projects", "items") if isinstance(document.get(k), list)]
        document = lists[0] if lists else [document]
    if not isinstance(document, list) or not all(isinstance(item, dict) for item in document):
        raise refuse(
            "不是要素集，也不是对象的列表",
            "it is neither a FeatureCollection nor a list of objects",
            "给出 GeoJSON FeatureCollection",
            "Give a GeoJSON FeatureCollection",
        )
    return _objects(document, folder, limits)


def _objects(
    items: Sequence[dict[str, Any]], folder: Path, limits: Mapping[str, int]
) -> dict[str, Any]:
    headers = list(dict.fromkeys(str(key) for item in items for key in item))
    rows = ((i, [item.get(h) for h in headers], None) for i, item in enumerate(items, start=1))
    return write_table(folder, headers, rows, limits, nested=True)


def _features(document: dict[str, Any], folder: Path, limits: Mapping[str, int]) -> dict[str, Any]:
    features = document.get("features") if document["type"] != "Feature" else [document]
    if not isinstance(features, list) or not all(isinstance(f, dict) for f in features):
        raise refuse("features 不是要素的列表", "features is no list of features")
    properties = [_properties(feature) for feature in features]
    headers = list(dict.fromkeys(str(key) for item in properties for key in item))
    errors: dict[str, list[str]] = {}
    rows = (
        (i, [item.get(h) for h in headers], _geometry(feature, i, errors))
        for i, (feature, item) in enumerate(zip(features, properties, strict=True), start=1)
    )
    named = document.get("crs")
    crs = str(named)[:200] if isinstance(named, dict) else ""
    answer = write_table(folder, headers, rows, limits, geometry=True, named_crs=crs)
    return answer | {"geometry_errors": errors}


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    found = feature.get("properties")
    properties = dict(found) if isinstance(found, dict) else {}
    if "id" in feature and "id" not in properties and isinstance(feature["id"], str | int):
        properties["id"] = feature["id"]
    return properties


def _geometry(feature: dict[str, Any], number: int, errors: dict[str, list[str]]) -> str | None:
    if feature.get("geometry") is None:
        return None
    try:
        shape = parse_geometry(feature["geometry"])
    except InputError as error:
        if len(errors) < 1_000:
            errors[str(number)] = list(error.reason)
        return ""
    return str(shapely.to_wkb(shape, hex=True))
