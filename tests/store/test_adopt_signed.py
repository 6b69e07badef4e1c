"""Releasing a placement leaves the units of those who signed, or went further, to them."""

from __future__ import annotations

import pytest

from geomap.domain.errors import ConflictError
from geomap.domain.ledger import LedgerState
from geomap.store import ledger_events as happen
from geomap.store.adopt import adopt_placement, list_holds
from geomap.store.engine import Store
from geomap.store.ledger import get_line, get_line_in
from geomap.store.placement_scenarios import (
    delete_placement,
    get_placement,
    require_solvable,
)
from geomap.store.release import KeptUnit, release_placement
from tests.store.placements import fill, kept, some, unit_rows, whole
from tests.store.test_adopt import told
from tests.store.test_ledger import ACT, S, add


@pytest.fixture(autouse=True)
def units(store: Store) -> None:
    fill(store)


def to(store: Store, project_id: str, state: LedgerState) -> None:
    with store.writing("ledger") as tx:
        happen.move_line(tx, get_line_in(tx, project_id), state, ACT, note="签约")


@pytest.mark.parametrize("state", [S.SIGNED, S.MOVED_IN, S.PRODUCING])
def test_units_of_who_signed_stay(store: Store, state: LedgerState) -> None:
    saved = kept(store, whole("p-1", "lab"), whole("p-2", "office"))
    adopt_placement(store, saved.id, version=1, by="林")
    add(store, "p-1", state)
    add(store, "p-2", S.VISITED)
    unit, line = unit_rows(store)["lab"], get_line(store, "p-1")
    release = release_placement(store, saved.id, version=2, by="林")
    assert release.kept == (KeptUnit("p-1", "lab", "signed", "held"),)
    assert release.freed == ("office",) and release.saved.state == "released"
    assert unit_rows(store)["lab"] == unit and get_line(store, "p-1") == line
    assert told(store)["office"][0] == "vacant"
    assert [hold.project_id for hold in list_holds(store, saved.id)] == ["p-1"]


def test_a_part_of_who_signed_stays_and_the_others_are_joined(store: Store) -> None:
    before = unit_rows(store)
    saved = kept(store, some("p-1", "hall", 300.0), some("p-2", "hall", 200.0))
    adopt_placement(store, saved.id, version=1, by="林")
    add(store, "p-1", S.SIGNED)
    first = release_placement(store, saved.id, version=2, by="林")
    assert (first.joined, first.kept) == (
        ("hall~2",),
        (KeptUnit("p-1", "hall~1", "signed", "held"),),
    )
    assert told(store)["hall"] == ("vacant", 700.0, None)
    assert told(store)["hall~1"] == ("held", 300.0, None)
    to(store, "p-1", S.LOST)
    second = release_placement(store, saved.id, version=3, by="林")
    assert (second.joined, second.kept) == (("hall~1",), ())
    assert unit_rows(store) == before


def test_what_stayed_is_given_back_once_the_project_is_lost(store: Store) -> None:
    saved = kept(store, whole("p-1", "lab"), whole("p-2", "office"))
    adopt_placement(store, saved.id, version=1, by="林")
    add(store, "p-1", S.SIGNED)
    release_placement(store, saved.id, version=2, by="林")
    again = release_placement(store, saved.id, version=3, by="林")
    assert again.kept == (KeptUnit("p-1", "lab", "signed", "held"),) and again.freed == ()
    to(store, "p-1", S.LOST)
    last = release_placement(store, saved.id, version=4, by="林")
    assert (last.freed, last.kept) == (("lab",), ())
    assert told(store)["lab"][0] == "vacant" and list_holds(store, saved.id) == []
    with pytest.raises(ConflictError):
        release_placement(store, saved.id, version=5, by="林")
    assert get_placement(store, saved.id).version == 5


def test_what_still_holds_units_is_neither_deleted_nor_solved_anew(store: Store) -> None:
    saved = kept(store, whole("p-1", "lab"), whole("p-2", "office"))
    adopt_placement(store, saved.id, version=1, by="林")
    add(store, "p-1", S.SIGNED)
    release_placement(store, saved.id, version=2, by="林")
    with pytest.raises(ConflictError) as refused:
        delete_placement(store, saved.id)
    assert (refused.value.field, refused.value.status) == ("state", 409)
    with pytest.raises(ConflictError):
        require_solvable(store, saved.id, 3)
    assert [hold.project_id for hold in list_holds(store, saved.id)] == ["p-1"]
    to(store, "p-1", S.LOST)
    release_placement(store, saved.id, version=3, by="林")
    require_solvable(store, saved.id, 4)
    delete_placement(store, saved.id)
