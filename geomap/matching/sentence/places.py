"""Closeness to a named place: 中国眼谷附近, 离柳市镇步行10分钟, near Wenzhou University.

Names are matched exactly, by a function that is passed in; nothing is looked up elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from geomap.domain.words import Label
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.numbers import NUMBER, read_number

LONGEST_NAME = 30
MINUTES = 15.0
"""Minutes on foot where none are said."""


class Place(NamedTuple):
    """A named place (EPSG:4326)."""

    name: str
    lon: float
    lat: float


Resolve = Callable[[str], Place | None]
"""Returns the one place of exactly this (folded) name, None for none or several."""

_MIN = r"(?:分钟|minutes?|mins?)"
_WALK = rf"[,\s]?(?:步行|走路|走|walking )?\s?(?:不超过|约|大概|在)?\s?(?P<n>{NUMBER})[\s-]?{_MIN}"
_WALK_AFTER = re.compile(
    rf"(?:附近|旁边?|周边|周围)?{_WALK}(?:路程|脚程|以内|之内|内|步行|可达|'? walk)*"
)
_PLAIN_AFTER = re.compile(r"(?:那边|这边)?(?:附近|旁边?|周边|周围|边上|一带|很近|比较近|近一点|近)")
_CUE = re.compile(
    r"靠近|临近|毗邻|邻近|紧邻|挨着|距离|离|距"
    rf"|(?<![a-z])(?:within )?(?P<n>{NUMBER})[\s-]?(?:minutes?|mins?)'?s? ?(?:on foot "
    rf"|walk )?(?:of|from|to) "
    rf"|(?:步行|走路|走)\s?(?P<m>{NUMBER})\s?分钟(?:内|以内|之内)?(?:能|可|可以)?到"
    r"|(?<![a-z])(?:near to|near|close to|next to|walking distance (?:of|from|to)) "
)
_AFTER_CUE = re.compile(r"附近|旁边|周边|周围|边上|一带")


def _minutes(text: str | None) -> float | None:
    amount = read_number(text) if text else None
    return amount.high if amount and 1 <= amount.high <= 60 else None


def _note(ledger: Ledger, start: int, end: int, place: Place, minutes: float) -> None:
    value = {"lon": place.lon, "lat": place.lat, "minutes": minutes}
    label = Label(
        f"离{place.name}步行 {minutes:g} 分钟内",
        f"Within {minutes:g} minutes on foot of {place.name}",
    )
    ledger.add(start, end, "near", value, label)


def _following(ledger: Ledger, resolve: Resolve, found: re.Match[str]) -> None:
    """Try the longest name that begins behind a cue."""
    text, begin = ledger.text, found.end()
    while text[begin : begin + 1] == " ":
        begin += 1
    for end in range(min(len(text), begin + LONGEST_NAME), begin + 1, -1):
        place = resolve(text[begin:end])
        if place is None:
            continue
        walk = _WALK_AFTER.match(text, end)
        plain = _PLAIN_AFTER.match(text, end)
        minutes = _minutes(walk["n"]) if walk else _minutes(found["n"] or found["m"])
        tail = walk.end() if walk and minutes else plain.end() if plain else end
        _note(ledger, found.start(), tail, place, minutes or MINUTES)
        return


def _preceding(ledger: Ledger, resolve: Resolve, found: re.Match[str]) -> None:
    """Try the longest name that ends before a cue."""
    text, end = ledger.text, found.start()
    for begin in range(max(0, end - LONGEST_NAME), end - 1):
        place = resolve(text[begin:end])
        if place is None or not ledger.is_free(begin, end):
            continue
        walk = _WALK_AFTER.match(text, end)
        minutes = _minutes(walk["n"]) if walk else None
        tail = walk.end() if walk and minutes else found.end()
        _note(ledger, begin, tail, place, minutes or MINUTES)
        return


def find_places(ledger: Ledger, resolve: Resolve | None) -> None:
    """Note every closeness to a place that the function knows."""
    if resolve is None:
        return
    for found in _CUE.finditer(ledger.text):
        if ledger.is_free(*found.span()):
            _following(ledger, resolve, found)
    for found in _AFTER_CUE.finditer(ledger.text):
        if ledger.is_free(*found.span()):
            _preceding(ledger, resolve, found)
