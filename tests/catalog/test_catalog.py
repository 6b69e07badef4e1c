from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.catalog import convert
from geomap.catalog.build import build_catalog
from geomap.catalog.columns import MISSING_DAY, TextColumn
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Stage, UnitKind, UnitStatus
from geomap.store.engine import Store, open_store


def test_units_stand_in_site_order(store: Store) -> None:
    catalog = build_catalog(store)
    units = catalog.units
    assert list(catalog.sites.id) == ["s-1", "s-2"]
    assert list(units.id) == ["u-1", "u-3", "u-2"]
    assert units.site.tolist() == [0, 0, 1]
    assert catalog.units_of(0) == slice(0, 2)
    assert [list(UnitStatus)[s] for s in units.status] == ["vacant", "held", "leased"]
    assert units.kind.tolist() == [list(UnitKind).index(UnitKind.LAB)] * 3
    assert units.water.tolist() == [1, -1, 1]
    assert units.free_from[1] == MISSING_DAY
    assert units.divisible_min_m2.tolist() == [60.0, 60.0, 60.0]


def test_site_columns(store: Store) -> None:
    sites = build_catalog(store).sites
    assert sites.vacant_m2.tolist() == [186.5, 0]
    assert sites.vacant_count.tolist() == [1, 0]
    assert sites.operator[0] == "运营"
    assert (sites.lon[0], sites.lat[0]) == (pytest.approx(120.705), pytest.approx(27.905))
    assert np.isnan(sites.lon[1]) and np.isnan(sites.x[1])
    assert convert.words_of(sites.stages[0], Stage) == ["incubation", "acceleration"]
    assert (sites.county[0], sites.county[1]) == (1, -1)
    assert (sites.reporting_unit[0], sites.county_mismatch[0]) == (12, True)
    assert sites.geometry.shapes[1] is None


def test_other_tables(store: Store) -> None:
    catalog = build_catalog(store)
    assert (catalog.access.walk_m[0, 8], catalog.access.count[0, 8]) == (480.0, 2)
    assert catalog.access.nearest[0, 8] == 0
    assert np.isnan(catalog.access.walk_m[1]).all()
    assert (len(catalog.rings), len(catalog.history), len(catalog.targets)) == (1, 1, 1)
    assert np.isnan(catalog.targets.value[0])
    assert catalog.zones.name[0] == "海经区"
    assert (catalog.amenities.source[0], catalog.amenities.source_date[0]) == ("测试", "2026-05-01")
    assert catalog.towns.lon[0] == 120.8
    assert catalog.sites_in(120, 27, 121, 28).tolist() == [0]
    assert catalog.sites_in(0, 0, 1, 1).tolist() == []
    assert not catalog.demo


def test_finding_by_id(store: Store) -> None:
    catalog = build_catalog(store)
    assert catalog.unit_index("u-3") == 1
    with pytest.raises(NotFoundError):
        catalog.unit_index("u-4")
    with pytest.raises(NotFoundError):
        catalog.site_index("")


def test_an_empty_record(tmp_path: object) -> None:
    store = open_store(f"sqlite:///{tmp_path}/empty.gpkg")
    catalog = build_catalog(store)
    assert (len(catalog.sites), len(catalog.units), catalog.version) == (0, 0, 0)
    assert len(catalog.located) == 0
    assert not catalog.demo
    store.close()


@given(st.lists(st.text(max_size=8)))
def test_texts_come_back(texts: list[str]) -> None:
    column = TextColumn.of(texts)
    assert list(column) == texts
    assert [column[i] for i in range(len(column))] == texts
    for text in texts:
        assert column.find(text) == texts.index(text)
    assert column.find("not there at all") == -1


@given(st.lists(st.sets(st.sampled_from(list(Stage)))))
def test_masks_come_back(sets: list[set[Stage]]) -> None:
    import json

    masks = convert.to_masks([json.dumps(sorted(s)) for s in sets], list(Stage))
    assert [set(convert.words_of(m, Stage)) for m in masks] == sets
