"""Plain tables as files to keep: .xlsx with typed cells, .csv that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

from layers.cells import LONGEST, unarmed

_BAD_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, lines above the table, headings, rows of texts and numbers."""

    name: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    above: Sequence[str] = ()


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return sheets as an Excel file; a text that looks like a formula stays a text."""
    target = io.BytesIO()
    safe = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(target, safe) as book:
        bold = book.add_format({"bold": True})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name.translate(_BAD_IN_NAMES).strip()[:31] or "1")
            _write_sheet(page, sheet, bold, wrap)
    return target.getvalue()


def _write_sheet(page: Any, sheet: Sheet, bold: Any, wrap: Any) -> None:
    top = len(sheet.above)
    for number, text in enumerate(sheet.above):
        page.write_string(number, 0, text[:LONGEST], bold if number == 0 else None)
    page.freeze_panes(top + 1, 0)
    page.set_column(0, max(0, len(sheet.heads) - 1), 16)
    for column, head in enumerate(sheet.heads):
        page.write_string(top, column, head, bold)
    for number, row in enumerate(sheet.rows, top + 1):
        for column, value in enumerate(row):
            if isinstance(value, bool):
                page.write_boolean(number, column, value)
            elif isinstance(value, int | float):
                page.write_number(number, column, value)
            elif value is not None and value != "":
                page.write_string(number, column, str(value)[:LONGEST], wrap)


def write_csv(sheet: Sheet) -> bytes:
    """Return a sheet as CSV in UTF-8 with a mark, as Excel reads it; `above` is left out."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([unarmed(head) for head in sheet.heads])
    writer.writerows([unarmed(value) for value in row] for row in sheet.rows)
    return target.getvalue().encode("utf-8-sig")
