"""Headers on every route, and who may read the counters."""

from __future__ import annotations

from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geomap.web import create_app
from geomap.web.limits import client_of, is_local
from tests.web.conftest import settings_of

SAMPLES = {
    "site_id": "alpha",
    "unit_id": "a1",
    "scenario_id": "none",
    "search_id": "none",
    "project_id": "none",
    "meeting_id": "none",
    "entry_id": "none",
    "placement_id": "none",
    "token": "none",
    "collection_id": "sites",
    "feature_id": "alpha",
}
SAMPLES |= {"z": "8", "y": "107", "x": "213", "version": "x", "path": "js/boot.js"}


def addresses(app: APIFlask) -> list[str]:
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()):
            values = {name: SAMPLES[name] for name in rule.arguments}
            with app.test_request_context():
                found.append(app.url_for(rule.endpoint, **values))
    return found


def test_every_route_carries_the_headers(app: APIFlask) -> None:
    client = app.test_client()
    listed = addresses(app)
    assert len(listed) > 25
    for path in [*listed, "/nothing", "/api/v1/nothing"]:
        answer = client.get(path)
        assert answer.status_code < 500, path
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "default-src 'self'" in policy, path
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff", path
        assert answer.headers["Referrer-Policy"] == "same-origin"
        if answer.status_code != 302:
            assert answer.headers.get("Cache-Control"), path
        assert "Set-Cookie" not in answer.headers


def test_open_data_may_be_read_by_any_page_and_the_map_not(client: FlaskClient) -> None:
    assert client.get("/ogc").headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/sites/alpha").headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in client.get("/").headers
    assert "Access-Control-Allow-Credentials" not in client.get("/ogc").headers


OUTSIDE = {"REMOTE_ADDR": "203.0.113.9"}


def test_metrics_on_this_machine(client: FlaskClient) -> None:
    client.get("/healthz")
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    text = answer.get_data(as_text=True)
    assert 'geomap_requests_total{route="/healthz",method="GET",status="200"} 1' in text
    assert 'geomap_request_seconds_count{route="/healthz"} 1' in text
    assert 'le="+Inf"} 1' in text
    assert "geomap_catalog_version " in text and "geomap_resident_bytes{" in text


def test_metrics_from_elsewhere_need_the_token(data_dir: Path) -> None:
    app = create_app(settings_of(data_dir, GEOMAP_TOKEN_METRICS="t0ken"))
    client = app.test_client()

    def ask(**headers: str) -> int:
        return client.get("/metrics", headers=headers, environ_overrides=OUTSIDE).status_code

    assert ask() == 403
    assert ask(Authorization="Bearer wrong") == 403
    assert ask(Authorization="Basic t0ken") == 403
    assert ask(Authorization="Bearer t0ken") == 200
    assert client.get("/metrics").status_code == 200


def test_a_proxy_on_this_machine_opens_nothing(client: FlaskClient) -> None:
    passed_on = {"X-Forwarded-For": "203.0.113.9"}
    assert client.get("/metrics", headers=passed_on).status_code == 403
    assert client.get("/metrics", environ_overrides=OUTSIDE).status_code == 403


def test_without_a_token_an_empty_bearer_is_no_key(client: FlaskClient) -> None:
    headers = {"Authorization": "Bearer "}
    answer = client.get("/metrics", headers=headers, environ_overrides=OUTSIDE)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("remote", "forwarded", "client", "local"),
    [
        ("127.0.0.1", "", "127.0.0.1", True),
        ("::1", "", "::1", True),
        ("127.0.0.1", "198.51.100.1, 203.0.113.9", "203.0.113.9", False),
        ("203.0.113.9", "127.0.0.1", "203.0.113.9", False),
        ("203.0.113.9", "", "203.0.113.9", False),
    ],
)
def test_whose_request_it_is(
    app: APIFlask, remote: str, forwarded: str, client: str, local: bool
) -> None:
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    environ = {"REMOTE_ADDR": remote}
    with app.test_request_context("/", headers=headers, environ_overrides=environ) as asked:
        assert (client_of(asked.request), is_local(asked.request)) == (client, local)


def test_too_many_requests_from_one_client(client: FlaskClient) -> None:
    def ask(address: str) -> int:
        answer = client.post("/api/v1/match", json=[], environ_overrides={"REMOTE_ADDR": address})
        return answer.status_code

    codes = [ask("203.0.113.77") for _ in range(602)]
    assert codes[:600] == [422] * 600
    assert codes[-1] == 429
    assert ask("203.0.113.78") == 422
    refused = client.post(
        "/api/v1/match", json=[], environ_overrides={"REMOTE_ADDR": "203.0.113.77"}
    )
    assert refused.get_json()["title"] == "请求太多，请稍候"
