"""Entries: what is restricted or has expired is not there for the public, by any reading."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update

from geomap.domain.entries import (
    KIND_LABELS,
    NEVER_PUBLIC,
    Audience,
    Entry,
    EntryDraft,
    EntryKind,
    Visibility,
    default_visibility,
)
from geomap.domain.errors import ConflictError, InputError, NotFoundError
from geomap.domain.placement import ChainPosition, Listing
from geomap.domain.words import Stage
from geomap.store.changes import latest_seq
from geomap.store.engine import Store
from geomap.store.entries import (
    Reader,
    add_entries,
    add_entry,
    change_entry,
    clear_demo_entries,
    delete_entry,
    get_entry,
    list_entries,
    list_listings,
)
from geomap.store.models import TABLES
from geomap.store.read import count

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 28)
PUBLIC, STAFF = Reader(Audience.PUBLIC, TODAY), Reader(Audience.STAFF, TODAY)
DRAFT = EntryDraft(
    kind=EntryKind.SCENE,
    title="智慧门诊 <b>试点</b>",
    owner="市卫健委",
    dated_on=date(2026, 11, 1),
    visibility=Visibility.PUBLISHED,
    text="第一行\n第二行",
    adcode="330303",
    site_id="s-1",
    lon=120.8,
    lat=27.9,
    industries=("eye_health", "ai"),
    stages=(Stage.ACCELERATION,),
    chain_positions=(ChainPosition.MIDSTREAM,),
    expires_on=TODAY,
)
LAND = dataclasses.replace(
    DRAFT, kind=EntryKind.LAND, floor_area_m2=12_000.0, idle_plant=True, site_id=""
)


def add(store: Store, draft: EntryDraft = DRAFT, entry_id: str = "", **more: object) -> Entry:
    with store.writing("entry") as tx:
        wanted = dataclasses.replace(draft, **more)  # type: ignore[arg-type]
        return add_entry(tx, wanted, by="小陈", now=NOW, entry_id=entry_id)


def test_there_and_back(store: Store) -> None:
    seq = latest_seq(store)
    entry = add(store)
    assert (entry.draft, entry.by, entry.version, entry.created_at) == (DRAFT, "小陈", 1, NOW)
    assert len(entry.id) >= 16
    assert list_entries(store, PUBLIC) == list_entries(store, STAFF) == [entry]
    assert get_entry(store, PUBLIC, entry.id) == entry
    assert latest_seq(store) == seq


def hidden(store: Store) -> list[Entry]:
    return [
        add(store, visibility=Visibility.RESTRICTED),
        add(store, expires_on=TODAY - timedelta(days=1)),
        add(store, dated_on=TODAY + timedelta(days=1)),
        *(add(store, kind=kind, visibility=Visibility.RESTRICTED) for kind in NEVER_PUBLIC),
        add(store, LAND, visibility=Visibility.RESTRICTED),
    ]


def test_the_public_is_shown_what_is_published_and_stands(store: Store) -> None:
    unseen, seen = hidden(store), add(store, expires_on=None)
    assert list_entries(store, PUBLIC) == [seen]
    assert {e.id for e in list_entries(store, STAFF)} == {e.id for e in [*unseen, seen]}
    for kind in EntryKind:
        found = list_entries(store, PUBLIC, kinds=[kind])
        assert found == ([seen] if kind is seen.draft.kind else [])
    assert list_listings(store, PUBLIC) == []
    assert len(list_listings(store, STAFF)) == 1
    for entry in unseen:
        assert get_entry(store, STAFF, entry.id) == entry
        with pytest.raises(NotFoundError) as refused:
            get_entry(store, PUBLIC, entry.id)
        with pytest.raises(NotFoundError) as unknown:
            get_entry(store, PUBLIC, "none-such")
        assert (refused.value.reason, refused.value.fix) == (
            unknown.value.reason, unknown.value.fix,
        )  # fmt: skip


@pytest.mark.parametrize("kind", NEVER_PUBLIC)
def test_a_target_can_never_be_published(store: Store, kind: EntryKind) -> None:
    with pytest.raises(InputError) as error:
        add(store, kind=kind)
    assert error.value.field == "visibility"
    entry = add(store, kind=kind, visibility=Visibility.RESTRICTED)
    with store.writing("entry") as tx, pytest.raises(InputError):
        shown = dataclasses.replace(entry.draft, visibility=Visibility.PUBLISHED)
        change_entry(tx, entry.id, shown, by="x", now=NOW, version=1)
    with store.writing("hand") as tx:
        tx.connection.execute(update(TABLES["entries"]).values(visibility="published"))
    assert list_entries(store, PUBLIC) == [], "not even where the table says so"


def test_defaults() -> None:
    assert [k for k in EntryKind if default_visibility(k) is Visibility.RESTRICTED] == [
        "talent", "project", "fund", "fund_intent",
    ]  # fmt: skip
    assert list(KIND_LABELS) == list(EntryKind)


def test_filters_and_order(store: Store) -> None:
    old = add(store, dated_on=date(2026, 1, 1), adcode="330302", site_id="s-2")
    new = add(store, kind=EntryKind.DEMAND)
    gone = add(store, expires_on=date(2026, 11, 2))
    assert list_entries(store, PUBLIC) == [new, old]
    assert list_entries(store, PUBLIC, adcode="330302") == [old]
    assert list_entries(store, PUBLIC, site_id="s-1") == [new]
    assert list_entries(store, STAFF, current=True) == [new, old]
    assert gone in list_entries(store, STAFF)
    kinds = [EntryKind.DEMAND, EntryKind.LAND]
    assert list_entries(store, PUBLIC, kinds=kinds) == [new]


def test_land_for_building(store: Store) -> None:
    entry = add(store, LAND, "land-2")
    add(store, LAND, "land-1", floor_area_m2=None)
    add(store, LAND, "land-0", adcode="")
    add(store, LAND, "land-3", expires_on=date(2026, 11, 2))
    expected = Listing(
        id="land-2", name=entry.draft.title, adcode="330303", floor_area_m2=12_000.0,
        industries=("eye_health", "ai"), lon=120.8, lat=27.9, idle_plant=True,
    )  # fmt: skip
    assert list_listings(store, PUBLIC) == list_listings(store, STAFF) == [expected]


def test_changed_against_its_version(store: Store) -> None:
    entry = add(store)
    other = dataclasses.replace(DRAFT, title="新", expires_on=None, lon=None, lat=None)
    with store.writing("e") as tx:
        changed = change_entry(tx, entry.id, other, by="小林", now=NOW, version=1)
    assert (changed.draft, changed.version, changed.by) == (other, 2, "小林")
    for version in (1, 3):
        with store.writing("e") as tx, pytest.raises(ConflictError):
            change_entry(tx, entry.id, other, by="x", now=NOW, version=version)
        with store.writing("e") as tx, pytest.raises(ConflictError):
            delete_entry(tx, entry.id, version=version)
    with store.writing("e") as tx:
        delete_entry(tx, entry.id, version=2)
    for odd in (entry.id, "", "a\x00b", "' OR 1=1 --", "x" * 65):
        with pytest.raises(NotFoundError):
            get_entry(store, STAFF, odd)
        with store.writing("e") as tx, pytest.raises(NotFoundError):
            delete_entry(tx, odd, version=1)


def test_many_are_all_or_none(store: Store) -> None:
    add(store, entry_id="e-1")
    for ids in (("e-2", "e-2"), ("e-3", "e-1"), ("e-4", "a b")):
        with pytest.raises((ConflictError, InputError)) as error, store.writing("e") as tx:
            add_entries(tx, [(i, DRAFT) for i in ids], by="x", now=NOW)
        assert error.value.field == "id"
    assert count(store, "entries") == 1
    with store.writing("e") as tx:
        assert len(add_entries(tx, [("", DRAFT), ("", DRAFT)], by="x", now=NOW)) == 2
        assert add_entries(tx, [], by="x", now=NOW) == []


def test_demonstration_entries_go(store: Store) -> None:
    add(store, demo=True)
    kept = add(store)
    with store.writing("demo") as tx:
        assert clear_demo_entries(tx) == 1
    assert list_entries(store, STAFF) == [kept]
