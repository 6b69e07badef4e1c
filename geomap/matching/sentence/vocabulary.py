"""One table from words to what they ask for, and the longest word at a place of a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from geomap.domain.industries import BY_ID
from geomap.domain.words import Label, label
from geomap.matching.sentence import words_wishes as w
from geomap.matching.sentence.words_industry import WEAK, list_industries
from geomap.matching.sentence.words_other import NO_FIELD, NOTHING, STOPS, WHOLE_CITY
from geomap.matching.sentence.words_places import list_counties

STOP = "stop"
_NO_LABEL = Label("", "")
NEED_LABELS = {
    "water": Label("给水", "Water"),
    "drainage": Label("排水", "Drainage"),
    "exhaust": Label("排风", "Exhaust"),
    "gas": Label("燃气", "Gas"),
    "clean_room": Label("洁净间", "Clean room"),
    "hazardous_storage": Label("危化品存放", "Hazardous storage"),
    "open_24h": Label("24 小时开放", "Open around the clock"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word asks for: a field of the demand, or `ignored` with a reason, or a stop."""

    field: str
    value: Any = None
    label: Label = _NO_LABEL
    weak: bool = False


def _enums() -> Iterator[tuple[str, Entry]]:
    tables: tuple[tuple[str, Mapping[Any, str]], ...] = (
        ("unit_kinds", w.KINDS),
        ("stage", w.STAGES),
        ("amenities", w.AMENITIES),
        ("services", w.SERVICES),
        ("platforms", w.PLATFORMS),
        ("requires.permitted_use", w.USES),
    )
    for name, table in tables:
        for member, words in table.items():
            one = name in ("stage", "requires.permitted_use")
            value = member.value if one else (member.value,)
            for word in words.split("/"):
                yield word, Entry(name, value, label(member))


def _industries() -> Iterator[tuple[str, Entry]]:
    for word, identity in list_industries().items():
        yield word, Entry("industry", identity, BY_ID[identity].label, word in WEAK)


def _needs() -> Iterator[tuple[str, Entry]]:
    for name, words in w.NEEDS.items():
        for word in _split(words):
            yield word, Entry(f"requires.{name}", True, NEED_LABELS[name])
    for word in w.LIFT.split("/"):
        said = Label("货梯 ≥ 1 t（未说吨位）", "Goods lift ≥ 1 t (no figure given)")
        yield word, Entry("requires.freight_lift_t", 1.0, said)
    for word in w.COMBINE.split("/"):
        yield (
            word,
            Entry("combine_adjacent", True, Label("可合并相邻单元", "Adjacent units joined")),
        )


def _split(words: str) -> list[str]:
    """Split at bars, but keep 24/7 whole."""
    return [part.replace("\0", "/") for part in words.replace("24/7", "24\0" + "7").split("/")]


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Entry]:
    """Return every word; where two tables name one, the later below wins."""
    table = {word: Entry(STOP) for word in STOPS}
    table |= {word: Entry("ignored", "no_field") for word in NO_FIELD}
    table |= {word: Entry("ignored", "asks_nothing") for word in NOTHING}
    table |= {word: Entry("ignored", "whole_city") for word in WHOLE_CITY}
    table |= dict(_industries()) | dict(_enums()) | dict(_needs())
    for word, (adcodes, said) in list_counties().items():
        table[word] = Entry("counties", adcodes, said)
    return table


@lru_cache(maxsize=1)
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return the lengths of the words that begin with each character, longest first."""
    found: dict[str, set[int]] = {}
    for word in vocabulary():
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _latin(character: str) -> bool:
    return "a" <= character <= "z"


def _digit(character: str) -> bool:
    return "0" <= character <= "9"


def _ends_well(text: str, start: int, end: int) -> bool:
    """Return whether a word does not begin or end inside a Latin word or a figure."""
    before, after = text[start - 1 : start], text[end : end + 1]
    first, last = text[start], text[end - 1]
    if before and ((_latin(first) and _latin(before)) or (_digit(first) and _digit(before))):
        return False
    if _latin(first) and before == "-" and _latin(text[max(0, start - 2)]):
        return False
    if not after:
        return True
    return not ((_latin(last) or _digit(last)) and (_latin(after) or _digit(after)))


def word_at(text: str, start: int) -> tuple[int, Entry] | None:
    """Return the end and the meaning of the longest word that begins here."""
    table = vocabulary()
    for length in _lengths().get(text[start], ()):
        end = start + length
        entry = table.get(text[start:end]) if end <= len(text) else None
        if entry is not None and _ends_well(text, start, end):
            return end, entry
    return None
