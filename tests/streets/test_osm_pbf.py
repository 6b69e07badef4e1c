"""The frame of a PBF: whole files pass; cut, hostile and foreign ones are named."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.streets.osm import read_osm_ways
from geomap.streets.osm_amenities import read_osm_amenities
from geomap.streets.osm_pbf import MAX_BLOB, check_pbf
from tests.streets.osm_sample import OsmXml


def varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def block(kind: bytes, blob: bytes, *, claimed: int | None = None) -> bytes:
    """Spell a block, whose header may claim another size than the blob has."""
    size = len(blob) if claimed is None else claimed
    header = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(size)
    return struct.pack(">I", len(header)) + header + blob


def packed(data: bytes, *, claimed: int | None = None) -> bytes:
    """Spell a blob of packed data, which may claim to unpack to another size."""
    body = zlib.compress(data)
    size = len(data) if claimed is None else claimed
    return b"\x10" + varint(size) + b"\x1a" + varint(len(body)) + body


HEADER = block(b"OSMHeader", packed(b"\x22\x0eOsmSchema-V0.6\x22\x0aDenseNodes"))


@pytest.fixture
def whole(tmp_path: Path) -> Path:
    osm = OsmXml()
    osm.node(1, 0, 0)
    osm.node(2, 0, 100)
    osm.way(1, (1, 2), {"highway": "path"})
    return osm.write_pbf(tmp_path / "whole.osm.pbf")


def refusal(path: Path) -> InputError:
    """Return the one error that the frame and both readers give."""
    errors = []
    for read in (read_osm_ways, read_osm_amenities):
        with pytest.raises(InputError) as refused:
            read(path)
        errors.append(refused.value)
    assert errors[0].reason == errors[1].reason
    assert errors[0].field == "file"
    assert errors[0].fix
    assert path.name in errors[0].reason.zh
    return errors[0]


def test_a_whole_file_passes(whole):
    assert check_pbf(whole) >= 1


HOSTILE = {
    "huge_blob": HEADER + block(b"OSMData", b"", claimed=1 << 40),
    "blob_beyond_32_mb": HEADER + block(b"OSMData", b"", claimed=MAX_BLOB + 1),
    "blob_beyond_the_file": HEADER + block(b"OSMData", b"x" * 10, claimed=1_000),
    "unpacks_to_a_gigabyte": HEADER + block(b"OSMData", packed(b"", claimed=1 << 30)),
    "header_beyond_64_kb": HEADER + struct.pack(">I", 1 << 20) + b"\x00" * 100,
    "header_of_nothing": HEADER + b"\x00\x00\x00\x00",
    "header_in_the_middle": HEADER + HEADER,
    "no_header": block(b"OSMData", packed(b"")),
    "foreign_block": HEADER + block(b"Other", packed(b"")),
    "number_without_end": HEADER + struct.pack(">I", 12) + b"\x0a\x00\x18" + b"\xff" * 9,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_sizes_beyond_the_format_are_refused(tmp_path, name):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(HOSTILE[name])
    refusal(path)


def test_a_bomb_is_refused_whatever_it_claims(tmp_path):
    """64 MB of zeros packed into 64 kB, claiming a kilobyte: it is not unpacked whole."""
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(HEADER + block(b"OSMData", packed(b"\x00" * (64 << 20), claimed=1_000)))
    refusal(path)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "空"),
        (b"<?xml version='1.0'?><osm version='0.6'></osm>", ".osm"),
        (b"\xef\xbb\xbf<osm version='0.6'></osm>", ".osm"),
        (b"PK\x03\x04 a zip with some more bytes", "解压"),
        ("经度,纬度\n120.7,28.0\n".encode(), "不是"),
        (b"\xff" * 4_096, "不是"),
    ],
)
def test_another_content_is_named(tmp_path, content, word):
    path = tmp_path / "a.osm.pbf"
    path.write_bytes(content)
    assert word in refusal(path).reason.zh


def test_a_folder_is_refused(tmp_path):
    path = tmp_path / "a.osm.pbf"
    path.mkdir()
    refusal(path)


def test_a_cut_says_where(whole):
    data = whole.read_bytes()
    whole.write_bytes(data[:-7])
    assert f"{len(data) - 7}" in refusal(whole).reason.zh.replace(",", "")


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_random_bytes_are_refused_and_nothing_else(tmp_path_factory, content, after_header):
    path = tmp_path_factory.mktemp("random") / "a.osm.pbf"
    path.write_bytes((HEADER if after_header else b"") + content)
    if after_header and not content:
        assert check_pbf(path) == 0
        return
    with pytest.raises(InputError):
        read_osm_ways(path)
