"""Saved searches over HTTP: what is new, the feed, hostile input, the pages of the mails."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geomap.contact.feed import ATOM, MEDIA
from geomap.store import search_mail, write
from geomap.store.read import count
from geomap.store.searches import get_search
from geomap.web import create_app, view_fits, view_searches
from geomap.web import schemas_contact as c
from geomap.web.context import AppContext
from tests.web.conftest import settings_of
from tests.web.world import TODAY

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SEARCHES = "/api/v1/searches"
LABS = {"unit_kinds": ["lab", "office"], "counties": ["330303"]}
"""At alpha: a1 and a3 are vacant, the office a2 is leased."""
MAIL = {
    "GEOMAP_SMTP_URL": "smtp://127.0.0.1:1", "GEOMAP_SMTP_FROM": "map@example.cn",
    "GEOMAP_BASE_URL": "https://map.example.cn/",
}  # fmt: skip


class Clock:
    """The moment that the application sees."""

    now = NOW

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(AppContext, "now", lambda self: clock.now)
    return clock


@pytest.fixture
def context(context: AppContext) -> AppContext:
    context.follower._interval = 0.0
    return context


def set_status(context: AppContext, unit: str, status: str) -> None:
    with context.store.writing("test") as tx:
        row = tx.connection.exec_driver_sql(f"SELECT version FROM units WHERE id = '{unit}'")
        patch = {"status": status, "free_from": None, "verified_at": NOW}
        write.update_unit(tx, unit, patch, version=int(row.scalar() or 0))


def keep(client: FlaskClient, **more: Any) -> dict[str, Any]:
    answer = client.post(SEARCHES, json={"name": "实验室", "demand": LABS} | more)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    c.Search.model_validate(found)
    assert answer.headers["Location"] == f"{SEARCHES}/{found['id']}"
    assert answer.headers["Cache-Control"] == "no-store"
    return found


def hits(client: FlaskClient, search: dict[str, Any], query: str = "") -> dict[str, Any]:
    answer = client.get(f"{SEARCHES}/{search['id']}/hits{query}")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    c.Hits.model_validate(found)
    return found


def require_problem(answer: TestResponse, status: int, field: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.get_json()
    assert answer.status_code == status, body
    assert answer.mimetype == "application/problem+json"
    assert body.get("field", "") == field, body
    return body


def test_what_fits_already_is_no_news(client: FlaskClient, context: AppContext) -> None:
    kept = keep(client)
    assert (kept["fits"], kept["unseen"], kept["version"]) == (2, 0, 1)
    assert kept["email"] == {"address": None, "state": "none"}
    assert hits(client, kept)["items"] == []


def test_what_newly_fits_is_news_until_it_was_seen(
    client: FlaskClient, context: AppContext, clock: Clock
) -> None:
    kept = keep(client)
    clock.go(minutes=5)
    set_status(context, "a2", "vacant")
    found = hits(client, kept)
    (hit,) = found["items"]
    assert (hit["unit_id"], hit["site_id"], hit["new"]) == ("a2", "alpha", True)
    assert hit["found_at"] == "2026-11-24T08:05:00.000+00:00" and hit["gone_at"] is None
    match = client.post("/api/v1/match", json=LABS).get_json()
    (same,) = [one for one in match["candidates"] if one["unit_id"] == "a2"]
    assert hit["score"] == pytest.approx(same["score"], abs=1e-6)
    told = {part["name"]: part["reason"] for part in same["criteria"]}
    assert hit["reasons"] and all(told[r["name"]] == r["reason"] for r in hit["reasons"])
    assert (hit["unit"], hit["site"]) == (same["unit"], same["site"])
    english = hits(client, kept, "?lang=en")["items"][0]["reasons"][0]["reason"]
    assert not any("\u4e00" <= char <= "\u9fff" for char in english)
    clock.go(minutes=5)
    sent = {"until": found["checked_at"]}
    seen = client.post(f"{SEARCHES}/{kept['id']}/seen", json=sent).get_json()
    assert seen["unseen"] == 0 and seen["seen_at"] == found["checked_at"]
    assert hits(client, kept)["items"] == []
    assert [one["new"] for one in hits(client, kept, "?all=1")["items"]] == [False]


def test_what_was_found_while_looking_is_not_lost(
    client: FlaskClient, context: AppContext, clock: Clock
) -> None:
    kept = keep(client, demand={})
    looked = hits(client, kept)["checked_at"]
    clock.go(minutes=1)
    set_status(context, "a2", "vacant")
    assert client.get(f"{SEARCHES}/{kept['id']}").get_json()["unseen"] == 1
    client.post(f"{SEARCHES}/{kept['id']}/seen", json={"until": looked})
    assert hits(client, kept)["unseen"] == 1
    client.post(f"{SEARCHES}/{kept['id']}/seen", json={})
    assert hits(client, kept)["unseen"] == 0


def test_gone_and_back(client: FlaskClient, context: AppContext, clock: Clock) -> None:
    kept = keep(client)
    set_status(context, "a1", "leased")
    clock.go(minutes=1)
    assert hits(client, kept)["items"] == []
    set_status(context, "a1", "vacant")
    clock.go(minutes=1)
    assert [one["unit_id"] for one in hits(client, kept)["items"]] == ["a1"]
    set_status(context, "a1", "held")
    clock.go(minutes=1)
    assert hits(client, kept)["items"] == []
    (gone,) = hits(client, kept, "?all=1")["items"]
    assert gone["gone_at"] == "2026-11-24T08:03:00.000+00:00"


def test_it_is_matched_once_for_each_state_and_day(
    client: FlaskClient, context: AppContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, calls = keep(client), []
    real = view_searches.list_fits
    monkeypatch.setattr(
        view_searches, "list_fits", lambda *given: (calls.append(1), real(*given))[1]
    )
    for _ in range(3):
        hits(client, kept)
        client.get(f"{SEARCHES}/{kept['id']}/feed")
    assert calls == []
    set_status(context, "a2", "vacant")
    for _ in range(3):
        hits(client, kept)
    assert len(calls) == 1
    clock.go(days=1)
    for _ in range(3):
        hits(client, kept)
    assert len(calls) == 2


def test_too_wide_is_refused_and_later_paused(
    client: FlaskClient, context: AppContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(client)
    clock.go(minutes=1)
    monkeypatch.setattr(view_fits, "MOST_FITS", 2)
    monkeypatch.setattr(view_searches, "MOST_FITS", 2)
    body = require_problem(client.post(SEARCHES, json={"demand": {}}), 422, "demand")
    assert body["fix"]
    set_status(context, "a2", "vacant")
    assert hits(client, kept)["paused"] is True
    set_status(context, "a1", "leased")
    found = hits(client, kept)
    assert [one["unit_id"] for one in found["items"]] == ["a2"] and not found["paused"]


def test_a_check_that_cannot_be_done_says_why(
    client: FlaskClient, context: AppContext, clock: Clock, data_dir: Path
) -> None:
    near = {"near": {"lon": 120.7, "lat": 28.0, "minutes": 15}}
    kept = keep(client, demand=near)
    (data_dir / "network").rename(data_dir / "elsewhere")
    set_status(context, "a2", "vacant")
    assert "路网" in hits(client, kept)["problem"]
    assert client.get(f"{SEARCHES}/{kept['id']}/feed").status_code == 200
    refused = client.post(SEARCHES, json={"demand": near})
    require_problem(refused, 503, "network")


def test_change_and_delete(client: FlaskClient, context: AppContext, clock: Clock) -> None:
    kept = keep(client)
    clock.go(minutes=1)
    address = f"{SEARCHES}/{kept['id']}"
    set_status(context, "a2", "vacant")
    body = {"name": "新名", "demand": LABS, "version": 1}
    changed = client.put(address, json=body).get_json()
    c.Search.model_validate(changed)
    assert (changed["name"], changed["version"]) == ("新名", 2)
    assert hits(client, kept)["unseen"] == 1
    stale = require_problem(client.put(address, json=body), 409, "version")
    assert stale["newest"]["version"] == 2
    anew = client.put(address, json=body | {"demand": {}, "version": 2}).get_json()
    assert anew["fits"] == 5 and hits(client, kept, "?all=1")["items"] == []
    for version in (None, 0, True, "3", 2**40):
        require_problem(client.put(address, json=body | {"version": version}), 422, "version")
    gone = client.delete(address)
    c.SearchDeleted.model_validate(gone.get_json())
    for answer in (client.get(address), client.get(f"{address}/hits"), client.delete(address)):
        require_problem(answer, 404, "id")
    assert count(context.store, "searches") == 0


BAD: list[tuple[Any, str]] = [
    ({}, "demand"),
    ({"demand": None}, "demand"),
    ({"demand": []}, "demand"),
    ({"demand": {"industry": "none"}}, "industry"),
    ({"demand": {"area_m2": {"min": 9, "max": 1}}}, "area_m2"),
    ({"demand": {"nothing": 1}}, "nothing"),
    ({"demand": LABS, "name": "长" * 81}, "name"),
    ({"demand": LABS, "name": "a\r\nBcc: x"}, "name"),
    ({"demand": LABS, "name": 5}, "name"),
    ({"demand": LABS, "email": "a@b"}, "email"),
    ({"demand": LABS, "email": "a@example.org\r\nBcc: v@example.org"}, "email"),
    ({"demand": LABS, "email": "a@example.org"}, "email"),
    ({"demand": LABS, "id": "mine"}, "id"),
    ([], "body"),
    ("x", "body"),
]


@pytest.mark.parametrize(("body", "field"), BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_stores_nothing(
    client: FlaskClient, context: AppContext, body: Any, field: str, language: str
) -> None:
    require_problem(client.post(f"{SEARCHES}?lang={language}", json=body), 422, field)
    assert count(context.store, "searches") == 0


def test_a_form_of_another_page_is_refused(client: FlaskClient) -> None:
    kept = keep(client)
    assert client.post(SEARCHES, data={"name": "x"}).status_code == 415
    assert client.post(f"{SEARCHES}/{kept['id']}/seen", data={}).status_code == 415
    assert client.put(f"{SEARCHES}/{kept['id']}", data={}).status_code == 415


@pytest.mark.parametrize("until", ["yesterday", "2026-11-24T08:00", 5, [], "x" * 50])
def test_seen_until_when(client: FlaskClient, until: Any) -> None:
    kept = keep(client)
    answer = client.post(f"{SEARCHES}/{kept['id']}/seen", json={"until": until})
    require_problem(answer, 422, "until")


def test_seen_is_not_in_the_future(client: FlaskClient) -> None:
    kept = keep(client)
    sent = {"until": "2030-01-01T00:00:00Z"}
    seen = client.post(f"{SEARCHES}/{kept['id']}/seen", json=sent).get_json()
    assert seen["seen_at"].startswith("2026-11-24T08:00:00")


@pytest.mark.parametrize("odd", ["none", "%00" * 20, "..%2f..%2fetc", "x" * 3_000])
def test_ids_that_nobody_has(client: FlaskClient, odd: str) -> None:
    for path in ("", "/hits", "/feed"):
        answer = client.get(f"{SEARCHES}/{odd}{path}")
        assert answer.status_code == 404 and answer.mimetype == "application/problem+json"


def test_the_feed(client: FlaskClient, context: AppContext, clock: Clock) -> None:
    name = "<b>]]>&\"'"
    kept = keep(client, name=name)
    assert kept["feed_url"].endswith(f"{SEARCHES}/{kept['id']}/feed")
    empty = client.get(f"{SEARCHES}/{kept['id']}/feed")
    assert empty.mimetype == MEDIA
    clock.go(minutes=1)
    set_status(context, "a2", "vacant")
    answer = client.get(f"{SEARCHES}/{kept['id']}/feed?lang=en")
    root = Xml.fromstring(answer.get_data())
    assert root.findtext(f"{{{ATOM}}}title") == f"{name} · New fitting space"
    (entry,) = root.findall(f"{{{ATOM}}}entry")
    assert entry.findtext(f"{{{ATOM}}}title", "").startswith("阿尔法孵化器 · ")
    link = entry.find(f"{{{ATOM}}}link")
    assert link is not None and link.get("href") == "http://localhost/?site=alpha&unit=a2"
    first = entry.findtext(f"{{{ATOM}}}id")
    client.post(f"{SEARCHES}/{kept['id']}/seen", json={})
    assert b"<entry>" in client.get(f"{SEARCHES}/{kept['id']}/feed").get_data()
    tag = answer.headers["ETag"]
    again = client.get(f"{SEARCHES}/{kept['id']}/feed?lang=en", headers={"If-None-Match": tag})
    assert again.status_code == 304
    clock.go(minutes=1)
    set_status(context, "a2", "leased")
    later = Xml.fromstring(client.get(f"{SEARCHES}/{kept['id']}/feed").get_data())
    gone = later.find(f"{{{ATOM}}}entry")
    assert gone is not None and gone.findtext(f"{{{ATOM}}}id") == first
    assert "现在已不符合" in gone.findtext(f"{{{ATOM}}}summary", "")


def test_made_up_units_say_so_in_the_feed(client: FlaskClient, context: AppContext) -> None:
    kept = keep(client, demand={"counties": ["330302"]})
    set_status(context, "b2", "vacant")
    text = client.get(f"{SEARCHES}/{kept['id']}/feed").get_data(as_text=True)
    assert "演示数据" in text and "&lt;script&gt;" in text and "<script" not in text


# Addresses


@pytest.fixture
def mailing(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)
    return create_app(settings_of(data_dir, **MAIL)).test_client()


def test_an_address_is_kept_and_not_told(mailing: FlaskClient, context: AppContext) -> None:
    assert mailing.get(f"{SEARCHES}/about").get_json() == {"email": True, "most_fits": 5_000}
    answer = mailing.post(SEARCHES, json={"demand": LABS, "email": "wang@Example.org"})
    kept = answer.get_json()
    assert kept["email"] == {"address": "w•••@example.org", "state": "pending"}
    assert kept["page_url"] == f"https://map.example.cn/?saved={kept['id']}"
    assert "wang" not in answer.get_data(as_text=True)
    body = {"demand": LABS, "version": 1}
    assert mailing.put(f"{SEARCHES}/{kept['id']}", json=body).get_json()["email"] == kept["email"]
    assert get_search(context.store, kept["id"]).email == "wang@example.org"
    body = {"demand": LABS, "version": 2, "email": ""}
    gone = mailing.put(f"{SEARCHES}/{kept['id']}", json=body).get_json()
    assert gone["email"] == {"address": None, "state": "none"}


def test_opening_a_link_changes_nothing_and_the_button_does(
    mailing: FlaskClient, context: AppContext
) -> None:
    body = {"demand": LABS, "email": "wang@example.org"}
    kept = get_search(context.store, mailing.post(SEARCHES, json=body).get_json()["id"])
    assert search_mail.claim_question(context.store, kept, "x", NOW)

    def state() -> str:
        return get_search(context.store, kept.id).mail_state

    confirm, stop = f"/mail/confirm/{kept.mail_token}", f"/mail/stop/{kept.mail_token}"
    for path in (confirm, stop):
        page = mailing.get(path)
        assert page.status_code == 200 and '<form method="post">' in page.get_data(as_text=True)
        assert page.headers["Cache-Control"] == "no-store"
        assert "wang@" not in page.get_data(as_text=True)
        assert state() == "pending"
    assert "已确认" in mailing.post(confirm).get_data(as_text=True)
    assert state() == "confirmed"
    assert "Confirmed" in mailing.get(f"{confirm}?lang=en").get_data(as_text=True)
    clicked = mailing.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert clicked.status_code == 200 and state() == "stopped"
    assert get_search(context.store, kept.id).email == ""
    for path in (confirm, stop, "/mail/confirm/none", "/mail/stop/%00%00%00%00%00%00%00%00"):
        assert mailing.get(path).status_code == mailing.post(path).status_code == 404
    assert mailing.get(f"{SEARCHES}/{kept.id}").status_code == 200, "its link still works"
