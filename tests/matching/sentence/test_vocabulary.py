"""The tables: every value of the vocabulary is one that a demand takes, and each word is found."""

from __future__ import annotations

import pytest

from geomap.domain.industries import BY_ID
from geomap.domain.regions import COUNTIES
from geomap.domain.words import AmenityCategory, Platform, Service, Stage, UnitKind
from geomap.matching.demand_json import parse_demand
from geomap.matching.sentence.fold import fold
from geomap.matching.sentence.vocabulary import STOP, vocabulary, word_at
from geomap.matching.sentence.words_industry import WEAK, list_industries


def test_every_word_is_folded_and_found_whole() -> None:
    for word, entry in vocabulary().items():
        assert fold(word) == word and word.strip() == word and word
        assert word_at(word, 0) == (len(word), entry)


def test_every_value_is_one_that_a_demand_takes() -> None:
    for word, entry in vocabulary().items():
        if entry.field in (STOP, "ignored"):
            continue
        name, _, part = entry.field.partition(".")
        value = list(entry.value) if isinstance(entry.value, tuple) else entry.value
        parse_demand({name: {part: value} if part else value})
        assert entry.label.zh and entry.label.en, word


def test_every_member_has_a_word() -> None:
    fields: dict[str, set[str]] = {}
    for entry in vocabulary().values():
        values = entry.value if isinstance(entry.value, tuple) else (entry.value,)
        fields.setdefault(entry.field, set()).update(str(value) for value in values)
    for name, words in (
        ("unit_kinds", UnitKind),
        ("stage", Stage),
        ("amenities", AmenityCategory),
        ("services", Service),
        ("platforms", Platform),
    ):
        assert fields[name] == set(words)
    assert fields["counties"] == {county.adcode for county in COUNTIES}
    assert fields["industry"] == set(BY_ID)


def test_weak_words_are_words_of_industries() -> None:
    assert set(list_industries()) >= WEAK


@pytest.mark.parametrize(
    ("text", "start"), [("labour", 0), ("collab", 3), ("s12", 0), ("15g", 0), ("barn", 0)]
)
def test_a_word_inside_another_is_none(text: str, start: int) -> None:
    assert word_at(text, start) is None
