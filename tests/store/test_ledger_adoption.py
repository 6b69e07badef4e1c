"""An adopted placement makes and advances lines of the ledger, and a released one takes it back."""

from __future__ import annotations

import dataclasses

import pytest

from geomap.domain.errors import ConflictError
from geomap.domain.ledger import EventKind, EventSource, LedgerEvent
from geomap.store import ledger_events as happen
from geomap.store.engine import Store
from geomap.store.ledger import get_line, get_line_in, list_events, list_lines
from geomap.store.ledger_adoption import Adopted, record_adoption, record_release
from geomap.store.ledger_write import Place
from tests.store.test_ledger import ACT, NOW, TODAY, S, add, undo

ROW = Adopted(
    project_id="p-1",
    name="眼科",
    industry="eye_health",
    home_county="330303",
    place=Place(site_id="s-1", unit_ids=("u-1",)),
)


def adopt(store: Store, *rows: Adopted, reference: str = "sc-1") -> list[LedgerEvent]:
    with store.writing("adopt") as tx:
        return record_adoption(tx, rows, "小陈", NOW, on=TODAY, reference=reference)


def test_an_adopted_placement_makes_and_advances_lines(store: Store) -> None:
    add(store, "p-2", S.SCREENED)
    add(store, "p-3", S.SIGNED, site_id="s-7")
    rows = [ROW, *(dataclasses.replace(ROW, project_id=f"p-{n}") for n in (2, 3))]
    events = adopt(store, *rows)
    assert [e.kind for e in events] == [EventKind.STATE, EventKind.STATE, EventKind.NOTE]
    assert {e.source for e in events} == {EventSource.ADOPTION}
    lines = {line.project_id: line for line in list_lines(store)}
    assert [lines[p].state for p in ("p-1", "p-2", "p-3")] == [
        S.RECOMMENDED, S.RECOMMENDED, S.SIGNED,
    ]  # fmt: skip
    assert [lines[p].fields.site_id for p in ("p-1", "p-2", "p-3")] == ["s-1", "s-1", "s-7"]
    assert lines["p-1"].fields.name == "眼科" and lines["p-1"].fields.owner == "小陈"


def test_an_adoption_is_taken_back_where_it_was_made(store: Store) -> None:
    add(store, state=S.SCREENED)
    add(store, "p-2", S.SCREENED)
    adopt(store, ROW, dataclasses.replace(ROW, project_id="p-2"))
    with pytest.raises(ConflictError):
        undo(store)
    with store.writing("ledger") as tx:
        happen.move_line(tx, get_line_in(tx, "p-2"), S.SIGNED, ACT)
        done = record_release(tx, ["p-1", "p-2", "none"], "小陈", NOW, on=TODAY, reference="sc-1")
    assert done == 1
    assert get_line(store, "p-1").state is S.SCREENED
    assert get_line(store, "p-1").fields.site_id == ""
    assert get_line(store, "p-2").state is S.SIGNED
    assert list_events(store, "p-2")[-1].kind is EventKind.NOTE


def test_a_failed_adoption_leaves_no_line(store: Store) -> None:
    with pytest.raises(RuntimeError), store.writing("adopt") as tx:
        record_adoption(tx, [ROW], "小陈", NOW, on=TODAY, reference="sc-1")
        raise RuntimeError
    assert list_lines(store) == []
