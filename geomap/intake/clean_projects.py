"""Rows of a table, or JSON objects, to projects whose demand is checked by the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from geomap.domain.errors import InputError
from geomap.domain.records import Project
from geomap.domain.words import Label
from geomap.intake import measures, synonyms
from geomap.intake.dates import parse_day
from geomap.intake.headers import require_columns
from geomap.intake.report import Findings
from geomap.intake.rows import Row, SeenIds, stable_id, sweep
from geomap.intake.tables import Table
from geomap.intake.values import (
    BadValueError,
    Cell,
    Parsed,
    Parser,
    as_text,
    parse_count,
    parse_flag,
    parse_text,
    require_between,
    split_list,
    split_number,
)

CheckDemand = Callable[[dict[str, Any]], dict[str, Any]]
"""Parses a demand's JSON object and writes it back; raises InputError."""


def _parse_counties(cell: Cell, unit: str = "") -> Parsed:
    found = [synonyms.parse_county(text) for text in split_list(cell)]
    note = next((p.note for p in found if p.note), None)
    return Parsed(list(dict.fromkeys(p.value for p in found)), note, "local_code" if note else "")


def _parse_money(cell: Cell, unit: str = "") -> Parsed:
    value, _rest = split_number(cell)
    return Parsed(require_between(value, 0.0, 1e9, "元"))


def _list_of(parser: Parser) -> Parser:
    def parse(cell: Cell, unit: str = "") -> Parsed:
        return Parsed([str(item) for item in parser(cell, unit).value])

    return parse


DEMAND_PARSERS: Mapping[str, Parser] = {
    "stage": synonyms.parse_stage,
    "industry": synonyms.parse_industry,
    "headcount": parse_count,
    "rent_max": measures.parse_rent,
    "budget_max": _parse_money,
    "unit_kinds": _list_of(synonyms.parse_kinds),
    "counties": _parse_counties,
    "move_in": parse_day,
    "services": _list_of(synonyms.parse_services),
    "amenities": _list_of(synonyms.parse_categories),
    "combine_adjacent": parse_flag,
}
REQUIRE_PARSERS: Mapping[str, Parser] = {
    "floor_load_kn_m2": measures.parse_load,
    "clear_height_m": measures.parse_height,
    "column_spacing_m": measures.parse_spacing,
    "freight_lift_t": measures.parse_lift,
    "power_kw": measures.parse_power,
    **dict.fromkeys(
        ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h"),
        parse_flag,
    ),
    "permitted_use": synonyms.parse_use,
}
_RENAMED = {"rent_max": "rent_cny_m2_month_max", "budget_max": "budget_cny_month_max"}
_PROJECT_FIELDS = ("home_county", "current_site", "priority")


def clean_projects(table: Table, *, check: CheckDemand, findings: Findings) -> list[Project]:
    """Clean a table of projects: columns, a column of demand objects, or JSON objects.

    Raises
    ------
    InputError
        A column that must be there is missing.
    """
    if table.format != "JSON":
        require_columns("projects", table.mapped, [("name", "id")])
    ids, projects = SeenIds(), []
    for row in sweep(table, findings):
        project = _project(row, table, check, ids)
        if row.close() and project is not None:
            projects.append(project)
    return projects


def _project(row: Row, table: Table, check: CheckDemand, ids: SeenIds) -> Project | None:
    name, given = row.text("name")[:200], row.id()
    if not name and not given:
        row.require(["name"])
        return None
    home = str(row.parse("home_county", synonyms.parse_county) or "")
    given = given or stable_id("p", name, home)
    ids.check(row, given)
    demand = _objects(row, table) if table.format == "JSON" else _columns(row)
    if demand is None or not row.good:
        return None
    try:
        checked = check({**demand, "id": given, "name": name})
    except InputError as error:
        row.reject("bad_demand", _placed(error), field="demand", fix=error.fix)
        return None
    priority = row.parse("priority", parse_count)
    return Project(
        id=given,
        name=name or given,
        home_county=home,
        demand=checked,
        current_site=str(row.parse("current_site", parse_text) or ""),
        priority=int(priority or 0),
        demo=bool(row.parse("demo", parse_flag)),
    )


def _placed(error: InputError) -> Label:
    if not error.field:
        return error.reason
    return Label(f"{error.field}：{error.reason.zh}", f"{error.field}: {error.reason.en}")


def _objects(row: Row, table: Table) -> dict[str, Any] | None:
    """Return the demand of a JSON object: its members, or those of its `demand`."""
    inner = row.cell("demand")
    if inner is not None:
        return _parsed(row, str(inner))
    ours = {"", "id", "name", "demo", *_PROJECT_FIELDS}
    cells = zip(table.headers, row.raw.cells, strict=True)
    return {key: _unfold(value) for key, value in cells if value is not None and key not in ours}


def _unfold(value: Any) -> Any:
    """Return a member of an object; the reader writes lists and objects as JSON text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _parsed(row: Row, text: str) -> dict[str, Any] | None:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        row.reject("bad_demand", Label("demand 不是 JSON 对象", "no JSON object"), field="demand")
        return None
    return {key: value for key, value in found.items() if key not in (*_PROJECT_FIELDS, "demo")}


def _columns(row: Row) -> dict[str, Any] | None:
    """Return the demand that the columns of a row describe."""
    if row.cell("demand") is not None:
        return _parsed(row, row.text("demand"))
    demand: dict[str, Any] = {}
    for field, parser in DEMAND_PARSERS.items():
        value = row.parse(field, parser)
        if value is not None:
            written = value.isoformat() if field == "move_in" else value
            demand[_RENAMED.get(field, field)] = written
    area = _area(row)
    requires = {f: v for f, p in REQUIRE_PARSERS.items() if (v := row.parse(f, p)) is not None}
    return (
        demand | ({"area_m2": area} if area else {}) | ({"requires": requires} if requires else {})
    )


def _area(row: Row) -> dict[str, float]:
    """Return the area wanted: two columns, or one with "100-200㎡"; one number is the least."""
    parse = measures.parse_unit_area
    area = {"min": row.parse("area_min", parse), "max": row.parse("area_max", parse)}
    if row.cell("area") is not None and not any(area.values()):
        row_parsed = row.parse("area", _parse_span)
        area = row_parsed or {}
    return {k: v for k, v in area.items() if v is not None}


def _parse_span(cell: Cell, unit: str = "") -> Parsed:
    parts = [p for p in as_text(cell).replace("至", "-").replace("~", "-").split("-") if p]
    if len(parts) > 2:
        raise BadValueError("not_a_span", Label("不是面积范围", "not a range of areas"))
    values = [measures.parse_unit_area(part, unit).value for part in parts]
    return Parsed({"min": values[0], "max": values[1] if len(values) > 1 else None})
