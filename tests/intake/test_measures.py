"""Measures with their units, and floors and coordinates."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.intake import measures
from geomap.intake.values import BadValueError


def refusal(call, *args, **more) -> BadValueError:
    with pytest.raises(BadValueError) as refused:
        call(*args, **more)
    return refused.value


@pytest.mark.parametrize(
    ("cell", "unit", "m2", "noted"),
    [
        (120, "", 120.0, False),
        ("120㎡", "", 120.0, False),
        ("１２０ 平方米", "", 120.0, False),
        ("120.5 m²", "", 120.5, False),
        ("1.2万㎡", "", 12_000.0, True),
        ("1.2万平方米", "", 12_000.0, True),
        ("1.2", "万㎡", 12_000.0, True),
        (1.2, "万平方米", 12_000.0, True),
        ("1.2万", "万㎡", 12_000.0, True),
        ("3亩", "", 2_000.0, True),
        ("1.5公顷", "", 15_000.0, True),
        ("0.01 km²", "", 10_000.0, True),
        ("约120㎡", "", 120.0, False),
    ],
)
def test_areas(cell, unit, m2, noted):
    parsed = measures.parse_site_area(cell, unit)
    assert parsed.value == pytest.approx(m2)
    assert (parsed.note is not None) == noted


@pytest.mark.parametrize("cell", ["120元", "120 kW", "120米"])
def test_a_unit_of_another_quantity_is_doubtful(cell):
    error = refusal(measures.parse_unit_area, cell)
    assert (error.code, error.doubtful) == ("unknown_unit", True)


@pytest.mark.parametrize("cell", [0, -5, 1e9, "99999999万㎡"])
def test_an_area_that_cannot_be(cell):
    assert refusal(measures.parse_unit_area, cell).code == "out_of_range"


@pytest.mark.parametrize(
    ("cell", "m2"),
    [
        (200, 200.0),
        ("60㎡", 60.0),
        ("0.02万㎡", 200.0),
        ("否", None),
        ("整租", None),
        (False, None),
    ],
)
def test_the_smallest_part_of_a_unit(cell, m2):
    assert measures.parse_least_part(cell).value == m2


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("是", "no_least_part"),
        ("可分割", "no_least_part"),
        (0, "out_of_range"),
        (-60, "out_of_range"),
    ],
)
def test_no_smallest_part(cell, code):
    assert refusal(measures.parse_least_part, cell).code == code


@given(st.integers(min_value=1, max_value=500_000))
def test_an_area_means_the_same_in_every_unit(m2):
    for text in (f"{m2}", f"{m2}㎡", f"{m2 / 10_000:.8f}万㎡", f"{m2 / 10_000:.8f}公顷"):
        assert measures.parse_site_area(text).value == pytest.approx(m2, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize(
    ("cell", "unit", "rent"),
    [
        (36, "", 36.0),
        ("36", "元/㎡·月", 36.0),
        ("36元/㎡/月", "", 36.0),
        ("36元/平方米·月", "", 36.0),
        ("36 元每平方米每月", "", 36.0),
        ("1.2元/㎡·天", "", 36.5),
        ("1.2", "元/㎡·天", 36.5),
        ("１．２元／㎡·天", "", 36.5),
        ("1.2元/天/㎡", "", 36.5),
        ("1.2元/平米/日", "", 36.5),
        ("432元/㎡·年", "", 36.0),
        ("0", "", 0.0),
    ],
)
def test_rents_are_by_the_month(cell, unit, rent):
    assert measures.parse_rent(cell, unit).value == pytest.approx(rent)


def test_a_rent_by_the_day_says_that_it_was_converted():
    parsed = measures.parse_rent("1.2元/㎡·天")
    assert parsed.code == "rent_unit"
    assert "元/㎡·月" in parsed.note.zh


def test_a_monthly_total_needs_the_area():
    assert measures.parse_rent("3600元/月", area_m2=100.0).value == 36.0
    assert measures.parse_rent("3600", "元/月", area_m2=100.0).value == 36.0
    assert refusal(measures.parse_rent, "3600元/月").code == "rent_total"


def test_negotiable_is_no_rent():
    for cell in ("面议", "价格面议", "Negotiable"):
        parsed = measures.parse_rent(cell)
        assert parsed.value is None
        assert parsed.code == "negotiable"


@pytest.mark.parametrize("cell", [1.2, 0.5, 3600, "1.2", "3600元"])
def test_a_bare_number_of_another_unit_is_doubtful(cell):
    error = refusal(measures.parse_rent, cell)
    assert (error.code, error.doubtful) == ("rent_unlikely", True)


@pytest.mark.parametrize("cell", ["36元/吨", "36kg", "30-40", "-5", "1e9"])
def test_what_is_no_rent(cell):
    assert refusal(measures.parse_rent, cell).reason.zh


@pytest.mark.parametrize(
    ("parser", "cell", "unit", "value"),
    [
        (measures.parse_load, "5 kN/㎡", "", 5.0),
        (measures.parse_load, "500kg/㎡", "", 4.9033),
        (measures.parse_load, "0.5", "t/㎡", 4.9033),
        (measures.parse_load, "500公斤/平方米", "", 4.9033),
        (measures.parse_load, "5千牛/㎡", "", 5.0),
        (measures.parse_load, "800千克/㎡", "", 7.8453),
        (measures.parse_height, "450cm", "", 4.5),
        (measures.parse_height, 4500, "mm", 4.5),
        (measures.parse_height, "4.5米", "", 4.5),
        (measures.parse_lift, "3吨", "", 3.0),
        (measures.parse_lift, "3000kg", "", 3.0),
        (measures.parse_power, "0.5MW", "", 500.0),
        (measures.parse_power, "200千瓦", "", 200.0),
        (measures.parse_power, "200 kW", "", 200.0),
    ],
)
def test_technical_measures(parser, cell, unit, value):
    assert parser(cell, unit).value == pytest.approx(value, abs=1e-4)


def test_of_a_grid_of_columns_the_smaller_side_counts():
    for cell in ("8.4×8.0", "8.4x8.0m", "8.4*8", "8.4m×8m"):
        parsed = measures.parse_spacing(cell)
        assert (parsed.value, parsed.code) == (8.0, "smaller_side")


@pytest.mark.parametrize(
    ("cell", "floor"),
    [
        (3, 3),
        (3.0, 3),
        ("3F", 3),
        ("３层", 3),
        ("三层", 3),
        ("第十二层", 12),
        ("二十一楼", 21),
        ("B1", -1),
        ("B1层", -1),
        ("b2f", -2),
        ("负一层", -1),
        ("地下二层", -2),
        ("-1", -1),
        (-1, -1),
        ("F3", 3),
        ("首层", 1),
        ("一楼", 1),
    ],
)
def test_floors(cell, floor):
    assert measures.parse_floor(cell).value == floor


@pytest.mark.parametrize(
    ("cell", "floor"), [("2-3层", 2), ("1至4层", 1), ("B1-2F", -1), ("3、4", 3)]
)
def test_of_several_floors_the_lowest_counts(cell, floor):
    parsed = measures.parse_floor(cell)
    assert (parsed.value, parsed.code) == (floor, "floor_span")


@pytest.mark.parametrize("cell", [0, "0", "0层", "B0", 3.5, "顶楼吧", "--1", "999", "十十", "全栋"])
def test_what_is_no_floor(cell):
    assert refusal(measures.parse_floor, cell).code == "not_a_floor"


@given(st.integers(min_value=-10, max_value=150).filter(bool))
def test_a_floor_written_is_read_again(floor):
    for cell in (floor, float(floor), str(floor), f"{floor}F", f"{floor}层"):
        assert measures.parse_floor(cell).value == floor
    if floor < 0:
        assert measures.parse_floor(f"B{-floor}").value == floor


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        (120.655, 120.655),
        ("120.655", 120.655),
        ("120.655°", 120.655),
        ("东经120.655", 120.655),
        ("120.655E", 120.655),
        ("120°39′18″", 120.655),
        ("120°39'18\"", 120.655),
        ("120度39分18秒", 120.655),
        ("E120°39′18″", 120.655),
        ("北纬27°59′", 27.983333),
        ("１２０．６５５", 120.655),
        ("1e1", 10.0),
    ],
)
def test_coordinates(cell, degrees):
    assert measures.parse_coordinate(cell).value == pytest.approx(degrees, abs=1e-6)


@pytest.mark.parametrize("cell", ["120,65", "120.6.5", "东", "", "1e999", True, "120°70′00″"])
def test_what_is_no_coordinate(cell):
    assert refusal(measures.parse_coordinate, cell).reason.en


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    parsers = (
        measures.parse_unit_area,
        measures.parse_rent,
        measures.parse_floor,
        measures.parse_coordinate,
        measures.parse_spacing,
    )
    for parser in parsers:
        try:
            parser(text, text)
        except BadValueError as error:
            assert error.reason.zh
