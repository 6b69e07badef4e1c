from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geomap.catalog.build import build_catalog
from geomap.catalog.follow import CatalogFollower
from geomap.catalog.snapshot import current_stamp, open_snapshot, save_snapshot
from geomap.catalog.vacancy import VacancyIndex
from geomap.domain.errors import NotReadyError
from geomap.store import write
from geomap.store.engine import Store
from tests.store.samples import SITE


@pytest.fixture
def follower(store: Store, tmp_path: Path) -> CatalogFollower:
    return CatalogFollower(store, tmp_path / "snapshot", interval_s=0)


def test_snapshot_keeps_every_column(store: Store, tmp_path: Path) -> None:
    catalog = build_catalog(store)
    save_snapshot(catalog, tmp_path / "s")
    back = open_snapshot(tmp_path / "s")
    assert (back.version, back.stamp) == (catalog.version, catalog.stamp)
    assert list(back.sites.name) == list(catalog.sites.name)
    for name in ("area_m2", "status", "free_from", "water"):
        assert np.array_equal(getattr(back.units, name), getattr(catalog.units, name))
    assert back.rings.geometry.shapes[0].equals(catalog.rings.geometry.shapes[0])
    assert not back.units.status.flags.writeable


def test_no_snapshot(tmp_path: Path) -> None:
    assert current_stamp(tmp_path) == ""
    with pytest.raises(NotReadyError):
        open_snapshot(tmp_path)


def test_a_snapshot_of_another_format_is_built_anew(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "s"
    saved = save_snapshot(build_catalog(store), folder) / "index.json"
    head = json.loads(saved.read_text())
    saved.write_text(json.dumps(head | {"format": head["format"] - 1}))
    with pytest.raises(NotReadyError):
        open_snapshot(folder)
    catalog = CatalogFollower(store, folder, interval_s=0).current()
    assert list(catalog.amenities.source_date) == ["2026-05-01"]


def test_an_edit_reaches_the_catalog_and_not_the_old_one(
    store: Store, follower: CatalogFollower
) -> None:
    old, vacancies = follower.vacancies()
    assert len(vacancies) == 1
    with store.writing("operator") as tx:
        patch = {"status": "leased", "free_from": date(2027, 1, 1), "water": None, "power_kw": None}
        patch |= {"divisible_min_m2": None}
        write.update_unit(tx, "u-1", patch, version=1)
    new, vacancies = follower.vacancies()
    assert (old.units.status[0], new.units.status[0]) == (0, 2)
    assert new.units.free_from[0] == (date(2027, 1, 1) - date(1970, 1, 1)).days
    assert new.units.water[0] == -1 and np.isnan(new.units.power_kw[0])
    assert old.units.divisible_min_m2[0] == 60.0 and np.isnan(new.units.divisible_min_m2[0])
    assert new.units.version[0] == 2
    assert (old.sites.vacant_m2[0], new.sites.vacant_m2[0]) == (186.5, 0.0)
    assert new.units.area_m2 is old.units.area_m2
    assert len(vacancies) == 0
    assert np.array_equal(new.units.status, build_catalog(store).units.status)


def test_a_bulk_change_rebuilds(store: Store, follower: CatalogFollower) -> None:
    before = follower.current()
    with store.writing("import") as tx:
        write.clear(tx, "units")
    after = follower.current()
    assert (len(before.units), len(after.units)) == (3, 0)
    assert after.version > before.version


def test_a_text_edit_rebuilds(store: Store, follower: CatalogFollower) -> None:
    follower.current()
    with store.writing("operator") as tx:
        write.update_unit(tx, "u-1", {"room": "306"}, version=1)
        write.update_site(tx, "s-1", {"name": "新名"}, version=1)
    catalog = follower.current()
    assert catalog.units.room[0] == "306"
    assert catalog.sites.name[0] == "新名"


def test_second_worker_shares_the_snapshot(
    store: Store, follower: CatalogFollower, tmp_path: Path
) -> None:
    first = follower.current()
    other = CatalogFollower(store, tmp_path / "snapshot").current()
    assert other.stamp == first.stamp == current_stamp(tmp_path / "snapshot")
    assert follower.current() is first


def test_vacancy_index_moves(store: Store) -> None:
    sites = build_catalog(store).sites
    index = VacancyIndex(sites)
    lon, lat = SITE.geometry.centroid.coords[0]
    box = (lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)
    assert index.within(*box).tolist() == [0]
    sites.vacant_count[0] = 0
    index.update(sites, 0)
    index.update(sites, 1)
    assert index.within(*box).tolist() == []
    sites.vacant_count[0] = 2
    index.update(sites, 0)
    assert index.within(*box).tolist() == [0]


def test_a_new_worker_catches_up_with_edits_and_builds_nothing(
    store: Store, follower: CatalogFollower, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = follower.current()
    with store.writing("operator") as tx:
        write.update_unit(tx, "u-1", {"status": "leased"}, version=1)
    monkeypatch.setattr("geomap.catalog.follow.build_catalog", None)
    new = CatalogFollower(store, tmp_path / "snapshot").current()
    assert (old.units.status[0], new.units.status[0]) == (0, 2)
    assert new.stamp == follower.current().stamp != old.stamp
    assert new.sites.vacant_count.tolist() == follower.current().sites.vacant_count.tolist()


def test_a_snapshot_of_another_record_is_not_caught_up(
    store: Store, follower: CatalogFollower, tmp_path: Path
) -> None:
    saved = tmp_path / "snapshot"
    strange = dataclasses.replace(follower.current(), stamp="7-00000000")
    save_snapshot(strange, saved)
    with store.writing("operator") as tx:
        write.update_unit(tx, "u-1", {"status": "leased"}, version=1)
    assert CatalogFollower(store, saved).current().stamp == current_stamp(saved) != "7-00000000"


def test_vacancies_of_a_site_are_summed_as_when_built(
    store: Store, follower: CatalogFollower
) -> None:
    follower.current()
    with store.writing("operator") as tx:
        write.update_unit(tx, "u-1", {"area_m2": 77.7, "rent_cny_m2_month": 9.0}, version=1)
    edited, built = follower.current().sites, build_catalog(store).sites
    assert edited.vacant_m2.tolist() == built.vacant_m2.tolist()
    assert edited.vacant_count.tolist() == built.vacant_count.tolist()
    with store.writing("operator") as tx:
        write.update_unit(tx, "u-1", {"rent_cny_m2_month": 8.0}, version=2)
    assert follower.current().sites is edited
