"""Meetings: a result and its event in the ledger are one write, and can be changed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime

import pytest

from geomap.domain import records as r
from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.ledger import (
    EventKind,
    EventSource,
    LedgerFields,
    LedgerState,
    MeetingKind,
    PairResult,
)
from geomap.domain.meetings import Meeting, MeetingDraft, PairDraft, count_results
from geomap.store import ledger_events as happen
from geomap.store import write
from geomap.store.changes import latest_seq
from geomap.store.engine import Store
from geomap.store.ledger import get_line, get_line_in, list_events, list_lines
from geomap.store.ledger_write import Act
from geomap.store.meetings import (
    add_meeting,
    change_meeting,
    delete_meeting,
    get_meeting,
    list_meetings,
    set_pairs,
)
from geomap.store.read import count

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
ACT = Act("小陈", NOW, date(2026, 11, 28))
DRAFT = MeetingDraft(
    name="十二月对接会", kind=MeetingKind.MATCHMAKING, at=NOW, place="眼谷 <一楼>", note="带资料"
)
PAIR = PairDraft(project_id="p-1", site_id="s-1", unit_ids=("u-1",), slot="09:30–09:45")
R, S = PairResult, LedgerState
NONE = dict.fromkeys(PairResult, 0)


@pytest.fixture
def meeting(store: Store) -> Meeting:
    project = {"home_county": "330303", "current_site": "s-0", "demand": {"industry": "ai"}}
    with store.writing("test") as tx:
        write.add_projects(tx, [r.Project(id=f"p-{n}", name=f"项目{n}", **project) for n in (1, 2)])  # type: ignore[arg-type]
    with store.writing("meeting") as tx:
        return add_meeting(tx, DRAFT, ACT)


def put(store: Store, meeting: Meeting, *pairs: PairDraft) -> Meeting:
    with store.writing("meeting") as tx:
        return set_pairs(tx, meeting.id, pairs, ACT, version=meeting.version)


def resolve(store: Store, meeting: Meeting, result: R, **more: object) -> Meeting:
    kept = meeting.pairs[0].draft
    return put(store, meeting, dataclasses.replace(kept, result=result, **more))  # type: ignore[arg-type]


def test_there_and_back(store: Store, meeting: Meeting) -> None:
    seq = latest_seq(store)
    changed = put(store, meeting, PAIR, dataclasses.replace(PAIR, project_id="p-2", slot=""))
    assert get_meeting(store, meeting.id) == changed
    assert changed.draft == DRAFT and changed.version == 2
    assert [p.draft.project_id for p in changed.pairs] == ["p-1", "p-2"]
    assert changed.pairs[0].project_name == "项目1"
    assert [results for _, results in list_meetings(store)] == [NONE | {R.PENDING: 2}]
    assert list_lines(store) == [], "a list alone moves nobody"
    turned = put(store, changed, *(p.draft for p in reversed(changed.pairs)))
    assert [p.draft.id for p in turned.pairs] == [p.draft.id for p in reversed(changed.pairs)]
    assert latest_seq(store) == seq


@pytest.mark.parametrize(
    ("result", "state", "site"),
    [(R.INTERESTED, S.VISITED, ""), (R.AGREED, S.VISITED, "s-1"), (R.SIGNED, S.SIGNED, "s-1")],
)
def test_a_result_moves_the_project(
    store: Store, meeting: Meeting, result: R, state: S, site: str
) -> None:
    done = put(store, meeting, dataclasses.replace(PAIR, result=result, note="好"))
    line = get_line(store, "p-1")
    assert (line.state, line.fields.site_id, line.fields.industry) == (state, site, "ai")
    added, event = list_events(store, "p-1")
    assert (added.source, event.source) == (EventSource.HAND, EventSource.MEETING)
    assert (event.reference, event.note, event.id) == (meeting.id, "好", done.pairs[0].event_id)
    put(store, done, *(p.draft for p in done.pairs))
    assert len(list_events(store, "p-1")) == 2, "the same result again is nothing new"


def test_declined_leaves_the_project_unless_it_is_lost(store: Store, meeting: Meeting) -> None:
    done = put(store, meeting, dataclasses.replace(PAIR, result=R.DECLINED))
    assert get_line(store, "p-1").state is S.FOUND
    assert list_events(store, "p-1")[-1].kind is EventKind.NOTE
    resolve(store, done, R.DECLINED, lost=True, note="去了外地")
    line = get_line(store, "p-1")
    assert (line.state, line.lost_why) == (S.LOST, "去了外地")


def test_meetings_are_listed_with_what_came_of_their_pairs(store: Store, meeting: Meeting) -> None:
    later = dataclasses.replace(DRAFT, name="空的会", at=datetime(2026, 12, 5, 8, 0, tzinfo=UTC))
    with store.writing("m") as tx:
        empty = add_meeting(tx, later, ACT)
    parted = [R.SIGNED, R.DECLINED, R.PENDING, R.DECLINED, R.AGREED, R.INTERESTED]
    done = put(store, meeting, *(dataclasses.replace(PAIR, result=one) for one in parted))
    listed = {found.id: results for found, results in list_meetings(store)}
    assert list(listed) == [empty.id, meeting.id], "the latest first"
    assert listed[empty.id] == NONE
    assert listed[meeting.id] == dict.fromkeys(R, 1) | {R.DECLINED: 2}
    assert count_results(done.pairs) == listed[meeting.id]


@pytest.mark.parametrize("result", [R.INTERESTED, R.AGREED, R.SIGNED, R.DECLINED])
def test_a_result_without_a_note_writes_no_words(store: Store, meeting: Meeting, result: R) -> None:
    done = put(store, meeting, dataclasses.replace(PAIR, result=result))
    event = list_events(store, "p-1")[-1]
    assert (event.note, event.after["result"]) == ("", str(result))
    put(store, done)
    taken = list_events(store, "p-1")[-1]
    assert (taken.kind, "result" in taken.after) == (EventKind.UNDO, False)
    assert get_line(store, "p-1").state is S.FOUND


def test_another_result_takes_the_first_back(store: Store, meeting: Meeting) -> None:
    done = put(store, meeting, dataclasses.replace(PAIR, result=R.SIGNED))
    done = resolve(store, done, R.INTERESTED)
    line = get_line(store, "p-1")
    assert (line.state, line.fields.site_id) == (S.VISITED, "")
    done = resolve(store, done, R.PENDING)
    assert get_line(store, "p-1").state is S.FOUND
    assert done.pairs[0].event_id == ""


def test_what_went_on_since_stays(store: Store, meeting: Meeting) -> None:
    done = put(store, meeting, dataclasses.replace(PAIR, result=R.SIGNED))
    with store.writing("ledger") as tx:
        happen.move_line(tx, get_line_in(tx, "p-1"), S.MOVED_IN, ACT)
    done = resolve(store, done, R.DECLINED)
    assert get_line(store, "p-1").state is S.MOVED_IN
    done = resolve(store, done, R.SIGNED)
    assert get_line(store, "p-1").state is S.MOVED_IN, "no result brings a project back"
    put(store, done)
    assert get_line(store, "p-1").state is S.MOVED_IN


def test_a_pair_left_out_takes_its_result_back(store: Store, meeting: Meeting) -> None:
    done = put(store, meeting, dataclasses.replace(PAIR, result=R.SIGNED))
    put(store, done)
    assert get_line(store, "p-1").state is S.FOUND


def test_a_lost_project_that_signs_is_open_again(store: Store, meeting: Meeting) -> None:
    with store.writing("ledger") as tx:
        fields = LedgerFields(name="x")
        happen.add_line(tx, "p-1", fields, ACT, state=S.LOST, note="没有消息")
    put(store, meeting, dataclasses.replace(PAIR, result=R.SIGNED))
    assert get_line(store, "p-1").state is S.SIGNED


def test_agreed_on_another_place_once_visited(store: Store, meeting: Meeting) -> None:
    with store.writing("ledger") as tx:
        happen.add_line(tx, "p-1", LedgerFields(name="x", site_id="s-7"), ACT, state=S.VISITED)
        happen.add_line(tx, "p-2", LedgerFields(name="y", site_id="s-7"), ACT, state=S.SIGNED)
    agreed = dataclasses.replace(PAIR, result=R.AGREED)
    put(store, meeting, agreed, dataclasses.replace(agreed, project_id="p-2"))
    assert get_line(store, "p-1").fields.site_id == "s-1"
    assert get_line(store, "p-2").fields.site_id == "s-7", "what is signed is not re-placed"


def test_all_or_nothing(store: Store, meeting: Meeting) -> None:
    signed = dataclasses.replace(PAIR, result=R.SIGNED)
    for bad in (
        dataclasses.replace(PAIR, project_id="none"),
        dataclasses.replace(PAIR, id="none"),
    ):
        with pytest.raises(InputError) as error:
            put(store, meeting, signed, bad)
        assert (error.value.field or "").startswith("pairs[1].")
    assert count(store, "meeting_pairs") == count(store, "ledger_events") == 0
    done = put(store, meeting, PAIR)
    kept = done.pairs[0].draft
    for pairs in ((kept, kept), (dataclasses.replace(kept, project_id="p-2"),)):
        with pytest.raises(InputError):
            put(store, done, *pairs)


def test_versions(store: Store, meeting: Meeting) -> None:
    put(store, meeting, PAIR)
    with pytest.raises(ConflictError):
        put(store, meeting, PAIR)
    other = dataclasses.replace(DRAFT, name="改名", kind=MeetingKind.SIGNING)
    with store.writing("m") as tx, pytest.raises(ConflictError):
        change_meeting(tx, meeting.id, other, ACT, version=1)
    with store.writing("m") as tx:
        assert change_meeting(tx, meeting.id, other, ACT, version=2).draft == other
    with store.writing("m") as tx, pytest.raises(ConflictError):
        delete_meeting(tx, meeting.id, version=2)
    with store.writing("m") as tx:
        delete_meeting(tx, meeting.id, version=3)
    assert count(store, "meeting_pairs") == 0
    with pytest.raises(NotFoundError):
        get_meeting(store, meeting.id)
