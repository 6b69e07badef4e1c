"""Finding by name: order, languages, and texts that find nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from geomap.web.search import fold


def ask(client: FlaskClient, text: str, **more: str) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/search", query_string={"q": text, **more})
    assert answer.status_code == 200
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items


def test_a_county_with_its_bounds(client: FlaskClient) -> None:
    item = ask(client, "龙湾")[0]
    assert (item["type"], item["id"], item["name"], item["detail"]) == (
        "county", "330303", "龙湾区", "",
    )  # fmt: skip
    west, south, east, north = item["bounds"]
    assert west < item["lon"] < east and south < item["lat"] < north
    assert ask(client, "LONGWAN", lang="en")[0]["name"] == "Longwan"


def test_a_town_with_its_county_and_only_where_its_place_is_known(client: FlaskClient) -> None:
    item = ask(client, "永中")[0]
    assert (item["type"], item["id"], item["detail"]) == ("town", "330303001", "龙湾区")
    assert ask(client, "无处") == []


@pytest.mark.parametrize("text", ["阿尔法", "ａｌｐｈａ", "阿尔法运营", "温州大道", " 阿尔 法 "])
def test_a_site_by_name_id_operator_or_address(client: FlaskClient, text: str) -> None:
    item = ask(client, text)[0]
    assert (item["type"], item["id"]) == ("site", "alpha")
    assert item["detail"] == "龙湾区 · 阿尔法运营"
    assert (item["lon"], item["lat"]) == (120.7, 28.0)


def test_a_site_without_a_place_is_found_without_one(client: FlaskClient) -> None:
    item = ask(client, "位置未知")[0]
    assert (item["lon"], item["lat"]) == (None, None)


@pytest.mark.parametrize("text", ["", "   ", "没有这样的名字", "<script>nothing", "%00", "\x00"])
def test_nothing(client: FlaskClient, text: str) -> None:
    assert ask(client, text) == []


def test_limits(client: FlaskClient) -> None:
    assert len(ask(client, "3303", limit="1")) == 1
    assert client.get("/api/v1/search", query_string={"q": "x" * 101}).status_code == 422


def test_fold() -> None:
    assert fold(" Ａ b\t１ ") == "ab1"
