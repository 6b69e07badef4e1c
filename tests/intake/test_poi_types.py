"""Types of map services: words, chains, codes, and several at once."""

from __future__ import annotations

import pytest

from geomap.domain.words import AmenityCategory as C
from geomap.intake.poi_types import Kindless, classify_code, judge_types, type_choices

NONE = Kindless.NO_AMENITY
CODES = [
    ("050000", C.RETAIL),
    ("050118", C.RETAIL),
    ("050500", C.CAFE),
    ("050501", C.CAFE),
    ("050600", C.CAFE),
    ("060400", C.RETAIL),
    ("061205", C.BOOKSHOP),
    ("061206", C.RETAIL),
    ("080101", C.LEISURE),
    ("080302", C.LEISURE),
    ("080304", C.BAR),
    ("080601", C.CINEMA),
    ("080603", C.THEATRE),
    ("090101", C.EDUCATION_HEALTH),
    ("090601", C.EDUCATION_HEALTH),
    ("090700", NONE),
    ("100201", C.YOUTH_HOUSING),
    ("100105", NONE),
    ("110101", C.LEISURE),
    ("120303", C.YOUTH_HOUSING),
    ("120302", NONE),
    ("130000", NONE),
    ("140500", C.LEARNING),
    ("141203", C.EDUCATION_HEALTH),
    ("141205", C.LEARNING),
    ("141400", C.LEARNING),
    ("150700", C.TRANSIT),
    ("150500", C.TRANSIT),
    ("150904", NONE),
    ("160100", NONE),
    ("170000", NONE),
    ("991400", NONE),
    ("880000", None),
]


@pytest.mark.parametrize(("code", "category"), CODES)
def test_codes(code, category):
    assert classify_code(code) is category


def test_words_and_codes_name_every_category_but_rooms_to_practise_in():
    coded = {kind for _, kind in CODES if isinstance(kind, C)}
    assert set(C) - coded == {C.PRACTICE_ROOM}


@pytest.mark.parametrize(
    ("texts", "code", "name", "kind", "named"),
    [
        (["餐饮服务;咖啡厅;咖啡厅"], "", "", C.CAFE, "咖啡厅"),
        (["餐饮服务", "咖啡厅", "咖啡厅"], "", "", C.CAFE, "咖啡厅"),
        (["购物;超市"], "", "", C.RETAIL, "超市"),
        (["美食:中餐厅"], "", "", C.RETAIL, "中餐厅"),
        # Several types at once: the first that is a category.
        (["餐饮服务;咖啡厅;咖啡厅|购物服务;专卖店;书店"], "", "", C.CAFE, "咖啡厅"),
        (["公司企业;公司;公司|科教文化服务;图书馆;图书馆"], "", "", C.LEARNING, "图书馆"),
        (["新词|停车场"], "", "", NONE, "停车场"),
        (["公司企业|交通设施服务", "公司|公交车站"], "", "", C.TRANSIT, "公交车站"),
        # Codes: alone, in the column of types, several, and without their first zero.
        ([], "050500", "", C.CAFE, "050500"),
        (["050500"], "", "", C.CAFE, "050500"),
        ([], "50500", "", C.CAFE, "50500"),
        ([], "170000|061205", "", C.BOOKSHOP, "061205"),
        ([], "150904|170000", "", NONE, "150904"),
        ([], "080600", "万达影城", C.CINEMA, "080600"),
        ([], "080600", "温州大剧院", C.THEATRE, "080600"),
        ([], "080600", "某处", Kindless.UNKNOWN, "080600"),
        # The words decide; the code where they say nothing.
        (["购物服务;书店;书店"], "050500", "", C.BOOKSHOP, "书店"),
        (["停车场"], "050500", "", NONE, "停车场"),
        (["新词"], "050500", "", C.CAFE, "050500"),
        (["新词"], "880000", "", Kindless.UNKNOWN, "新词"),
        ([], "", "", Kindless.UNKNOWN, ""),
        (["", "|"], "", "", Kindless.UNKNOWN, ""),
    ],
)
def test_types(texts, code, name, kind, named):
    assert judge_types(texts, code, name) == (kind, named)


def test_choices_of_columns_stand_side_by_side():
    assert type_choices(["甲|乙", "丙|丁", "戊"]) == [["甲", "丙", "戊"], ["乙", "丁"]]
