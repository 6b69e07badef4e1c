"""Errors: JSON for programs, a page for people, in their language, telling no secrets."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geomap.web import create_app
from tests.web.conftest import settings_of

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_program_gets_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    problem = answer.get_json()
    assert problem["type"] == "urn:geomap:problem:not-found"
    assert (problem["title"], problem["status"]) == ("没有找到", 404)
    assert problem["instance"] == "/api/v1/nothing"
    assert problem["detail"] != problem["title"] and "/api/docs" in problem["fix"]


def test_a_person_gets_a_page(client: FlaskClient) -> None:
    answer = client.get("/nothing", headers=BROWSER)
    assert (answer.status_code, answer.mimetype) == (404, "text/html")
    text = answer.get_data(as_text=True)
    assert "没有找到" in text and 'href="/?lang=zh"' in text
    english = client.get("/nothing?lang=en", headers=BROWSER).get_data(as_text=True)
    assert "Not found" in english


def test_a_browser_on_the_api_gets_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/sites/none", headers=BROWSER)
    assert answer.mimetype == "application/problem+json"


def test_a_path_is_not_markup(client: FlaskClient) -> None:
    text = client.get("/<script>alert(1)</script>", headers=BROWSER).get_data(as_text=True)
    assert "<script>alert" not in text


def test_without_data_everything_says_so(tmp_path: Path) -> None:
    client = create_app(settings_of(tmp_path)).test_client()
    for path in ("/readyz", "/api/v1/search?q=x", "/ogc/collections", "/api/v1/plan/targets"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert "geomap demo" in answer.get_json()["fix"]
    page = client.get("/", headers=BROWSER)
    assert (page.status_code, page.mimetype) == (503, "text/html")
    assert "geomap demo" in page.get_data(as_text=True)
    assert client.get("/healthz").status_code == 200
    assert not list(tmp_path.iterdir()), "asking creates nothing"


def test_an_unknown_error_has_a_number_and_no_secret(
    app: APIFlask, caplog: pytest.LogCaptureFixture
) -> None:
    @app.get("/api/broken")
    def broken() -> str:
        raise RuntimeError("the secret is 42")

    with caplog.at_level(logging.ERROR, logger="geomap"):
        answer = app.test_client().get("/api/broken?lang=en")
    assert answer.status_code == 500
    text = answer.get_data(as_text=True)
    assert "42" not in answer.get_json()["title"] and "secret" not in text
    number = answer.get_json()["detail"].split("No. ")[1]
    assert number in caplog.text and "the secret is 42" in caplog.text


def test_methods_that_are_not_there(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/sites/alpha")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
