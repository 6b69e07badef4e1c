"""Spreadsheets (.xlsx, .xls, .ods) by calamine, read in the confined process.

Calamine reads values, never runs a formula and resolves no entity; what unpacks to too
much is refused before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import python_calamine

from geomap.intake.headers import count_known
from geomap.intake.reading import check_archive, refuse, write_table

_HEADER_SEARCH = 15
_MOST_CELLS = 60_000_000


def _open(file: Path, limits: Mapping[str, int]) -> Any:
    with file.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK"):
        check_archive(file, limits).close()
    elif not head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse("不是 Excel 文件", "it is no spreadsheet", "另存为 .xlsx", "Save it as .xlsx")
    try:
        return python_calamine.CalamineWorkbook.from_path(str(file))
    except Exception as error:
        raise refuse(
            f"Excel 文件损坏（{error}）",
            f"the spreadsheet is broken ({error})",
            "用 Excel 打开并另存",
            "Open it in a spreadsheet program and save it again",
        ) from error


def _choose(book: Any, kind: str) -> tuple[Any, list[str]]:
    """Return the sheet whose first rows name the most fields, and the names of the others."""
    best: tuple[int, Any] | None = None
    filled = []
    for name in book.sheet_names[:50]:
        sheet = book.get_sheet_by_name(name)
        if sheet.end and (sheet.end[0] + 1) * (sheet.end[1] + 1) > _MOST_CELLS:
            raise refuse(
                f"工作表 {name[:40]} 的范围太大",
                f"the sheet {name[:40]} spans too many cells",
                "删去空白的行和列",
                "Delete its empty rows and columns",
            )
        if not sheet.height:
            continue
        filled.append(name)
        known = max((count_known(kind, [str(c) for c in row]) for row in _head(sheet)), default=0)
        if best is None or known > best[0]:
            best = (known, sheet)
    if best is None:
        raise refuse("没有内容", "it is empty")
    return best[1], [name for name in filled if name != best[1].name]


def _head(sheet: Any) -> list[list[Any]]:
    rows = []
    for row in sheet.iter_rows():
        rows.append(row)
        if len(rows) == _HEADER_SEARCH:
            break
    return rows


def read_excel(
    file: Path, folder: Path, options: Mapping[str, Any], limits: Mapping[str, int]
) -> dict[str, Any]:
    """Read the sheet that fits the kind best; titles above the row of headers are passed over."""
    kind = options["kind"]
    sheet, others = _choose(_open(file, limits), kind)
    head = _head(sheet)
    scores = [count_known(kind, [str(cell) for cell in row]) for row in head]
    at = scores.index(max(scores))
    headers = [" ".join(str(cell).split()) for cell in head[at]]
    answer = write_table(
        folder, headers, _rows(sheet, at), limits, sheet=sheet.name, other_sheets=others
    )
    return answer | {"header_row": at + 1}


def _rows(sheet: Any, at: int) -> Iterator[tuple[int, list[Any], None]]:
    for index, row in enumerate(sheet.iter_rows()):
        if index > at and any(cell not in ("", None) for cell in row):
            yield index + 1, [None if cell == "" else cell for cell in row], None
