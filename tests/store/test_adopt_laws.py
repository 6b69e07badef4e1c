"""Whatever is adopted and released in whatever order: nothing is lost, nothing held twice."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.store.adopt import adopt_placement, list_holds
from geomap.store.engine import Store, open_store
from geomap.store.placement_scenarios import PlacePart, get_placement, list_placements
from geomap.store.release import release_placement
from tests.store.placements import fill, kept, some, unit_rows, whole

HUNDREDTHS = st.integers(1, 40_000)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("laws") / "geomap.gpkg"
    store = open_store(f"sqlite:///{path}")
    fill(store)
    store.close()
    return path


def parts_of(store: Store, name: str, asked: list[int]) -> list[PlacePart]:
    """What a solver could give of the hall and the desks as they are now."""
    rows = unit_rows(store)
    parts = []
    hall, desks = rows["hall"], rows["desks"]
    if hall["status"] == "vacant":
        left = round(hall["area_m2"] * 100)
        for i, area in enumerate(asked):
            given = max(area, 20_000)
            if given <= left:
                parts.append(some(f"{name}-{i}", "hall", given / 100))
                left -= given
    if desks["status"] == "vacant":
        left = desks["desks"]
        for i, area in enumerate(asked):
            heads = area % 7 + 1
            if heads <= left:
                parts.append(some(f"{name}-d{i}", "desks", 5.0 * heads, heads))
                left -= heads
    if rows["lab"]["status"] == "vacant" and asked[0] % 2:
        parts.append(whole(f"{name}-l", "lab"))
    return parts


def require_whole(store: Store) -> None:
    """Areas and desks add up, and each held unit is held once."""
    rows = unit_rows(store)
    for unit_id, area, desks in (("hall", 100_000, 0), ("desks", 10_000, 20), ("lab", 18_652, 0)):
        same = [row for row in rows.values() if row["id"].split("~")[0] == unit_id]
        assert int(round(sum(row["area_m2"] for row in same) * 100, 6)) == area
        assert sum(row["desks"] or 0 for row in same) == desks
        assert all(row["area_m2"] > 0 for row in same)
    holds = [hold for one in list_placements(store) for hold in list_holds(store, one.id)]
    held = [row["id"] for row in rows.values() if row["status"] == "held"]
    assert sorted(hold.unit_id for hold in holds) == sorted(held)
    for hold in holds:
        assert get_placement(store, hold.scenario_id).state == "adopted"
        row = rows[hold.unit_id]
        assert (row["area_m2"], row["desks"]) == (hold.area_m2, hold.desks)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.one_of(st.lists(HUNDREDTHS, min_size=1, max_size=4), st.integers(0, 5)),
        min_size=1,
        max_size=8,
    )
)
def test_in_any_order(template: Path, steps: list[list[int] | int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(shutil.copy(template, folder))
        store = open_store(f"sqlite:///{path}")
        try:
            _walk(store, steps)
        finally:
            store.close()


def _walk(store: Store, steps: list[list[int] | int]) -> None:
    """Adopt what is asked in a list; a number releases one of the adopted."""
    before, adopted = unit_rows(store), list[str]()
    for number, step in enumerate(steps):
        if isinstance(step, list):
            parts = parts_of(store, str(number), step)
            if parts:
                saved = kept(store, *parts)
                adopt_placement(store, saved.id, version=1, by="林")
                adopted.append(saved.id)
        elif adopted:
            release = release_placement(store, adopted.pop(step % len(adopted)), version=2, by="林")
            assert not release.kept
        require_whole(store)
    while adopted:
        release_placement(store, adopted.pop(0), version=2, by="林")
        require_whole(store)
    after = unit_rows(store)
    assert {i: row for i, row in after.items() if i in before}.keys() == before.keys()
    if set(after) == set(before):
        assert after == before
