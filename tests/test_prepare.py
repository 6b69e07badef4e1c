"""What `make serve` builds the first time, and leaves alone the second."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import pytest

from geomap import build, prepare
from geomap.config import Settings, read_settings
from geomap.domain.words import Label
from geomap.store import write
from geomap.store.changes import latest_seq
from geomap.store.read import count, get_meta
from tests.store.samples import SITE
from tests.test_build import Told


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared data folder with a very small demonstration city."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = read_settings({"GEOMAP_DATA_DIR": str(folder)})
    prepare.build_demo(settings, Told(), sites=15, units=300, seed=1)
    prepare.prepare(settings, Told())
    return folder


@pytest.fixture
def settings(template: Path, tmp_path: Path) -> Settings:
    shutil.copytree(template, tmp_path / "data")
    return read_settings({"GEOMAP_DATA_DIR": str(tmp_path / "data")})


def counts(settings: Settings, *tables: str) -> list[int]:
    store = build.open_record(settings)
    found = [count(store, table) for table in tables]
    store.close()
    return found


def seq_of(settings: Settings) -> int:
    store = build.open_record(settings)
    seq = latest_seq(store)
    store.close()
    return seq


def test_base_data_is_there(settings: Settings):
    tables = counts(settings, "counties", "reporting_units", "targets", "towns", "land")
    assert tables == [12, 13, 273, 191, 13]
    catalog = build.open_catalog(settings)
    assert catalog.demo and len(catalog.units) == 300
    assert catalog.sites.demo.sum() == 15


def test_known_incubators_have_a_source_and_no_vacancy(settings: Settings):
    sites = build.open_catalog(settings).sites
    known = sites.reference
    assert known.any() and not (known & sites.demo).any()
    assert not sites.vacant_count[known].any()
    assert all(sites.source[row] for row in known.nonzero()[0])


def test_a_second_run_does_nothing(settings: Settings):
    before, told = seq_of(settings), Told()
    prepare.prepare(settings, told)
    assert seq_of(settings) == before
    assert told == []


def test_a_run_after_a_broken_one_goes_on(settings: Settings):
    """Without a snapshot the build is repeated, the city is not."""
    shutil.rmtree(build.locate_snapshot(settings))
    told = Told()
    prepare.prepare(settings, told)
    assert "joining" in told.text and "demonstration" not in told.text
    assert counts(settings, "units") == [300]


def test_the_demonstration_city_goes_and_stays_away(settings: Settings):
    own = dataclasses.replace(SITE, demo=False, operator_id="")
    store = build.open_record(settings)
    with store.writing("user") as tx:
        write.add_sites(tx, [own])
    store.close()
    prepare.clear_demo(settings, Told())
    prepare.prepare(settings, Told())
    assert counts(settings, "units", "amenities", "streets", "water", "projects") == [0] * 5
    catalog = build.open_catalog(settings)
    assert not catalog.demo and own.id in list(catalog.sites.id)
    assert not build.locate_network(settings).exists()


def test_a_new_demonstration_city_replaces_only_the_old_one(settings: Settings):
    own = dataclasses.replace(SITE, demo=False, operator_id="")
    store = build.open_record(settings)
    with store.writing("user") as tx:
        write.add_sites(tx, [own])
    store.close()
    prepare.build_demo(settings, Told(), sites=14, units=200, seed=2)
    build.build_all(settings, Told())
    sites = build.open_catalog(settings).sites
    assert sites.demo.sum() == 14 and own.id in list(sites.id)
    assert counts(settings, "units") == [200]


def test_imported_counties_and_streets_stay(settings: Settings):
    store = build.open_record(settings)
    with store.writing("user") as tx:
        write.clear(tx, "counties")
        write.set_meta(tx, prepare.COUNTIES_KEY, prepare.IMPORTED)
        write.set_meta(tx, prepare.STREETS_KEY, prepare.IMPORTED)
        write.set_meta(tx, prepare.BASE_KEY, "an older one")
    network = build.locate_network(settings).read_bytes()
    told = Told()
    assert prepare.ensure_base(settings, store, told)
    store.close()
    assert counts(settings, "counties") == [0]
    prepare.build_demo(settings, told, sites=14, units=200, seed=2)
    assert build.locate_network(settings).read_bytes() == network
    assert "kept the imported streets" in told.text
    prepare.clear_demo(settings, told)
    assert build.locate_network(settings).exists()


def test_what_is_said_is_in_both_languages(settings: Settings):
    told = Told()
    prepare.clear_demo(settings, told)
    assert all(isinstance(text, Label) and text.zh and text.en for text in told)


def test_the_demonstration_city_is_noted(settings: Settings):
    store = build.open_record(settings)
    assert get_meta(store, prepare.DEMO_KEY) == "built"
    store.close()
