"""The ledger: lines follow from events, nothing is lost, and every step can be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.ledger import (
    EventKind,
    LedgerFields,
    LedgerLine,
    LedgerState,
    Party,
    PartyKind,
)
from geomap.store import ledger_events as happen
from geomap.store.changes import latest_seq
from geomap.store.engine import Store, Transaction, open_store
from geomap.store.ledger import (
    clear_demo_ledger,
    get_line,
    get_line_in,
    list_events,
    list_lines,
)
from geomap.store.ledger_write import Act, Place
from geomap.store.models import TABLES
from geomap.store.read import count

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 28)
ACT = Act("小陈", NOW, TODAY)
FIELDS = LedgerFields(
    name="眼科 <b>器械</b>",
    industry="eye_health",
    home_county="330303",
    current_site="s-1",
    owner="小陈",
    next_step="约看房",
    due_on=date(2026, 11, 27),
)
S = LedgerState


def add(store: Store, project_id: str = "p-1", state: S = S.FOUND, **more: object) -> LedgerLine:
    fields = dataclasses.replace(FIELDS, **more)  # type: ignore[arg-type]
    with store.writing("ledger") as tx:
        return happen.add_line(tx, project_id, fields, ACT, state=state)


def do(store: Store, work: Callable[[Transaction, LedgerLine], object]) -> LedgerLine:
    with store.writing("ledger") as tx:
        work(tx, get_line_in(tx, "p-1"))
    return get_line(store, "p-1")


def move(store: Store, state: S, note: str = "", **more: object) -> LedgerLine:
    return do(store, lambda tx, line: happen.move_line(tx, line, state, ACT, note=note, **more))  # type: ignore[arg-type]


def undo(store: Store) -> LedgerLine:
    return do(store, lambda tx, line: happen.undo_last(tx, line, "", ACT))


def test_there_and_back(store: Store) -> None:
    line = add(store)
    assert (line.fields, line.state, line.version, line.demo) == (FIELDS, S.FOUND, 1, False)
    assert get_line(store, "p-1") == line
    (event,) = list_events(store, "p-1")
    assert (event.kind, event.by, event.at, event.to_state) == (
        EventKind.ADDED, "小陈", NOW, S.FOUND,
    )  # fmt: skip
    with pytest.raises(ConflictError):
        add(store)
    with pytest.raises(NotFoundError):
        get_line(store, "none")


def test_nothing_of_it_is_in_the_change_log(store: Store) -> None:
    before = latest_seq(store)
    add(store)
    move(store, S.SIGNED)
    undo(store)
    assert latest_seq(store) == before


def test_lost_with_why_and_opened_again_with_why(store: Store) -> None:
    add(store, state=S.VISITED)
    with pytest.raises(InputError):
        move(store, S.LOST)
    line = move(store, S.LOST, "迁往外地")
    assert (line.state, line.lost_why) == (S.LOST, "迁往外地")
    with pytest.raises(InputError):
        move(store, S.SCREENED)
    line = move(store, S.SCREENED, "又来了")
    assert (line.state, line.lost_why) == (S.SCREENED, "")
    with store.writing("ledger") as tx, pytest.raises(InputError):
        happen.add_line(tx, "p-2", FIELDS, ACT, state=S.LOST)


def test_a_change_made_against_an_old_version(store: Store) -> None:
    add(store)
    move(store, S.SCREENED)
    with store.writing("ledger") as tx, pytest.raises(ConflictError) as error:
        get_line_in(tx, "p-1", version=1)
    assert error.value.field == "version" and "2" in error.value.reason.zh


def test_an_edit_is_an_event_with_what_it_changed(store: Store) -> None:
    add(store)
    wanted = dataclasses.replace(FIELDS, owner="小林", due_on=None, unit_ids=("u-1", "u-2"))
    line = do(store, lambda tx, line: happen.change_line(tx, line, wanted, ACT))
    assert line.fields == wanted
    event = list_events(store, "p-1")[-1]
    assert dict(event.before) == {"owner": "小陈", "due_on": "2026-11-27", "unit_ids": []}
    assert dict(event.after) == {"owner": "小林", "due_on": None, "unit_ids": ["u-1", "u-2"]}
    with pytest.raises(InputError):
        do(store, lambda tx, line: happen.change_line(tx, line, wanted, ACT))
    assert undo(store).fields == FIELDS


def test_undo_is_an_event_of_its_own(store: Store) -> None:
    first = add(store)
    move(store, S.SIGNED, place=Place(site_id="s-9", unit_ids=("u-9",)))
    line = undo(store)
    assert (line.state, line.fields) == (first.state, first.fields)
    assert [e.kind for e in list_events(store, "p-1")] == [
        EventKind.ADDED, EventKind.STATE, EventKind.UNDO,
    ]  # fmt: skip
    with pytest.raises(ConflictError):
        undo(store)


OPERATOR = Party(PartyKind.OPERATOR, "o-1")


def hand(store: Store, taker: Party) -> LedgerLine:
    return do(store, lambda tx, line: happen.hand_over(tx, line, taker, "请跟进", ACT))


def answer(store: Store, accept: bool, note: str = "") -> LedgerLine:
    return do(
        store,
        lambda tx, line: happen.answer_handover(tx, line, accept=accept, note=note, act=ACT),
    )


def test_a_handover_moves_the_project_once_it_is_accepted(store: Store) -> None:
    add(store)
    assert hand(store, OPERATOR).fields.holder is None
    with pytest.raises(ConflictError):
        hand(store, Party(PartyKind.SITE, "s-2"))
    line = answer(store, accept=True)
    assert (line.fields.holder, line.fields.owner) == (OPERATOR, "小陈")
    with pytest.raises(ConflictError):
        answer(store, accept=True)
    with pytest.raises(InputError):
        hand(store, OPERATOR)
    hand(store, Party(PartyKind.STAFF, "小林"))
    line = answer(store, accept=True)
    assert (line.fields.holder, line.fields.owner) == (Party(PartyKind.STAFF, "小林"), "小林")
    events = list_events(store, "p-1")
    given, taken = events[1], events[2]
    assert given.giver == Party(PartyKind.STAFF, "小陈") and given.taker == OPERATOR
    assert (taken.answers, taken.by) == (given.id, "小陈")


def test_a_handover_declined_or_withdrawn_leaves_it(store: Store) -> None:
    first = add(store)
    hand(store, OPERATOR)
    with pytest.raises(InputError):
        answer(store, accept=False)
    assert answer(store, accept=False, note="没有空间").fields == first.fields
    hand(store, OPERATOR)
    undo(store)
    with pytest.raises(ConflictError):
        answer(store, accept=True)
    hand(store, OPERATOR)
    answer(store, accept=True)
    undo(store)
    assert answer(store, accept=True).fields.holder == OPERATOR, "the offer stands again"


def test_lists(store: Store) -> None:
    add(store)
    add(store, "p-2", S.SIGNED, home_county="330302", owner="小林", published=True)
    add(store, "p-3", S.PRODUCING)
    add(store, "p-4", due_on=TODAY)

    def ids(**more: object) -> set[str]:
        return {line.project_id for line in list_lines(store, **more)}  # type: ignore[arg-type]

    assert ids() == {"p-1", "p-2", "p-3", "p-4"}
    assert ids(state="signed") == ids(county="330302") == ids(owner="小林") == {"p-2"}
    assert ids(published=True) == {"p-2"} and "p-2" not in ids(published=False)
    assert ids(overdue_on=TODAY) == {"p-1", "p-2"}, "who produces owes no step; today is not late"
    assert ids(owner="' OR 1=1 --") == set()


def test_events_can_be_neither_changed_nor_deleted(store: Store) -> None:
    add(store)
    events = TABLES["ledger_events"]
    for statement in (update(events).values(note="x"), delete(events)):
        with pytest.raises(DBAPIError), store.writing("x") as tx:
            tx.connection.execute(statement)
    assert list_events(store, "p-1")[0].note == ""


def test_demonstration_lines_go_with_their_events(store: Store) -> None:
    add(store)
    with store.writing("demo") as tx:
        happen.add_line(tx, "demo-p1", FIELDS, ACT, demo=True)
        assert clear_demo_ledger(tx) == 1
    assert [line.project_id for line in list_lines(store)] == ["p-1"]
    assert count(store, "ledger_events") == 1


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["state", "note", "edit", "hand", "accept", "decline", "undo"]),
        st.sampled_from(list(S)),
    ),
    max_size=12,
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happened_all_can_be_taken_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, S]]
) -> None:
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('l') / 'l.gpkg'}")
    first = add(store)
    for number, (what, state) in enumerate(steps):
        try:
            with store.writing("ledger") as tx:
                _happen(tx, what, state, number)
        except (InputError, ConflictError):
            continue
    versions = len(list_events(store, "p-1"))
    assert get_line(store, "p-1").version == versions
    for _ in range(versions):
        try:
            undo(store)
        except ConflictError:
            break
    last = get_line(store, "p-1")
    assert (last.fields, last.state, last.state_on, last.lost_why) == (
        first.fields, first.state, first.state_on, first.lost_why,
    )  # fmt: skip
    store.close()


def _happen(tx: Transaction, what: str, state: S, number: int) -> None:
    line = get_line_in(tx, "p-1")
    act = dataclasses.replace(ACT, on=TODAY - timedelta(days=number))
    if what == "state":
        place = Place(site_id=f"s-{number}") if number % 2 else None
        happen.move_line(tx, line, state, act, note="说明", place=place)
    elif what == "note":
        happen.note_line(tx, line, "记", act)
    elif what == "edit":
        fields = dataclasses.replace(line.fields, next_step=str(number), due_on=act.on)
        happen.change_line(tx, line, fields, act)
    elif what == "hand":
        happen.hand_over(tx, line, Party(list(PartyKind)[number % 3], f"x{number}"), "", act)
    elif what == "undo":
        happen.undo_last(tx, line, "", act)
    else:
        happen.answer_handover(tx, line, accept=what == "accept", note="因", act=act)
