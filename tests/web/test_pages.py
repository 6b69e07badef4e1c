"""The page and its files: boot value, languages, versions, caching, and what is not served."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import Any

import brotli
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from geomap.geo.tilegrid import tile_range
from geomap.web.assets import MIMETYPES, Assets
from geomap.web.boot import script_json
from tests.web.world import TODAY


def boot_in(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="boot">(.*?)</script>', text, re.S)
    assert found
    value: dict[str, Any] = json.loads(found[1])
    return value


@pytest.fixture
def boot(client: FlaskClient) -> dict[str, Any]:
    return boot_in(client.get("/").get_data(as_text=True))


def test_boot_says_what_the_map_is_of(boot: dict[str, Any]) -> None:
    assert (boot["lang"], boot["demo"], boot["today"]) == ("zh", True, TODAY.isoformat())
    assert boot["region"]["bounds"] == [120.6, 27.9, 120.8, 28.1]
    assert boot["region"]["center"] == [120.7, 28.0]
    assert boot["approval_number"] == ""
    assert "OpenStreetMap" in boot["attribution"]


def test_boot_has_counties_with_a_label_on_land(boot: dict[str, Any]) -> None:
    counties = {county["adcode"]: county for county in boot["counties"]}
    assert set(counties) == {"330302", "330303"}
    assert (counties["330303"]["name"], counties["330303"]["short"]) == ("龙湾区", "龙湾")
    assert counties["330303"]["label"] == [120.7, 27.9575]
    assert counties["330303"]["bounds"] == [120.61, 27.91, 120.79, 28.005]


def test_boot_has_layers_with_versioned_tiles(boot: dict[str, Any], client: FlaskClient) -> None:
    layers = {layer["id"]: layer for layer in boot["layers"]}
    assert {"land", "water", "counties", "streets", "amenities", "sites", "zones"} <= set(layers)
    streets = layers["streets"]
    assert (streets["title"], streets["minzoom"], streets["maxzoom"]) == ("街道", 8, 14)
    column, _, row, _ = tile_range((120.71, 28.0, 120.71, 28.0), 14)
    url = streets["tiles"].format(z=14, y=row, x=column)
    answer = client.get(url)
    assert answer.status_code == 200 and answer.data
    assert "immutable" in answer.headers["Cache-Control"]


def test_boot_has_words_profiles_and_industries(boot: dict[str, Any]) -> None:
    assert boot["labels"]["unit_kind"]["lab"] == "实验室"
    assert boot["labels"]["permitted_use"]["office"] == "办公"
    assert len(boot["labels"]["amenity_category"]) == 12
    assert boot["profiles"][0]["id"] == "wenzhou-6-6"
    assert boot["profiles"][0]["minutes"] == 15
    assert len(boot["reporting_units"]) == 13
    assert {"id": "eye_health", "name": "眼健康", "parent": "life_health"} in boot["industries"]


def test_english_page(client: FlaskClient) -> None:
    answer = client.get("/?lang=en")
    boot = boot_in(answer.get_data(as_text=True))
    assert boot["lang"] == "en" and boot["counties"][0]["name"] == "Lucheng"
    assert '<html lang="en">' in answer.get_data(as_text=True)
    assert answer.headers["Content-Language"] == "en"
    assert client.get(boot["texts"]).get_json()


def test_language_by_cookie_and_by_browser(client: FlaskClient) -> None:
    asked = client.get("/", headers={"Accept-Language": "en-US,en;q=0.9"})
    assert boot_in(asked.get_data(as_text=True))["lang"] == "en"
    client.set_cookie("lang", "zh")
    again = client.get("/", headers={"Accept-Language": "en-US"})
    assert boot_in(again.get_data(as_text=True))["lang"] == "zh"
    assert boot_in(client.get("/?lang=xx").get_data(as_text=True))["lang"] == "zh"


def test_script_json_cannot_leave_its_element() -> None:
    hostile = {"name": "</script><script>alert(1)</script> & <!-- \u2028"}
    text = str(script_json(hostile))
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == hostile


def test_every_file_of_the_page_is_there_under_its_version(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', text)
    own = [a for a in addresses if "/vendor/" not in a]
    assert len(own) > 10
    for address in own:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_modules_are_preloaded(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    preloaded = re.findall(r'<link rel="modulepreload" href="(/static/v/[^"]+\.js)"', text)
    assert any(address.endswith("/js/find/match.js") for address in preloaded)
    assert not any(address.endswith("/js/place/panel.js") for address in preloaded)


def test_modules_of_placement_are_preloaded_where_the_address_enters_it(
    client: FlaskClient,
) -> None:
    text = client.get("/?task=place").get_data(as_text=True)
    preloaded = re.findall(r'<link rel="modulepreload" href="(/static/v/[^"]+\.js)"', text)
    for module in ("main.js", "place/panel.js", "desk/ledger.js", "map/flows.js"):
        assert any(address.endswith(f"/js/{module}") for address in preloaded)
    assert len(preloaded) == len(set(preloaded))
    assert all(client.get(address).status_code == 200 for address in preloaded)


def test_plain_address_is_asked_about_again(client: FlaskClient) -> None:
    first = client.get("/static/js/boot.js")
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
    assert first.mimetype == "text/javascript"
    again = client.get("/static/js/boot.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_compressed_as_the_client_likes(client: FlaskClient) -> None:
    plain = client.get("/static/js/boot.js")
    packed = client.get("/static/js/boot.js", headers={"Accept-Encoding": "gzip"})
    smaller = client.get("/static/js/boot.js", headers={"Accept-Encoding": "gzip, br"})
    refused = client.get("/static/js/boot.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert gzip.decompress(packed.data) == plain.data == brotli.decompress(smaller.data)
    assert [a.headers.get("Content-Encoding") for a in (plain, packed, smaller, refused)] == [
        None, "gzip", "br", None,
    ]  # fmt: skip
    assert packed.headers["Vary"] == "Accept-Encoding"
    again = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert client.get("/static/js/boot.js", headers=again).status_code == 304


def test_head_has_the_headers_and_no_body(client: FlaskClient) -> None:
    for path in ("/", "/static/js/boot.js", "/api/v1/sites/alpha", "/ogc/collections"):
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.data) == (200, b""), path
        assert head.headers["Content-Length"] == got.headers["Content-Length"]
        assert head.headers["ETag"] == got.headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "../setup.cfg",
        "..%2Fsetup.cfg",
        "%2e%2e/%2e%2e/etc/passwd",
        "js/../../setup.cfg",
        "/etc/passwd",
        "js//etc/passwd",
        "__init__.py",
        "js/types.d.ts",
        "js",
        "js/",
        "js/boot.js/",
        "js/boot.js%00.css",
        "nothing.js",
        "C:\\boot.ini",
        "js\\boot.js",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, path: str) -> None:
    for prefix in ("/static/", "/static/v/abc/"):
        assert client.get(prefix + path).status_code in (404, 308), prefix + path


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, app: APIFlask) -> None:
    (tmp_path / "out.txt").write_text("secret")
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "in.txt").symlink_to(tmp_path / "out.txt")
    app.extensions["geomap.assets"] = Assets(folder)
    assert app.test_client().get("/static/in.txt").status_code == 404


def test_a_changed_file_has_another_version(tmp_path: Path, app: APIFlask) -> None:
    file = tmp_path / "a.css"
    file.write_text("a{}")
    assets = Assets(tmp_path)
    app.extensions["geomap.assets"] = assets
    old, client = assets.url("a.css"), app.test_client()
    assert client.get(old).data == b"a{}"
    file.write_text("b{}")
    os.utime(file, (1, 1))
    fresh = Assets(tmp_path)
    app.extensions["geomap.assets"] = fresh
    assert fresh.url("a.css") != old
    stale = client.get(old)
    assert (stale.data, stale.headers["Cache-Control"]) == (b"b{}", "no-cache")


def test_types_of_files() -> None:
    assert MIMETYPES[".mjs"] == "text/javascript"
    assert ".py" not in MIMETYPES and ".ts" not in MIMETYPES


def test_favicon_points_at_the_mark(client: FlaskClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 302
    assert client.get(answer.headers["Location"]).mimetype == "image/svg+xml"


def test_a_view_is_drawn_as_a_code_for_paper(client: FlaskClient) -> None:
    answer = client.get("/qr.svg", query_string={"query": "site=s-1&lang=zh"})
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg") and b"script" not in answer.data
    other = client.get("/qr.svg", query_string={"query": "site=s-2&lang=zh"})
    assert other.data != answer.data


def test_a_code_is_only_of_this_map_and_not_too_fine(client: FlaskClient) -> None:
    assert client.get("/qr.svg", query_string={"query": "x" * 1_201}).status_code == 422
    assert client.get("/qr.svg", query_string={"query": "a\nb"}).status_code == 422
    assert client.get("/qr.svg").status_code == 200
