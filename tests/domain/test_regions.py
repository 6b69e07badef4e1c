from geomap.domain.regions import (
    BY_ADCODE,
    COUNTIES,
    HAIJING,
    LOCAL_CODES,
    LOCAL_REPORTING_UNITS,
    REPORTING_UNITS,
)


def test_twelve_counties_with_longgang_and_six_character_codes():
    assert len(COUNTIES) == len(BY_ADCODE) == 12
    assert BY_ADCODE["330383"].name == "龙港市"
    assert all(len(c.adcode) == 6 and c.adcode.startswith("3303") for c in COUNTIES)


def test_thirteen_reporting_units_end_with_the_functional_zone():
    assert len(REPORTING_UNITS) == 13
    assert REPORTING_UNITS[-1].id == HAIJING and REPORTING_UNITS[-1].adcode == ""


def test_local_codes_point_to_counties_and_are_none_themselves():
    for code, adcode in LOCAL_CODES.items():
        assert code not in BY_ADCODE and adcode in BY_ADCODE
    assert set(LOCAL_REPORTING_UNITS) <= set(LOCAL_CODES)
