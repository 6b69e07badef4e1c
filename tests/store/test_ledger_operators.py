"""Handovers as one operator reads and answers them, on both stores."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from geomap.domain import records as r
from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.ledger import EventKind, EventSource, LedgerFields, LedgerState, Party, PartyKind
from geomap.store import ledger_events as happen
from geomap.store import write
from geomap.store.changes import latest_seq
from geomap.store.counts import TooManyError
from geomap.store.engine import Store
from geomap.store.ledger import get_line, get_line_in, list_events, list_lines
from geomap.store.ledger_operators import (
    DAY_MOST,
    Handed,
    answer_as_operator,
    demands_of,
    list_handovers,
    recommend_project,
)
from geomap.store.ledger_write import Act

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 28)
STAFF = Party(PartyKind.STAFF, "小陈")
ONE, ONE_SITE = Party(PartyKind.OPERATOR, "o-1"), Party(PartyKind.SITE, "s-1")
TWO, TWO_SITE = Party(PartyKind.OPERATOR, "o-2"), Party(PartyKind.SITE, "s-2")
FIELDS = LedgerFields(name="甲", home_county="330303", current_site="s-1")


def act(minutes: int = 0, by: str = "小陈") -> Act:
    return Act(by, NOW + timedelta(minutes=minutes), TODAY)


@pytest.fixture(autouse=True)
def record(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_operators(tx, [r.Operator(id=f"o-{i}", name=f"运营{i}") for i in (1, 2)])
        sites = (("s-1", "o-1"), ("s-2", "o-2"), ("s-3", ""))
        write.add_sites(tx, [r.Site(id=s, name=s, geometry=None, operator_id=o) for s, o in sites])


def offer(store: Store, project_id: str, to: Party, at: int = 0, note: str = "请接") -> None:
    with store.writing("test") as tx:
        fields = dataclasses.replace(FIELDS, name=project_id, owner="小陈")
        line = happen.add_line(tx, project_id, fields, act(at))
        happen.hand_over(tx, line, to, note, act(at))


def reply(store: Store, who: str, project_id: str, *, at: int = 0, **more: Any) -> None:
    given = {"version": get_line(store, project_id).version, "accept": True, "note": ""} | more
    with store.writing("test") as tx:
        answer_as_operator(tx, who, project_id, given.pop("version"), act=act(at, "运营1"), **given)


def told(store: Store, who: str) -> list[tuple[str, bool]]:
    return [(h.line.project_id, h.waiting) for h in list_handovers(store, who)]


def one(store: Store, who: str) -> Handed:
    (handed,) = list_handovers(store, who)
    return handed


def test_only_what_is_addressed_to_an_operator_or_its_sites(store: Store) -> None:
    for i, party in enumerate((ONE_SITE, ONE, TWO, TWO_SITE, Party(PartyKind.SITE, "s-3"), STAFF)):
        if party != STAFF:
            offer(store, f"p-{i}", party, at=-i)
    offer(store, "p-staff", Party(PartyKind.STAFF, "o-1"))
    with store.writing("test") as tx:
        happen.add_line(tx, "p-none", FIELDS, act())
    assert told(store, "o-1") == [("p-1", True), ("p-0", True)], "what waits longest comes first"
    assert told(store, "o-2") == [("p-3", True), ("p-2", True)]
    assert told(store, "s-1") == told(store, "o-3") == []
    handed = list_handovers(store, "o-1")[1]
    assert (handed.giver, handed.taker, handed.note, handed.since) == (STAFF, ONE_SITE, "请接", NOW)


def test_accepted_then_held_by_the_party_it_was_addressed_to(store: Store) -> None:
    offer(store, "p-1", ONE_SITE)
    offer(store, "p-2", ONE, at=1)
    offer(store, "p-3", ONE, at=2)
    before = latest_seq(store)
    reply(store, "o-1", "p-1", at=5, note="好")
    reply(store, "o-1", "p-2", at=9)
    assert told(store, "o-1") == [("p-3", True), ("p-2", False), ("p-1", False)]
    handed = list_handovers(store, "o-1")[2]
    assert (handed.giver, handed.taker, handed.note) == (STAFF, ONE_SITE, "请接")
    assert handed.since == NOW + timedelta(minutes=5)
    assert handed.line.fields.holder == ONE_SITE
    event = list_events(store, "p-1")[-1]
    assert (event.kind, event.by, event.note) == (EventKind.ACCEPTED, "运营1", "好")
    assert (event.source, event.reference) == (EventSource.OPERATOR, "o-1")
    assert latest_seq(store) == before, "nothing of it is in the change log"


def test_declined_with_why_and_gone(store: Store) -> None:
    offer(store, "p-1", ONE)
    with pytest.raises(InputError) as refused:
        reply(store, "o-1", "p-1", accept=False)
    assert refused.value.field == "note"
    reply(store, "o-1", "p-1", accept=False, note="没有位置")
    assert told(store, "o-1") == []
    assert get_line(store, "p-1").fields.holder is None
    with pytest.raises(NotFoundError):
        reply(store, "o-1", "p-1")


def test_others_and_none_are_refused_alike(store: Store) -> None:
    offer(store, "p-1", ONE_SITE)
    said = set()
    for who, project_id, version in (
        ("o-2", "p-1", 2), ("o-2", "p-1", 7), ("o-2", "none", 2), ("o-2", "", 1),
        ("o-2", "a\0b", 1), ("o-2", "x" * 10_000, 1),
    ):  # fmt: skip
        with store.writing("test") as tx, pytest.raises(NotFoundError) as refused:
            answer_as_operator(
                tx, who, project_id, version, accept=True, note="x", act=act(by="运营2")
            )
        said.add((refused.value.reason, refused.value.fix, refused.value.field))
    assert len(said) == 1
    assert told(store, "o-1") == [("p-1", True)]


def test_changed_meanwhile_and_answered_twice(store: Store) -> None:
    offer(store, "p-1", ONE)
    with store.writing("test") as tx:
        happen.note_line(tx, get_line_in(tx, "p-1"), "记", act())
    with pytest.raises(ConflictError) as stale:
        reply(store, "o-1", "p-1", version=2)
    assert stale.value.field == "version"
    reply(store, "o-1", "p-1", version=3)
    with pytest.raises(ConflictError) as twice:
        reply(store, "o-1", "p-1")
    assert twice.value.field == "accept"


def test_a_holder_does_not_answer_what_is_addressed_to_another(store: Store) -> None:
    offer(store, "p-1", ONE)
    reply(store, "o-1", "p-1")
    with store.writing("test") as tx:
        happen.hand_over(tx, get_line_in(tx, "p-1"), TWO, "转给二", act(3))
    assert told(store, "o-1") == [("p-1", False)]
    assert one(store, "o-1").note == "请接", "nothing of the other handover"
    with pytest.raises(ConflictError) as refused:
        reply(store, "o-1", "p-1")
    assert refused.value.field == "accept"
    assert get_line(store, "p-1").fields.holder == ONE
    assert one(store, "o-2").giver == STAFF, "another operator is not named"
    reply(store, "o-2", "p-1")
    assert told(store, "o-1") == [] and told(store, "o-2") == [("p-1", False)]


def test_staff_take_an_answer_back(store: Store) -> None:
    offer(store, "p-1", ONE)
    reply(store, "o-1", "p-1", at=5)
    with store.writing("test") as tx:
        happen.undo_last(tx, get_line_in(tx, "p-1"), "按错了", act(6))
    assert told(store, "o-1") == [("p-1", True)]
    reply(store, "o-1", "p-1", at=7)
    assert one(store, "o-1").since == NOW + timedelta(minutes=7)
    with store.writing("test") as tx:
        happen.undo_last(tx, get_line_in(tx, "p-1"), "", act(8))
        happen.undo_last(tx, get_line_in(tx, "p-1"), "", act(9))
    assert told(store, "o-1") == []


def recommend(store: Store, who: str = "o-1", at: int = 0, **more: Any) -> str:
    fields = dataclasses.replace(FIELDS, holder=Party(PartyKind.OPERATOR, who), **more)
    return recommend_project(store, who, fields, "想扩产", act(at, "运营"))


def test_recommended_and_held_until_staff_take_it_over(store: Store) -> None:
    project_id = recommend(store)
    line = get_line(store, project_id)
    assert (line.state, line.fields.owner, line.fields.current_site) == (
        LedgerState.FOUND, "", "s-1",
    )  # fmt: skip
    assert not line.fields.published
    (event,) = list_events(store, project_id)
    assert (event.kind, event.by, event.note) == (EventKind.ADDED, "运营", "想扩产")
    assert (event.source, event.reference) == (EventSource.OPERATOR, "o-1")
    handed = one(store, "o-1")
    assert (handed.waiting, handed.giver, handed.note, handed.since) == (False, None, "想扩产", NOW)
    with store.writing("test") as tx:
        happen.hand_over(tx, get_line_in(tx, project_id), STAFF, "", act())
    with store.writing("test") as tx:
        happen.answer_handover(tx, get_line_in(tx, project_id), accept=True, note="", act=act())
    assert told(store, "o-1") == []
    assert get_line(store, project_id).fields.owner == "小陈"


def test_at_a_demonstration_site_it_is_one_too(store: Store) -> None:
    assert not get_line(store, recommend(store)).demo
    with store.writing("test") as tx:
        made_up = r.Site(id="s-4", name="s-4", geometry=None, operator_id="o-1", demo=True)
        write.add_sites(tx, [made_up])
    assert get_line(store, recommend(store, name="乙", current_site="s-4")).demo


@pytest.mark.parametrize("site", ["s-2", "s-3", "none", ""])
def test_a_site_of_anyone_else_is_refused(store: Store, site: str) -> None:
    with pytest.raises(InputError) as refused:
        recommend(store, current_site=site)
    assert refused.value.field == "site_id"
    assert list_lines(store) == []


def test_the_same_name_in_the_same_county(store: Store) -> None:
    recommend(store, name="Eye　Care 甲")
    for name in ("Eye　Care 甲", "eye care甲", "ＥＹＥ Ｃａｒｅ 甲"):
        with pytest.raises(ConflictError) as refused:
            recommend(store, "o-2", name=name, current_site="s-2")
        assert refused.value.field == "name"
        text = f"{refused.value.reason}{refused.value.fix}"
        assert "o-1" not in text and "运营" not in text
    recommend(store, "o-2", name="Eye　Care 甲", current_site="s-2", home_county="330302")
    assert len(list_lines(store)) == 2


def test_so_many_within_a_day(store: Store) -> None:
    recommend(store)
    for _ in range(DAY_MOST - 1):
        with pytest.raises(ConflictError):
            recommend(store)
    with pytest.raises(TooManyError):
        recommend(store, name="乙", at=1_439)
    recommend(store, "o-2", name="丙", current_site="s-2")
    recommend(store, name="乙", at=1_440)
    assert len(list_lines(store)) == 3


def test_what_projects_of_the_record_ask_for(store: Store) -> None:
    with store.writing("test") as tx:
        demand = {"headcount": 12, "area_m2": {"min": 100.0}}
        write.add_projects(
            tx, [r.Project(id="p-1", name="甲", home_county="330303", demand=demand)]
        )
    assert demands_of(store, ["p-1", "none"]) == {"p-1": demand}
    assert demands_of(store, []) == {}
