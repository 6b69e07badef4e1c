"""``geomap ledger``, ``meetings`` and ``entries`` on the command line."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from geomap.cli import main
from geomap.domain.entries import EntryDraft, EntryKind, Visibility, default_visibility
from geomap.domain.ledger import LedgerFields, LedgerState, MeetingKind, PairResult
from geomap.store import entries, ledger_events, meetings
from geomap.store.engine import open_store
from geomap.store.ledger_write import Act
from geomap.store.meetings import MeetingDraft, PairDraft
from tests.web.desk import NOW
from tests.web.world import TODAY, build_world

ACT = Act("小陈", NOW, TODAY)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger-world")
    build_world(folder)
    store = open_store(f"sqlite:///{folder / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        fields = LedgerFields(name="甲项目", home_county="330303", due_on=date(2020, 1, 1))
        ledger_events.add_line(tx, "p-1", fields, ACT)
        made = meetings.add_meeting(
            tx, MeetingDraft(name="对接会", kind=MeetingKind.MATCHMAKING, at=NOW), ACT
        )
        pair = PairDraft(project_id="p-1", site_id="alpha", result=PairResult.SIGNED, note="好")
        meetings.set_pairs(tx, made.id, [pair], ACT, version=1)
        for kind in (EntryKind.SCENE, EntryKind.FUND):
            draft = EntryDraft(
                kind=kind, title=str(kind), owner="x", dated_on=date(2026, 1, 1), adcode="330303",
                visibility=default_visibility(kind),
            )  # fmt: skip
            assert (draft.visibility is Visibility.PUBLISHED) == (kind is EntryKind.SCENE)
            entries.add_entry(tx, draft, by="小陈", now=NOW, entry_id=f"e-{kind}")
    store.close()
    return folder


def call(folder: Path, *arguments: str) -> Any:
    run = CliRunner(env={"GEOMAP_DATA_DIR": str(folder)})
    return run.invoke(main, list(arguments), catch_exceptions=False)


def rows_of(file: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()


def test_the_ledger(folder: Path, tmp_path: Path) -> None:
    listed = call(folder, "ledger", "list")
    assert listed.exit_code == 0 and "甲项目" in listed.stdout and "签约" in listed.stdout
    found = json.loads(call(folder, "ledger", "list", "--overdue", "--json").stdout)
    assert [item["project_id"] for item in found["items"]] == ["p-1"]
    lost = call(folder, "ledger", "list", "--state", "lost", "--json")
    assert json.loads(lost.stdout)["total"] == 0
    shown = call(folder, "ledger", "show", "p-1").stdout
    assert "→ signed" in shown and "好" in shown and "小陈" in shown
    assert len(json.loads(call(folder, "ledger", "show", "p-1", "--json").stdout)["events"]) == 2
    assert call(folder, "ledger", "show", "none").exit_code == 1
    told = call(folder, "--lang", "en", "ledger", "summary").stdout
    assert "0 of 300 produce locally" in told and "1 signed" in told
    file = tmp_path / "ledger.xlsx"
    assert call(folder, "ledger", "export", str(file)).exit_code == 0
    assert rows_of(file)[1][1] == "甲项目"
    for odd in (tmp_path / "ledger.pdf", tmp_path / "no" / "x.csv"):
        assert call(folder, "ledger", "export", str(odd)).exit_code == 1
    assert list(tmp_path.iterdir()) == [file]


def test_meetings(folder: Path, tmp_path: Path) -> None:
    (meeting,) = json.loads(call(folder, "meetings", "list", "--json").stdout)["items"]
    assert "对接会" in call(folder, "meetings", "list").stdout
    file = tmp_path / "agenda.csv"
    assert call(folder, "meetings", "export", meeting["id"], str(file)).exit_code == 0
    assert "甲项目" in file.read_text("utf-8-sig")
    assert call(folder, "meetings", "export", "none", str(file)).exit_code == 1


def test_entries_there_and_back(folder: Path, tmp_path: Path) -> None:
    assert "e-fund" in call(folder, "entries", "list").stdout
    public = json.loads(call(folder, "entries", "list", "--public", "--json").stdout)
    assert [item["id"] for item in public["items"]] == ["e-scene"]
    file = tmp_path / "entries.xlsx"
    assert call(folder, "entries", "export", str(file), "--public").exit_code == 0
    assert len(rows_of(file)) == 2
    assert call(folder, "entries", "export", str(file)).exit_code == 0
    assert len(rows_of(file)) == 3
    back = call(folder, "entries", "import", str(file), "--by", "小林", "--json")
    report = json.loads(back.stdout)
    assert back.exit_code == 0 and (report["unchanged"], report["unknown_columns"]) == (2, [])
    bad = tmp_path / "bad.csv"
    bad.write_text("类别,标题,发布单位,县区\n不知道,x,y,龙湾\n", "utf-8")
    refused = call(folder, "entries", "import", str(bad), "--by", "小林")
    assert refused.exit_code == 1 and "不认识“不知道”" in refused.stdout


def test_states_of_the_option() -> None:
    helped = CliRunner().invoke(main, ["ledger", "list", "--help"]).stdout
    assert all(str(state) in helped.replace("\n", "").replace(" ", "") for state in LedgerState)
