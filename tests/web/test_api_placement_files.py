"""Projects from a file, the template, and the projects of the record."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from geomap.domain import records as r
from geomap.domain.placement import ChainPosition
from geomap.importing.project_file import placed_of
from geomap.importing.project_sheet import write_projects_sheet
from geomap.store import write
from geomap.store.staff_keys import add_staff
from geomap.web import api_placement_files
from geomap.web.context import AppContext
from geomap.web.schemas_project_files import ProjectsAnswer, ProjectsPage, ProjectsProblem
from geomap.web.view_project_files import file_name

URL = "/api/v1/placements/projects"
PAGE = "/api/v1/placements/demo-projects"
CSV = "编号,名称,属地,面积,现址\np-1,甲,龙湾区,100-200,阿尔法孵化器\n"
BAD = CSV + "p-2,乙,杭州,100,\np-3,丙,鹿城区,-5,\n"


def send(client: FlaskClient, content: bytes | str, name: str, query: str = "") -> TestResponse:
    data = content.encode() if isinstance(content, str) else content
    boundary, form = encode_multipart({"file": FileStorage(io.BytesIO(data), name)})
    media = f'multipart/form-data; boundary="{boundary}"'
    return client.post(f"{URL}{query}", data=form, content_type=media)


def test_projects_of_a_file(client: FlaskClient) -> None:
    answer = send(client, CSV, "项目.csv")
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    body = answer.get_json()
    ProjectsAnswer.model_validate(body)
    assert body["projects"] == [
        {
            "id": "p-1",
            "name": "甲",
            "area_m2": {"min": 100.0, "max": 200.0},
            "home_county": "330303",
            "current_site": "alpha",
        }
    ]
    report = body["report"]
    assert (report["file"], report["format"], report["rows"]) == ("项目.csv", "CSV", 1)
    assert (report["read"], report["refused"], report["findings"]) == (1, 0, [])


@pytest.mark.parametrize(
    ("media", "content"),
    [
        ("text/csv; charset=utf-8", CSV.encode()),
        ("text/csv", CSV.encode("gb18030")),
        ("application/json", b'[{"id": "p-1", "name": "x", "home_county": "330303"}]'),
    ],
)
def test_the_file_as_the_body_itself(client: FlaskClient, media: str, content: bytes) -> None:
    answer = client.post(URL, data=content, content_type=media)
    assert answer.status_code == 200, answer.get_json()
    assert [p["id"] for p in answer.get_json()["projects"]] == ["p-1"]


def test_a_workbook(client: FlaskClient, tmp_path: Path) -> None:
    project = placed_of(
        r.Project(id="p", name="=甲", home_county="330303", demand={"headcount": 8})
    )
    write_projects_sheet([project], tmp_path / "a.xlsx")
    body = send(client, (tmp_path / "a.xlsx").read_bytes(), "a.xlsx").get_json()
    assert body["projects"] == [{"id": "p", "name": "=甲", "headcount": 8, "home_county": "330303"}]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_with_errors_is_refused_with_all_of_them(client: FlaskClient, language: str) -> None:
    answer = send(client, BAD, "a.csv", f"?lang={language}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    ProjectsProblem.model_validate(body)
    assert "projects" not in body
    found = [(f["row"], f["column"], f["severity"]) for f in body["findings"]]
    assert found == [(3, "属地", "error"), (4, "面积", "error")]
    assert all(f["text"] and f["fix"] for f in body["findings"])
    assert ("杭州" in body["findings"][0]["text"]) and body["findings_total"] == 2
    assert (body["rows"], body["read"], body["refused"]) == (3, 1, 2)
    assert body["field"] == "file" and body["fix"]


def test_the_rows_without_errors(client: FlaskClient) -> None:
    body = send(client, BAD, "a.csv", "?accept_partial=1").get_json()
    assert [p["id"] for p in body["projects"]] == ["p-1"]
    assert (body["report"]["read"], body["report"]["refused"]) == (1, 2)
    assert len(body["report"]["findings"]) == 2


def test_a_site_that_is_not_known_is_a_warning(client: FlaskClient) -> None:
    body = send(client, CSV.replace("阿尔法孵化器", "外地"), "a.csv").get_json()
    (finding,) = body["report"]["findings"]
    assert (finding["severity"], finding["column"], finding["value"]) == ("warning", "现址", "外地")
    assert body["projects"][0]["current_site"] == "外地"


@pytest.mark.parametrize(
    ("name", "content", "status", "field"),
    [
        ("a.pdf", b"%PDF", 422, "file"),
        ("a.xlsx", b"PK\x03\x04", 422, "file"),
        ("a.csv", b"", 422, "file"),
        ("a.csv", "名称,人数\n甲,3\n".encode(), 422, "home_county"),
        ("../../etc/passwd", b"x", 422, "file"),
    ],
)
def test_files_that_cannot_be_read(
    client: FlaskClient, name: str, content: bytes, status: int, field: str
) -> None:
    answer = send(client, content, name)
    body = answer.get_json()
    assert (answer.status_code, body["field"]) == (status, field)
    assert body["detail"] and body["fix"]


def test_no_file_and_no_form(client: FlaskClient) -> None:
    answer = client.post(URL, data={"other": "x"}, content_type="multipart/form-data")
    assert (answer.status_code, answer.get_json()["field"]) == (422, "file")
    answer = client.post(URL, data=b"x", content_type="image/png")
    assert answer.status_code == 415 and "multipart" in answer.get_json()["fix"]


def test_a_file_that_is_too_large(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api_placement_files, "MOST_FILE", 1_200_000)
    row = CSV.splitlines()[0]
    large = row + "\n" * 1_200_000
    answer = send(client, large, "a.csv")
    assert answer.status_code == 413 and "1.2 MB" in answer.get_json()["detail"]
    assert client.post(URL, data=large * 2, content_type="text/csv").status_code == 413
    # More than other bodies may have, and read: what is wrong with it is that it is empty.
    answer = send(client, row + "\n" * 1_100_000, "a.csv")
    assert answer.status_code == 422 and answer.get_json()["rows"] == 0


def test_the_template_comes_back(client: FlaskClient) -> None:
    for language in ("zh", "en"):
        answer = client.get(f"/api/v1/placements/template.xlsx?lang={language}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert answer.data[:2] == b"PK"
        body = send(client, answer.data, "t.xlsx").get_json()
        assert (body["skipped"], body["refused"], body["findings"][0]["severity"]) == (2, 0, "note")


def _store_projects(context: AppContext) -> None:
    made = r.Project(
        id="demo-1", name="演示", home_county="330303", demand={"headcount": 8}, priority=1,
        growth_headcount=20, chain_position=ChainPosition.UPSTREAM, demo=True,
    )  # fmt: skip
    more = r.Project(id="demo-2", name="演示二", home_county="330302", demand={}, demo=True)
    real = r.Project(id="real", name="真实", home_county="330303", demand={"headcount": 3})
    with context.store.writing("test") as tx:
        write.add_projects(tx, [made, real, more])


def test_projects_of_the_record(client: FlaskClient, context: AppContext) -> None:
    _store_projects(context)
    body = client.get(PAGE).get_json()
    ProjectsPage.model_validate(body)
    assert [p["id"] for p in body["items"]] == ["demo-1", "demo-2"]
    assert body["items"][0] == {
        "id": "demo-1",
        "name": "演示",
        "headcount": 8,
        "home_county": "330303",
        "priority": 1,
        "growth_headcount": 20,
        "chain_position": "upstream",
        "demo": True,
    }
    first = client.get(f"{PAGE}?limit=1").get_json()
    assert (len(first["items"]), first["total"]) == (1, 2)
    second = client.get(first["next"]).get_json()
    assert ([p["id"] for p in second["items"]], second["next"]) == (["demo-2"], None)


def test_all_projects_with_a_key(client: FlaskClient, context: AppContext) -> None:
    _store_projects(context)
    key = _key(context)
    answer = client.get(PAGE, headers={"Authorization": f"Bearer {key}"})
    assert [p["id"] for p in answer.get_json()["items"]] == ["demo-1", "real", "demo-2"]
    assert "Authorization" in answer.headers["Vary"]
    wrong = client.get(PAGE, headers={"Authorization": "Bearer gms_wrong"})
    assert wrong.status_code == 401


def _key(context: AppContext) -> Any:
    return add_staff(context.store, "小王", now=context.now())[1]


def test_what_is_read_can_be_placed(client: FlaskClient) -> None:
    projects = send(client, CSV, "a.csv").get_json()["projects"]
    answer = client.post("/api/v1/placements", json={"projects": projects})
    assert answer.status_code == 200, answer.get_json()
    placed, unplaced = answer.get_json()["placements"], answer.get_json()["unplaced"]
    assert [p["project_id"] for p in placed + unplaced] == ["p-1"]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("项目 一.xlsx", "项目 一.xlsx"),
        ("C:\\x\\a.csv", "a.csv"),
        ("../../a.csv", "a.csv"),
        ("..", "file"),
        ("a\x00b<c>.csv", "a_b_c_.csv"),
        ("长" * 200 + ".csv", "长" * 76 + ".csv"),
    ],
)
def test_names_of_files(given: str, written: str) -> None:
    assert file_name(given) == written


def test_the_document_says_how_a_file_is_sent(client: FlaskClient) -> None:
    document = client.get("/api/v1/openapi.json").get_json()
    operation = document["paths"][URL]["post"]
    assert "multipart/form-data" in operation["requestBody"]["content"]
    refused = operation["responses"]["422"]["content"]["application/problem+json"]
    assert refused["schema"]["$ref"].endswith("/ProjectsProblem")
