"""Headers to fields: whatever we publish is understood when it comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.errors import InputError
from geomap.intake.headers import FIELDS, count_known, map_headers, require_columns, split_unit
from layers.export import short_names
from layers.registry import get_layer

RENAMED = {"units": {"site_id": "site"}}
COMPUTED = {"sites": {"vacant_m2"}}
EXPORTED = ("sites", "units", "amenities")


def columns_of(kind: str):
    """Return the published columns that an import can take, with the field of each."""
    for column in get_layer(kind).columns:
        if column.name not in COMPUTED.get(kind, ()):
            yield column, RENAMED.get(kind, {}).get(column.name, column.name)


@pytest.mark.parametrize("kind", EXPORTED)
def test_names_and_labels_of_our_exports_are_understood(kind):
    short = short_names(get_layer(kind).names)
    for column, field in columns_of(kind):
        unit = f"（{column.unit}）" if column.unit else ""
        for header in (
            column.name,
            column.label.zh,
            column.label.zh + unit,
            column.label.en,
            short[column.name],
        ):
            assert map_headers(kind, [header]).column == {field: 0}, (header, field)


@pytest.mark.parametrize("kind", EXPORTED)
def test_a_whole_export_is_mapped_at_once(kind):
    spec = get_layer(kind)
    wanted = {field for _, field in columns_of(kind)}
    heads = [c.label.zh + (f"（{c.unit}）" if c.unit else "") for c in spec.columns]
    for headers in (heads, list(spec.names), list(short_names(spec.names).values())):
        mapped = map_headers(kind, [*headers, "经度", "纬度"])
        assert wanted <= set(mapped.column), wanted - set(mapped.column)


@pytest.mark.parametrize("kind", sorted(FIELDS))
def test_every_listed_header_is_understood(kind):
    for field, names in FIELDS[kind].items():
        for name in (field, *names.split()):
            assert len(map_headers(kind, [name]).column) == 1, (field, name)


@pytest.mark.parametrize(
    ("header", "parts"),
    [
        ("面积（万㎡）", ("面积", "万m2")),
        ("租金(元/㎡·天)", ("租金", "元/m2·天")),
        ("面积㎡", ("面积", "m2")),
        ("净高【m】", ("净高", "m")),
        ("县（市、区）", ("县", "市、区")),
        ("面积*", ("面积", "")),
        ("楼层", ("楼层", "")),
    ],
)
def test_the_unit_of_a_header(header, parts):
    assert split_unit(header) == parts


def test_width_case_marks_and_spaces_do_not_matter():
    mapped = map_headers("units", [" 所属园区 *", "ＡＲＥＡ＿M2", "租 金：", "Floor-Load"])
    assert mapped.column == {
        "site": 0,
        "area_m2": 1,
        "rent_cny_m2_month": 2,
        "floor_load_kn_m2": 3,
    }


def test_the_whole_header_goes_before_its_unit():
    assert map_headers("sites", ["县（市、区）"]).column == {"adcode": 0}


def test_what_a_shapefile_cut_short_is_understood_where_one_field_fits():
    assert map_headers("sites", ["运营机"]).column == {"operator": 0}
    assert map_headers("sites", ["在孵企"]).column == {"tenants": 0}
    assert map_headers("sites", ["运营", "孵化器", "电话号"]).column == {"name": 1}


def test_what_is_not_used_is_named():
    mapped = map_headers("units", ["基地", "面积", "联系电话", "", "建筑面积"])
    assert mapped.unknown == ("联系电话", "建筑面积")
    assert mapped.header["area_m2"] == "面积"


def test_the_likelier_of_two_headers_wins():
    mapped = map_headers("sites", ["园区", "名称", "name"])
    assert mapped.header["name"] == "名称"


def test_a_lacking_column_is_named_with_those_found():
    with pytest.raises(InputError) as refused:
        require_columns("units", map_headers("units", ["基地", "电话"]), [("site",), ("area_m2",)])
    assert "面积" in refused.value.reason.zh
    assert "电话" in refused.value.reason.zh
    assert "area_m2" in refused.value.fix.en


@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_headers_are_mapped(headers):
    for kind in FIELDS:
        mapped = map_headers(kind, headers)
        assert len(set(mapped.column.values())) == len(mapped.column)
        assert count_known(kind, headers) == len(mapped.column)
        used = len(mapped.column) + len(mapped.unknown)
        assert used == sum(1 for header in headers if header)
