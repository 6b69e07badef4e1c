from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
import shapely
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geomap.domain.errors import ConflictError, InputError, NotFoundError, NotReadyError
from geomap.store import write
from geomap.store.changes import changes_since, latest_seq
from geomap.store.engine import Store, open_store
from geomap.store.models import METADATA, TABLES
from geomap.store.read import count, get_meta, get_site, get_unit, read_table
from tests.store.samples import NOWHERE, RECORDS, SITE, UNIT

ADD = {
    "counties": write.add_counties,
    "zones": write.add_zones,
    "towns": write.add_towns,
    "operators": write.add_operators,
    "sites": write.add_sites,
    "units": write.add_units,
    "unit_history": write.add_history,
    "amenities": write.add_amenities,
    "projects": write.add_projects,
    "targets": write.add_targets,
    "rings": write.add_rings,
    "access": write.add_access,
}


@pytest.mark.parametrize("table", ADD)
def test_adding_twice_keeps_one_row(store: Store, table: str) -> None:
    for _ in range(2):
        with store.writing("test") as tx:
            assert ADD[table](tx, [RECORDS[table]]) == 1
    assert count(store, table) == 1
    if "version" in TABLES[table].c:
        assert read_table(store, table, ["version"]) == {"version": [2]}


def test_records_come_back_whole(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE, NOWHERE])
        write.add_units(tx, [UNIT])
    back, version = get_site(store, "s-1")
    assert back.geometry.equals(SITE.geometry)
    assert (back, version) == (SITE, 1)
    assert get_site(store, "s-2")[0] == NOWHERE
    assert get_unit(store, "u-1") == (UNIT, 1)
    with pytest.raises(NotFoundError):
        get_unit(store, "nobody")


def test_geometry_columns_are_decoded(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE, NOWHERE])
        write.add_towns(tx, [RECORDS["towns"]])
    shapes = read_table(store, "sites", ["id", "geometry"])
    assert shapes["id"] == ["s-1", "s-2"]
    assert shapes["geometry"][0].equals(SITE.geometry)
    assert shapes["geometry"][1] is None
    assert read_table(store, "towns", ["geometry"])["geometry"][0].equals(
        shapely.Point(120.8, 27.93)
    )
    assert read_table(store, "units")["id"] == []


def test_an_amenity_keeps_its_source_and_date(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_amenities(tx, [RECORDS["amenities"]])
    rows = read_table(store, "amenities", ["source", "source_date"])
    assert rows == {"source": ["测试"], "source_date": ["2026-05-01"]}


def test_an_error_stores_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing("test") as tx:
        write.add_sites(tx, [SITE])
        _ = 1 / 0
    assert count(store, "sites") == 0
    assert latest_seq(store) == 0


def test_an_edit_needs_the_newest_version(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_units(tx, [UNIT])
    seq = latest_seq(store)
    with store.writing("operator") as tx:
        assert write.update_unit(tx, "u-1", {"status": "held"}, version=1) == 2
    with pytest.raises(ConflictError), store.writing("late") as tx:
        write.update_unit(tx, "u-1", {"status": "leased"}, version=1)
    with pytest.raises(InputError), store.writing("odd") as tx:
        write.update_unit(tx, "u-1", {"colour": "red"}, version=2)
    with pytest.raises(NotFoundError), store.writing("odd") as tx:
        write.update_unit(tx, "u-9", {"status": "held"}, version=1)
    (change,) = changes_since(store, seq)
    assert (change.actor, change.action, change.row_id) == ("operator", "update", "u-1")
    assert (change.version, change.patch) == (2, {"status": "held"})
    assert get_unit(store, "u-1")[0].status == "held"


@pytest.mark.parametrize("verb", ["UPDATE change_log SET actor = 'x'", "DELETE FROM change_log"])
def test_change_log_is_append_only(store: Store, verb: str) -> None:
    with store.writing("test") as tx:
        write.add_units(tx, [UNIT])
    with pytest.raises(DBAPIError, match="append-only"), store.writing("test") as tx:
        tx.connection.execute(text(verb))
    assert latest_seq(store) == 1


def test_clear_demonstration_rows_only(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_operators(tx, [RECORDS["operators"]])
        rows = [{"name": "x", "klass": "minor", "bridge": False, "demo": d} for d in (True, False)]
        line = shapely.LineString([(120.0, 28.0), (120.1, 28.1)])
        write.write_rows(tx, "streets", [row | {"geometry": line} for row in rows])
    with store.writing("test") as tx:
        assert write.clear(tx, "streets", demo_only=True) == 1
    assert count(store, "streets") == 1


def test_joins_and_meta(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
        row = {"adcode": "330303", "joined_reporting_unit": "330303", "county_mismatch": False}
        write.set_joined(tx, [{"id": "s-1"} | row])
        write.set_joined(tx, [])
        write.set_meta(tx, "built", "1")
        write.set_meta(tx, "built", "2")
    assert read_table(store, "sites", ["adcode"])["adcode"] == ["330303"]
    assert get_meta(store, "built") == "2"
    assert get_meta(store, "none", "-") == "-"


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_models_and_migrations_agree(store: Store) -> None:
    def ours(_object: object, name: str | None, kind: str, *_: object) -> bool:
        return kind != "table" or name in TABLES

    with store.engine.connect() as connection:
        options = {"include_object": ours, "compare_type": False}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, METADATA) == []


def test_opening_again_changes_nothing(store: Store, store_url: str) -> None:
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
    again = open_store(store_url, create=False)
    assert count(again, "sites") == 1
    again.close()


def test_missing_and_foreign_files(tmp_path: Path) -> None:
    with pytest.raises(NotReadyError):
        open_store(f"sqlite:///{tmp_path / 'none.gpkg'}", create=False)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (a)")
    other.close()
    with pytest.raises(InputError, match="another kind"):
        open_store(f"sqlite:///{tmp_path / 'other.db'}")
    (tmp_path / "text.db").write_text("not a database at all, but long enough to be read as one")
    with pytest.raises(InputError):
        open_store(f"sqlite:///{tmp_path / 'text.db'}")
    with pytest.raises(InputError):
        open_store("mysql://x/y")
    with pytest.raises(InputError):
        open_store("nonsense")
