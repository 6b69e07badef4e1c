"""The frame of a .osm.pbf, walked before its content is opened.

A PBF is a row of blocks: four bytes of length, a header that names the block's type and the
size of its blob, the blob. It has no end mark, so that a file cut inside a block is found
here, and one cut exactly between two blocks cannot be told from a whole one. Sizes follow
the OSM wiki's "PBF Format": 64 KiB for a header, 32 MiB for a blob, packed or not.
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from geomap.domain.errors import InputError
from geomap.domain.words import Label

MAX_HEADER = 64 << 10
MAX_BLOB = 32 << 20
MAX_BLOCKS = 1_000_000
_RAW_SIZE, _TYPE, _DATASIZE = 2, 1, 3
_HEAD_OF_BLOB = 24
"""Bytes of a blob that hold its raw size, where the writer puts it first, as all do."""


class _BadFrameError(ValueError):
    """What is wrong with a frame, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = Label(zh, en)


def check_pbf(path: Path) -> int:
    """Walk the blocks of a PBF; return how many data blocks it has.

    Raises
    ------
    InputError
        It is no PBF, it is cut short, or it declares sizes beyond the format's.
    """
    try:
        with path.open("rb") as file:
            return _walk(file, path.stat().st_size)
    except _BadFrameError as error:
        zh, en = error.reason
        raise InputError(
            Label(f"读不了 {path.name}：{zh}", f"Cannot read {path.name}: {en}"),
            fix=Label(
                "重新下载或重新导出完整的 .osm.pbf（例如 geofabrik 的提取）",
                "Download or export the whole .osm.pbf again (a Geofabrik extract, for one)",
            ),
            field="file",
        ) from error


def _walk(file: BinaryIO, size: int) -> int:
    at, blocks = 0, 0
    while at < size:
        kind, blob_at, blob = _block(file, at, size)
        if (kind == b"OSMHeader") != (at == 0):
            raise _BadFrameError("它不是 OSM 的 PBF 文件", "it is no PBF of OpenStreetMap")
        _check_raw_size(file, blob_at, blob)
        at = blob_at + blob
        blocks += 1
        if blocks > MAX_BLOCKS:
            raise _BadFrameError("数据块太多", "it holds too many blocks")
    if not blocks:
        raise _BadFrameError("文件是空的", "the file is empty")
    return blocks - 1


def _block(file: BinaryIO, at: int, size: int) -> tuple[bytes, int, int]:
    """Return the type of the block at `at`, where its blob begins, and the blob's size."""
    length = int.from_bytes(_take(file, at, 4, size), "big")
    if not 0 < length <= MAX_HEADER:
        raise _no_pbf(file) if at == 0 else _damaged(at)
    try:
        fields = _fields(_take(file, at + 4, length, size))
    except (IndexError, ValueError) as error:
        if isinstance(error, _BadFrameError):
            raise
        raise (_no_pbf(file) if at == 0 else _damaged(at)) from error
    kind, blob = fields.get(_TYPE), fields.get(_DATASIZE)
    if not isinstance(kind, bytes) or not isinstance(blob, int):
        raise _no_pbf(file) if at == 0 else _damaged(at)
    if blob > MAX_BLOB:
        raise _BadFrameError(
            f"第 {at:,} 字节处的数据块自称有 {blob:,} 字节，超过格式允许的 32 MB",
            f"the block at byte {at:,} claims {blob:,} bytes; the format allows 32 MB",
        )
    blob_at = at + 4 + length
    if blob_at + blob > size:
        raise _cut(size)
    return kind, blob_at, blob


def _check_raw_size(file: BinaryIO, at: int, blob: int) -> None:
    """Refuse a blob that says it unpacks to more than the format allows."""
    file.seek(at)
    head = file.read(min(blob, _HEAD_OF_BLOB))
    try:
        raw = _fields(head, first_only=True).get(_RAW_SIZE, 0)
    except (IndexError, ValueError):
        return  # raw data, or an order of fields of its own: the reader checks it
    if isinstance(raw, int) and raw > MAX_BLOB:
        raise _BadFrameError(
            f"第 {at:,} 字节处的数据展开后有 {raw:,} 字节，超过格式允许的 32 MB",
            f"the data at byte {at:,} unpacks to {raw:,} bytes; the format allows 32 MB",
        )


def _take(file: BinaryIO, at: int, count: int, size: int) -> bytes:
    if at + count > size:
        raise _cut(size) if at else _no_pbf(file)
    file.seek(at)
    return file.read(count)


def _cut(size: int) -> _BadFrameError:
    return _BadFrameError(
        f"文件不完整，在第 {size:,} 字节处被截断", f"it is cut short at byte {size:,}"
    )


def _damaged(at: int) -> _BadFrameError:
    return _BadFrameError(f"第 {at:,} 字节处损坏", f"it is damaged at byte {at:,}")


def _no_pbf(file: BinaryIO) -> _BadFrameError:
    """Return what to say of a file that is something else, named if it can be."""
    file.seek(0)
    head = file.read(64).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith((b"<?xml", b"<osm")):
        return _BadFrameError(
            "内容是 XML，不是 PBF，把后缀改成 .osm", "its content is XML, no PBF: name it .osm"
        )
    if head.startswith((b"PK\x03\x04", b"\x1f\x8b", b"BZh")):
        return _BadFrameError("内容是压缩包，先解压", "its content is an archive: unpack it first")
    return _BadFrameError("内容不是 OSM 的 PBF", "its content is no PBF of OpenStreetMap")


def _fields(data: bytes, *, first_only: bool = False) -> dict[int, int | bytes]:
    """Return the fields of a protobuf message: numbers and bytes by field number.

    Raises
    ------
    IndexError, ValueError
        The message is broken.
    """
    found: dict[int, int | bytes] = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == 0:
            found[number], at = _varint(data, at)
        elif kind == 2:
            length, at = _varint(data, at)
            if at + length > len(data) and not first_only:
                raise ValueError("a field is longer than its message")
            found[number] = data[at : at + length]
            at += length
        else:
            raise ValueError("no such kind of field")
        if first_only:
            break
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80:
            return value, at
        if shift > 63:
            raise ValueError("a number is too long")
