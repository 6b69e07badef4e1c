from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from geomap.domain.words import UnitStatus
from geomap.store import write
from geomap.store.engine import Store, open_store
from tests.store.samples import NOWHERE, RECORDS, SITE, UNIT


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Two sites, four units written out of site order, one amenity with its walk."""
    store = open_store(f"sqlite:///{tmp_path / 'geomap.gpkg'}")
    other = dataclasses.replace(UNIT, id="u-2", site_id="s-2", status=UnitStatus.LEASED)
    held = dataclasses.replace(UNIT, id="u-3", status=UnitStatus.HELD, water=None, free_from=None)
    lost = dataclasses.replace(UNIT, id="u-4", site_id="nowhere")
    access = dataclasses.replace(RECORDS["access"], count=2, nearest_id="a", nearest_m=480.0)
    with store.writing("test") as tx:
        write.add_operators(tx, [RECORDS["operators"]])
        write.add_sites(tx, [SITE, NOWHERE])
        write.add_units(tx, [other, UNIT, held, lost])
        write.add_amenities(tx, [RECORDS["amenities"]])
        write.add_access(tx, [access])
        write.add_rings(tx, [RECORDS["rings"]])
        write.add_history(tx, [RECORDS["unit_history"]])
        write.add_targets(tx, [RECORDS["targets"]])
        write.add_counties(tx, [RECORDS["counties"]])
        write.add_zones(tx, [RECORDS["zones"]])
        write.add_towns(tx, [RECORDS["towns"]])
        joined = {"adcode": "330303", "joined_reporting_unit": "haijing", "county_mismatch": True}
        write.set_joined(tx, [{"id": "s-1"} | joined])
    yield store
    store.close()
