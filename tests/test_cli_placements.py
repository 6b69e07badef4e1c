"""``geomap placements``: from a file of projects to units that are held, and back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from geomap.cli import main
from geomap.domain.words import UnitStatus
from geomap.importing.project_sheet import write_projects_sheet
from geomap.placement.placement_json import parse_projects
from geomap.store.engine import open_store
from geomap.store.models import TABLES
from geomap.store.staff_keys import add_staff
from geomap.web.context import AppContext
from tests.web.desk import NOW
from tests.web.world import TODAY, build_world

LAB = {"home_county": "330303", "unit_kinds": ["lab"]}
PROJECTS = [
    {"id": "p1", "name": "微构", "current_site": "alpha", "priority": 1, **LAB},
    {"id": "p2", "name": "合芯", **LAB},
    {"id": "p3", "name": "眼谷", **LAB},
]
"""Three for the labs a1 of alpha and b1 of beta; p1 comes first."""


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(AppContext, "today", lambda self: TODAY)
    folder = tmp_path / "data"
    folder.mkdir()
    build_world(folder)
    store = open_store(f"sqlite:///{folder / 'geomap.gpkg'}")
    add_staff(store, "小陈", now=NOW)
    store.close()
    return folder


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "projects.xlsx"
    write_projects_sheet(parse_projects(PROJECTS), path)
    return path


def run(data_dir: Path, *args: object, language: str = "zh", answer: str | None = None) -> Result:
    environ = {"GEOMAP_DATA_DIR": str(data_dir), "GEOMAP_LANG": language}
    return CliRunner(env=environ).invoke(main, ["placements", *map(str, args)], input=answer)


def keep(data_dir: Path, sheet: Path, name: str, *more: object) -> dict[str, Any]:
    result = run(data_dir, "save", sheet, "--name", name, "--by", "小陈", "--json", *more)
    assert result.exit_code == 0, result.output
    saved: dict[str, Any] = json.loads(result.stdout)
    return saved


def statuses(data_dir: Path) -> dict[str, str]:
    """Return the status of both labs, as the record and as the catalog have it."""
    store, units = open_store(f"sqlite:///{data_dir / 'geomap.gpkg'}"), TABLES["units"]
    with store.reading() as session:
        query = select(units.c.id, units.c.status).where(units.c.id.in_(["a1", "b1"]))
        found = {row.id: str(row.status) for row in session.execute(query)}
    store.close()
    context = AppContext(_settings(data_dir))
    try:
        catalog = context.catalog.units
        shown = {i: str(tuple(UnitStatus)[catalog.status[catalog.id.find(i)]]) for i in found}
    finally:
        context.close()
    assert shown == found
    return found


def _settings(data_dir: Path) -> Any:
    from geomap.config import read_settings

    return read_settings({"GEOMAP_DATA_DIR": str(data_dir)})


def test_saved_and_shown(data_dir: Path, sheet: Path) -> None:
    saved = run(data_dir, "save", sheet, "--name", "一季度", "--by", "小陈", "--note", "先看看")
    assert saved.exit_code == 0, saved.output
    head, *_, last = saved.stdout.splitlines()
    assert head.startswith("已落地 2/3（先到先得 2），500 ㎡")
    assert last.startswith("✓ 已留存为 ")
    kept = last.split()[-1]
    listed = run(data_dir, "list").stdout.splitlines()
    assert listed == [f"{kept}  草案  2/3  小陈  一季度", "共 1 个方案"]
    shown = run(data_dir, "show", kept).stdout
    assert shown.startswith(f"{kept}  草案  2/3  小陈  一季度\n先看看\n已落地 2/3")
    (first,) = [line for line in shown.splitlines() if line.startswith("  ✓  微构")]
    assert first.split()[1:] == ["微构", "本地", "阿尔法孵化器", "a1"]
    (item,) = json.loads(run(data_dir, "list", "--json").stdout)["items"]
    found = json.loads(run(data_dir, "show", kept, "--json").stdout)
    assert (item["id"], item["created_by"], item["note"]) == (kept, "小陈", "先看看")
    assert (found["state"], found["taken"], found["holds"]) == ("draft", [], [])
    assert len(found["answer"]["placements"]) == 2
    assert statuses(data_dir) == {"a1": "vacant", "b1": "vacant"}


def test_compared(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    policy = tmp_path / "policy.json"
    pins = [{"project_id": "p3", "unit_ids": ["a1"]}]
    policy.write_text(json.dumps({"pins": pins, "steps": ["local"]}))
    a = keep(data_dir, sheet, "甲")
    b = keep(data_dir, sheet, "乙", "--policy", policy, "--mode", "stable")
    assert b["mode"] == "stable"
    assert [one["project_id"] for one in b["answer"]["placements"]] == ["p3"]
    found = json.loads(run(data_dir, "compare", a["id"], b["id"], "--json").stdout)
    lost = {one["project_id"] for one in found["lost_place"]}
    assert "p1" in lost and "p3" not in lost
    lines = run(data_dir, "compare", a["id"], b["id"], language="en").stdout.splitlines()
    assert f"Lost their place: {len(lost)}" in lines
    assert "   微构  阿尔法孵化器 → —" in lines
    back = run(data_dir, "compare", b["id"], a["id"]).stdout
    assert "新落地" in back and "   微构  — → 阿尔法孵化器" in back
    assert "没有变 2" in run(data_dir, "compare", a["id"], a["id"]).stdout


def test_adopted_once_and_released(data_dir: Path, sheet: Path) -> None:
    one, other = keep(data_dir, sheet, "甲")["id"], keep(data_dir, sheet, "乙")["id"]
    no = run(data_dir, "adopt", one, "--by", "小陈", answer="n\n")
    assert no.exit_code == 1 and "留 2 个单元" in no.stderr
    assert statuses(data_dir) == {"a1": "vacant", "b1": "vacant"}
    done = run(data_dir, "adopt", one, "--by", "小陈", "--json", answer="y\n")
    assert done.exit_code == 0, done.output
    holds = json.loads(done.stdout)["holds"]
    assert sorted(hold["unit_id"] for hold in holds) == ["a1", "b1"]
    assert statuses(data_dir) == {"a1": "held", "b1": "held"}
    assert "留着 2 个单元" in run(data_dir, "show", one).stdout

    again = run(data_dir, "adopt", one, "--by", "小陈", "--yes")
    assert again.exit_code == 1 and "已由 小陈 采纳" in again.stderr
    refused = run(data_dir, "adopt", other, "--by", "小陈")
    assert refused.exit_code == 1 and refused.stdout == ""
    taken = [line.split() for line in refused.stderr.splitlines() if line.startswith("  !")]
    assert ["!", "微构", "a1", "已被占用"] in taken and len(taken) == 2
    assert "重算" in refused.stderr
    assert "已被占用" in run(data_dir, "show", other).stdout
    held = run(data_dir, "delete", one, "--by", "小陈", "--yes")
    assert held.exit_code == 1

    no = run(data_dir, "release", one, "--by", "小陈", answer="n\n")
    assert no.exit_code == 1 and "放回 2 个单元" in no.stderr
    assert statuses(data_dir) == {"a1": "held", "b1": "held"}
    freed = run(data_dir, "release", one, "--by", "小陈", "--yes", language="en")
    assert freed.exit_code == 0 and "Released, units: 2" in freed.stdout
    assert statuses(data_dir) == {"a1": "vacant", "b1": "vacant"}
    (state,) = [
        item["state"]
        for item in json.loads(run(data_dir, "list", "--json").stdout)["items"]
        if item["id"] == one
    ]
    assert state == "released"


def test_deleted(data_dir: Path, sheet: Path) -> None:
    kept = keep(data_dir, sheet, "甲")["id"]
    assert run(data_dir, "delete", kept, "--by", "小陈", answer="n\n").exit_code == 1
    assert run(data_dir, "show", kept).exit_code == 0
    done = run(data_dir, "delete", kept, "--by", "小陈", "--yes", "--json")
    assert json.loads(done.stdout) == {"id": kept, "deleted": True}
    assert run(data_dir, "show", kept).exit_code == 1


def test_unknown_ids_and_people(data_dir: Path, sheet: Path) -> None:
    kept = keep(data_dir, sheet, "甲")["id"]
    acts = ("adopt", "release", "delete")
    calls = [("show", "none"), ("compare", kept, "none")]
    calls += [(act, "none", "--by", "小陈", "--yes") for act in acts]
    for call in calls:
        result = run(data_dir, *call, language="en")
        assert result.exit_code == 1 and "Traceback" not in result.output, call
        assert result.stderr.startswith("✗ ") and result.stdout == "", call
    strange = [(act, kept, "--by", "小林", "--yes") for act in acts]
    strange.append(("save", str(sheet), "--name", "乙", "--by", "小林"))
    for call in strange:
        result = run(data_dir, *call, language="en")
        assert result.exit_code == 1 and result.stderr.startswith("✗ by: "), call
        assert "geomap staff add" in result.stderr, call
    assert json.loads(run(data_dir, "list", "--json").stdout)["total"] == 1
    assert statuses(data_dir) == {"a1": "vacant", "b1": "vacant"}


def test_what_cannot_be_kept(data_dir: Path, sheet: Path, tmp_path: Path) -> None:
    nameless = run(data_dir, "save", sheet, "--name", " ", "--by", "小陈", language="en")
    assert nameless.exit_code == 1 and "name: " in nameless.stderr
    policy = tmp_path / "policy.json"
    policy.write_text('{"steps": []}')
    refused = run(data_dir, "save", sheet, "--name", "甲", "--by", "小陈", "--policy", policy)
    assert refused.exit_code == 1 and "request.policy.steps: " in refused.stderr
    for args in (("save", sheet, "--name", "甲"), ("adopt", "x"), ("show",), ("solve",)):
        assert run(data_dir, *args).exit_code == 2
    assert json.loads(run(data_dir, "list", "--json").stdout)["total"] == 0
