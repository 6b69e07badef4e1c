"""Spreadsheets (.xlsx, .xls, .ods) by calamine, read in the confined process.

Calamine reads values, never runs a formula and resolves no entity; what unpacks to too
much is refused before.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import python_calamine

from geomap.intake.headers import count_known
from geomap.intake.read_formulas import cell_name, find_unset_formulas
from geomap.intake.reading import UNSET_FORMULA, check_archive, refuse, write_table

_HEADER_SEARCH = 15
_MOST_CELLS = 60_000_000
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""Name of the part that holds a workbook with a password."""


def _open(file: Path, limits: Mapping[str, int]) -> Any:
    with file.open("rb") as stream:
        head = stream.read(8)
    if head.startswith(b"PK"):
        check_archive(file, limits).close()
    elif not head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse("不是 Excel 文件", "it is no spreadsheet", "另存为 .xlsx", "Save it as .xlsx")
    elif _is_locked(file):
        raise _locked()
    try:
        return python_calamine.CalamineWorkbook.from_path(str(file))
    except python_calamine.PasswordError as error:
        raise _locked() from error
    except Exception as error:
        raise refuse(
            f"Excel 文件损坏（{error}）",
            f"the spreadsheet is broken ({error})",
            "用 Excel 打开并另存",
            "Open it in a spreadsheet program and save it again",
        ) from error


def _is_locked(file: Path) -> bool:
    """Whether an old-style container holds a workbook with a password."""
    with file.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        return whole.find(_LOCKED) >= 0


def _locked() -> Exception:
    return refuse(
        "文件有密码",
        "it has a password",
        "用 Excel 打开，去掉密码后另存",
        "Open it in a spreadsheet program, take the password away and save it",
    )


def _visible(book: Any) -> tuple[list[str], list[str]]:
    """Return the names of the sheets that are shown, and of those that are hidden."""
    shown = python_calamine.SheetVisibleEnum.Visible
    names: tuple[list[str], list[str]] = ([], [])
    for sheet in book.sheets_metadata[:50]:
        names[sheet.visible != shown].append(sheet.name)
    return names


def _choose(book: Any, kind: str) -> tuple[Any, list[str], list[str]]:
    """Return the shown sheet whose first rows name the most fields, the others, and the hidden."""
    best: tuple[int, Any] | None = None
    filled = []
    names, hidden = _visible(book)
    for name in names:
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
    if best is None and any(book.get_sheet_by_name(name).height for name in hidden):
        raise refuse(
            "只有隐藏的工作表里有内容",
            "only hidden sheets hold something",
            "取消隐藏要读的工作表",
            "Show the sheet that is to be read",
        )
    if best is None:
        raise refuse("没有内容", "it is empty")
    return best[1], [name for name in filled if name != best[1].name], hidden


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
    """Read the sheet that fits the kind best; titles above the row of headers are passed over.

    A cell with a formula that nobody has worked out holds `UNSET_FORMULA` and its name.
    """
    kind = options["kind"]
    sheet, others, hidden = _choose(_open(file, limits), kind)
    head = _head(sheet)
    scores = [count_known(kind, [str(cell) for cell in row]) for row in head]
    at = scores.index(max(scores))
    headers = [" ".join(str(cell).split()) for cell in head[at]]
    _require_own_headers(sheet, at)
    unset = find_unset_formulas(file, sheet.name)
    answer = write_table(
        folder, headers, _rows(sheet, at, unset), limits, sheet=sheet.name, other_sheets=others
    )
    return answer | {"header_row": at + 1, "hidden_sheets": hidden}


def _require_own_headers(sheet: Any, at: int) -> None:
    """Refuse a header that is merged over several columns with something below each."""
    left = sheet.start[1]
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        if not (top <= at <= bottom and first < last):
            continue
        under = range(max(first + 1 - left, 0), last + 1 - left)
        filled = any(
            row[column] not in ("", None)
            for index, row in enumerate(sheet.iter_rows())
            if index > at
            for column in under
            if column < len(row)
        )
        if filled:
            where = f"{cell_name(top, first)}:{cell_name(bottom, last)}"
            raise refuse(
                f"表头 {where} 是合并的单元格，下面却有几列数据，分不清是什么",
                f"the header {where} is merged over several columns of data",
                "取消合并，给每一列写上列名",
                "Unmerge it, and give every column its own header",
            )


def _rows(sheet: Any, at: int, unset: set[str]) -> Iterator[tuple[int, list[Any], None]]:
    left = sheet.start[1]
    for index, row in enumerate(sheet.iter_rows()):
        if index <= at:
            continue
        cells = [None if cell == "" else cell for cell in row]
        if unset:
            names = [cell_name(index, left + i) for i in range(len(row))]
            cells = [
                UNSET_FORMULA + name if name in unset else cell
                for name, cell in zip(names, cells, strict=True)
            ]
        if any(cell is not None for cell in cells):
            yield index + 1, cells, None
