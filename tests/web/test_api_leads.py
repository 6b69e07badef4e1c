"""Leads over HTTP: contracts, hostile input, who may read, and that no trace leaks."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from click.testing import CliRunner
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from geomap.cli import main
from geomap.store.changes import changes_since
from geomap.store.operator_keys import make_operator_key
from geomap.store.read import count
from geomap.web import schemas_contact as c
from geomap.web.context import AppContext
from layers.export import export_layer
from layers.registry import LAYERS

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LEADS, OPERATOR = "/api/v1/leads", "/api/v1/operator/leads"
PHONE, NAME = "13800138765", "司马独一"
BODY = {
    "site_id": "alpha", "unit_id": "a1", "name": NAME, "phone": "138 0013-8765", "wish": "visit",
    "visit_at": "2026-12-01T10:00", "consent": True, "consent_version": "2026-11/90",
}  # fmt: skip
OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AppContext, "now", lambda self: NOW)


@pytest.fixture
def key(context: AppContext) -> dict[str, str]:
    made = make_operator_key(context.store, "o", now=NOW)
    return {"Authorization": f"Bearer {made}"}


def leave(client: FlaskClient, **more: Any) -> dict[str, Any]:
    answer = client.post(LEADS, json=BODY | more)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()
    c.LeadKept.model_validate(found)
    return found


def require_problem(answer: TestResponse, status: int, field: str) -> dict[str, Any]:
    body: dict[str, Any] = answer.get_json()
    assert answer.status_code == status, body
    assert answer.mimetype == "application/problem+json"
    assert body.get("field", "") == field, body
    assert body.get("fix"), body
    return body


def test_the_text_to_agree_to(client: FlaskClient) -> None:
    found = client.get(f"{LEADS}/consent").get_json()
    c.Consent.model_validate(found)
    assert (found["version"], found["days"]) == ("2026-11/90", 90)
    assert "90 天" in found["text"]["zh"] and "90 days" in found["text"]["en"]
    assert found["operator"] is None

    def reader(site: str) -> Any:
        return client.get(f"{LEADS}/consent?site_id={site}").get_json()["operator"]

    assert [reader(site) for site in ("alpha", "beta", "none", "%00")] == [
        "阿尔法运营",
        *[None] * 3,
    ]


def test_left_read_and_moved_on(client: FlaskClient, key: dict[str, str]) -> None:
    c.LeadBody.model_validate(BODY)
    kept = leave(client)
    assert kept["visit_at"] == "2026-12-01T10:00:00+08:00", "city time"
    assert kept["expires_at"] == "2027-02-22T08:00:00+00:00"
    assert PHONE not in str(kept) and NAME not in str(kept)
    page = client.get(f"{OPERATOR}?lang=en", headers=key).get_json()
    c.Leads.model_validate(page)
    (lead,) = page["items"]
    assert (lead["name"], lead["phone"], lead["state"]) == (NAME, "+8613800138765", "new")
    assert (lead["site"], lead["unit_id"], lead["wish_label"]) == ("阿尔法孵化器", "a1", "Visit")
    assert lead["consent"] == {"version": "2026-11/90", "language": "zh"}
    assert kept["token"] not in str(page)
    changed = client.patch(f"{OPERATOR}/{lead['id']}", json={"state": "called"}, headers=key)
    c.Lead.model_validate(changed.get_json())
    assert changed.get_json()["state_label"] == "已联系"
    assert client.get(f"{OPERATOR}?state=new", headers=key).get_json()["total"] == 0
    assert client.get(f"{OPERATOR}?state=called", headers=key).get_json()["total"] == 1


def test_a_message_needs_no_unit(client: FlaskClient, key: dict[str, str]) -> None:
    more = {"wish": "message", "message": "几楼有\r\n排风？", "visit_at": None, "unit_id": None}
    assert leave(client, **more, consent_language="en")["unit_id"] is None
    (lead,) = client.get(OPERATOR, headers=key).get_json()["items"]
    assert (lead["message"], lead["unit_id"]) == ("几楼有\n排风？", None)
    assert lead["consent"]["language"] == "en"


def test_taken_back(client: FlaskClient, context: AppContext) -> None:
    kept = leave(client)
    require_problem(client.delete(f"{LEADS}/{kept['token']}x"), 404, "id")
    answer = client.delete(f"{LEADS}/{kept['token']}")
    c.LeadWithdrawn.model_validate(answer.get_json())
    assert count(context.store, "leads") == 0
    require_problem(client.delete(f"{LEADS}/{kept['token']}"), 404, "id")


BAD: list[tuple[dict[str, Any], int, str]] = [
    ({"site_id": "none"}, 404, "site_id"),
    ({"site_id": None}, 422, "site_id"),
    ({"site_id": ["alpha"]}, 422, "site_id"),
    ({"site_id": "beta", "unit_id": "b1"}, 422, "site_id"),
    ({"unit_id": "b1"}, 404, "unit_id"),
    ({"unit_id": 5}, 422, "unit_id"),
    ({"name": ""}, 422, "name"),
    ({"name": "  "}, 422, "name"),
    ({"name": "长" * 41}, 422, "name"),
    ({"name": "a\r\nBcc: x"}, 422, "name"),
    ({"name": "a\x00b"}, 422, "name"),
    ({"name": "a\u202eb"}, 422, "name"),
    ({"name": 5}, 422, "name"),
    ({"phone": "12345"}, 422, "phone"),
    ({"phone": None}, 422, "phone"),
    ({"wish": "call"}, 422, "wish"),
    ({"wish": None}, 422, "wish"),
    ({"message": "长" * 501}, 422, "message"),
    ({"message": "a\x07"}, 422, "message"),
    ({"wish": "message", "visit_at": None}, 422, "message"),
    ({"wish": "message", "message": "x"}, 422, "visit_at"),
    ({"visit_at": "2026-11-24T07:59:00Z"}, 422, "visit_at"),
    ({"visit_at": "2027-12-01T10:00"}, 422, "visit_at"),
    ({"visit_at": "2026-12-01"}, 422, "visit_at"),
    ({"visit_at": "0001-01-01T00:00+14:00"}, 422, "visit_at"),
    ({"visit_at": "tomorrow"}, 422, "visit_at"),
    ({"visit_at": 5}, 422, "visit_at"),
    ({"consent": False}, 422, "consent"),
    ({"consent": "true"}, 422, "consent"),
    ({"consent_version": "2026-11/30"}, 422, "consent_version"),
    ({"consent_language": "fr"}, 422, "consent_language"),
    ({"email": "a@b.cn"}, 422, "email"),
    ({"operator_id": "x"}, 422, "operator_id"),
]


@pytest.mark.parametrize(("more", "status", "field"), BAD)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_bad_input_stores_nothing(
    client: FlaskClient,
    context: AppContext,
    more: dict[str, Any],
    status: int,
    field: str,
    language: str,
) -> None:
    body = require_problem(client.post(f"{LEADS}?lang={language}", json=BODY | more), status, field)
    assert any("\u4e00" <= char <= "\u9fff" for char in body["detail"]) == (language == "zh")
    assert count(context.store, "leads") == 0


@pytest.mark.parametrize("body", ["[]", '"x"', "null", "{", "NaN", '{"name": NaN}', ""])
def test_other_bodies(client: FlaskClient, context: AppContext, body: str) -> None:
    answer = client.post(LEADS, data=body, content_type="application/json")
    require_problem(answer, 422, "body")
    assert count(context.store, "leads") == 0


def test_a_form_of_another_page_is_refused(client: FlaskClient, key: dict[str, str]) -> None:
    form = {name: str(value) for name, value in BODY.items()}
    assert client.post(LEADS, data=form).status_code == 415
    assert client.post(LEADS, data="{}", content_type="text/plain").status_code == 415
    leave(client)
    lead = client.get(OPERATOR, headers=key).get_json()["items"][0]["id"]
    sent = client.patch(f"{OPERATOR}/{lead}", data={"state": "closed"}, headers=key)
    assert sent.status_code == 415


def test_twice_is_said_in_words(client: FlaskClient, context: AppContext) -> None:
    leave(client)
    body = require_problem(client.post(LEADS, json=BODY), 409, "phone")
    assert "一天内" in body["detail"]
    assert count(context.store, "leads") == 1


def test_one_client_leaves_five_an_hour(client: FlaskClient, context: AppContext) -> None:
    def ask(number: int) -> TestResponse:
        body = BODY | {"phone": f"1380013870{number}"}
        return client.post(LEADS, json=body, environ_overrides=OUTSIDE)

    assert [ask(i).status_code for i in range(5)] == [201] * 5
    require_problem(ask(6), 429, "")
    assert count(context.store, "leads") == 5
    assert "203.0.113" not in str(context.store.engine.connect().exec_driver_sql(
        "SELECT * FROM contact_counts"
    ).all())  # fmt: skip


def test_without_the_right_key_nothing_is_told(
    client: FlaskClient, context: AppContext, key: dict[str, str]
) -> None:
    leave(client)
    wrong = [
        "",
        "Bearer",
        "Bearer x",
        "Basic " + key["Authorization"][7:],
        key["Authorization"] + "x",
    ]
    for value in [*wrong, "Bearer " + "x" * 500, "Bearer \xff"]:
        headers = {"Authorization": value} if value else {}
        answer = client.get(OPERATOR, headers=headers)
        body = require_problem(answer, 401, "Authorization")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert NAME not in str(body)
        patched = client.patch(f"{OPERATOR}/x", json={"state": "closed"}, headers=headers)
        assert patched.get_json()["detail"] == body["detail"]


def test_a_lead_is_seen_by_its_operator_alone(client: FlaskClient, context: AppContext) -> None:
    with context.store.writing("test") as tx:
        tx.connection.exec_driver_sql(
            "INSERT INTO operators (id, name, professional, demo, version) "
            "VALUES ('p', 'x', 0, 0, 1)"
        )
    other = {"Authorization": f"Bearer {make_operator_key(context.store, 'p', now=NOW)}"}
    mine = {"Authorization": f"Bearer {make_operator_key(context.store, 'o', now=NOW)}"}
    leave(client)
    assert client.get(OPERATOR, headers=other).get_json()["items"] == []
    lead = client.get(OPERATOR, headers=mine).get_json()["items"][0]["id"]
    for name in (lead, "none-such-lead", "%00%00%00%00%00%00%00%00"):
        answer = client.patch(f"{OPERATOR}/{name}", json={"state": "closed"}, headers=other)
        require_problem(answer, 404, "id")
    for state in ("old", None, 5):
        answer = client.patch(f"{OPERATOR}/{lead}", json={"state": state}, headers=mine)
        require_problem(answer, 422, "state")
    assert client.get(OPERATOR, headers=mine).get_json()["items"][0]["state"] == "new"


def test_no_answer_is_kept_by_a_cache(client: FlaskClient, key: dict[str, str]) -> None:
    assert client.post(LEADS, json=BODY).headers["Cache-Control"] == "no-store"
    assert client.get(OPERATOR, headers=key).headers["Cache-Control"] == "no-store"


def _public(client: FlaskClient) -> list[str]:
    paths = ["/", "/metrics", "/readyz", "/ogc", "/ogc/collections", "/api/v1/openapi.json"]
    paths += ["/api/v1/sites/alpha", "/api/v1/units/a1", "/api/v1/plan/records?indicator=space"]
    for layer in LAYERS:
        paths += [f"/ogc/collections/{layer}/items?limit=10000&f={f}" for f in ("json", "html")]
        paths.append(f"/ogc/collections/{layer}/tiles/WebMercatorQuad/8/107/213")
    return paths


def test_name_and_number_are_nowhere_else(
    client: FlaskClient,
    context: AppContext,
    data_dir: Path,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    context.follower._interval = 0.0
    seq = changes_since(context.store, 0)[-1].seq
    leave(client, message=f"{NAME} {PHONE}")
    client.post(LEADS, json=BODY)  # refused: said twice
    client.post(LEADS, json=BODY | {"phone": f"{PHONE}9"})
    with context.store.writing("test") as tx:
        tx.log("touch", "sites")  # the catalog is built anew
    marks = [PHONE.encode(), NAME.encode()]
    assert context.catalog.version > seq
    for path in _public(client):
        answer = client.get(path)
        assert answer.status_code in (200, 204), path
        assert not any(mark in answer.get_data() for mark in marks), path
    kept = [
        path for path in data_dir.rglob("*") if path.is_file() and "geomap.gpkg" not in path.name
    ]
    assert any("snapshot" in str(path) for path in kept)
    for layer in LAYERS:
        for ending in (".geojson", ".gpkg", ".csv"):
            kept.append(tmp_path / f"{layer}{ending}")
            export_layer(context.catalog, layer, kept[-1])
    for path in kept:
        assert not any(mark in path.read_bytes() for mark in marks), path
    (logged,) = changes_since(context.store, seq)
    assert (logged.action, logged.table, logged.patch) == ("touch", "sites", None)
    assert PHONE not in caplog.text and NAME not in caplog.text


def test_not_even_an_error_logs_the_number(
    app: APIFlask, context: AppContext, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with context.store.writing("test") as tx:
        tx.connection.exec_driver_sql("ALTER TABLE leads DROP COLUMN wish")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = app.test_client().post(LEADS, json=BODY)
    assert answer.status_code == 500
    assert "INSERT INTO leads" in caplog.text
    assert PHONE not in caplog.text and NAME not in caplog.text
    assert PHONE not in answer.get_data(as_text=True)


def test_the_command_line(
    client: FlaskClient, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave(client)
    run = CliRunner(env={"GEOMAP_DATA_DIR": str(data_dir)})

    def call(*arguments: str) -> Any:
        return run.invoke(main, list(arguments), catch_exceptions=False)

    made = call("leads", "key", "o")
    assert made.exit_code == 0 and made.stdout.startswith("gmo_")
    headers = {"Authorization": f"Bearer {made.stdout.strip()}"}
    assert client.get(OPERATOR, headers=headers).get_json()["total"] == 1
    listed = call("leads", "list", "--operator", "o")
    assert "+8613800138765" in listed.stdout and "2026-12-01 10:00" in listed.stdout
    as_json = call("leads", "list", "--operator", "o", "--json", "--state", "closed")
    assert '"total":0' in as_json.stdout
    assert call("leads", "key", "none").exit_code == 1
    assert call("leads", "list", "--operator", "none").exit_code == 1
    assert call("leads", "key", "o", "--revoke").exit_code == 0
    assert client.get(OPERATOR, headers=headers).status_code == 401
    assert "0" in call("leads", "purge").stdout
    monkeypatch.setattr(AppContext, "now", lambda self: NOW + timedelta(days=91))
    assert "1" in call("leads", "purge").stdout


def test_serving_deletes_what_has_expired(
    client: FlaskClient, context: AppContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    from geomap.web.serve import load_app

    leave(client)
    load_app(context.settings)
    assert count(context.store, "leads") == 1
    monkeypatch.setattr(AppContext, "now", lambda self: NOW + timedelta(days=91))
    load_app(context.settings)
    assert count(context.store, "leads") == 0
