"""How many places a gap needs, and what each of them is worth."""

from __future__ import annotations

import numpy as np

from geomap.coverage.access import CATEGORIES
from geomap.coverage.needs import list_requirements, places_needed, worth_of
from geomap.coverage.profiles import get_profile
from tests.coverage.town import C

CULTURE = get_profile("plan-culture")


def counts(**amenities: int) -> np.ndarray:
    found = np.zeros((1, len(CATEGORIES)), dtype=np.int32)
    for name, count in amenities.items():
        found[0, CATEGORIES.index(C(name))] = count
    return found


def needed(brings: tuple[C, ...], **amenities: int) -> list[int]:
    requirements = list_requirements(CULTURE, brings)
    return places_needed(counts(**amenities), requirements, brings)[0].tolist()


def test_requirements_are_those_that_a_place_helps() -> None:
    assert len(list_requirements(CULTURE, (C.LEARNING,))) == 2
    assert len(list_requirements(CULTURE, (C.BOOKSHOP,))) == 1


def test_a_site_short_of_n_needs_n_places() -> None:
    assert needed((C.LEARNING,)) == [1, 3]
    assert needed((C.LEARNING,), bookshop=2) == [1, 1]
    assert needed((C.LEARNING,), learning=1, theatre=5) == [0, 0]


def test_a_place_that_brings_several_counts_for_as_many() -> None:
    assert needed((C.THEATRE, C.BOOKSHOP)) == [2]
    assert needed((C.LEARNING, C.THEATRE, C.BOOKSHOP)) == [1, 1]


def test_nothing_known_counts_as_none() -> None:
    unknown = np.full((1, len(CATEGORIES)), -1, dtype=np.int32)
    requirements = list_requirements(CULTURE, (C.BOOKSHOP,))
    assert places_needed(unknown, requirements, (C.BOOKSHOP,)).tolist() == [[3]]


def test_shares_are_whole_numbers_that_add_up() -> None:
    """Gaps of one, two and three places: sixths can be shared out among them."""
    worth, scale = worth_of(np.array([[1, 3], [0, 2]], dtype=np.int32), np.array([5, 7]))
    assert scale == 6
    assert worth.tolist() == [[40, 10, 10], [21, 21, 0]]
    assert worth.sum() == scale * (5 * 2 + 7)


def test_without_gaps_nothing_is_worth_anything() -> None:
    worth, scale = worth_of(np.zeros((0, 2), dtype=np.int32), np.zeros(0, dtype=np.int64))
    assert (worth.shape, scale) == ((0, 1), 1)
