"""Words that make a figure an upper end, a lower end or a rough one."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PRE = {
    "max": "不超过/不超/不能超过/别超过/不要超过/不超出/不大于/不多于/不高于/不能高于/最多/至多"
    "/顶多/小于/低于"
    "/少于/控制在/最高/最大/上限/封顶/≤/<=/</under/below/less than/up to/at most/no more than"
    "/not more than/not over/maximum of/maximum/max./max/within/not exceeding",
    "min": "至少/最少/起码/不少于/不低于/不小于/不能少于/不能低于/大于/超过/多于/高于/最小/最低"
    "/≥/>=/>"
    "/at least/over/more than/above/minimum of/minimum/min./min/no less than/not less than/from",
    "about": "大概/大约/大致/约/差不多/估计/~/≈/about/around/approximately/approx./approx/roughly"
    "/some/circa/ca.",
}
_SUF = {
    "max": "以内/之内/以下/之下/以里/内/封顶/为上限/max/or less/at most/at maximum/or under"
    "/or below",
    "min": "以上/之上/起步/往上/朝上/起/+/or more/at least/or above/minimum/and up/plus",
    "about": "左右/上下/差不多/大小/or so/or thereabouts",
}


def _turn(table: Mapping[str, str]) -> dict[str, str]:
    """Return word → bound."""
    return {word: bound for bound, words in table.items() for word in words.split("/")}


def alternatives(words: Mapping[str, object]) -> str:
    """Return a pattern of any of the words, longest first, English ones at word ends only."""
    parts = []
    for word in sorted(words, key=len, reverse=True):
        pattern = re.escape(word)
        if "a" <= word[0] <= "z":
            pattern = rf"(?<![a-z]){pattern}" + ("" if word.endswith(".") else r"(?![a-z])")
        parts.append(pattern)
    return "(?:" + "|".join(parts) + ")"


_BEFORE, _AFTER = _turn(_PRE), _turn(_SUF)
BEFORE, AFTER = alternatives(_BEFORE), alternatives(_AFTER)
RANGE = r"\s?(?:到|至|-{1,2}|~|或者?|(?<![a-z])(?:to|and|or)(?![a-z]))\s?"
LINK = r"(?:[\s:是为要得有在的需达到应能]|最好|要求|希望|不能|[1-4一二两三四]台){0,6}"
"""What may stand between the name of a figure and the figure."""


def bound_of(before: str | None, after: str | None) -> str:
    """Return "max", "min", "about", or "" for a bare figure; what stands after wins."""
    return _AFTER.get(after or "", "") or _BEFORE.get(before or "", "")
