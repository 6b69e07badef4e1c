from __future__ import annotations

import math
from pathlib import Path

import pytest
import shapely

from geomap.catalog.build import build_catalog
from geomap.domain.records import CountyShape
from geomap.plan.annex import read_targets
from geomap.store import write
from geomap.store.engine import open_store
from layers.plan_progress import LAYER, NAMES


def test_a_reporting_unit_carries_its_row_of_the_annex(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'plan.gpkg'}")
    square = shapely.box(121.0, 27.8, 121.2, 28.0)
    with store.writing("test") as tx:
        write.add_targets(tx, read_targets())
        write.add_counties(tx, [CountyShape(adcode="330305", name="洞头区", geometry=square)])
    frame = LAYER.build(build_catalog(store))
    store.close()
    assert len(NAMES) == 21
    assert list(frame.columns) == [*LAYER.names, "geometry"]
    assert frame["id"].tolist() == ["330305"]
    row = frame.iloc[0]
    assert [row[f"space_{year}"] for year in (2025, 2026, 2027)] == [6, 10, 16]
    assert row["jobs_2027"] == 500
    assert math.isnan(row["provincial_incubators_2025"])
    assert row["provincial_incubators_2026"] == pytest.approx(1)
