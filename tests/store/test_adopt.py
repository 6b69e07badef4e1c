"""Adopting: all units or none, once, and given back as they were."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import delete, update

from geomap.catalog.build import build_catalog
from geomap.catalog.follow import CatalogFollower
from geomap.domain.errors import ConflictError, GeomapError
from geomap.domain.words import Label
from geomap.store import write
from geomap.store.adopt import adopt_placement, list_holds
from geomap.store.changes import changes_since, latest_seq
from geomap.store.engine import Store
from geomap.store.placement_scenarios import PlacePart, get_placement
from geomap.store.read import get_unit
from geomap.store.release import KeptUnit, release_placement
from geomap.store.taken import PlacesTakenError, find_taken
from tests.store.placements import (
    UNIT_RECORDS,
    UNITS,
    fill,
    kept,
    some,
    unit_rows,
    whole,
    whole_record,
)

HALL = next(unit for unit in UNIT_RECORDS if unit.id == "hall")


@pytest.fixture(autouse=True)
def units(store: Store) -> None:
    fill(store)


def edit(store: Store, unit_id: str, **patch: object) -> None:
    """Change a unit as its operator would."""
    _, version = get_unit(store, unit_id)
    with store.writing("operator") as tx:
        write.update_unit(tx, unit_id, patch, version=version)


def told(store: Store) -> dict[str, tuple[str, float, int | None]]:
    rows = unit_rows(store)
    return {i: (row["status"], row["area_m2"], row["desks"]) for i, row in rows.items()}


def test_whole_units_are_held(store: Store) -> None:
    before, seq = unit_rows(store), latest_seq(store)
    saved = kept(store, whole("p1", "lab"), whole("p2", "office"), whole("p2", "coming"))
    adopted, holds = adopt_placement(store, saved.id, version=1, by="林招商")
    after = unit_rows(store)
    for unit_id, row in before.items():
        changed = {"status": "held"} if unit_id in ("lab", "office", "coming") else {}
        assert after[unit_id] == row | changed
    assert (adopted.state, adopted.adopted_by, adopted.version) == ("adopted", "林招商", 2)
    assert get_placement(store, saved.id) == adopted and adopted.adopted_at is not None
    assert [(h.project_id, h.unit_id) for h in holds] == [
        ("p1", "lab"), ("p2", "office"), ("p2", "coming"),
    ]  # fmt: skip
    assert sorted(h.unit_id for h in list_holds(store, saved.id)) == ["coming", "lab", "office"]
    changes = changes_since(store, seq)
    assert {(c.table, c.action, c.row_id, c.actor) for c in changes} == {
        ("units", "update", unit_id, "林招商") for unit_id in ("lab", "office", "coming")
    }
    for change in changes:
        assert change.patch == {"status": "held", "reason": f"placement {saved.id}"}
        assert change.version == get_unit(store, change.row_id)[1] == 2


def test_parts_become_units_of_their_own(store: Store) -> None:
    saved = kept(
        store, some("p1", "hall", 300.0), some("p2", "hall", 250.5), some("p3", "desks", 25.0, 5)
    )
    _, holds = adopt_placement(store, saved.id, version=1, by="林")
    found = told(store)
    assert found["hall"] == ("vacant", 449.5, None)
    assert found["hall~1"] == ("held", 300.0, None)
    assert found["hall~2"] == ("held", 250.5, None)
    assert found["desks"] == ("vacant", 75.0, 15)
    assert found["desks~1"] == ("held", 25.0, 5)
    assert [(h.project_id, h.unit_id) for h in holds] == [
        ("p1", "hall~1"), ("p2", "hall~2"), ("p3", "desks~1"),
    ]  # fmt: skip
    rows = unit_rows(store)
    own = {"id", "fid", "area_m2", "status", "divisible_min_m2"}
    for name in rows["hall"].keys() - own:
        assert rows["hall~1"][name] == rows["hall"][name], name
    assert rows["hall~1"]["divisible_min_m2"] is None and rows["hall"]["divisible_min_m2"] == 200


def test_areas_and_desks_add_up(store: Store) -> None:
    before = told(store)
    saved = kept(
        store, some("p1", "hall", 300.0), some("p2", "hall", 600.0), some("p3", "desks", 100.0, 20)
    )
    adopt_placement(store, saved.id, version=1, by="林")
    after = told(store)
    assert after["hall"] == ("held", 700.0, None), "100 m² are too small to let"
    assert after["desks"] == ("held", 100.0, 20) and "desks~1" not in after
    for unit_id in ("hall", "desks"):
        same = [after[i] for i in after if i.split("~")[0] == unit_id]
        assert sum(row[1] for row in same) == before[unit_id][1]
        assert sum(row[2] or 0 for row in same) == (before[unit_id][2] or 0)


PLANS: dict[str, tuple[PlacePart, ...]] = {
    "whole": (whole("p1", "lab"), whole("p2", "office"), whole("p2", "coming")),
    "part": (some("p1", "hall", 300.0),),
    "parts": (some("p1", "hall", 300.0), some("p2", "hall", 333.33)),
    "to the end": (some("p1", "hall", 300.0), some("p2", "hall", 600.0)),
    "desks": (some("p3", "desks", 25.0, 5), some("p4", "desks", 35.0, 7)),
    "all desks": (some("p3", "desks", 25.0, 5), some("p4", "desks", 75.0, 15)),
    "a mix": (whole("p1", "lab"), some("p2", "hall", 999.9 / 3), some("p3", "desks", 5.0, 1)),
}


@pytest.mark.parametrize("parts", PLANS.values(), ids=PLANS)
def test_adopted_and_released_the_record_is_as_it_was(
    store: Store, parts: tuple[PlacePart, ...]
) -> None:
    before = unit_rows(store)
    saved = kept(store, *parts)
    adopt_placement(store, saved.id, version=1, by="林")
    assert unit_rows(store) != before
    release = release_placement(store, saved.id, version=2, by="陈")
    assert unit_rows(store) == before
    assert not release.kept and not release.apart
    assert (release.saved.state, release.saved.released_by) == ("released", "陈")
    assert list_holds(store, saved.id) == []


@pytest.mark.parametrize("odd", [186.5231234567, 1000.0000001, 333.333333333])
def test_an_odd_area_comes_back_to_the_last_digit(store: Store, odd: float) -> None:
    edit(store, "hall", area_m2=odd, divisible_min_m2=10.0)
    saved = kept(store, some("p1", "hall", 60.07), some("p2", "hall", 17.11))
    adopt_placement(store, saved.id, version=1, by="林")
    release_placement(store, saved.id, version=2, by="林")
    assert told(store)["hall"] == ("vacant", odd, None)


CHANGES: dict[str, tuple[Callable[[Store], object], str, str]] = {
    "leased": (lambda s: edit(s, "office", status="leased"), "taken", "leased"),
    "held by another": (lambda s: edit(s, "office", status="held"), "taken", "held"),
    "dearer": (lambda s: edit(s, "office", rent_cny_m2_month=99.0), "changed", "vacant"),
    "not ready": (lambda s: edit(s, "office", status="pipeline"), "changed", "pipeline"),
    "gone": (lambda s: _delete(s, "office"), "gone", ""),
}


def _delete(store: Store, unit_id: str) -> None:
    with store.writing("test") as tx:
        tx.connection.execute(delete(UNITS).where(UNITS.c.id == unit_id))


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_one_unit_taken_and_nothing_is_written(
    store: Store, change: tuple[Callable[[Store], object], str, str]
) -> None:
    happen, why, status = change
    saved = kept(store, whole("p1", "lab"), whole("p2", "office"), some("p3", "hall", 300.0))
    happen(store)
    before = whole_record(store)
    with pytest.raises(PlacesTakenError) as error:
        adopt_placement(store, saved.id, version=1, by="林")
    (place,) = error.value.taken
    assert (place.project_id, place.unit_id) == ("p2", "office")
    assert (place.project_name, place.why, place.status) == ("p2 公司", why, status)
    assert (error.value.status, error.value.field) == (409, "placements")
    assert "p2 公司" in error.value.reason.zh and "p2 公司" in error.value.reason.en
    assert whole_record(store) == before
    assert find_taken(store, saved.id) == [place], "it could be seen before"


def test_a_record_filled_anew_is_another(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"), whole("p2", "office"))
    with store.writing("demo") as tx:
        write.clear(tx, "units")
        write.add_units(tx, UNIT_RECORDS)
    assert get_unit(store, "lab")[1] == 1, "the versions are the same"
    with pytest.raises(PlacesTakenError) as error:
        adopt_placement(store, saved.id, version=1, by="林")
    assert {place.why for place in error.value.taken} == {"gone"}


def test_demonstration_data_made_anew_leaves_the_others(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_units(tx, [replace(UNIT_RECORDS[0], id="made-up", demo=True)])
    saved = kept(store, whole("p1", "lab"))
    other = kept(store, whole("p2", "made-up"))
    assert find_taken(store, other.id) == []
    with store.writing("demo") as tx:
        write.clear(tx, "units", demo_only=True)
        write.add_units(tx, [replace(UNIT_RECORDS[0], id="made-up", demo=True)])
    assert [place.why for place in find_taken(store, other.id)] == ["gone"]
    assert find_taken(store, saved.id) == []
    adopt_placement(store, saved.id, version=1, by="林")


def test_a_unit_that_became_smaller_is_not_given(store: Store) -> None:
    saved = kept(store, some("p1", "hall", 500.0), some("p2", "hall", 400.0))
    with store.writing("test") as tx:  # behind the back of versions
        tx.connection.execute(update(UNITS).where(UNITS.c.id == "hall").values(area_m2=899.0))
    before = whole_record(store)
    with pytest.raises(PlacesTakenError) as error:
        adopt_placement(store, saved.id, version=1, by="林")
    assert [place.project_id for place in error.value.taken] == ["p1", "p2"]
    assert whole_record(store) == before


def test_twice_is_a_conflict(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"))
    adopt_placement(store, saved.id, version=1, by="林")
    before = whole_record(store)
    for version in (1, 2):
        with pytest.raises(ConflictError):
            adopt_placement(store, saved.id, version=version, by="陈")
    assert whole_record(store) == before
    release_placement(store, saved.id, version=2, by="林")
    for use in (adopt_placement, release_placement):
        with pytest.raises(ConflictError) as error:
            use(store, saved.id, version=3, by="林")
        assert error.value.field == "state"


def test_nobody_placed_nothing_to_adopt(store: Store) -> None:
    saved = kept(store)
    with pytest.raises(ConflictError):
        adopt_placement(store, saved.id, version=1, by="林")
    assert get_placement(store, saved.id) == saved


def test_what_is_done_beside_it_is_undone_with_it(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"))
    before = whole_record(store)

    def fail(*_: object) -> None:
        raise GeomapError(Label("不行", "No"))

    with pytest.raises(GeomapError):
        adopt_placement(store, saved.id, version=1, by="林", also=fail)
    assert whole_record(store) == before
    seen: list[str] = []
    adopt_placement(
        store, saved.id, version=1, by="林", also=lambda _, holds: seen.extend(
            hold.unit_id for hold in holds
        ),
    )  # fmt: skip
    assert seen == ["lab"]
    before = whole_record(store)
    with pytest.raises(GeomapError):
        release_placement(store, saved.id, version=2, by="林", also=fail)
    assert whole_record(store) == before


@pytest.mark.parametrize("same", [True, False])
def test_of_two_at_once_one_wins(store: Store, same: bool) -> None:
    first = kept(store, whole("p1", "lab"), whole("p2", "office"), some("p5", "hall", 300.0))
    second = first if same else kept(store, whole("p3", "office"), some("p4", "hall", 300.0))
    start, outcomes = threading.Barrier(2), dict[str, object]()

    def adopt(who: str, scenario_id: str) -> None:
        start.wait()
        try:
            outcomes[who] = adopt_placement(store, scenario_id, version=1, by=who)
        except ConflictError as error:
            outcomes[who] = error

    threads = [
        threading.Thread(target=adopt, args=given) for given in (("a", first.id), ("b", second.id))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    errors = [e for e in outcomes.values() if isinstance(e, ConflictError)]
    assert len(errors) == 1 and len(outcomes) == 2
    if not same:
        assert isinstance(errors[0], PlacesTakenError)
        assert {place.unit_id for place in errors[0].taken} == {"office", "hall"}
    rows = told(store)
    assert rows["office"][0] == "held" and rows["hall"] == ("vacant", 700.0, None)
    assert "hall~2" not in rows


def test_what_was_let_meanwhile_stays(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"), whole("p2", "office"), some("p3", "hall", 300.0))
    adopt_placement(store, saved.id, version=1, by="林")
    edit(store, "office", status="leased", tenant="p2 公司")
    edit(store, "hall~1", status="leased")
    edit(store, "lab", rent_cny_m2_month=30.0)
    release = release_placement(store, saved.id, version=2, by="林")
    assert release.freed == ("lab",) and not release.joined and not release.apart
    assert release.kept == (
        KeptUnit("p2", "office", "changed", "leased"),
        KeptUnit("p3", "hall~1", "changed", "leased"),
    )
    found = told(store)
    assert (found["lab"][0], found["office"][0]) == ("vacant", "leased")
    assert found["hall"] == ("vacant", 700.0, None)
    assert found["hall~1"] == ("leased", 300.0, None)


RESTS: dict[str, dict[str, object]] = {
    "leased": {"status": "leased"},
    "measured": {"area_m2": 710.0},
    "filled anew by an import": {"area_m2": 1000.0},
    "of another kind": {"kind": "lab"},
}


@pytest.mark.parametrize("patch", RESTS.values(), ids=RESTS)
def test_a_part_stands_alone_where_the_rest_changed(store: Store, patch: dict[str, object]) -> None:
    saved = kept(store, some("p1", "hall", 300.0))
    adopt_placement(store, saved.id, version=1, by="林")
    edit(store, "hall", **patch)
    hall = told(store)["hall"]
    release = release_placement(store, saved.id, version=2, by="林")
    assert release.apart == ("hall~1",) and release.joined == ()
    assert told(store)["hall~1"] == ("vacant", 300.0, None)
    assert told(store)["hall"] == hall


def test_two_placements_share_a_hall(store: Store) -> None:
    before = unit_rows(store)
    first = kept(store, some("p1", "hall", 300.0))
    adopt_placement(store, first.id, version=1, by="林")
    second = kept(store, some("p2", "hall", 200.0))
    adopt_placement(store, second.id, version=1, by="林")
    assert told(store)["hall"] == ("vacant", 500.0, None)
    release_placement(store, first.id, version=2, by="林")
    assert told(store)["hall"] == ("vacant", 800.0, None)
    assert told(store)["hall~2"] == ("held", 200.0, None)
    third = kept(store, some("p3", "hall", 400.0))
    adopt_placement(store, third.id, version=1, by="林")
    assert told(store)["hall~1"] == ("held", 400.0, None)
    release_placement(store, second.id, version=2, by="林")
    release_placement(store, third.id, version=2, by="林")
    assert unit_rows(store) == before


def test_who_took_it_over_keeps_it(store: Store) -> None:
    first = kept(store, whole("p1", "lab"), whole("p2", "office"))
    adopt_placement(store, first.id, version=1, by="林")
    edit(store, "lab", status="vacant")
    second = kept(store, whole("p3", "lab"))
    adopt_placement(store, second.id, version=1, by="林")
    release = release_placement(store, first.id, version=2, by="林")
    assert release.kept == (KeptUnit("p1", "lab", "held_anew", "held"),)
    assert release.freed == ("office",)
    assert told(store)["lab"][0] == "held"
    assert [hold.project_id for hold in list_holds(store, second.id)] == ["p3"]


def test_a_unit_that_is_gone_is_told(store: Store) -> None:
    saved = kept(store, whole("p1", "lab"), some("p2", "hall", 300.0))
    adopt_placement(store, saved.id, version=1, by="林")
    for unit_id in ("lab", "hall"):
        _delete(store, unit_id)
    release = release_placement(store, saved.id, version=2, by="林")
    assert release.kept == (KeptUnit("p1", "lab", "gone", ""),)
    assert release.apart == ("hall~1",)
    assert told(store)["hall~1"] == ("vacant", 300.0, None)


def test_an_id_that_is_used_is_passed_over(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_units(tx, [replace(UNIT_RECORDS[0], id="hall~1")])
    saved = kept(store, some("p1", "hall", 300.0), some("p2", "hall", 300.0))
    _, holds = adopt_placement(store, saved.id, version=1, by="林")
    assert [hold.unit_id for hold in holds] == ["hall~2", "hall~3"]


def test_the_id_of_a_part_can_be_imported_again(store: Store) -> None:
    long = "h" * 64
    with store.writing("test") as tx:
        write.add_units(tx, [replace(HALL, id=long), replace(HALL, id=long[:62] + "~1")])
    saved = kept(store, some("p1", long, 300.0))
    _, holds = adopt_placement(store, saved.id, version=1, by="林")
    assert holds[0].unit_id == long[:62] + "~2"
    release = release_placement(store, saved.id, version=2, by="林")
    assert release.joined == (holds[0].unit_id,) and told(store)[long][1] == 1000.0


def test_the_catalog_follows(store: Store, tmp_path: Path) -> None:
    follower = CatalogFollower(store, tmp_path / "snapshot", interval_s=0)
    assert follower.current().sites.vacant_count.tolist() == [4]
    places = {"whole": whole("p1", "lab"), "part": some("p2", "hall", 300.0)}
    for units, part in zip((6, 7), places.values(), strict=True):
        saved = kept(store, part)
        adopt_placement(store, saved.id, version=1, by="林")
        catalog, anew = follower.current(), build_catalog(store)
        assert len(catalog.units.id) == units
        for name in ("status", "area_m2", "version", "rent_cny_m2_month"):
            expected = getattr(anew.units, name)
            np.testing.assert_array_equal(getattr(catalog.units, name), expected)
        assert catalog.sites.vacant_m2.tolist() == anew.sites.vacant_m2.tolist()
        release_placement(store, saved.id, version=2, by="林")
    assert follower.current().sites.vacant_count.tolist() == [4]
    assert len(follower.current().units.id) == 6
