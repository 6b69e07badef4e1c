from geomap.domain.industries import BY_ID, INDUSTRIES, sector_of


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
