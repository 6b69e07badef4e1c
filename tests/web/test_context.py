"""What is kept is made once, and made anew only when what it rests on is another."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from geomap.domain.errors import NotReadyError
from geomap.domain.words import UnitStatus
from geomap.store import write
from geomap.streets.file import save_network
from geomap.web.context import AppContext, Kept
from tests.web.conftest import settings_of
from tests.web.world import build_streets


def test_kept_is_made_once_by_one_thread() -> None:
    kept, made, base = Kept(), [], object()
    barrier = threading.Barrier(8)

    def ask() -> None:
        barrier.wait()
        kept.get("x", (base,), lambda: made.append(1) or len(made))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]


def test_kept_is_made_anew_for_another_object_or_text() -> None:
    kept, base = Kept(), np.zeros(3)
    assert kept.get("x", (base, "a"), lambda: 1) == 1
    assert kept.get("x", (base, "a"), lambda: 2) == 1
    assert kept.get("x", (base.copy(), "a"), lambda: 3) == 3
    assert kept.get("x", (base, "b"), lambda: 4) == 4


def test_an_edit_keeps_amenities_and_places(context: AppContext) -> None:
    network = context.require_network()
    before = context.catalog
    index, places = context.amenity_index(network, before), context.site_places(network, before)
    with context.store.writing("test") as tx:
        write.update_unit(tx, "a1", {"status": UnitStatus.LEASED.value}, version=1)
    context.follower._interval = 0.0
    after = context.catalog
    assert after.version == before.version + 1
    assert context.amenity_index(network, after) is index
    assert context.site_places(network, after) is places


def test_a_new_network_is_opened(context: AppContext) -> None:
    first = context.require_network()
    assert context.require_network() is first
    save_network(build_streets(), context.settings.data_dir / "network")
    assert context.require_network() is not first
    (context.settings.data_dir / "network").unlink()
    assert context.find_network() is None
    with pytest.raises(NotReadyError):
        context.require_network()


def test_doors_are_known_where_the_place_is_exact(context: AppContext) -> None:
    catalog = context.catalog
    known = dict(zip(catalog.sites.id, catalog.has_door.tolist(), strict=True))
    assert known == {"alpha": True, "beta": True, "far": True, "nowhere": False, "town": False}


def test_warming_without_data_or_network_is_nothing(tmp_path: Path, data_dir: Path) -> None:
    AppContext(settings_of(tmp_path)).warm()
    (data_dir / "network").unlink()
    context = AppContext(settings_of(data_dir))
    context.warm()
    context.disconnect()
    assert context.catalog.version
    context.close()
