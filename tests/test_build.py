"""Handing results from room to room: joins, rings, snapshot."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import shapely

from geomap import build
from geomap.config import Settings, read_settings
from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label, LocationPrecision
from geomap.store.changes import latest_seq
from geomap.store.engine import open_store
from geomap.store.write import add_sites
from geomap.streets.file import save_network
from geomap.streets.graph import build_network
from geomap.streets.ways import StreetClass, Ways
from tests.sample_catalog import fill
from tests.store.samples import SITE


class Told(list[Label]):
    """What was said."""

    def __call__(self, text: Label) -> None:
        self.append(text)

    @property
    def text(self) -> str:
        return "\n".join(label.en for label in self)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A record with one of everything and a street through the demonstration site s-3."""
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path)})
    store = build.open_record(settings)
    fill(store)
    store.close()
    return settings


def add_street(settings: Settings) -> None:
    lon = np.linspace(120.71, 120.73, 21)
    line = np.column_stack([lon, np.full(21, 27.92)])
    minor = np.array([StreetClass.MINOR], dtype=np.int8)
    ways = Ways(line, np.array([0, 21]), np.arange(21), minor, [""], np.zeros(1, dtype=np.bool_))
    save_network(build_network(ways), build.locate_network(settings))


def test_building_joins_walks_and_writes_a_snapshot(settings: Settings):
    add_street(settings)
    told = Told()
    build.build_all(settings, told)
    catalog = build.open_catalog(settings)
    row = catalog.sites.id.find("s-3")
    assert catalog.sites.county[row] >= 0
    rings = catalog.rings
    assert sorted(rings.minutes[rings.site == row].tolist()) == [5.0, 10.0, 15.0]
    assert (catalog.access.count[row] >= 0).all()
    assert "done in" in told.text and "skipped" not in told.text


def test_without_streets_the_rings_are_skipped_and_it_is_said(settings: Settings):
    told = Told()
    build.build_all(settings, told)
    assert "skipped" in told.text
    assert build.open_catalog(settings).sites.county.max() >= 0


def test_a_site_known_only_to_its_town_has_no_ring(settings: Settings):
    add_street(settings)
    town = dataclasses.replace(
        SITE, id="s-4", geometry=shapely.Point(120.72, 27.92), precision=LocationPrecision.TOWN
    )
    store = build.open_record(settings)
    with store.writing("test") as tx:
        add_sites(tx, [town])
    store.close()
    build.build_all(settings, Told())
    catalog = build.open_catalog(settings)
    with_ring = {catalog.sites.id[row] for row in catalog.rings.site.tolist()}
    assert "s-3" in with_ring and "s-4" not in with_ring


def test_a_part_alone_leaves_the_others_as_they_are(settings: Settings):
    add_street(settings)
    build.build_all(settings, Told(), parts=("rings",))
    catalog = build.open_catalog(settings)
    row = catalog.sites.id.find("s-3")
    assert (catalog.rings.site == row).any()
    assert (catalog.access.count[row] == -1).all()


def test_building_twice_changes_no_ring(settings: Settings):
    add_street(settings)
    build.build_all(settings, Told())
    first = build.open_catalog(settings).rings
    build.build_all(settings, Told())
    second = build.open_catalog(settings).rings
    assert np.array_equal(first.area_m2, second.area_m2)
    assert np.array_equal(first.geometry.blob, second.geometry.blob)


def test_nothing_is_served_before_there_is_data(tmp_path: Path):
    settings = read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "none")})
    with pytest.raises(NotReadyError) as caught:
        build.require_served_data(settings)
    assert caught.value.fix
    assert not settings.data_dir.exists()
    build.open_record(settings).close()
    with pytest.raises(NotReadyError):
        build.require_served_data(settings)


def test_the_snapshot_is_of_the_newest_change(settings: Settings):
    build.build_all(settings, Told())
    store = open_store(settings.database_url)
    assert build.open_catalog(settings).version == latest_seq(store)
    store.close()


def test_the_bar_takes_any_order_of_calls(capsys):
    with build.progress_bar() as progress:
        progress(1, 10)
        progress(10, 10)
    with build.progress_bar():
        pass
    assert capsys.readouterr().out == ""
