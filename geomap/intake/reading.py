"""What the readers of the confined process share: how a table is handed back.

A table is a JSON file of headers and facts, and one JSON line a row: its number in the
file, then its cells. Geometry is the last cell, as hexadecimal WKB.
"""

from __future__ import annotations

import math
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from geomap.domain.errors import InputError
from geomap.domain.words import Label

ROWS = "rows.jsonl"
Facts = Mapping[str, Any]


UNSET_FORMULA = "\x00="
"""What stands for a cell with a formula that nobody has worked out; its name follows."""


def refuse(zh: str, en: str, fix_zh: str = "", fix_en: str = "") -> InputError:
    """Return the error of a file that cannot be read; the caller raises it."""
    fix = Label(fix_zh, fix_en) if fix_zh else None
    return InputError(Label(zh, en), fix=fix, field="file")


def plain_cell(value: Any, most: int) -> Any:
    """Return a cell as text, number, flag or None, whatever the library made of it."""
    if isinstance(value, str):
        if len(value) > most:
            raise refuse(f"有一格超过 {most:,} 字", f"a cell holds more than {most:,} characters")
        return value
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, datetime):
        midnight = value.time() == time(0) and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value).decode("utf-8")[:most]
    return str(value)[:most]


def is_total(cells: Sequence[Any]) -> bool:
    """Return whether a row sums up those above it: 合计, 总计 or 小计 is its first text."""
    first = next((cell for cell in cells if isinstance(cell, str) and cell.strip()), "")
    return "".join(first.split()).rstrip(":：") in ("合计", "总计", "小计", "共计")


class RowWriter:
    """Writes the rows of a table under its limits."""

    def __init__(self, stream: BinaryIO, limits: Mapping[str, int]) -> None:
        self._stream = stream
        self._limits = limits
        self.rows = 0
        self.totals: list[int] = []

    def write(self, number: int, cells: Sequence[Any], geometry: str | None = None) -> None:
        """Write a row: its number in the file, its cells, its geometry; leave out a total."""
        if geometry is None and is_total(cells):
            self.totals.append(number)
            return
        self.rows += 1
        if self.rows > self._limits["rows"]:
            most = self._limits["rows"]
            raise refuse(
                f"超过 {most:,} 行", f"it has more than {most:,} rows", "分成几份", "Split it"
            )
        most = self._limits["cell"]
        plain = [plain_cell(cell, most) for cell in cells]
        self._stream.write(orjson.dumps([number, *plain, geometry]) + b"\n")


def write_table(
    folder: Path,
    headers: Sequence[str],
    rows: Iterable[tuple[int, Sequence[Any], str | None]],
    limits: Mapping[str, int],
    **facts: Any,
) -> dict[str, Any]:
    """Write a table into the work folder; return the answer that describes it."""
    if len(headers) > limits["columns"]:
        most = limits["columns"]
        raise refuse(f"超过 {most} 列", f"it has more than {most} columns")
    with (folder / ROWS).open("wb") as stream:
        writer = RowWriter(stream, limits)
        for number, cells, geometry in rows:
            writer.write(number, cells, geometry)
    answer = {"headers": [str(h)[:200] for h in headers], "rows": writer.rows, **facts}
    return answer | {"totals": writer.totals[:20]}


def check_archive(file: Path, limits: Mapping[str, int]) -> zipfile.ZipFile:
    """Open a zip archive that unpacks to no more than allowed and stays in its folder."""
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise refuse(f"压缩包损坏（{error}）", f"the archive is broken ({error})") from error
    items = archive.infolist()
    if len(items) > 10_000 or sum(item.file_size for item in items) > limits["unpacked"]:
        raise refuse(
            "压缩包展开后太大",
            "the archive unpacks to too much",
            "只放需要的文件",
            "Leave out the rest",
        )
    for item in items:
        parts = item.filename.replace("\\", "/").split("/")
        if ".." in parts or item.filename.startswith(("/", "\\")) or ":" in parts[0]:
            raise refuse(
                f"压缩包里的路径不安全：{item.filename[:80]}",
                f"the archive holds an unsafe path: {item.filename[:80]}",
                "重新打包，只放文件本身",
                "Pack it again with the files alone",
            )
        if item.flag_bits & 1:
            raise refuse("压缩包有密码", "the archive has a password", "去掉密码", "Remove it")
    return archive


def unpack(archive: zipfile.ZipFile, member: str, target: Path, limits: Mapping[str, int]) -> None:
    """Write one member under a name of ours, counting what really comes out."""
    left = limits["unpacked"]
    try:
        with archive.open(member) as source, target.open("wb") as sink:
            while chunk := source.read(1 << 20):
                left -= len(chunk)
                if left < 0:
                    raise refuse("压缩包展开后太大", "the archive unpacks to too much")
                sink.write(chunk)
    except (zipfile.BadZipFile, OSError, NotImplementedError, EOFError) as error:
        raise refuse(f"压缩包损坏（{error}）", f"the archive is broken ({error})") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise refuse(f"压缩包损坏（{error}）", f"the archive is broken ({error})") from error
        raise
