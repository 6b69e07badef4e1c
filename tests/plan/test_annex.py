from __future__ import annotations

from collections import Counter
from dataclasses import replace
from importlib import resources

import pytest

from geomap.domain.errors import InputError
from geomap.domain.regions import HAIJING, REPORTING_UNITS
from geomap.domain.words import Indicator
from geomap.plan import annex, facts

# Copied by eye from the printed annex 2, one cell of each kind.
PRINTED = (
    ("330302", 2025, Indicator.SPACE, 42),
    ("330305", 2026, Indicator.SPACE, 10),
    ("330382", 2026, Indicator.TENANTS, 325),
    ("330381", 2027, Indicator.JOBS, 3250),
    ("330324", 2026, Indicator.DEMO_INCUBATORS, 2),
    ("330327", 2027, Indicator.DEMO_INCUBATORS, 2),
    ("330383", 2025, Indicator.DEMO_INCUBATORS, 2),
    (HAIJING, 2026, Indicator.TECH_FIRMS, 20),
    (HAIJING, 2027, Indicator.SPACE, 32),
    ("330305", 2025, Indicator.PROVINCIAL_INCUBATORS, None),
    ("330328", 2026, Indicator.OPERATORS, None),
    ("330329", 2027, Indicator.PROVINCIAL_INCUBATORS, None),
)


def test_every_cell_is_there_once():
    targets = annex.read_targets()
    keys = Counter((t.reporting_unit, t.year, t.indicator) for t in targets)
    assert len(targets) == len(keys) == 13 * 3 * 7
    assert [t.reporting_unit for t in targets[::21]] == [unit.id for unit in REPORTING_UNITS]


@pytest.mark.parametrize(("unit", "year", "indicator", "value"), PRINTED)
def test_cells_are_as_printed(unit: str, year: int, indicator: Indicator, value: float | None):
    found = {(t.reporting_unit, t.year, t.indicator): t.value for t in annex.read_targets()}
    assert found[unit, year, indicator] == value


def test_no_task_is_not_zero():
    none = [(t.reporting_unit, t.year) for t in annex.read_targets() if t.value is None]
    assert Counter(unit for unit, _ in none) == {"330305": 3, "330328": 3, "330329": 3}
    assert not [t for t in annex.read_targets() if t.value == 0]


def test_city_totals_are_as_printed():
    city = {(c.year, c.indicator): c.value for c in annex.read_city_targets()}
    assert city[None, Indicator.SPACE] == 1200
    assert city[2026, Indicator.OPERATORS] == 10
    assert city[None, Indicator.PROVINCIAL_INCUBATORS] == 48
    assert len(city) == 7 * 4


def test_annexes_agree():
    assert annex.reconcile_annexes() == []


def test_a_wrong_figure_is_found_in_both_comparisons_and_left_alone():
    targets, city = annex.parse_targets(facts.read_table("annex2.csv"))
    wrong = [replace(targets[0], value=43.0), *targets[1:]]
    found = annex.reconcile(wrong, city, annex.read_city_targets())
    assert [(d.where, d.year, d.stated, d.found) for d in found] == [
        ("annex 2, 全市", 2025, 300.0, 301.0),
        ("annex 1", 2025, 300.0, 301.0),
        ("annex 1", None, 1200.0, 1201.0),
    ]
    assert wrong[0].value == 43.0


@pytest.mark.parametrize("text", ["", " ", "—", "x", "-1", "1.5.2"])
def test_a_cell_that_is_no_figure_is_refused(text: str):
    with pytest.raises(InputError):
        annex.parse_cell(text)


def test_a_missing_row_is_refused():
    with pytest.raises(InputError):
        annex.parse_targets(facts.read_table("annex2.csv")[1:])


def test_the_tables_are_found_where_they_are_installed(monkeypatch: pytest.MonkeyPatch):
    installed = facts.locate_facts().joinpath("annex2.csv").read_bytes()

    def missing(name: str) -> None:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(resources, "files", missing)
    assert facts.locate_facts().joinpath("annex2.csv").read_bytes() == installed


def test_units_are_those_of_the_contract():
    assert annex.UNITS[Indicator.SPACE] == "10k_m2"
    assert {u for i, u in annex.UNITS.items() if i is not Indicator.SPACE} == {"count"}
