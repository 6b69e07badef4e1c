"""The plan's figure of graduates: who produces at home, dated in the plan, by its ids."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.domain.ledger import LedgerFields, LedgerLine, LedgerState
from geomap.domain.records import Site
from geomap.plan.ledger import (
    TARGET,
    count_graduates,
    county_of_site,
    is_local,
    landed_in,
    summarise,
)
from geomap.store import write
from geomap.store.engine import open_store

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
S = LedgerState
HOME, AWAY = "330303", "330324"
AT_HOME, ELSEWHERE, NOWHERE, BUILT = (
    {"site_id": "home"}, {"site_id": "away"}, {"site_id": "lost"}, {"place_adcode": HOME},
)  # fmt: skip


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    path: Path = tmp_path_factory.mktemp("graduates")
    store = open_store(f"sqlite:///{path / 'geomap.gpkg'}")
    with store.writing("test") as tx:
        names = {"home": HOME, "away": AWAY, "lost": None}
        place = shapely.Point(120.7, 27.9)
        write.add_sites(tx, [Site(id=n, name=n, geometry=place) for n in names])
        rows = [
            {"id": n, "adcode": a, "joined_reporting_unit": a, "county_mismatch": False}
            for n, a in names.items()
        ]
        write.set_joined(tx, rows)
    built = build_catalog(store)
    store.close()
    return built


def line(
    number: int, state: S, on: date = TODAY, *, demo: bool = False, **fields: object
) -> LedgerLine:
    stated = LedgerFields(name=f"项目{number}", home_county=HOME)
    return LedgerLine(
        project_id=f"p-{number}",
        fields=dataclasses.replace(stated, **fields),  # type: ignore[arg-type]
        state=state,
        state_on=on,
        lost_why="",
        demo=demo,
        created_at=NOW,
        updated_at=NOW,
        version=1,
    )


def test_who_is_counted(catalog: Catalog) -> None:
    lines = [
        line(1, S.PRODUCING, **AT_HOME),
        line(2, S.PRODUCING, **BUILT),
        line(3, S.PRODUCING, **ELSEWHERE),
        line(4, S.PRODUCING, **NOWHERE),
        line(5, S.PRODUCING, home_county="", **AT_HOME),
        line(6, S.PRODUCING),
        line(7, S.MOVED_IN, **AT_HOME),
        line(8, S.SIGNED, **AT_HOME),
        line(9, S.SIGNED, **ELSEWHERE),
        line(10, S.VISITED, **AT_HOME),
        line(11, S.LOST, **AT_HOME),
        line(12, S.PRODUCING, date(2024, 12, 31), **AT_HOME),
        line(13, S.PRODUCING, date(2026, 11, 25), **AT_HOME),
        line(14, S.PRODUCING, date(2025, 1, 1), **AT_HOME),
    ]
    found = count_graduates(catalog, lines, today=TODAY)
    assert found["records"] == {
        "done": ["p-1", "p-14", "p-2"],
        "moved_in": ["p-7"],
        "signed": ["p-8"],
        "elsewhere": ["p-3"],
        "unknown": ["p-4", "p-5", "p-6"],
    }
    assert all(found[name] == len(ids) for name, ids in found["records"].items())
    assert found["share"] == round(3 / TARGET, 4) and TARGET == 300
    assert found["from_20_incubators"] is None and found["demo"] is False
    late = count_graduates(catalog, [line(1, S.PRODUCING, date(2028, 1, 1), **AT_HOME)],
                           today=date(2028, 6, 1))  # fmt: skip
    assert late["done"] == 0, "the plan ends with 2027"


def test_made_up_is_said(catalog: Catalog) -> None:
    made_up = [line(1, S.PRODUCING, demo=True, **AT_HOME), line(2, S.FOUND)]
    assert count_graduates(catalog, made_up, today=TODAY)["demo"] is True
    assert count_graduates(catalog, made_up[1:], today=TODAY)["demo"] is False
    assert summarise(made_up, today=TODAY)["demo"] is True


def test_where_it_lands(catalog: Catalog) -> None:
    places = (AT_HOME, ELSEWHERE, NOWHERE, BUILT)
    landed = [landed_in(catalog, line(1, S.SIGNED, **at)) for at in places]
    assert landed == [HOME, AWAY, "", HOME]
    assert county_of_site(catalog, "none") == county_of_site(catalog, "") == ""
    assert is_local(catalog, line(1, S.SIGNED, **AT_HOME)) is True
    assert is_local(catalog, line(1, S.SIGNED, **ELSEWHERE)) is False
    assert is_local(catalog, line(1, S.SIGNED, **NOWHERE)) is None


def test_groups_and_their_ids() -> None:
    lines = [
        line(1, S.FOUND, owner="林"),
        line(2, S.LOST, owner="陈", home_county=AWAY),
        line(3, S.FOUND, owner="林", home_county="", due_on=date(2026, 11, 1)),
        line(4, S.PRODUCING, owner="陈", home_county="999999", due_on=date(2026, 11, 1)),
        line(5, S.FOUND, owner="陈"),
    ]
    found = summarise(lines, today=TODAY)
    assert [(g["key"], g["project_ids"]) for g in found["by_state"] if g["count"]] == [
        ("found", ["p-1", "p-3", "p-5"]), ("producing", ["p-4"]), ("lost", ["p-2"]),
    ]  # fmt: skip
    assert [g["key"] for g in found["by_state"]] == list(S)
    assert [(g["key"], g["count"]) for g in found["by_owner"]] == [("陈", 3), ("林", 2)]
    assert [g["key"] for g in found["by_county"]] == [HOME, AWAY, "", "999999"]
    assert found["overdue"]["project_ids"] == ["p-3"]
    assert sum(g["count"] for g in found["by_county"]) == found["total"] == 5
