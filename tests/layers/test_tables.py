"""Plain tables as files: typed cells, no formulas, names that Excel takes."""

from __future__ import annotations

import csv
import io

from python_calamine import CalamineWorkbook

from layers.tables import Sheet, write_csv, write_workbook

SHEET = Sheet(
    "对接会 [一]/二:三*四?五'六" + "长" * 40,
    ["名称", "=HEAD()", "数", "是否"],
    [["=1+1", "@x", 1.5, True], ["第一行\n第二行", None, 0, False], ["", "http://x", -3, None]],
    ["标题", "=2+2", ""],
)


def read(content: bytes) -> tuple[str, list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return book.sheet_names[0], book.get_sheet_by_index(0).to_python()


def test_a_workbook_holds_texts_and_numbers_and_runs_nothing() -> None:
    name, rows = read(write_workbook([SHEET]))
    assert len(name) <= 31 and not set(name) & set("[]:*?/\\'")
    assert rows[0][0] == "标题" and rows[1][0] == "=2+2"
    assert rows[3] == ["名称", "=HEAD()", "数", "是否"]
    assert rows[4] == ["=1+1", "@x", 1.5, True]
    assert rows[5][0] == "第一行\n第二行" and rows[5][2:] == [0.0, False]
    assert rows[6][1:3] == ["http://x", -3.0]


def test_several_sheets_and_none_of_rows() -> None:
    content = write_workbook([Sheet("'", ["a"], []), Sheet("b", ["b"], [[1]])])
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.sheet_names == ["1", "b"]
    assert book.get_sheet_by_index(0).to_python() == [["a"]]


def test_csv_is_read_by_excel_and_runs_nothing() -> None:
    content = write_csv(SHEET)
    assert content.startswith(b"\xef\xbb\xbf") and b"\r\n" in content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[0] == ["名称", "'=HEAD()", "数", "是否"]
    assert rows[1] == ["'=1+1", "'@x", "1.5", "True"]
    assert rows[2] == ["第一行\n第二行", "", "0", "False"]
