from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import InputError
from geomap.domain.words import Indicator
from geomap.plan.progress import list_progress, list_records, list_targets, sum_city
from tests.plan.conftest import HAIJING, LONGWAN, LUCHENG, TODAY, WENCHENG
from tests.sample_catalog import empty_catalog

TARGET_FIELDS = {"reporting_unit", "reporting_unit_name", "year", "indicator", "target", "unit"}


def one(catalog: Catalog, unit: str, year: int, indicator: Indicator, today: date = TODAY):
    items = list_progress(catalog, today=today, reporting_unit=unit, year=year, indicator=indicator)
    assert len(items) == 1
    return items[0]


def test_targets_are_the_contract_s(catalog: Catalog):
    items = list_targets(catalog)
    assert len(items) == 273
    assert set(items[0]) == TARGET_FIELDS
    first = {"reporting_unit": LUCHENG, "reporting_unit_name": "鹿城区", "year": 2025}
    assert items[0] == first | {"indicator": "space", "target": 42.0, "unit": "10k_m2"}
    assert items[-1]["reporting_unit_name"] == "温州海经区"


def test_targets_are_filtered(catalog: Catalog):
    assert len(list_targets(catalog, reporting_unit=HAIJING)) == 21
    assert len(list_targets(catalog, year=2026)) == 91
    assert len(list_targets(catalog, year=2030)) == 0
    item = list_targets(
        catalog, reporting_unit=WENCHENG, year=2026, indicator=Indicator.OPERATORS, language="en"
    )
    assert [(i["target"], i["reporting_unit_name"]) for i in item] == [(None, "Wencheng")]


def test_an_unknown_unit_is_refused(catalog: Catalog):
    with pytest.raises(InputError):
        list_targets(catalog, reporting_unit="330300")
    with pytest.raises(InputError):
        list_progress(catalog, today=TODAY, reporting_unit="x")
    with pytest.raises(InputError):
        list_records(catalog, today=TODAY, reporting_unit="x", indicator=Indicator.SPACE)


def test_space_counts_areas_opened_in_the_year_so_far(catalog: Catalog):
    first = one(catalog, LUCHENG, 2025, Indicator.SPACE)
    assert (first["actual"], first["share"], first["demo"]) == (12.0, round(12 / 42, 4), False)
    second = one(catalog, LUCHENG, 2026, Indicator.SPACE)
    assert (second["actual"], second["demo"]) == (9.0, True)  # c26 opens tomorrow
    assert "1 处" in second["note"]  # noarea
    later = one(catalog, LUCHENG, 2026, Indicator.SPACE, date(2026, 7, 1))
    assert later["actual"] == 16.0


def test_reference_sites_are_no_zero(catalog: Catalog):
    item = one(catalog, WENCHENG, 2026, Indicator.SPACE)
    assert (item["actual"], item["share"]) == (None, None)
    assert "1 处" in item["note"]
    assert one(catalog, HAIJING, 2026, Indicator.SPACE)["actual"] is None


def test_provincial_counts_both_high_levels(catalog: Catalog):
    assert one(catalog, LUCHENG, 2025, Indicator.PROVINCIAL_INCUBATORS)["actual"] == 1.0
    found = one(catalog, LUCHENG, 2026, Indicator.PROVINCIAL_INCUBATORS)
    assert found["actual"] == 0.0  # b26 is municipal


def test_an_operator_counts_once_at_its_first_site(catalog: Catalog):
    item = one(catalog, LUCHENG, 2026, Indicator.OPERATORS)
    assert (item["actual"], item["share"]) == (1.0, 1.0)
    other = one(catalog, LONGWAN, 2026, Indicator.OPERATORS)
    assert other["actual"] == 0.0
    assert "1 处" in other["note"]  # since when 乙运营 works here is not recorded


def test_tenants_and_jobs_are_net_growth(catalog: Catalog):
    # 2025: old 13-10, a25 opened in the year 5-0. 2026: old 20-13 (July has not begun).
    assert one(catalog, LUCHENG, 2025, Indicator.TENANTS)["actual"] == 8.0
    assert one(catalog, LUCHENG, 2025, Indicator.JOBS)["actual"] == 70.0
    assert one(catalog, LUCHENG, 2026, Indicator.TENANTS)["actual"] == 7.0
    assert one(catalog, LUCHENG, 2026, Indicator.JOBS)["actual"] == -5.0


def test_growth_without_an_earlier_month_starts_from_the_first_one(catalog: Catalog):
    # a26 opened in the year: 4-0. undated has no month before March: 9-7, and is in doubt.
    item = one(catalog, LONGWAN, 2026, Indicator.TENANTS)
    assert item["actual"] == 6.0
    assert "1 处" in item["note"]


@pytest.mark.parametrize("indicator", [Indicator.DEMO_INCUBATORS, Indicator.TECH_FIRMS])
def test_what_the_record_does_not_hold_has_no_figure(catalog: Catalog, indicator: Indicator):
    item = one(catalog, LUCHENG, 2026, indicator)
    assert item["actual"] is None
    assert item["note"]
    assert (
        list_records(catalog, today=TODAY, reporting_unit=LUCHENG, year=2026, indicator=indicator)
        == []
    )


def test_a_year_to_come_has_no_figure(catalog: Catalog):
    item = one(catalog, LUCHENG, 2027, Indicator.SPACE)
    assert (item["actual"], item["note"]) == (None, "年度未开始")


def test_notes_speak_both_languages(catalog: Catalog):
    items = list_progress(catalog, today=TODAY, year=2026, language="en")
    assert len(items) == 91
    assert all(item["note"].isascii() or "“" in item["note"] for item in items)


def test_every_figure_is_the_sum_of_its_records(catalog: Catalog):
    for item in list_progress(catalog, today=TODAY):
        records = list_records(
            catalog,
            today=TODAY,
            reporting_unit=item["reporting_unit"],
            year=item["year"],
            indicator=Indicator(item["indicator"]),
        )
        assert sum(r["value"] for r in records) == pytest.approx(item["actual"] or 0.0)


def test_records_open_a_figure(catalog: Catalog):
    records = list_records(
        catalog, today=TODAY, reporting_unit="330300", year=2026, indicator=Indicator.SPACE
    )
    assert [(r["id"], r["value"], r["date"], r["demo"]) for r in records] == [
        ("b26", 9.0, "2026-06-30", True),
        ("a26", 3.4, "2026-01-01", False),
    ]
    named = list_records(
        catalog, today=TODAY, reporting_unit=LUCHENG, indicator=Indicator.OPERATORS
    )
    assert named == [
        {"id": "old", "name": "甲运营", "value": 1.0, "date": "2026-02-01", "demo": False}
    ]


def test_the_city_is_the_sum_of_its_units(catalog: Catalog):
    items = list_progress(catalog, today=TODAY, year=2026)
    city = {item["indicator"]: item for item in sum_city(items)}
    assert city["space"]["target"] == 400.0
    assert city["space"]["actual"] == 12.4
    assert city["space"]["share"] == 0.031
    assert city["space"]["note"] == "11 个单位没有数"
    assert city["operators"]["target"] == 10.0
    assert city["tech_firms"]["actual"] is None


def test_an_empty_record_answers(tmp_path: Path):
    catalog = empty_catalog(tmp_path)
    assert list_progress(catalog, today=TODAY) == []
    assert (
        list_records(catalog, today=TODAY, reporting_unit=LUCHENG, indicator=Indicator.JOBS) == []
    )
