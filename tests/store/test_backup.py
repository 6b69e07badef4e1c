from pathlib import Path

import pytest

from geomap.domain.errors import InputError
from geomap.store import write
from geomap.store.backup import backup, restore
from geomap.store.engine import open_store
from geomap.store.read import count
from tests.store.samples import SITE, UNIT


def test_there_and_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a' / 'geomap.gpkg'}"
    store = open_store(url)
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
    backup(store, tmp_path / "copy.gpkg")
    with store.writing("test") as tx:
        write.add_units(tx, [UNIT])
    store.close()
    restore(tmp_path / "copy.gpkg", url)
    store = open_store(url)
    assert (count(store, "sites"), count(store, "units")) == (1, 0)
    store.close()
    before = open_store(f"sqlite:///{tmp_path / 'a' / 'geomap.gpkg.before'}")
    assert count(before, "units") == 1
    before.close()


def test_a_wrong_file_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'geomap.gpkg'}"
    store = open_store(url)
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
    with pytest.raises(InputError):
        backup(store, tmp_path / "geomap.gpkg")
    with pytest.raises(InputError):
        backup(store, tmp_path / "no" / "where.gpkg")
    (tmp_path / "wrong.gpkg").write_bytes(b"SQLite? no" * 100)
    with pytest.raises(InputError):
        restore(tmp_path / "wrong.gpkg", url)
    assert count(store, "sites") == 1
    store.close()
