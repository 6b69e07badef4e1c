"""Sentences with their demands, written by hand before any was parsed.

The half that is `held_out` was written first and not tuned on; docs/sentence.md has the
scores of both.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.sentence.parse import parse_sentence

FIXTURE = json.loads((Path(__file__).parent / "sentences.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(FIXTURE["today"])
SENTENCES: list[dict[str, Any]] = FIXTURE["sentences"]


class Score(NamedTuple):
    """Fields that are right, of those expected, given, and either."""

    right: int
    expected: int
    given: int
    either: int


def flatten(demand: dict[str, Any]) -> dict[str, Any]:
    """Return dotted field → value; the order of a list does not count."""
    flat: dict[str, Any] = {}
    for name, value in demand.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{part}": x for part, x in value.items()}
        else:
            flat[name] = sorted(value) if isinstance(value, list) else value
    return flat


def score(sentences: list[dict[str, Any]]) -> Score:
    total = Score(0, 0, 0, 0)
    for sentence in sentences:
        expected = flatten(sentence["demand"])
        given = flatten(dict(parse_sentence(sentence["text"], today=TODAY).demand))
        either = set(expected) | set(given)
        right = sum(expected.get(name) == given.get(name) for name in either)
        one = Score(right, len(expected), len(given), len(either))
        total = Score(*(a + b for a, b in zip(total, one, strict=True)))
    return total


def half(name: str) -> list[dict[str, Any]]:
    return [sentence for sentence in SENTENCES if sentence["half"] == name]


def test_the_fixture_is_large_and_varied() -> None:
    assert len(SENTENCES) >= 170
    assert len({sentence["text"] for sentence in SENTENCES}) == len(SENTENCES)
    by_tag = [tag for sentence in SENTENCES for tag in sentence["tags"]]
    assert by_tag.count("negation") >= 15
    assert by_tag.count("nonsense") >= 10
    english = [s for s in SENTENCES if s["text"] and s["text"].isascii() and s["demand"]]
    assert len(english) >= 25
    assert len(half("held_out")) >= 0.4 * len(SENTENCES)


def test_every_expected_demand_is_one() -> None:
    for sentence in SENTENCES:
        demand = parse_demand(sentence["demand"])
        assert flatten(demand_to_json(demand)) == flatten(sentence["demand"]), sentence["text"]


@pytest.mark.parametrize("which", ["all", "tuned", "held_out"])
def test_95_of_100_fields_are_right_and_98_of_those_given(which: str) -> None:
    found = score(SENTENCES if which == "all" else half(which))
    assert found.right / found.either >= 0.95
    assert found.right / found.given >= 0.98
    assert found.right / found.expected >= 0.95


@pytest.mark.parametrize("text", [s["text"] for s in SENTENCES if "nonsense" in s["tags"]])
def test_nonsense_gives_nothing(text: str) -> None:
    parsed = parse_sentence(text, today=TODAY)
    assert (dict(parsed.demand), parsed.understood) == ({}, ())


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda s: s["text"][:24])
def test_every_value_has_its_span(sentence: dict[str, Any]) -> None:
    parsed = parse_sentence(sentence["text"], today=TODAY)
    fields = {name.partition(".")[0] for name in flatten(dict(parsed.demand))}
    assert fields == {item.field.partition(".")[0] for item in parsed.understood}
    for item in (*parsed.understood, *parsed.ignored):
        assert sentence["text"][item.start : item.end].strip()
