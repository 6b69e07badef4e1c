"""One sentence becomes a demand: what was understood, and what was not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.matching.demand_json import demand_to_json, parse_demand
from geomap.matching.sentence.areas import find_areas
from geomap.matching.sentence.dates import find_dates
from geomap.matching.sentence.dates_en import find_english_dates
from geomap.matching.sentence.fold import fold
from geomap.matching.sentence.ledger import Ignored, Ledger, Understood
from geomap.matching.sentence.money import find_money
from geomap.matching.sentence.negation import find_negations
from geomap.matching.sentence.people import find_people
from geomap.matching.sentence.places import Resolve, find_places
from geomap.matching.sentence.settle import settle
from geomap.matching.sentence.technical import find_technical
from geomap.matching.sentence.words import find_asides, find_rest, find_split_needs, find_words

MOST_CHARACTERS = 2000
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2088, 12, 31)
"""So that every day read lies in the century that a demand takes."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A demand as JSON, and the spans behind it, each list in the order of the text.

    No two spans of either list overlap.
    """

    demand: Mapping[str, Any]
    understood: tuple[Understood, ...]
    ignored: tuple[Ignored, ...]


def parse_sentence(text: str, *, today: date, resolve: Resolve | None = None) -> Parsed:
    """Read a sentence in Chinese or English as a demand.

    Parameters
    ----------
    text
        As it was typed, at most `MOST_CHARACTERS` characters.
    today
        What dates are relative to.
    resolve
        Finds named places by their exact folded name; without it none is understood.

    Raises
    ------
    InputError
        The text is too long (`field` is "text"), or `today` too far off.

    Notes
    -----
    Figures with a unit are read first (the most telling first), then words, longest first.
    Whatever is in the demand has its span in `understood`; docs/sentence.md has the grammar.
    """
    if len(text) > MOST_CHARACTERS:
        raise InputError(
            Label(f"有 {len(text)} 字，太长", f"{len(text)} characters are too many"),
            fix=Label(
                f"不超过 {MOST_CHARACTERS} 字，只说要什么样的空间",
                f"At most {MOST_CHARACTERS}; say only what space is wanted",
            ),
            field="text",
        )
    if not FIRST_DAY <= today <= LAST_DAY:
        raise InputError(
            Label(f"{today.isoformat()} 太远", f"{today.isoformat()} is too far off"),
            fix=Label("给出 2000 到 2088 年的一天", "Give a day from 2000 to 2088"),
            field="today",
        )
    ledger = Ledger(text, fold(text))
    find_places(ledger, resolve)
    find_technical(ledger)
    find_dates(ledger, today)
    find_english_dates(ledger, today)
    find_money(ledger)
    find_people(ledger)
    find_areas(ledger)
    find_split_needs(ledger)
    find_asides(ledger)
    stops = find_words(ledger)
    find_negations(ledger)
    demand = settle(ledger)
    find_rest(ledger, stops)
    return Parsed(
        demand=demand_to_json(parse_demand(demand)),
        understood=tuple(sorted(ledger.understood, key=lambda item: item.start)),
        ignored=tuple(sorted(ledger.ignored, key=lambda item: item.start)),
    )
