"""Scenarios are kept beside the record, which does not notice."""

from __future__ import annotations

import dataclasses
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyogrio
import pytest
from alembic import command
from sqlalchemy import update

from geomap.catalog.build import build_catalog
from geomap.catalog.follow import CatalogFollower
from geomap.domain.errors import InputError, NotFoundError
from geomap.store import engine as engines
from geomap.store import scenarios, write
from geomap.store.backup import backup, restore
from geomap.store.changes import latest_seq
from geomap.store.engine import Store, open_store
from geomap.store.models import TABLES
from geomap.store.read import count
from geomap.store.scenarios import (
    Draft,
    FullError,
    StaleError,
    add_scenario,
    delete_scenario,
    get_scenario,
    update_scenario,
)
from tests.store.samples import SITE

DRAFT = Draft(
    name="拆掉人行桥 <b>'; DROP TABLE sites;--",
    note="第一行\n第二行 & <script>",
    profile="wenzhou-6-6",
    edits={"drop_streets": [{"lon": 120.7, "lat": 28.0}], "drop_amenities": ["a"]},
    network="0123456789ab",
)


def test_there_and_back(store: Store) -> None:
    kept = add_scenario(store, DRAFT)
    assert get_scenario(store, kept.id) == kept
    assert (kept.draft, kept.version) == (DRAFT, 1)
    assert kept.created_at == kept.updated_at and kept.created_at.tzinfo is not None
    assert len(kept.id) == 22
    assert add_scenario(store, DRAFT).id != kept.id


def test_a_change_needs_the_newest_version(store: Store) -> None:
    kept = add_scenario(store, DRAFT)
    renamed = dataclasses.replace(DRAFT, name="新名")
    changed = update_scenario(store, kept.id, renamed, version=1)
    assert (changed.version, changed.draft.name) == (2, "新名")
    assert changed.created_at == kept.created_at <= changed.updated_at
    with pytest.raises(StaleError) as error:
        update_scenario(store, kept.id, DRAFT, version=1)
    assert error.value.newest == changed and error.value.status == 409
    assert get_scenario(store, kept.id) == changed


def test_of_two_tabs_one_wins(store: Store) -> None:
    kept = add_scenario(store, DRAFT)
    outcomes: list[str] = []

    def change(name: str) -> None:
        try:
            update_scenario(store, kept.id, dataclasses.replace(DRAFT, name=name), version=1)
            outcomes.append(name)
        except StaleError:
            outcomes.append("stale")

    threads = [threading.Thread(target=change, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("stale") == 1
    assert get_scenario(store, kept.id).draft.name in outcomes


def test_deleted_is_gone(store: Store) -> None:
    kept = add_scenario(store, DRAFT)
    delete_scenario(store, kept.id)
    for use in (get_scenario, delete_scenario):
        with pytest.raises(NotFoundError):
            use(store, kept.id)
    with pytest.raises(NotFoundError):
        update_scenario(store, kept.id, DRAFT, version=1)


@pytest.mark.parametrize("name", ["", "a\0b", "no such", "x" * 65, "甲%"])
def test_what_is_no_token_is_not_there(store: Store, name: str) -> None:
    for use in (get_scenario, delete_scenario):
        with pytest.raises(NotFoundError):
            use(store, name)


def test_the_record_does_not_notice(store: Store, tmp_path: Path) -> None:
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
    follower = CatalogFollower(store, tmp_path / "snapshot", interval_s=0)
    before, seq = follower.current(), latest_seq(store)
    kept = add_scenario(store, DRAFT)
    update_scenario(store, kept.id, DRAFT, version=1)
    delete_scenario(store, kept.id)
    add_scenario(store, DRAFT)
    assert latest_seq(store) == seq
    assert follower.current() is before
    anew = build_catalog(store)
    assert (anew.version, anew.stamp) == (before.version, before.stamp)


def test_too_large_is_not_kept(store: Store) -> None:
    large = dataclasses.replace(DRAFT, edits={"drop_amenities": ["长" * 200] * 110})
    with pytest.raises(InputError) as error:
        add_scenario(store, large)
    assert error.value.field == "edits"
    kept = add_scenario(store, DRAFT)
    with pytest.raises(InputError):
        update_scenario(store, kept.id, large, version=1)
    assert count(store, "scenarios") == 1


def test_only_so_many_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scenarios, "MOST_KEPT", 3)
    kept = [add_scenario(store, DRAFT) for _ in range(3)]
    with pytest.raises(FullError) as error:
        add_scenario(store, DRAFT)
    assert error.value.fix is not None
    assert count(store, "scenarios") == 3
    old = datetime.now(UTC) - timedelta(days=400)
    table = TABLES["scenarios"]
    with store.writing("test") as tx:
        tx.connection.execute(update(table).where(table.c.id == kept[1].id).values(updated_at=old))
    add_scenario(store, DRAFT)
    assert count(store, "scenarios") == 3
    with pytest.raises(NotFoundError):
        get_scenario(store, kept[1].id)


def test_the_file_stays_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "geomap.gpkg"
    store = open_store(f"sqlite:///{path}")
    add_scenario(store, DRAFT)
    store.close()
    layers = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    assert layers["scenarios"] is None and layers["sites"] is not None
    frame = pyogrio.read_dataframe(path, layer="scenarios", read_geometry=False)
    assert frame["name"].tolist() == [DRAFT.name]


def test_a_copy_carries_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'geomap.gpkg'}"
    store = open_store(url)
    kept = add_scenario(store, DRAFT)
    backup(store, tmp_path / "copy.gpkg")
    delete_scenario(store, kept.id)
    store.close()
    restore(tmp_path / "copy.gpkg", url)
    store = open_store(url)
    assert get_scenario(store, kept.id) == kept
    store.close()


def test_an_older_record_is_brought_up_to_date(store_url: str) -> None:
    engine = engines._make_engine(store_url)
    connection = engine.connect().execution_options(geomap_write=True)
    with connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        command.upgrade(engines._config(connection), "0001")
    engine.dispose()
    store = open_store(store_url)
    assert get_scenario(store, add_scenario(store, DRAFT).id).draft == DRAFT
    store.close()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_there_is_a_way_back(store: Store) -> None:
    add_scenario(store, DRAFT)
    connection = store.engine.connect().execution_options(geomap_write=True)
    with connection, connection.begin():
        command.downgrade(engines._config(connection), "0001")
        registered = (
            connection.exec_driver_sql(
                "SELECT count(*) FROM gpkg_contents WHERE table_name = 'scenarios'"
            ).scalar()
            if store.embedded
            else 0
        )
        assert registered == 0
