"""The tables of a placement for people: one for the meeting, one a county, what is left over.

They are made from the answer of ``POST /api/v1/placements``, which speaks one language
already, so that page and file show the same rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from geomap.domain.regions import COUNTIES
from geomap.domain.words import Label

Kind = Literal["text", "whole", "score", "km"]
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """A column: heading, how its values are shown, and width in characters."""

    label: Label
    kind: Kind = "text"
    width: float = 12


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a workbook; `sections` are rows that head others."""

    name: str
    heads: tuple[Head, ...]
    rows: list[list[Any]]
    sections: frozenset[int] = field(default_factory=frozenset)


MEETING, LEFT = Label("对接会", "Meeting"), Label("未落地", "Unplaced")
NO_PLACE = Label("未落地", "No place")
YES = Label("演示数据", "Demonstration data")
OPEN_SITE = Label("待选址", "Site still open")
_HEADS = (
    Head(Label("项目", "Project"), width=20),
    Head(Label("产业", "Industry"), width=12),
    Head(Label("人数", "Headcount"), "whole", 7),
    Head(Label("需求面积（㎡）", "Wanted area (m²)"), width=13),
    Head(Label("原址", "From"), width=18),
    Head(Label("属地", "Home county"), width=10),
    Head(Label("步骤", "Step"), width=10),
    Head(Label("落点载体", "Site"), width=20),
    Head(Label("楼栋/楼层/房号", "Building/floor/room"), width=18),
    Head(Label("面积（㎡）", "Area (m²)"), "whole", 10),
    Head(Label("匹配", "Score"), "score", 7),
    Head(Label("距离（km）", "Distance (km)"), "km", 9),
    Head(Label("理由", "Reason"), width=36),
    Head(Label("试过的步骤", "Steps tried"), width=44),
    Head(Label("演示数据", "Demonstration"), width=10),
)
_LEFT_HEADS = (
    *_HEADS[:6],
    Head(Label("原因", "Reason"), width=36),
    Head(Label("需要建什么", "What would be needed"), width=36),
    Head(Label("可用地块", "Listed land"), width=20),
    Head(Label("放宽后可选", "What a change opens"), width=40),
    *_HEADS[13:],
)
_MOVES = {
    "stay": Label("本县落地", "Stays in the county"),
    "leave": Label("去外县", "Goes elsewhere"),
    "come": Label("外县来", "Comes in"),
    "none": NO_PLACE,
}


def say(text: Label, language: str) -> str:
    """Return a text in a language."""
    return text.en if language == "en" else text.zh


def list_tables(answer: Answer, language: str) -> list[Table]:
    """Return the meeting's table, one for each county that has a row, and the unplaced."""
    rows = [_placed_row(p, language) for p in answer["placements"]]
    left = [_unplaced_row(p, language) for p in answer["unplaced"]]
    tables = [Table(say(MEETING, language), _HEADS, rows + left)]
    tables += _county_tables(answer, [*rows, *left], language)
    needs = [_need_row(p, language) for p in answer["unplaced"]]
    return [*tables, Table(say(LEFT, language), _LEFT_HEADS, needs)]


def _county_tables(answer: Answer, rows: Sequence[list[Any]], language: str) -> Iterable[Table]:
    """Yield a table for each county: its own projects, and those that come to it."""
    projects = [*answer["placements"], *answer["unplaced"]]
    heads = (Head(Label("去向", "Direction"), width=14), *_HEADS)
    for county in COUNTIES:
        found = [
            [say(_MOVES[move], language), *row]
            for project, row in zip(projects, rows, strict=True)
            if (move := _move(project, county.adcode))
        ]
        if found:
            name = county.name_en if language == "en" else county.name
            yield Table(name, heads, found)


def _move(project: Answer, adcode: str) -> str:
    """Return what a county sees of a project, "" for nothing."""
    home, place = project["home_county"] == adcode, project.get("adcode")
    if place is None:
        return "none" if home else ""
    if home:
        return "stay" if place == adcode or not place else "leave"
    return "come" if place == adcode else ""


def _first_cells(project: Answer) -> list[Any]:
    before = project["from"]
    return [
        project["name"] or project["project_id"],
        project["industry_name"],
        project["headcount"],
        area_text(project["wanted_m2"]),
        before and (before["name"] or before["site_id"]),
        project["home_county_name"],
    ]


def _placed_row(project: Answer, language: str) -> list[Any]:
    metres, build = project["distance_m"], project["build"]
    return [
        *_first_cells(project),
        project["step_label"],
        _listing_name(build, language) if build else project["site_name"],
        build["needs"] if build else "\n".join(map(_unit_text, project["units"])),
        project["area_m2"],
        project["score"],
        None if metres is None else metres / 1000.0,
        project["reason"],
        tried_text(project["tried"], language),
        say(YES, language) if project["demo"] else None,
    ]


def _unplaced_row(project: Answer, language: str) -> list[Any]:
    return [
        *_first_cells(project),
        say(NO_PLACE, language),
        *[None] * 5,
        project["reason"],
        tried_text(project["tried"], language),
        say(YES, language) if project["demo"] else None,
    ]


def _need_row(project: Answer, language: str) -> list[Any]:
    build = project["build"]
    return [
        *_first_cells(project),
        project["reason"],
        build and build["needs"],
        _listing_name(build, language) if build else None,
        "\n".join(_relaxed(one, language) for one in project["relaxations"]) or None,
        tried_text(project["tried"], language),
        say(YES, language) if project["demo"] else None,
    ]


def _relaxed(one: Answer, language: str) -> str:
    opens = one["opens"]
    return f"{one['label']} " + say(Label(f"（+{opens} 处）", f"(+{opens})"), language)


def _listing_name(build: Answer, language: str) -> str:
    listing = build["listing"]
    return str(listing["name"]) if listing else say(OPEN_SITE, language)


def _unit_text(unit: Answer) -> str:
    """Return a unit as building/floor/room, and what is taken where that is not all."""
    place = "/".join(str(p) for p in (unit["building"], f"{unit['floor']}F", unit["room"]) if p)
    if unit["whole"]:
        return place
    taken = f"×{unit['desks']}" if unit["desks"] else f"{unit['area_m2']:,.0f} ㎡"
    return f"{place} ({taken})"


def area_text(span: Answer) -> str | None:
    """Return a wanted area, as ``300–900``, ``≥ 300`` or ``≤ 900``."""
    low, high = span["min"], span["max"]
    if low is None and high is None:
        return None
    if low is None:
        return f"≤ {high:,.0f}"
    return f"≥ {low:,.0f}" if high is None else f"{low:,.0f}–{high:,.0f}"


def tried_text(tried: Sequence[Answer], language: str) -> str:
    """Return the log of the routing, a step a line."""
    colon = say(Label("：", ": "), language)
    return "\n".join(f"{one['label']}{colon}{one['reason']}" for one in tried)
