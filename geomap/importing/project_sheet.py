"""Projects as a workbook that the reader takes back, and the empty one to fill in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import orjson
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from geomap.domain.errors import InputError
from geomap.domain.placement import PlacedDemand
from geomap.domain.words import Label
from geomap.importing.project_columns import (
    COLUMNS,
    MORE,
    MORE_FIELDS,
    ProjectColumn,
    Value,
    say,
)
from geomap.placement.placement_json import MOST_PROJECTS, project_to_json

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_MOST_CELL = 32_767
"""Characters of a cell of a spreadsheet."""
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_SHEETS = (Label("项目", "Projects"), Label("说明", "Help"), Label("选项", "Choices"))
_MADE = datetime(2026, 1, 1)
_HELP = (Label("列", "Column"), Label("必填", "Needed"), Label("怎么填", "How to fill it in"))
_NEEDED = Label("必填", "needed")
_ABOUT = Label(
    "一行一个项目。除必填的两列，其余都可以空着。编号以“示例”开头的行不会读入。",
    "One project a row. All but the needed columns may stay empty. Rows whose id begins with "
    "“example” are not read.",
)
_EXAMPLES: tuple[Mapping[str, Any], ...] = (
    {
        "id": Label("示例1", "example-1"),
        "name": Label("某眼科器械项目", "An eye-care device project"),
        "home_county": "330303",
        "priority": 1,
        "stage": "acceleration",
        "industry": "eye_health",
        "chain_position": "midstream",
        "headcount": 25,
        "growth_headcount": 45,
        "area_m2": {"min": 400.0, "max": 800.0},
        "rent_cny_m2_month_max": 35.0,
        "unit_kinds": ["lab", "office"],
        "move_in": "2027-03-01",
        "requires": {"power_kw": 50.0, "water": True, "drainage": True},
    },
    {
        "id": Label("示例2", "example-2"),
        "name": Label("某智能装备项目", "A smart-equipment project"),
        "home_county": "330382",
        "priority": 2,
        "stage": "industrialisation",
        "industry": "smart_equipment",
        "headcount": 60,
        "area_m2": {"min": 1500.0, "max": 3000.0},
        "unit_kinds": ["workshop"],
        "combine_adjacent": True,
        "requires": {"floor_load_kn_m2": 8.0, "clear_height_m": 5.0},
    },
)


def write_projects_sheet(
    projects: Sequence[PlacedDemand], path: Path, *, language: str = "zh"
) -> None:
    """Write projects as a workbook with the columns of the template; it can be read back.

    An id that the reader would not take is left out, for it to make one.

    Raises
    ------
    InputError
        What a project asks for is too long for a cell.
    """
    rows = [_row(project_to_json(project), language) for project in projects]
    _write(path, rows, language, examples=False)


def write_template(path: Path, *, language: str = "zh") -> None:
    """Write the workbook to fill in, with two examples that are not read back."""
    rows = []
    for example in _EXAMPLES:
        said = {name: say(example[name], language) for name in ("id", "name")}
        rows.append([column.get({**example, **said}, language) for column in COLUMNS])
    _write(path, rows, language, examples=True)


def _row(project: Mapping[str, Any], language: str) -> list[Value]:
    """Return the cells of a project; the last one, where it asks for more than the columns hold."""
    kept = project if _ID.fullmatch(project["id"]) else {**project, "id": None}
    cells = [column.get(kept, language) for column in COLUMNS]
    more = {name: project[name] for name in MORE_FIELDS if name in project}
    if more:
        cells.append(orjson.dumps(more).decode("utf-8"))
    if any(isinstance(cell, str) and len(cell) > _MOST_CELL for cell in cells):
        raise InputError(
            Label(
                f"项目 {project['id']} 的要求写不进一个单元格",
                f"What project {project['id']} asks for is too long for a cell",
            ),
            fix=Label("改用 JSON", "Use JSON instead"),
            field="projects",
        )
    return cells


def _write(path: Path, rows: Sequence[Sequence[Value]], language: str, *, examples: bool) -> None:
    with xlsxwriter.Workbook(path, _SAFE) as book:
        book.set_properties({"created": _MADE})
        sheet, about, choices = (book.add_worksheet(say(name, language)) for name in _SHEETS)
        places = _write_choices(choices, language)
        _write_headings(book, sheet, language, more=any(len(row) > len(COLUMNS) for row in rows))
        plain = {"italic": True, "font_color": "#7f7f7f"} if examples else {}
        text = book.add_format(plain)
        day = book.add_format({**plain, "num_format": "yyyy-mm-dd"})
        for number, row in enumerate(rows, 1):
            for index, value in enumerate(row):
                _write_cell(sheet, number, index, value, text, day)
        for index, column in enumerate(COLUMNS):
            if rule := _validation(column, places.get(column.field, ""), language):
                sheet.data_validation(1, index, MOST_PROJECTS, index, rule)
        _write_help(book, about, language)


def _write_cell(sheet: Any, row: int, column: int, value: Value, text: Any, day: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, text)
    elif value is not None:
        sheet.write_number(row, column, value, text)


def _write_headings(book: Any, sheet: Any, language: str, *, more: bool) -> None:
    plain = book.add_format({"bold": True, "bg_color": "#e8eef4", "text_wrap": True})
    needed = book.add_format({"bold": True, "bg_color": "#ffe7b3", "text_wrap": True})
    for index, column in enumerate(COLUMNS):
        heading = say(column.heading, language) + ("*" if column.required else "")
        sheet.write_string(0, index, heading, needed if column.required else plain)
        if hint := say(column.hint, language):
            sheet.write_comment(0, index, hint)
    if more:
        sheet.write_string(0, len(COLUMNS), say(MORE, language), plain)
    sheet.set_column(0, len(COLUMNS), 14)
    sheet.set_column(1, 1, 26)
    sheet.freeze_panes(1, 2)


def _write_choices(sheet: Any, language: str) -> dict[str, str]:
    """Write what may be chosen, a column a field; return the cells of each field."""
    places = {}
    listed = [column for column in COLUMNS if column.choices]
    for index, column in enumerate(listed):
        sheet.write_string(0, index, f"↓ {say(column.heading, language)}")
        texts = [say(choice, language) for choice in column.choices]
        for row, text in enumerate(texts, 1):
            sheet.write_string(row, index, text)
        letters = xl_col_to_name(index, col_abs=True)
        name = say(_SHEETS[2], language)
        places[column.field] = f"='{name}'!{letters}$2:{letters}${len(texts) + 1}"
    sheet.set_column(0, len(listed), 18)
    return places


def _validation(column: ProjectColumn, places: str, language: str) -> dict[str, Any]:
    """Return the rule that a spreadsheet program checks a column by; {} where it has none."""
    hint = say(column.hint, language)[:250]
    about = {"input_message": hint} if hint else {}
    if places:
        kind = "information" if column.several else "stop"
        return {"validate": "list", "source": places, "error_type": kind, **about}
    if column.kind == "number":
        return {"validate": "decimal", "criteria": ">=", "value": 0, **about}
    if column.kind == "day":
        first = date(2000, 1, 1)
        return {"validate": "date", "criteria": ">=", "value": first, **about}
    return {}


def _write_help(book: Any, sheet: Any, language: str) -> None:
    bold = book.add_format({"bold": True})
    sheet.write_string(0, 0, say(_ABOUT, language))
    for index, text in enumerate(_HELP):
        sheet.write_string(2, index, say(text, language), bold)
    for row, column in enumerate(COLUMNS, 3):
        sheet.write_string(row, 0, say(column.heading, language))
        sheet.write_string(row, 1, say(_NEEDED, language) if column.required else "")
        sheet.write_string(row, 2, say(column.hint, language))
    sheet.set_column(0, 1, 24)
    sheet.set_column(2, 2, 60)
