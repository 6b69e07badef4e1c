"""Finding the words of the vocabulary in a text, and what is left between them."""

from __future__ import annotations

import re

from geomap.matching.sentence import words_wishes as w
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.numbers import NUMBER
from geomap.matching.sentence.vocabulary import NEED_LABELS, STOP, Entry, word_at
from geomap.matching.sentence.words_other import PARTICLES

FILLER, MAYBE = 1, 2

_BUSINESS = re.compile(
    r"(?:做|开|经营|卖|从事|搞|研发|(?<![a-z])(?:run|running|open|opening|sell|selling))"
    r"(?:一?[家个间]|\sa|\san)?\s?$"
)
_HELD = re.compile(
    r"(?:[项件]|拥有|获得?|拿到?|做|正在|从事)(?:了|过)?(?:的|发明|实用新型)?\s?$"
    r"|(?<![a-z])(?:have|hold|own)\s(?:[0-9]{1,3}\s)?$"
)
_MAKES = re.compile(
    r"(?:做|生产|研发|从事|搞|卖|制造|加工|主营|专注|行业[:为是]?|方向[:为是]?|领域[:为是]?"
    r"|(?<![a-z])(?:in|make|makes|making|building|industry:?))[^,。;.!?]{0,4}$"
)
_TRADE = re.compile(
    r"\s?(?:企业|公司|行业|产业|创业|研发|生产|厂|团队|项目|方向|设计|制造|加工|领域|业务"
    r"|(?:compan|startup|firm|business|manufactur|maker|team))"
)
_CURRENT = re.compile(
    r"(?:(?:现在?|目前|原来|原先|之前)(?:都)?(?:在|位于)|注册在|来自|从|(?<![a-z])(?:from"
    r"|currently in|based in))\s?$"
)
_TOO = re.compile(r"也(?:行|可|能|不错|考虑|没问题|没关系|ok)")
"""Makes a county one more to those wanted; alone it asks for nothing."""
_LEAVES = re.compile(r"(?:办公(?![室楼场间空区])|上班|注册|成立).{0,30}?(?:搬|换)")
_MINUTES = re.compile(
    rf"(?:步行|走路|走)?\s?{NUMBER}[\s-]?(?:分钟|minutes?|mins?)'?(?:\s?walk)?"
    r"(?:路程|脚程|以内|之内|内)?"
)
_VAGUE = re.compile(
    r"(?:好几|几|数)[十百千万]{0,2}[来多]?(?:个人|号人|人|个平方?|平方米?|平米|平|㎡|万元?|块钱?|元)"
)
_PUNCTUATION = re.compile(r"[^\w]|_")


def find_asides(ledger: Ledger) -> None:
    """Set aside minutes of walking that belong to no place, and 几十平, 几个人."""
    for found in _VAGUE.finditer(ledger.text):
        ledger.ignore(*found.span(), "vague")
    for found in _MINUTES.finditer(ledger.text):
        ledger.ignore(*found.span(), "ring")


def _refusal(text: str, start: int, end: int, entry: Entry) -> str:
    """Return why a word is not a wish where it stands, "" where it is one."""
    before = text[max(0, start - 10) : start]
    if entry.field == "amenities" and _BUSINESS.search(before):
        return "business"
    if entry.field in ("services", "platforms") and _HELD.search(before):
        return "business"
    if entry.field == "counties" and (
        _CURRENT.search(before) or (before.endswith("在") and _LEAVES.match(text, end))
    ):
        return "current"
    if entry.weak and not (_MAKES.search(before) or _TRADE.match(text, end)):
        return "unknown"
    return ""


def _goes_on(ledger: Ledger, place: int, reason: str) -> bool:
    """Return whether what was last set aside, for this reason, ends here (鹿城办公)."""
    return (
        bool(ledger.ignored)
        and ledger.ignored[-1].end == place
        and (ledger.ignored[-1].reason == reason)
    )


def find_words(ledger: Ledger) -> bytearray:
    """Note every word that asks for something; return which characters are mere stops.

    The longest word at a place counts, from left to right. A stop is `FILLER`, or `MAYBE`
    where it may as well begin a name (中, 上, 大).
    """
    text, place = ledger.text, 0
    stops = bytearray(len(text))
    while place < len(text):
        found = word_at(text, place)
        if found is None or not ledger.is_free(place, found[0]):
            place += 1
            continue
        end, entry = found
        if entry.field == STOP:
            weight = FILLER if end - place > 1 or text[place] in PARTICLES else MAYBE
            stops[place:end] = bytes([weight]) * (end - place)
        elif entry.field == "ignored":
            ledger.ignore(place, end, entry.value)
        elif _goes_on(ledger, place, "current"):
            ledger.ignore(place, end, "current")
        elif reason := _refusal(text, place, end, entry):
            ledger.ignore(place, end, reason)
        else:
            too = entry.field == "counties" and bool(_TOO.match(text, end))
            ledger.add(place, end, entry.field, entry.value, entry.label, soft=too)
        place = end
    return stops


def find_split_needs(ledger: Ledger) -> None:
    """Note 上下水 and 给排水: two needs, a span for each."""
    for word, (first, second) in w.SPLIT_NEEDS.items():
        for found in re.finditer(word, ledger.text):
            start, end = found.span()
            if ledger.is_free(start, end):
                for a, b, name in ((start, start + 1, first), (start + 1, end, second)):
                    ledger.add(a, b, f"requires.{name}", True, NEED_LABELS[name])


def find_rest(ledger: Ledger, stops: bytearray) -> None:
    """Set aside every run of what is left, without the fillers at its ends."""
    text, place = ledger.text, 0
    while place < len(text):
        if ledger.taken[place] or _breaks(text, place):
            place += 1
            continue
        end = place
        while end < len(text) and not ledger.taken[end] and not _breaks(text, end):
            end += 1
        start, stop = place, end
        if all(stops[i] or text[i] == " " for i in range(place, end)):
            start = stop
        while start < stop and (stops[start] == FILLER or text[start] == " "):
            start += 1
        while stop > start and (stops[stop - 1] == FILLER or text[stop - 1] == " "):
            stop -= 1
        if start < stop:
            ledger.ignore(start, stop, "unknown")
        place = end


def _breaks(text: str, place: int) -> bool:
    """Return whether a character is punctuation; blanks are not."""
    return text[place] != " " and bool(_PUNCTUATION.match(text, place))
