"""Saved searches: what is known, what is new, which mails are due; the record does not notice."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyogrio
import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from geomap.catalog.build import build_catalog
from geomap.catalog.follow import CatalogFollower
from geomap.domain.errors import InputError, NotFoundError
from geomap.store import engine as engines
from geomap.store import search_hits, search_mail, searches, write
from geomap.store.changes import latest_seq
from geomap.store.engine import Store, open_store
from geomap.store.migrations.versions import v0003_contact
from geomap.store.models import TABLES
from geomap.store.read import count
from geomap.store.scenarios import FullError
from geomap.store.search_hits import Found, list_hits, record_check, record_pause
from geomap.store.searches import (
    Search,
    SearchDraft,
    StaleSearchError,
    State,
    add_search,
    delete_search,
    get_search,
    list_search_ids,
    mark_seen,
    mark_used,
    update_search,
)
from tests.store.samples import SITE

NOW = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DRAFT = SearchDraft(
    name="实验室 <b>'; DROP TABLE searches;--",
    demand={"unit_kinds": ["lab"], "name": "空\x00白"},
    email="a@example.org",
    language="zh",
)


def state(*ids: str, seq: int = 1, at: datetime = NOW) -> State:
    return State(seq=seq, at=at, ids=ids)


def found(unit: str, score: float = 0.5) -> Found:
    return Found(unit_id=unit, site_id="s-1", score=score, reasons={"criteria": [], "unit_ids": []})


def check(store: Store, search: Search, ids: Sequence[str], *, at: datetime) -> Search:
    new = [found(unit) for unit in ids if unit not in search.known]
    seq = search.checked_seq + 1
    return record_check(store, search, state(*ids, seq=seq, at=at), new)


def units(store: Store, search: Search) -> list[tuple[str, bool]]:
    return [(hit.found.unit_id, hit.gone_at is None) for hit in list_hits(store, search.id)]


def test_there_and_back(store: Store) -> None:
    kept = add_search(store, DRAFT, state("u-1", "u-2"))
    assert get_search(store, kept.id) == kept
    assert (kept.name, kept.demand, kept.known) == (DRAFT.name, DRAFT.demand, ("u-1", "u-2"))
    assert (kept.version, kept.mail_state, kept.paused) == (1, "pending", False)
    assert len(kept.id) == 22 and kept.mail_token != kept.id
    assert list_search_ids(store) == [kept.id]
    none = add_search(store, dataclasses.replace(DRAFT, email=""), state())
    assert none.mail_state == "none"


@pytest.mark.parametrize("odd", ["", "none", "a\x00aaaaaaaaaaaaaaaaaaaa", "' OR 1=1 --", "长" * 22])
def test_no_such_search(store: Store, odd: str) -> None:
    uses = [
        lambda: get_search(store, odd),
        lambda: delete_search(store, odd),
        lambda: mark_seen(store, odd, NOW),
        lambda: update_search(store, odd, DRAFT, version=1, state=None),
        lambda: search_mail.find_by_mail_token(store, odd),
    ]
    for use in uses:
        with pytest.raises(NotFoundError):
            use()


def test_new_is_what_was_not_known_at_the_last_check(store: Store) -> None:
    kept = add_search(store, DRAFT, state("u-1"))
    first = check(store, kept, ["u-2", "u-1"], at=NOW + MINUTE)
    assert units(store, kept) == [("u-2", True)]
    assert first.known == ("u-2", "u-1") and first.version == 1
    second = check(store, first, ["u-1", "u-3"], at=NOW + 2 * MINUTE)
    assert units(store, kept) == [("u-3", True), ("u-2", False)]
    third = check(store, second, ["u-1", "u-2", "u-3"], at=NOW + 3 * MINUTE)
    assert units(store, kept) == [("u-2", True), ("u-3", True)], "what comes back is new again"
    check(store, third, ["u-1", "u-2", "u-3"], at=NOW + 4 * MINUTE)
    assert list_hits(store, kept.id)[0].found_at == NOW + 3 * MINUTE


@settings(max_examples=25)
@given(st.lists(st.sets(st.sampled_from("abcde")), min_size=2, max_size=7))
def test_news_are_what_came_in_since_it_was_kept(states: list[set[str]]) -> None:
    with TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{folder}/geomap.gpkg")
        search = add_search(store, DRAFT, state(*sorted(states[0])))
        entered: dict[str, datetime] = {}
        for i, (before, now) in enumerate(itertools.pairwise(states), 1):
            at = NOW + i * MINUTE
            entered |= dict.fromkeys(now - before, at)
            search = check(store, search, sorted(now), at=at)
            here = {h.found.unit_id: h for h in list_hits(store, search.id)}
            assert {unit: hit.found_at for unit, hit in here.items()} == entered
            assert {unit for unit, hit in here.items() if hit.gone_at is None} == now & set(entered)
        store.close()


def test_of_two_checks_at_once_one_counts(store: Store) -> None:
    kept = add_search(store, DRAFT, state())
    after = check(store, kept, ["u-1"], at=NOW + MINUTE)
    again = check(store, kept, ["u-1", "u-2"], at=NOW + 2 * MINUTE)
    assert again == after and units(store, kept) == [("u-1", True)]


def test_a_check_of_what_was_changed_meanwhile_does_not_count(store: Store) -> None:
    kept = add_search(store, DRAFT, state())
    other = dataclasses.replace(DRAFT, demand={"unit_kinds": ["office"]})
    changed = update_search(store, kept.id, other, version=1, state=state("u-9", seq=1))
    assert check(store, kept, ["u-1"], at=NOW + MINUTE) == changed
    assert units(store, kept) == []


def test_too_much_pauses_and_keeps_what_was_known(store: Store) -> None:
    kept = add_search(store, DRAFT, state("u-1"))
    paused = record_pause(store, kept, 2, NOW + MINUTE)
    assert (paused.paused, paused.known, paused.checked_seq) == (True, ("u-1",), 2)
    again = check(store, paused, ["u-1", "u-2"], at=NOW + 2 * MINUTE)
    assert not again.paused and units(store, kept) == [("u-2", True)]


def test_the_newest_hits_stay(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_hits, "MOST_HITS", 3)
    kept = add_search(store, DRAFT, state())
    first = check(store, kept, ["u-1", "u-2"], at=NOW + MINUTE)
    check(store, first, ["u-1", "u-2", "u-3", "u-4"], at=NOW + 2 * MINUTE)
    assert [unit for unit, _ in units(store, kept)] == ["u-3", "u-4", "u-1"]


def test_seen_moves_on_only(store: Store) -> None:
    kept = add_search(store, DRAFT, state())
    assert mark_seen(store, kept.id, NOW + MINUTE).seen_at == NOW + MINUTE
    assert mark_seen(store, kept.id, NOW).seen_at == NOW + MINUTE
    mark_used(store, kept, NOW + MINUTE)
    assert get_search(store, kept.id).used_at == NOW + MINUTE
    mark_used(store, kept, NOW + DAY)
    assert get_search(store, kept.id).used_at == NOW + DAY


def test_a_change_needs_the_newest_version(store: Store) -> None:
    kept = add_search(store, DRAFT, state("u-1"))
    check(store, kept, ["u-1", "u-2"], at=NOW + MINUTE)
    renamed = update_search(
        store, kept.id, dataclasses.replace(DRAFT, name="新"), version=1, state=None
    )
    assert (renamed.version, renamed.name, renamed.known) == (2, "新", ("u-1", "u-2"))
    assert units(store, kept) == [("u-2", True)]
    with pytest.raises(StaleSearchError) as error:
        update_search(store, kept.id, DRAFT, version=1, state=None)
    assert error.value.newest == renamed and error.value.status == 409
    anew = update_search(store, kept.id, DRAFT, version=2, state=state("u-7", seq=5))
    assert (anew.known, anew.checked_seq, units(store, kept)) == (("u-7",), 5, [])


def test_another_address_has_to_be_confirmed(store: Store) -> None:
    kept = confirmed(store)
    same = update_search(store, kept.id, DRAFT, version=1, state=None)
    assert (same.mail_state, same.mail_token) == ("confirmed", kept.mail_token)
    other = dataclasses.replace(DRAFT, email="b@example.org")
    changed = update_search(store, kept.id, other, version=2, state=None)
    assert changed.mail_state == "pending" and changed.mail_token != kept.mail_token
    none = dataclasses.replace(DRAFT, email="")
    assert update_search(store, kept.id, none, version=3, state=None).mail_state == "none"


def test_deleted_is_gone_with_what_it_found(store: Store) -> None:
    kept = add_search(store, DRAFT, state())
    check(store, kept, ["u-1"], at=NOW + MINUTE)
    delete_search(store, kept.id)
    assert (count(store, "searches"), count(store, "search_hits")) == (0, 0)


def test_too_large_is_not_kept(store: Store) -> None:
    large = dataclasses.replace(DRAFT, demand={"counties": ["长" * 100] * 100})
    with pytest.raises(InputError) as error:
        add_search(store, large, state())
    assert error.value.field == "demand" and count(store, "searches") == 0


def test_only_so_many_are_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "MOST_KEPT", 2)
    first, second = (add_search(store, DRAFT, state()) for _ in "ab")
    with pytest.raises(FullError):
        add_search(store, DRAFT, state(at=NOW + 300 * DAY))
    table = TABLES["searches"]
    with store.writing("test") as tx:
        mails = update(table).where(table.c.id == first.id).values(mail_state="confirmed")
        tx.connection.execute(mails)
    third = add_search(store, DRAFT, state(at=NOW + 400 * DAY))
    assert sorted(list_search_ids(store)) == sorted([first.id, third.id])
    with pytest.raises(NotFoundError):
        get_search(store, second.id)


# Mails


def asked(store: Store, email: str = "a@example.org", *, now: datetime = NOW) -> Search:
    kept = add_search(store, dataclasses.replace(DRAFT, email=email), state(at=now))
    assert search_mail.claim_question(store, kept, f"hash {email}", now)
    return kept


def confirmed(store: Store) -> Search:
    kept = asked(store)
    return search_mail.confirm_address(store, kept.mail_token, "hash a@example.org")


def test_an_address_is_asked_once_whoever_asks_for_it(store: Store) -> None:
    kept = asked(store)
    assert search_mail.list_unconfirmed(store, NOW) == []
    delete_search(store, kept.id)
    again = add_search(store, DRAFT, state())
    assert search_mail.list_unconfirmed(store, NOW) == [again]
    assert not search_mail.claim_question(store, again, "hash a@example.org", NOW)
    assert not search_mail.claim_question(store, again, "hash a@example.org", NOW + 29 * DAY)
    assert search_mail.claim_question(store, again, "hash a@example.org", NOW + 30 * DAY)


def test_who_confirmed_may_be_asked_for_another_search(store: Store) -> None:
    assert confirmed(store).mail_state == "confirmed"
    asked(store)


def test_only_a_link_that_was_sent_confirms(store: Store) -> None:
    kept = add_search(store, DRAFT, state())
    assert search_mail.confirm_address(store, kept.mail_token, "h").mail_state == "pending"
    with pytest.raises(NotFoundError):
        search_mail.confirm_address(store, kept.id, "h")


def test_not_me_is_never_asked_again(store: Store) -> None:
    kept = asked(store)
    search_mail.stop_mails(store, kept.mail_token, "hash a@example.org", NOW)
    stopped = get_search(store, kept.id)
    assert (stopped.email, stopped.mail_state) == ("", "stopped")
    with pytest.raises(NotFoundError):
        search_mail.confirm_address(store, kept.mail_token, "hash a@example.org")
    again = add_search(store, DRAFT, state())
    late = NOW + 3_000 * DAY
    assert not search_mail.claim_question(store, again, "hash a@example.org", late)


def test_who_stops_after_confirming_may_come_back(store: Store) -> None:
    kept = confirmed(store)
    search_mail.stop_mails(store, kept.mail_token, "hash a@example.org", NOW)
    assert get_search(store, kept.id).email == ""
    asked(store)


def test_a_question_that_was_not_sent_is_asked_again(store: Store) -> None:
    kept = asked(store)
    for failures in range(1, search_mail.FAILURES_MOST):
        search_mail.release_question(store, kept, "hash a@example.org")
        assert search_mail.list_unconfirmed(store, NOW), failures
        assert search_mail.claim_question(store, kept, "hash a@example.org", NOW)
    search_mail.release_question(store, kept, "hash a@example.org")
    assert search_mail.list_unconfirmed(store, NOW) == []
    assert search_mail.list_unconfirmed(store, NOW + DAY)


def test_addresses_that_nobody_confirms_are_deleted(store: Store) -> None:
    kept, other = asked(store), confirmed_as(store, "b@example.org")
    at = kept.updated_at
    assert search_mail.drop_unanswered(store, at + timedelta(days=7) - MINUTE) == 0
    assert search_mail.drop_unanswered(store, at + timedelta(days=7)) == 1
    assert get_search(store, kept.id).email == ""
    assert get_search(store, other.id).email == "b@example.org"


def confirmed_as(store: Store, email: str) -> Search:
    kept = asked(store, email)
    return search_mail.confirm_address(store, kept.mail_token, f"hash {email}")


def test_news_go_out_once_a_day(store: Store) -> None:
    kept = confirmed(store)
    assert search_mail.list_mail_due(store, NOW) == []
    first = check(store, kept, ["u-1", "u-2"], at=NOW + MINUTE)
    (due,) = search_mail.list_mail_due(store, NOW + MINUTE)
    assert search_mail.claim_mail(store, due, NOW + MINUTE)
    assert not search_mail.claim_mail(store, due, NOW + MINUTE), "a second run sends nothing"
    search_mail.settle_mail(store, due, ["u-1", "u-2"], NOW + MINUTE)
    second = check(store, first, ["u-1", "u-2", "u-3"], at=NOW + 2 * MINUTE)
    assert search_mail.list_mail_due(store, NOW + DAY) == []
    (due,) = search_mail.list_mail_due(store, NOW + MINUTE + DAY)
    assert search_mail.claim_mail(store, due, NOW + MINUTE + DAY)
    assert [hit.mailed for hit in list_hits(store, kept.id)] == [False, True, True]
    search_mail.settle_mail(store, due, ["u-3"], NOW + MINUTE + DAY)
    check(store, second, ["u-1", "u-2"], at=NOW + 2 * DAY)
    assert search_mail.list_mail_due(store, NOW + 9 * DAY) == []


def test_what_fits_no_longer_is_not_mailed(store: Store) -> None:
    kept = confirmed(store)
    check(store, check(store, kept, ["u-1"], at=NOW + MINUTE), [], at=NOW + 2 * MINUTE)
    assert search_mail.list_mail_due(store, NOW + 3 * MINUTE) == []


def test_unconfirmed_addresses_get_no_news(store: Store) -> None:
    check(store, asked(store), ["u-1"], at=NOW + MINUTE)
    check(store, add_search(store, DRAFT, state()), ["u-1"], at=NOW + MINUTE)
    assert search_mail.list_mail_due(store, NOW + DAY) == []


def test_a_mail_that_failed_is_due_at_once_until_it_failed_often(store: Store) -> None:
    kept = confirmed(store)
    check(store, kept, ["u-1"], at=NOW)
    for _ in range(search_mail.FAILURES_MOST):
        (due,) = search_mail.list_mail_due(store, NOW + MINUTE)
        assert search_mail.claim_mail(store, due, NOW + MINUTE)
        search_mail.release_mail(store, due)
    assert search_mail.list_mail_due(store, NOW + 2 * MINUTE) == []
    assert search_mail.list_mail_due(store, NOW + MINUTE + DAY)


# Beside the record


def test_the_record_does_not_notice(store: Store, tmp_path: Path) -> None:
    with store.writing("test") as tx:
        write.add_sites(tx, [SITE])
    follower = CatalogFollower(store, tmp_path / "snapshot", interval_s=0)
    before, seq = follower.current(), latest_seq(store)
    kept = confirmed(store)
    check(store, kept, ["u-1"], at=NOW + MINUTE)
    mark_seen(store, kept.id, NOW)
    search_mail.stop_mails(store, kept.mail_token, "h", NOW)
    delete_search(store, kept.id)
    add_search(store, DRAFT, state())
    assert latest_seq(store) == seq
    assert follower.current() is before
    assert build_catalog(store).stamp == before.stamp


def test_the_file_stays_a_geopackage(tmp_path: Path) -> None:
    path = tmp_path / "geomap.gpkg"
    store = open_store(f"sqlite:///{path}")
    check(store, add_search(store, DRAFT, state()), ["u-1"], at=NOW)
    store.close()
    layers = {str(name): kind for name, kind in pyogrio.list_layers(path)}
    for table in v0003_contact.TABLES:
        assert layers[table] is None
        pyogrio.read_dataframe(path, layer=table, read_geometry=False)


def _migrate(store_url: str, to: str) -> None:
    engine = engines._make_engine(store_url)
    connection = engine.connect().execution_options(geomap_write=True)
    with connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
        command.upgrade(engines._config(connection), to)
    engine.dispose()


def test_an_older_record_is_brought_up_to_date(store_url: str) -> None:
    _migrate(store_url, "0002")
    store = open_store(store_url)
    assert get_search(store, add_search(store, DRAFT, state()).id).demand == DRAFT.demand
    store.close()


@pytest.mark.filterwarnings("ignore:Did not recognize type 'geometry'")
def test_there_is_a_way_back(store: Store) -> None:
    add_search(store, DRAFT, state())
    connection = store.engine.connect().execution_options(geomap_write=True)
    with connection, connection.begin():
        command.downgrade(engines._config(connection), "0002")
        names = "', '".join(v0003_contact.TABLES)
        if store.embedded:
            query = f"SELECT count(*) FROM gpkg_contents WHERE table_name IN ('{names}')"
            assert connection.exec_driver_sql(query).scalar() == 0
        command.upgrade(engines._config(connection), "0003")
    assert count(store, "searches") == 0
