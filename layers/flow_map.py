"""A placement as a portable map: flows from where projects are to where they land."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from geomap.catalog.catalog import Catalog
from geomap.domain.placement import MODE_LABELS, PlacementMode
from geomap.domain.regions import COUNTIES as REGIONS
from geomap.domain.words import Label, PlacementStep
from geomap.domain.words import label as label_of
from layers.counties import LAYER as COUNTIES
from layers.folium_map import Marks, render_marks
from layers.land import LAYER as LAND
from layers.placement_rows import Answer, area_text, say
from layers.portable_page import Frame, shown

COLORS: Mapping[PlacementStep, str] = {
    PlacementStep.LOCAL: "#0F766E",
    PlacementStep.OTHER_COUNTY: "#4C6FAF",
    PlacementStep.STATE_OWNED_PARK: "#96610F",
    PlacementStep.CUSTOM_BUILD: "#5B6871",
}
_INK = "#1E2A32"
_BEND, _BEND_MORE, _BEND_MOST = 0.22, 0.07, 0.57
_POINTS = 17
_WIDTHS = (1.6, 4.0)
_WIDE_M2 = 5_000.0
"""An area that is drawn with the widest line."""
_TITLE = Label("落项目", "Placement")
_STAYS = Label("原址不动", "Stays where it is")
_FROM = Label("现址", "From")


def render_flows(answer: Answer, catalog: Catalog, language: str) -> str:
    """Return a whole HTML page with the flows of a placement; it opens without a network.

    Parameters
    ----------
    answer
        The answer of ``POST /api/v1/placements``.
    catalog
        For land and county names.
    language
        "zh" or "en", as the answer's.

    Raises
    ------
    NotReadyError
        Leaflet has not been fetched at set-up.
    """
    marks = [*_flows(answer, language), *_origins(answer, language), *_ends(answer, language)]
    mode = say(MODE_LABELS[PlacementMode(answer["mode"])], language)
    credits = dict.fromkeys(
        say(spec.attribution, language) for spec in (LAND, COUNTIES) if spec.attribution.zh
    )
    frame = Frame(
        title=f"{say(_TITLE, language)} · {mode} · {answer['date']}",
        subtitle=_subtitle(answer, language),
        legend=_legend(answer, language),
        credits=" · ".join(credits),
        language=language,
        demo=answer["demo"],
    )
    land = LAND.table(catalog)
    inside = [bool(code) for code in land.values["adcode"]]
    return render_marks(frame, marks, land.geometry[inside], _names(catalog, language))


def _subtitle(answer: Answer, language: str) -> str:
    figures = answer["objective"]
    placed = f"{figures['placed']}/{figures['projects']}"
    return say(
        Label(
            f"已落地 {placed}，本地 {figures['local']}，面积 {figures['area_m2']:,.0f} ㎡",
            f"{placed} placed, {figures['local']} local, {figures['area_m2']:,.0f} m²",
        ),
        language,
    )


def _legend(answer: Answer, language: str) -> list[tuple[str, str, str]]:
    """Return the entries (shape, colour, text) of what is on the map, with counts."""
    steps = Counter(p["step"] for p in answer["placements"])
    entries = [
        (
            "dotted" if step is PlacementStep.CUSTOM_BUILD else "line",
            COLORS[step],
            f"{say(label_of(step), language)} {steps[step]}",
        )
        for step in PlacementStep
        if steps[step]
    ]
    stays = sum(p["stays"] for p in answer["placements"])
    if stays:
        entries.append(("ring", COLORS[PlacementStep.LOCAL], f"{say(_STAYS, language)} {stays}"))
    entries.append(("circle", _INK, say(_FROM, language)))
    left = len(answer["unplaced"])
    if left:
        entries.append(("none", _INK, say(Label(f"未落地 {left}", f"{left} unplaced"), language)))
    return entries


def _names(catalog: Catalog, language: str) -> list[tuple[float, float, str]]:
    """Return longitude, latitude and name of each county's label, on its land."""
    land, found = LAND.table(catalog), []
    english = {county.adcode: county.name_en for county in REGIONS}
    for adcode, name in zip(catalog.counties.id, catalog.counties.name, strict=True):
        shapes = [
            s for s, a in zip(land.geometry, land.values["adcode"], strict=True) if a == adcode
        ]
        if shapes:
            point = max(shapes, key=lambda shape: float(shape.area)).representative_point()
            text = english.get(adcode, name) if language == "en" else name
            found.append((float(point.x), float(point.y), text))
    return found


def _flows(answer: Answer, language: str) -> Iterator[Marks]:
    """Yield the lines of each step; those between the same two places bend apart."""
    seen: Counter[tuple[Any, ...]] = Counter()
    lines: dict[str, list[dict[str, Any]]] = {step: [] for step in PlacementStep}
    for project in answer["placements"]:
        ends = _ends_of(project)
        if ends is None or project["stays"] or ends[0] == ends[1]:
            continue
        curve = arc(*ends, bend=min(_BEND + _BEND_MORE * seen[ends], _BEND_MOST))
        seen[ends] += 1
        shape = {"type": "LineString", "coordinates": curve}
        style = {"weight": width_of(project["area_m2"])}
        lines[project["step"]].append(_feature(shape, _popup(project, language), style))
    for step in PlacementStep:
        dash = "2 6" if step is PlacementStep.CUSTOM_BUILD else None
        drawn: dict[str, Any] = {"color": COLORS[step], "opacity": 0.75, "dashArray": dash}
        yield Marks(say(label_of(step), language), lines[step], drawn)


def _ends_of(project: Answer) -> tuple[tuple[float, float], tuple[float, float]] | None:
    before, after = project["from"], project["to"]
    if before is None or before["lon"] is None or after is None:
        return None
    return (before["lon"], before["lat"]), (after["lon"], after["lat"])


def arc(start: tuple[float, float], end: tuple[float, float], *, bend: float) -> list[list[float]]:
    """Return a quadratic arc in degrees that looks the same at every latitude.

    `bend` is how far its handle lies off the middle, as a share of the length.
    """
    narrow = math.cos(math.radians((start[1] + end[1]) / 2.0))
    dx, dy = (end[0] - start[0]) * narrow, end[1] - start[1]
    handle_x = (start[0] + end[0]) / 2.0 - bend * dy / narrow
    handle_y = (start[1] + end[1]) / 2.0 + bend * dx
    points = []
    for i in range(_POINTS):
        t = i / (_POINTS - 1)
        a, b, c = (1.0 - t) ** 2, 2.0 * t * (1.0 - t), t**2
        lon = a * start[0] + b * handle_x + c * end[0]
        points.append([round(lon, 5), round(a * start[1] + b * handle_y + c * end[1], 5)])
    return points


def width_of(area_m2: float) -> float:
    """Return the width of a line, px, by area; in steps of a half."""
    share = min(math.sqrt(max(area_m2, 0.0) / _WIDE_M2), 1.0)
    return round((_WIDTHS[0] + (_WIDTHS[1] - _WIDTHS[0]) * share) * 2.0) / 2.0


def _origins(answer: Answer, language: str) -> Iterator[Marks]:
    """Yield where projects are now: placed ones, and those without a place."""
    projects = [*answer["placements"], *answer["unplaced"]]
    spots = [p for p in projects if p["from"] and p["from"]["lon"] is not None]
    features = [
        _feature(_point(p["from"]["lon"], p["from"]["lat"]), _popup(p, language))
        for p in spots
        if not p.get("stays")
    ]
    style = {"color": _INK, "weight": 1.5, "fillColor": "#FFFFFF", "fillOpacity": 1}
    yield Marks(say(_FROM, language), features, style, radius=3.5)


def _ends(answer: Answer, language: str) -> Iterator[Marks]:
    """Yield where flows end: a dot in the step's colour, and a ring around who stays."""
    placed = [p for p in answer["placements"] if p["to"] is not None]
    for step in PlacementStep:
        dots = [
            _feature(_point(p["to"]["lon"], p["to"]["lat"]), _popup(p, language))
            for p in placed
            if p["step"] == step
        ]
        style = {"color": "#FFFFFF", "weight": 1.5, "fillColor": COLORS[step], "fillOpacity": 1}
        yield Marks(say(label_of(step), language), dots, style, radius=5.5)
    rings = [
        _feature(_point(p["to"]["lon"], p["to"]["lat"]), _popup(p, language))
        for p in placed
        if p["stays"]
    ]
    style = {"color": COLORS[PlacementStep.LOCAL], "weight": 2, "fillOpacity": 0}
    yield Marks(say(_STAYS, language), rings, style, radius=9)


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


def _feature(
    shape: Mapping[str, Any], popup: str, style: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    properties = {"popup": popup, "style": dict(style or {})}
    return {"type": "Feature", "geometry": dict(shape), "properties": properties}


def _popup(project: Answer, language: str) -> str:
    """Return the popup of a project as HTML, every text of it escaped."""
    before, step = project["from"], project.get("step_label")
    name = shown(project["name"] or project["project_id"])
    lines: Sequence[str | None] = (
        step and f"{step}" + ("" if project["score"] is None else f" · {project['score']:.2f}"),
        _way(before, project),
        _sizes(project, language),
        project["reason"],
        say(Label("演示数据", "Demonstration data"), language) if project["demo"] else None,
    )
    body = "".join(f"<br>{shown(line)}" for line in lines if line)
    return f"<b>{name}</b>{body}"


def _way(before: Answer | None, project: Answer) -> str:
    start = (before["name"] or before["site_id"]) if before else project["home_county_name"]
    build = project["build"]
    end = project.get("site_name") or (build and build["listing"] and build["listing"]["name"])
    return f"{start} → {end}" if end else str(start)


def _sizes(project: Answer, language: str) -> str:
    area = project.get("area_m2")
    figure = f"{area:,.0f}" if area else area_text(project["wanted_m2"])
    parts = [figure and f"{figure} ㎡"]
    metres = project.get("distance_m")
    if metres:
        parts.append(
            say(Label(f"直线 {metres / 1000:.1f} km", f"{metres / 1000:.1f} km"), language)
        )
    return " · ".join(part for part in parts if part)
