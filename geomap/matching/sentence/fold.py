"""Folding a text for comparison without moving a single character."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans(
    {
        "–": "-",
        "—": "-",
        "−": "-",
        "‐": "-",
        "‑": "-",
        "〜": "~",
        "∼": "~",
        "’": "'",
        "‘": "'",
        "`": "'",
        "·": "·",
        "・": "·",
        "•": "·",
        "⋅": "·",
        "×": "x",
        "龍": "龙",
        "灣": "湾",
        "甌": "瓯",
        "頭": "头",
        "樂": "乐",
        "瑞": "瑞",
        "陽": "阳",
        "順": "顺",
        "蒼": "苍",
        "實": "实",
        "驗": "验",
        "廠": "厂",
        "辦": "办",
        "萬": "万",
        "兩": "两",
        "間": "间",
        "個": "个",
        "鐵": "铁",
        "館": "馆",
    }
)
_SINGLE = {"²": "2", "³": "3", "⁄": "/"}


def _fold_character(character: str) -> str:
    """Return one character for one: half width, lower case; itself where that takes more."""
    if character.isspace() or character in "\u200b\ufeff\u200d":
        return " "
    if character in _SINGLE:
        return _SINGLE[character]
    for form in (unicodedata.normalize("NFKC", character).lower(), character.lower()):
        if len(form) == 1:
            return form.translate(_PLAIN)
    return character


def fold(text: str) -> str:
    """Return the text as it is compared; character i of it is character i of the text.

    Full width becomes half width, letters lower case, kinds of blanks, dashes and dots one
    kind, a few traditional characters simplified. A character whose compatibility form
    takes several (㎡, ㎏, …) stays, so that offsets never move.
    """
    return "".join(map(_fold_character, text))
