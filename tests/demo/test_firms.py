import numpy as np

from geomap.demo.firms import Namer, list_words, theme_of
from geomap.demo.mixes import INDUSTRY_MIX, kind_shares
from geomap.domain.industries import BY_ID
from geomap.domain.regions import REPORTING_UNITS


def test_words_do_not_repeat() -> None:
    words = list_words()
    assert len(words) == len(set(words)) > 500
    assert all(len(word) == 2 for word in words)


def test_names_of_sites_are_given_once() -> None:
    namer = Namer(np.random.default_rng(1))
    names = [namer.site(k % 40, "incubator", "ai") for k in range(200)]
    assert len(set(names)) == 200


def test_a_tenant_keeps_its_name_and_differs_from_the_next() -> None:
    namer = Namer(np.random.default_rng(1))
    names = [namer.firm(k, "low_voltage") for k in range(400)]
    assert len(set(names)) == 400
    assert namer.firm(17, "low_voltage") == names[17]
    assert all(name.endswith("有限公司") for name in names)


def test_every_industry_has_words_and_every_unit_a_mix() -> None:
    for industry in BY_ID:
        assert theme_of(industry).site and len(kind_shares(industry)) == 4
    assert {unit.id for unit in REPORTING_UNITS} == set(INDUSTRY_MIX)
    assert all(name in BY_ID for mix in INDUSTRY_MIX.values() for name in mix)
