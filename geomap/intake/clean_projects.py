"""Rows of a table, or JSON objects, to projects whose demand is checked by the caller."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import orjson

from geomap.domain.errors import InputError
from geomap.domain.records import Project
from geomap.domain.words import Label
from geomap.intake import measures, synonyms
from geomap.intake.clean_units import SiteFinder
from geomap.intake.dates import parse_day
from geomap.intake.headers import require_columns
from geomap.intake.project_words import parse_chain, parse_growth, parse_heads, parse_priority
from geomap.intake.report import Findings, Outcome
from geomap.intake.rows import Row, SeenIds, Tick, no_tick, stable_id, sweep
from geomap.intake.tables import Table
from geomap.intake.values import (
    BadValueError,
    Cell,
    Parsed,
    Parser,
    as_text,
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
    "headcount": parse_heads,
    "rent_max": measures.parse_rent,
    "budget_max": _parse_money,
    "unit_kinds": _list_of(synonyms.parse_kinds),
    "counties": _parse_counties,
    "move_in": parse_day,
    "services": _list_of(synonyms.parse_services),
    "platforms": _list_of(synonyms.parse_platforms),
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
_COLUMNS_OF: Mapping[str, tuple[str, ...]] = {
    **{written: (field,) for field, written in _RENAMED.items()},
    "area_m2": ("area_min", "area"),
    "area_m2.max": ("area_max", "area"),
    **dict.fromkeys(("within", "near", "weights"), ("more",)),
}
"""The columns that hold a member of a demand, where they are not called like it."""
_OWN_PARSERS: Mapping[str, Parser] = {
    "home_county": synonyms.parse_county,
    "current_site": parse_text,
    "priority": parse_priority,
    "growth_headcount": parse_growth,
    "chain_position": parse_chain,
    "demo": parse_flag,
}
"""What a project adds to a demand, in its own columns."""
_BESIDE = ("id", "name", "demand", *_OWN_PARSERS)
"""What is read of a project whose demand is an object of its own."""
_SPAN = re.compile(r"(?<=[^-~–—至到])(?:--?|[~–—至到])(?=.)")
"""What stands between two areas; a minus before a figure does not."""
_EXAMPLE = re.compile(r"(示例|example)[-_ ]?\d*", re.I)


class Cleaned(NamedTuple):
    """Projects, and the names of columns or JSON members that none of them was made of."""

    projects: list[Project]
    unused: tuple[str, ...]


def clean_projects(
    table: Table,
    *,
    check: CheckDemand,
    findings: Findings,
    sites: SiteFinder | None = None,
    require_home: bool = False,
    tick: Tick = no_tick,
) -> Cleaned:
    """Clean a table of projects: columns, a column of demand objects, or JSON objects.

    Parameters
    ----------
    check
        Told the whole object of a project, returns its demand.
    sites
        Sites of the record, to find the one that a project is at by its name.
    require_home
        Whether a project without a home county is refused.

    Returns
    -------
    Cleaned
        Of JSON objects every member goes into the demand, and a wrong one is refused there;
        unused are those that stand beside a member `demand`.

    Raises
    ------
    InputError
        A column that must be there is missing.
    """
    if table.format != "JSON":
        wanted = [("name", "id"), *([("home_county",)] if require_home else [])]
        require_columns("projects", table.mapped, wanted)
    broom = _Broom(table, check, sites, require_home)
    projects = [p for row in sweep(table, findings, tick) if (p := broom.take(row)) is not None]
    if table.format != "JSON":
        return Cleaned(projects, table.mapped.unknown)
    idle = broom.passed_over - broom.used
    return Cleaned(projects, tuple(name for name in table.headers if name in idle))


class _Broom:
    """Cleans the rows of one table."""

    def __init__(
        self, table: Table, check: CheckDemand, sites: SiteFinder | None, require_home: bool
    ) -> None:
        self.table, self.check = table, check
        self.sites, self.require_home = sites, require_home
        self.ids = SeenIds()
        self.used: set[str] = set()
        self.passed_over: set[str] = set()

    def take(self, row: Row) -> Project | None:
        """Return the project of a row where nothing speaks against it."""
        if _EXAMPLE.fullmatch(row.text("id")):
            reason = Label("示例行，没有读入", "an example: it is not read")
            row.note(Outcome.SKIPPED, "example", reason, field="id")
            row.close()
            return None
        project = self._project(row)
        return project if row.close() else None

    def _project(self, row: Row) -> Project | None:
        name, given = str(row.parse("name", parse_text) or ""), row.id()
        if not name and row.cell("name") is None and row.cell("id") is None:
            row.require(["name"])
        if self.require_home:
            row.require(["home_county"])
        own = {field: row.parse(field, parser) for field, parser in _OWN_PARSERS.items()}
        own["current_site"] = self._site(row, own["current_site"] or "")
        made = not given
        given = given or stable_id("p", name, own["home_county"] or "")
        self.ids.check(row, given, made=made)
        demand = self._objects(row) if self.table.format == "JSON" else _columns(row)
        if demand is None or not row.good:
            return None
        stated = {field: value for field, value in own.items() if value}
        try:
            checked = self.check({**demand, **stated, "id": given, "name": name})
        except InputError as error:
            self._refuse(row, error)
            return None
        return Project(
            id=given,
            name=name or given,
            home_county=str(own["home_county"] or ""),
            demand=checked,
            current_site=own["current_site"],
            priority=int(own["priority"] or 0),
            growth_headcount=own["growth_headcount"],
            chain_position=own["chain_position"],
            demo=bool(own["demo"]),
        )

    def _site(self, row: Row, text: str) -> str:
        """Return the id of the site that a project is at; the text as it is where none is found."""
        if not text or self.sites is None:
            return text
        found = self.sites.list_named(text)
        if len(found) == 1:
            return found[0].id
        reason = Label(
            "库里没有这个基地，照原样记下", "no such site in the record: kept as written"
        )
        if found:
            ids = "、".join(site.id for site in found[:5])
            reason = Label(
                f"有 {len(found)} 个基地叫这个名字（{ids}），照原样记下",
                f"{len(found)} sites have this name ({ids}): kept as written",
            )
        row.fixed("no_site", reason, field="current_site", to=text)
        return text

    def _objects(self, row: Row) -> dict[str, Any] | None:
        """Return the demand of a JSON object: its members, or those of its `demand`."""
        ours = {"", *_BESIDE}
        cells = zip(self.table.headers, row.raw.cells, strict=True)
        stated = {key: value for key, value in cells if value is not None and key not in ours}
        inner = row.cell("demand")
        if inner is not None:
            read = {self.table.mapped.header.get(field) for field in _BESIDE}
            self.passed_over |= set(stated) - read
            return _parsed(row, str(inner))
        self.used |= set(stated)
        return {key: _unfold(value) for key, value in stated.items()}

    def _refuse(self, row: Row, error: InputError) -> None:
        """Refuse a row whose demand cannot be used, at the column where that stands."""
        at = error.field.removeprefix("requires.")
        first = at.partition(".")[0]
        names = (at, *_COLUMNS_OF.get(at, ()), first, *_COLUMNS_OF.get(first, ()))
        field = next((name for name in names if row.cell(name) is not None), "")
        reason = error.reason if field else _placed(error)
        row.reject("bad_demand", reason, field=field or "demand", fix=error.fix)


def _placed(error: InputError) -> Label:
    if not error.field:
        return error.reason
    return Label(f"{error.field}：{error.reason.zh}", f"{error.field}: {error.reason.en}")


def _unfold(value: Any) -> Any:
    """Return a member of an object; the reader writes lists and objects as JSON text."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _parsed(row: Row, text: str, field: str = "demand") -> dict[str, Any] | None:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        row.reject("bad_demand", Label("不是 JSON 对象", "no JSON object"), field=field)
        return None
    return {key: value for key, value in found.items() if key not in _OWN_PARSERS}


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
    demand |= _more(row)
    requires = {f: v for f, p in REQUIRE_PARSERS.items() if (v := row.parse(f, p)) is not None}
    return (
        demand | ({"area_m2": area} if area else {}) | ({"requires": requires} if requires else {})
    )


def _more(row: Row) -> dict[str, Any]:
    """Return what a demand asks for beyond the columns: a JSON object, as of `within`."""
    return (_parsed(row, row.text("more"), "more") or {}) if row.cell("more") is not None else {}


def _area(row: Row) -> dict[str, float]:
    """Return the area wanted: two columns, or one with "100-200㎡"; one number is the least."""
    parse = measures.parse_unit_area
    area = {"min": row.parse("area_min", parse), "max": row.parse("area_max", parse)}
    if row.cell("area") is not None and not any(area.values()):
        row_parsed = row.parse("area", _parse_span)
        area = row_parsed or {}
    area = {k: v for k, v in area.items() if v is not None}
    if area.get("min", 0.0) > area.get("max", float("inf")):
        row.reject(
            "area_reversed",
            Label("最小面积大于最大面积", "the least area exceeds the greatest"),
            field="area_min" if row.cell("area_min") is not None else "area",
            fix=Label("把两个数换过来，或只写一个", "swap the two, or give only one"),
        )
    return area


def _parse_span(cell: Cell, unit: str = "") -> Parsed:
    parts = _SPAN.split(as_text(cell))
    if len(parts) > 2:
        raise BadValueError("not_a_span", Label("不是面积范围", "not a range of areas"))
    values = [measures.parse_unit_area(part, unit).value for part in parts]
    return Parsed({"min": values[0], "max": values[1] if len(values) > 1 else None})
