"""A placement as a workbook or a CSV, made to be printed on A4 and read at the meeting."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from geomap.domain.words import Label
from layers.cells import LONGEST, unarmed
from layers.placement_figures import figures_table
from layers.placement_rows import Answer, Kind, Table, list_tables, say

_A4 = 9
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NUMBERS: Mapping[Kind, str] = {"text": "General", "whole": "#,##0", "score": "0.00", "km": "0.0"}
_TITLE = Label("落项目", "Placement")
_DEMO = Label("演示数据", "Demonstration data")


def write_workbook(answer: Answer, path: Path, language: str) -> None:
    """Write the workbook: the meeting, each county, the unplaced, the figures.

    Parameters
    ----------
    answer
        The answer of ``POST /api/v1/placements``.
    path
        An .xlsx file.
    language
        "zh" or "en", as the answer's.
    """
    with xlsxwriter.Workbook(path, _SAFE) as book:
        styles = _styles(book)
        mark = f"  {say(_DEMO, language)}" if answer["demo"] else ""
        foot = f"{say(_TITLE, language)}  {answer['date']}{mark}"
        for table in (*list_tables(answer, language), figures_table(answer, language)):
            _write_sheet(book, table, styles, foot, language)


def _styles(book: Any) -> dict[str, Any]:
    head = {
        "bold": True,
        "text_wrap": True,
        "valign": "vcenter",
        "bottom": 1,
        "bg_color": "#E4F2F0",
    }
    styles = {
        kind: book.add_format({"num_format": shown, "valign": "top", "text_wrap": kind == "text"})
        for kind, shown in _NUMBERS.items()
    }
    return styles | {
        "head": book.add_format(head),
        "section": book.add_format({"bold": True, "top": 1}),
    }


def _write_sheet(
    book: Any, table: Table, styles: Mapping[str, Any], foot: str, language: str
) -> None:
    sheet = book.add_worksheet(table.name)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f"&L{foot}&C{table.name}&R&P / &N")
    for column, head in enumerate(table.heads):
        sheet.set_column(column, column, head.width)
        sheet.write_string(0, column, say(head.label, language), styles["head"])
    if table.rows and not table.sections:
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
    for number, row in enumerate(table.rows):
        heads = table.sections
        for column, value in enumerate(row):
            style = styles["section" if number in heads else table.heads[column].kind]
            _write_cell(sheet, number + 1, column, value, style)


def _write_cell(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """Write a value as what it is: text stays text, whatever it begins with."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST], style)


def csv_text(answer: Answer, language: str) -> str:
    """Return the meeting's table as CSV; write it with a byte order mark for Excel."""
    table = list_tables(answer, language)[0]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([say(head.label, language) for head in table.heads])
    for row in table.rows:
        writer.writerow(
            [_plain(value, head.kind) for value, head in zip(row, table.heads, strict=True)]
        )
    return out.getvalue()


def _plain(value: Any, kind: Kind) -> Any:
    """Return a value as CSV holds it: no more digits than the workbook shows."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, int | float):
        digits = {"score": 4, "km": 1}.get(kind, 0)
        return round(value, digits) if digits else round(value)
    return unarmed(str(value))
