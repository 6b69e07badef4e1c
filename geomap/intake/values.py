"""Cells to values: text, numbers, flags, words and lists, as people write them.

A parser takes a cell that is not empty and returns a `Parsed`: the value, and what had to
be changed or assumed to get it (None where nothing had to). What it cannot read is a
`BadValueError` with a reason and a fix.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

from geomap.domain.words import Label, label

Cell = str | int | float | bool | None
Word = TypeVar("Word", bound=StrEnum)

MOST_TEXT = 200
_FORMULA_ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
_EMPTY = frozenset({"", "-", "--", "—", "/", "\\", "无数据", "暂无", "null", "none", "nan", "n/a"})
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,3})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?")
_YES_WORDS = "是 有 真 y yes true t 1 √ ✓ ✔ 可 可以 支持 具备 on"
_NO_WORDS = "否 无 没有 假 n no false f 0 × ✗ ✘ x 不可 不可以 不支持 不具备 off"
_YES, _NO = frozenset(_YES_WORDS.split()), frozenset(_NO_WORDS.split())
_SEPARATORS = re.compile(r"[、,;/|\n+＋]+")


class Parsed(NamedTuple):
    """A value, and what was changed or assumed to get it."""

    value: Any
    note: Label | None = None
    code: str = ""


class BadValueError(ValueError):
    """A cell that cannot be read; `doubtful` means that a person could."""

    def __init__(
        self, code: str, reason: Label, fix: Label | None = None, *, doubtful: bool = False
    ) -> None:
        super().__init__(reason.en)
        self.code = code
        self.reason = reason
        self.fix = fix
        self.doubtful = doubtful


Parser = Callable[[Cell, str], Parsed]
"""From a cell and the unit of its header ("" where it has none) to a value."""


def as_text(cell: Cell) -> str:
    """Return a cell as one line of text: full-width forms folded, spaces trimmed.

    A number of a spreadsheet that is whole loses its ".0": a room is "305", not "305.0".
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        if not math.isfinite(cell):
            return ""
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return _one_line(str(cell))


@lru_cache(maxsize=20_000)
def _one_line(text: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    if not text.isprintable():
        text = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(text.split())


def is_empty(cell: Cell) -> bool:
    """Return whether a cell says nothing: blank, a dash, 暂无, NaN."""
    return as_text(cell).lower() in _EMPTY


def require_no_formula_error(text: str) -> None:
    """Refuse what a spreadsheet writes where a formula failed."""
    if text.upper() in _FORMULA_ERRORS:
        raise BadValueError(
            "formula_error",
            Label(f"公式出错 {text}", f"the formula failed: {text}"),
            Label("在表格里改好公式，或填上值", "mend the formula or write the value"),
        )


def parse_text(cell: Cell, unit: str = "", *, most: int = MOST_TEXT) -> Parsed:
    """Read text of at most `most` characters."""
    text = as_text(cell)
    require_no_formula_error(text)
    if len(text) > most:
        raise BadValueError(
            "too_long",
            Label(f"超过 {most} 字", f"longer than {most} characters"),
            Label("写短一些", "shorten it"),
        )
    return Parsed(text)


def parse_note(cell: Cell, unit: str = "") -> Parsed:
    """Read a longer text."""
    return parse_text(cell, unit, most=2_000)


def _not_a_number(text: str) -> BadValueError:
    return BadValueError(
        "not_a_number",
        Label("不是一个数", "not a number"),
        Label("只写一个数和单位", "write one number and its unit"),
    )


def plain_number(text: str) -> float:
    """Read a bare number, thousands grouped or not.

    Raises
    ------
    BadValueError
        It is none, is not finite, or its comma could be a decimal one ("1,25").
    """
    folded = text.lower().replace(" ", "")
    if _GROUPED.fullmatch(folded):
        folded = folded.replace(",", "")
    elif "," in folded and _NUMBER.fullmatch(folded.replace(",", "", 1)):
        raise BadValueError(
            "ambiguous_comma",
            Label("逗号的位置不像千分位", "the comma does not part thousands"),
            Label("小数点用“.”", "write decimals with “.”"),
            doubtful=True,
        )
    if not _NUMBER.fullmatch(folded):
        raise _not_a_number(text)
    value = float(folded)
    if not math.isfinite(value):
        raise _not_a_number(text)
    return value


def split_number(cell: Cell) -> tuple[float, str]:
    """Return the number that a cell begins with, and the unit after it.

    万 and 千 multiply: "0.5万㎡" is (5000, "m2").
    """
    if isinstance(cell, bool):
        raise _not_a_number(str(cell))
    text = as_text(cell)
    require_no_formula_error(text)
    text = text.lower().replace(" ", "").removeprefix("约").removeprefix("¥")
    head = re.match(r"[+-]?[\d.,]+(?:e[+-]?\d+)?", text)
    if head is None:
        raise _not_a_number(text)
    rest = text[head.end() :]
    if re.match(r"[-~至到—–]\s*\d", rest):
        raise BadValueError(
            "range",
            Label("写的是一个范围", "it is a range"),
            Label("每个单元写一个数", "write one number for each"),
        )
    value = plain_number(head.group())
    for word, factor in (("万", 10_000.0), ("千", 1_000.0)):
        if rest.startswith(word) and not rest.startswith(("千克", "千瓦", "千伏", "千牛")):
            return value * factor, rest.removeprefix(word)
    return value, rest


def require_between(value: float, low: float, high: float, unit: str = "") -> float:
    """Return the value, or refuse one that cannot be."""
    if not low <= value <= high:
        raise BadValueError(
            "out_of_range",
            Label(
                f"要在 {low:,.10g} 到 {high:,.10g} {unit} 之间",
                f"must lie between {low:,.10g} and {high:,.10g} {unit}",
            ),
            Label("核对数和单位", "check the number and its unit"),
        )
    return value


def parse_count(cell: Cell, unit: str = "") -> Parsed:
    """Read a whole number of things: "120", "120人", "1,200 个"."""
    value, rest = split_number(cell)
    if not re.fullmatch(r"[人家个户名间套项个位]*", rest) or value != int(value):
        raise BadValueError(
            "not_whole",
            Label("要一个整数", "a whole number is needed"),
            Label("只写整数", "write a whole number"),
        )
    return Parsed(int(require_between(value, 0, 10_000_000)))


def parse_flag(cell: Cell, unit: str = "") -> Parsed:
    """Read yes or no: 是/否, 有/无, √/×, true/false."""
    text = as_text(cell).lower()
    if text in _YES:
        return Parsed(True)
    if text in _NO:
        return Parsed(False)
    raise BadValueError(
        "not_a_flag",
        Label("不是“是”或“否”", "neither yes nor no"),
        Label("写 是 或 否", "write yes or no"),
    )


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Return text as it is compared: lower case, no spaces or joining marks."""
    return re.sub(r"[\s_\-·•]+", "", as_text(text).lower())


def split_list(cell: Cell) -> list[str]:
    """Split a list written with 、 , ; / | or line ends."""
    raw = "" if cell is None else str(cell) if not isinstance(cell, float) else as_text(cell)
    parts = _SEPARATORS.split(unicodedata.normalize("NFKC", raw))
    return [text for part in parts if (text := as_text(part))]


def word_table(words: type[Word], synonyms: Mapping[Word, str]) -> dict[str, Word]:
    """Return every way to write each word: its value, both labels, synonyms."""
    table: dict[str, Word] = {}
    for word in words:
        names = [word.value, *label(word), *synonyms.get(word, "").split()]
        table |= {fold(name): word for name in names}
    return table


def find_word(text: str, table: Mapping[str, Word]) -> Word | None:
    """Return the word that a text names."""
    return table.get(fold(text))


def unknown_word(
    text: str, words: Sequence[Any], *, doubtful: bool = False, code: str = "unknown_word"
) -> BadValueError:
    """Return the refusal of a word that is none of `words`."""
    zh = "、".join(label(word).zh for word in words)
    en = ", ".join(str(word) for word in words)
    return BadValueError(
        code,
        Label(f"不认识“{text}”", f"“{text}” is not known"),
        Label(f"用其中之一：{zh}", f"use one of: {en}"),
        doubtful=doubtful,
    )


def word_parser(words: type[Word], table: Mapping[str, Word], *, doubtful: bool = False) -> Parser:
    """Return a parser of one word."""

    def parse(cell: Cell, unit: str = "") -> Parsed:
        found = find_word(as_text(cell), table)
        if found is None:
            raise unknown_word(as_text(cell), tuple(words), doubtful=doubtful)
        return Parsed(found)

    return parse


def words_parser(words: type[Word], table: Mapping[str, Word], *, doubtful: bool = False) -> Parser:
    """Return a parser of a list of words, each once, in the order of the vocabulary."""

    def parse(cell: Cell, unit: str = "") -> Parsed:
        found = set()
        for text in split_list(cell):
            word = find_word(text, table)
            if word is None:
                raise unknown_word(text, tuple(words), doubtful=doubtful)
            found.add(word)
        return Parsed(tuple(word for word in words if word in found))

    return parse
