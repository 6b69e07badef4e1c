from hypothesis import given
from hypothesis import strategies as st

from geomap.domain.industries import (
    BY_ID,
    INDUSTRIES,
    Kinship,
    find_kinship,
    kinship_masks,
    sector_of,
)


def test_five_pillar_and_five_emerging_sectors():
    assert sum(not industry.parent for industry in INDUSTRIES) == 10


def test_parents_and_complements_are_sectors():
    for industry in INDUSTRIES:
        for other in (industry.parent, *industry.complements):
            assert other == "" or BY_ID[other].parent == ""


def test_ids_are_unique_and_sector_of_climbs_once():
    assert len(BY_ID) == len(INDUSTRIES)
    assert sector_of("eye_health") == "life_health" == sector_of("life_health")


def test_no_synonym_names_two_industries():
    words = [w for i in INDUSTRIES for w in (i.label.zh, *i.synonyms)]
    assert len(words) == len(set(words))


IDS = st.sampled_from([industry.id for industry in INDUSTRIES])


@given(IDS, IDS)
def test_kinship_is_the_same_both_ways_but_for_what_is_within(wanted: str, offered: str) -> None:
    one, other = find_kinship(wanted, offered), find_kinship(offered, wanted)
    if BY_ID[offered].parent == wanted:
        assert (one, other) == (Kinship.SAME, Kinship.CHAIN)
    elif BY_ID[wanted].parent == offered:
        assert (one, other) == (Kinship.CHAIN, Kinship.SAME)
    else:
        assert one == other
    assert (one is Kinship.SAME) >= (wanted == offered)


@given(IDS)
def test_masks_hold_every_kin_once(wanted: str) -> None:
    masks = kinship_masks(wanted)
    assert list(masks) == [Kinship.SAME, Kinship.CHAIN, Kinship.COMPLEMENT]
    for place, industry in enumerate(INDUSTRIES):
        held = [kin for kin, mask in masks.items() if mask >> place & 1]
        kinship = find_kinship(wanted, industry.id)
        assert held == ([] if kinship is Kinship.NONE else [kinship])
    assert max(masks.values()) < 2**32


def test_kinship_of_known_trades() -> None:
    assert find_kinship("low_voltage", "sensors") is Kinship.CHAIN
    assert find_kinship("robotics", "auto_parts") is Kinship.COMPLEMENT
    assert find_kinship("auto_parts", "robotics") is Kinship.COMPLEMENT
    assert find_kinship("footwear", "digital") is Kinship.NONE
