"""Words of counties, industries and map services, as people and systems write them."""

from __future__ import annotations

import pytest

from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.domain.words import AmenityCategory
from geomap.intake import synonyms
from geomap.intake.poi_types import Kindless, judge_types
from geomap.intake.values import BadValueError


@pytest.mark.parametrize("county", COUNTIES, ids=lambda c: c.adcode)
def test_every_county_by_name_short_name_and_code(county):
    forms = [county.adcode, int(county.adcode), float(county.adcode), county.name, county.short]
    forms += [f"浙江省温州市{county.name}", f"温州市{county.name}", f"{county.adcode}000000"]
    for form in forms:
        assert synonyms.parse_county(form).value == county.adcode, form
        assert synonyms.find_adcode(form) == county.adcode


def test_an_unknown_county_is_doubtful():
    with pytest.raises(BadValueError) as refused:
        synonyms.parse_county("黄浦区")
    assert refused.value.doubtful
    assert "鹿城区" in refused.value.fix.zh
    assert synonyms.find_adcode(None) == ""


def test_every_reporting_unit_by_id_and_name():
    for unit in REPORTING_UNITS:
        assert synonyms.parse_reporting_unit(unit.id).value == unit.id
        assert synonyms.parse_reporting_unit(unit.name).value == unit.id
    assert synonyms.parse_reporting_unit("330372").value == "haijing"
    assert synonyms.parse_reporting_unit("海经区").value == "haijing"


def test_every_industry_by_id_label_and_synonym():
    for industry in INDUSTRIES:
        for name in (industry.id, *industry.label, *industry.synonyms):
            assert synonyms.find_industry(name) is not None, name
    assert synonyms.find_industry("数字经济产业") == synonyms.find_industry("数字经济")
    assert synonyms.find_industry("产业") is None


@pytest.mark.parametrize(
    ("kind", "name", "category"),
    [
        ("餐饮服务;咖啡厅;星巴克咖啡", "星巴克", AmenityCategory.CAFE),
        ("餐饮服务;中餐厅;火锅店", "", AmenityCategory.RETAIL),
        ("体育休闲服务;影剧院;电影院", "", AmenityCategory.CINEMA),
        ("体育休闲服务;影剧院;影剧院", "温州大剧院", AmenityCategory.THEATRE),
        ("体育休闲服务;影剧院;影剧院", "万达影城", AmenityCategory.CINEMA),
        ("体育休闲服务;影剧院;影剧院", "某处", Kindless.UNKNOWN),
        ("交通设施服务;公交车站;公交车站相关", "", AmenityCategory.TRANSIT),
        ("交通设施服务;停车场;公共停车场", "", Kindless.NO_AMENITY),
        ("科教文化服务;图书馆;图书馆", "", AmenityCategory.LEARNING),
        ("餐饮服务;咖啡厅;咖啡厅|购物服务;书店;书店", "", AmenityCategory.CAFE),
        ("金融保险服务;银行;中国银行", "", Kindless.NO_AMENITY),
        ("某某服务", "", Kindless.UNKNOWN),
    ],
)
def test_types_of_map_services(kind: str, name: str, category):
    assert judge_types([kind], name=name).kind is category
