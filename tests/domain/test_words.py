from enum import StrEnum

import pytest

from geomap.domain import words
from geomap.domain.words import FACILITIES, SMALL_VENUES, PermittedUse, UnitKind, label

ENUMS = [
    value
    for value in vars(words).values()
    if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_member_has_a_label_in_both_languages(enum):
    for member in enum:
        text = label(member)
        assert text.zh and text.en


def test_members_that_share_a_text_keep_their_own_label():
    assert UnitKind.OFFICE == PermittedUse.OFFICE
    assert label(UnitKind.OFFICE).zh == "独立单元"
    assert label(PermittedUse.OFFICE).zh == "办公"


def test_twelve_categories_are_six_facilities_and_six_small_venues():
    assert [str(c) for c in FACILITIES] == [
        "youth_housing",
        "transit",
        "retail",
        "education_health",
        "leisure",
        "learning",
    ]
    assert [str(c) for c in SMALL_VENUES] == [
        "bar",
        "theatre",
        "cafe",
        "bookshop",
        "cinema",
        "practice_room",
    ]
