"""Formulas of a workbook (.xlsx) that nobody has worked out, found in the confined process.

A spreadsheet program stores the value of a formula beside it; programs that only write
files often do not. Such a cell reads as empty, which would pass for "not stated".
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.parsers import expat

from geomap.intake.reading import refuse

_CHUNK = 1 << 20
_FORMULA = (b"<f>", b"<f ", b"<f/", b":f>", b":f ")
_RELATIONS = "xl/_rels/workbook.xml.rels"


def _bare(name: str) -> str:
    """Return the name of an element or attribute without its namespace's prefix."""
    return name.rpartition(":")[2]


def _elements(content: bytes, wanted: str) -> Iterator[dict[str, str]]:
    """Return the attributes of the elements of a name."""
    found: list[dict[str, str]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if _bare(name) == wanted:
            found.append({_bare(key): value for key, value in attributes.items()})

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)
    return iter(found)


def _member(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Return where a sheet lies in the archive."""
    named = [e for e in _elements(archive.read("xl/workbook.xml"), "sheet") if "id" in e]
    link = next((e["id"] for e in named if e.get("name") == sheet), None)
    for relation in _elements(archive.read(_RELATIONS), "Relationship"):
        if relation.get("Id") == link and "Target" in relation:
            target = relation["Target"]
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return None


class _Scan:
    """Walks through the cells of a sheet, and keeps those with a formula and no value."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self._ref = ""
        self._typed = self._formula = self._value = self._within = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        bare = _bare(name)
        if bare == "c":
            self._ref = attributes.get("r", "")
            self._typed = attributes.get("t") == "str"
            self._formula = self._value = False
        elif bare == "f":
            self._formula = True
        self._within = bare == "v"

    def text(self, text: str) -> None:
        self._value = self._value or (self._within and bool(text.strip()))

    def end(self, name: str) -> None:
        self._within = False
        # An empty text of type "str" is a value that was worked out.
        if _bare(name) == "c" and self._formula and not self._value and not self._typed:
            self.found.add(self._ref)


def find_unset_formulas(file: Path, sheet: str) -> set[str]:
    """Return the cells of a sheet ("C2") that hold a formula without its value.

    Other formats than .xlsx have none that can be told; an archive without the parts of a
    workbook neither.
    """
    if not zipfile.is_zipfile(file):
        return set()
    with zipfile.ZipFile(file) as archive:
        try:
            member = _member(archive, sheet)
            if member is None or not _mentions_formula(archive, member):
                return set()
            return _scan(archive, member)
        except KeyError:
            return set()
        except expat.ExpatError as error:
            raise refuse(
                f"Excel 文件损坏（{error}）", f"the workbook is broken ({error})"
            ) from error


def _mentions_formula(archive: zipfile.ZipFile, member: str) -> bool:
    """Tell by the bytes alone whether a sheet has formulas: most have none."""
    tail = b""
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            if any(mark in tail + chunk for mark in _FORMULA):
                return True
            tail = chunk[-3:]
    return False


def _scan(archive: zipfile.ZipFile, member: str) -> set[str]:
    scan, parser = _Scan(), expat.ParserCreate()
    parser.StartElementHandler = scan.start
    parser.CharacterDataHandler = scan.text
    parser.EndElementHandler = scan.end
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
    parser.Parse(b"", True)
    return scan.found


def cell_name(row: int, column: int) -> str:
    """Return the name of a cell by its row and column, both from 0: (1, 2) is "C2"."""
    letters, left = "", column + 1
    while left:
        left, digit = divmod(left - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row + 1}"
