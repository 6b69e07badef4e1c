"""What the readers refuse, without the process around them."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path

import pytest

from geomap.domain.errors import InputError
from geomap.intake.confined import Limits
from geomap.intake.read_text import read_csv, read_json
from geomap.intake.reading import check_archive, is_total, plain_cell

LIMITS = dataclasses.asdict(Limits())
READERS = {
    ".csv": read_csv,
    ".geojson": read_json,
    ".zip": lambda file, folder, options, limits: check_archive(file, limits),
}


def refusal(file: Path) -> InputError:
    with pytest.raises(InputError) as refused:
        READERS[file.suffix](file, file.parent, {"kind": "sites"}, LIMITS)
    assert refused.value.reason.zh
    assert refused.value.field == "file"
    return refused.value


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n \n", b"\x00\x01\x02" * 100, b"\xff\xfe", b"\xff\xff\xff", b"\xef\xbb\xbf"],
)
def test_what_is_no_table_of_text(tmp_path: Path, content: bytes):
    file = tmp_path / "a.csv"
    file.write_bytes(content)
    assert refusal(file).reason.zh


@pytest.mark.parametrize("name", ["../a.shp", "/tmp/a.shp", "..\\a.shp", "C:\\a.shp", "x/../a.shp"])
def test_a_path_that_leaves_the_archive_is_refused(tmp_path: Path, name: str):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(zipfile.ZipInfo(name), b"x")
    assert "unsafe path" in refusal(file).reason.en


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_json_that_is_none_is_refused(tmp_path: Path, number: str):
    file = tmp_path / "a.geojson"
    file.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
        f'"geometry":{{"type":"Point","coordinates":[{number},28]}}}}]}}',
        encoding="utf-8",
    )
    assert "JSON" in refusal(file).reason.zh


@pytest.mark.parametrize(
    "document",
    [
        {"type": "FeatureCollection"},
        {"type": "FeatureCollection", "features": {}},
        {"type": "FeatureCollection", "features": [1]},
        [1, 2],
        "text",
        7,
    ],
)
def test_json_of_another_shape_is_refused(tmp_path: Path, document):
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps(document), encoding="utf-8")
    assert refusal(file).reason.zh


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        ([None, "合计", 12.0], True),
        ([1, "合 计：", 12.0], True),
        (["合计园", "x"], False),
        (["甲", "合计"], False),
        ([1.0, None], False),
        ([], False),
    ],
)
def test_totals_are_told_by_their_first_text(cells, total: bool):
    assert is_total(cells) == total


def test_cells_become_plain():
    assert plain_cell(float("nan"), 9) is None
    assert plain_cell(2**60, 99) == str(2**60)
    assert plain_cell(["a", 1], 99) == '["a",1]'
    with pytest.raises(InputError):
        plain_cell("字" * 10, 9)
