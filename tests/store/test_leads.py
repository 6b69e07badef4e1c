"""Leads are one operator's, last a set time, and leave no trace in the record."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from geomap.domain.errors import ConflictError, NotFoundError
from geomap.store import leads, write
from geomap.store.backup import backup, restore
from geomap.store.changes import latest_seq
from geomap.store.counts import TooManyError
from geomap.store.engine import Store, open_store
from geomap.store.erase import empty_journal
from geomap.store.leads import (
    Lead,
    LeadDraft,
    add_lead,
    list_leads,
    purge_leads,
    set_lead_state,
    withdraw_lead,
)
from geomap.store.models import TABLES
from geomap.store.operator_keys import (
    find_key_owner,
    make_operator_key,
    require_operator,
    revoke_operator_key,
)
from geomap.store.read import count, read_table
from tests.store.samples import RECORDS

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
PHONE = "+8613800138765"
DRAFT = LeadDraft(
    site_id="s-1",
    unit_id="u-1",
    operator_id="o-1",
    name="王 <b>'; DROP TABLE leads;--",
    phone=PHONE,
    wish="visit",
    message="第一行\n第二行",
    visit_at=NOW + timedelta(days=3),
    consent_version="2026-11/90",
    consent_language="zh",
)


def leave(
    store: Store, *, now: datetime = NOW, client: str = "", **more: object
) -> tuple[Lead, str]:
    draft = dataclasses.replace(DRAFT, **more)  # type: ignore[arg-type]
    return add_lead(store, draft, now=now, keep_days=90, client=client)


def test_there_and_back(store: Store) -> None:
    lead, token = leave(store)
    assert (lead.draft, lead.state, lead.version) == (DRAFT, "new", 1)
    assert lead.expires_at - lead.created_at == timedelta(days=90)
    assert list_leads(store, "o-1", now=NOW) == [lead]
    assert token not in str(read_table(store, "leads"))
    assert lead.id != token


def test_another_operator_sees_and_changes_nothing(store: Store) -> None:
    lead, _ = leave(store)
    assert list_leads(store, "o-2", now=NOW) == []
    with pytest.raises(NotFoundError):
        set_lead_state(store, "o-2", lead.id, "closed", now=NOW)
    for odd in ("none-such-id", "", "a\x00b-and-more", "' OR 1=1 --"):
        with pytest.raises(NotFoundError):
            set_lead_state(store, "o-1", odd, "closed", now=NOW)
    later = NOW + timedelta(hours=1)
    changed = set_lead_state(store, "o-1", lead.id, "called", now=later)
    assert (changed.state, changed.version, changed.updated_at) == ("called", 2, later)
    assert list_leads(store, "o-1", now=NOW, state="new") == []
    assert list_leads(store, "o-1", now=NOW, state="called") == [changed]


def test_newest_first(store: Store) -> None:
    first, _ = leave(store)
    second, _ = leave(store, now=NOW + timedelta(minutes=1), phone="+8613800138766")
    assert list_leads(store, "o-1", now=NOW) == [second, first]


def test_taken_back_is_gone(store: Store) -> None:
    lead, token = leave(store)
    with pytest.raises(NotFoundError):
        withdraw_lead(store, lead.id)
    withdraw_lead(store, token)
    assert count(store, "leads") == 0
    with pytest.raises(NotFoundError):
        withdraw_lead(store, token)
    leave(store)


def test_the_same_wish_twice_within_a_day(store: Store) -> None:
    leave(store)
    with pytest.raises(ConflictError) as error:
        leave(store, now=NOW + timedelta(hours=23), wish="message")
    assert error.value.field == "phone" and error.value.fix
    leave(store, now=NOW + timedelta(hours=1), unit_id="u-2")
    leave(store, now=NOW + timedelta(hours=1), phone="+8613800138766")
    leave(store, now=NOW + timedelta(hours=24))
    assert count(store, "leads") == 4


def test_a_client_leaves_five_an_hour(store: Store) -> None:
    for i in range(5):
        leave(store, client="c", phone=f"+861380013870{i}")
    with pytest.raises(TooManyError) as error:
        leave(store, client="c")
    assert error.value.status == 429 and error.value.fix
    assert count(store, "leads") == 5
    leave(store, client="d")
    leave(store, now=NOW + timedelta(hours=1), client="c", phone="+8613800138709")
    assert count(store, "contact_counts") == 1, "what is older than an hour is forgotten"


def test_a_site_gets_so_many_a_day(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leads, "SITE_MOST", 3)
    for i in range(3):
        leave(store, phone=f"+861380013870{i}")
    with pytest.raises(TooManyError) as error:
        leave(store)
    assert error.value.field == "site_id"
    leave(store, site_id="s-2")
    leave(store, now=NOW + timedelta(days=1))


def test_after_its_time_it_is_deleted(store: Store) -> None:
    leave(store)
    leave(store, now=NOW + timedelta(days=1), phone="+8613800138766")
    end = NOW + timedelta(days=90)
    assert len(list_leads(store, "o-1", now=end)) == 1, "expired ones are not shown"
    assert purge_leads(store, now=end - timedelta(seconds=1), keep_days=90) == 0
    assert purge_leads(store, now=end, keep_days=90) == 1
    assert purge_leads(store, now=NOW + timedelta(days=32), keep_days=30) == 1, "a shorter time"
    assert count(store, "leads") == 0


def test_a_longer_time_does_not_hold_what_was_promised_to_go(store: Store) -> None:
    leave(store)
    assert purge_leads(store, now=NOW + timedelta(days=90), keep_days=700) == 1


def test_a_new_one_takes_the_expired_away(store: Store) -> None:
    leave(store)
    leave(store, now=NOW + timedelta(days=91))
    assert count(store, "leads") == 1


def test_no_change_is_logged_and_no_columns_hold_it(store: Store) -> None:
    with store.writing("test") as tx:
        write.add_operators(tx, [RECORDS["operators"]])
    seq = latest_seq(store)
    lead, token = leave(store)
    set_lead_state(store, "o-1", lead.id, "called", now=NOW)
    make_operator_key(store, "o-1", now=NOW)
    withdraw_lead(store, token)
    leave(store)
    purge_leads(store, now=NOW + timedelta(days=91), keep_days=90)
    assert latest_seq(store) == seq


def test_deleted_bytes_are_gone_from_the_file(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'geomap.gpkg'}")
    for i in range(30):
        leave(store, phone=f"{PHONE[:-2]}{i:02d}", name="独特的名字")
    marks = (PHONE[:-2].encode(), "独特的名字".encode())

    def held() -> bool:
        files = [path.read_bytes() for path in tmp_path.glob("geomap.gpkg*")]
        return any(mark in data for data in files for mark in marks)

    leave(store, unit_id="u-9", name="独特的名字")
    assert held()
    assert purge_leads(store, now=NOW + timedelta(days=91), keep_days=90) == 31
    assert not held()
    _, token = leave(store, name="独特的名字")
    withdraw_lead(store, token)
    with store.reading() as session:  # someone who reads keeps the journal as it is
        session.execute(select(TABLES["leads"])).all()
        assert not empty_journal(store)
    assert purge_leads(store, now=NOW, keep_days=90) == 0
    assert not held()
    store.close()


def test_a_backup_carries_them(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'geomap.gpkg'}"
    store = open_store(url)
    lead, token = leave(store)
    backup(store, tmp_path / "copy.gpkg")
    withdraw_lead(store, token)
    store.close()
    restore(tmp_path / "copy.gpkg", url)
    store = open_store(url)
    assert list_leads(store, "o-1", now=NOW) == [lead]
    store.close()


def test_keys_of_operators(store: Store) -> None:
    with pytest.raises(NotFoundError) as error:
        make_operator_key(store, "o-1", now=NOW)
    assert error.value.field == "operator"
    with store.writing("test") as tx:
        write.add_operators(tx, [RECORDS["operators"]])
    assert require_operator(store, "o-1") == "运营"
    first = make_operator_key(store, "o-1", now=NOW)
    assert find_key_owner(store, first) == "o-1" and len(first) > 40
    assert first not in str(read_table(store, "operator_keys"))
    second = make_operator_key(store, "o-1", now=NOW)
    assert find_key_owner(store, first) is None and find_key_owner(store, second) == "o-1"
    for wrong in ("", second + "x", second[:-1], "o-1", TABLES["operator_keys"].name):
        assert find_key_owner(store, wrong) is None
    assert revoke_operator_key(store, "o-1") is True
    assert revoke_operator_key(store, "o-1") is False
    assert find_key_owner(store, second) is None
