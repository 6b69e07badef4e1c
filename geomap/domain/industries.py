"""The industry taxonomy: Wenzhou's five pillar and five emerging industries.

Sources: the five pillar industries are listed in a 2021 first-quarter report on
Wenzhou's industry; the five emerging ones are unverified. Sub-sectors follow the
known clusters (低压电器 in 乐清, 泵阀 in 永嘉, 汽摩配 in 瑞安, 眼视光 at 中国眼谷 …).
A sector is also its chain: its sub-sectors supply each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from geomap.domain.words import Label


class Industry(NamedTuple):
    """A sector (`parent` empty) or a sub-sector of one.

    `complements` names sectors whose firms commonly supply or buy from this one.
    """

    id: str
    label: Label
    parent: str
    synonyms: tuple[str, ...] = ()
    complements: tuple[str, ...] = ()


_SECTORS = (
    Industry(
        "electrical",
        Label("电气", "Electrical equipment"),
        "",
        ("电器",),
        ("smart_equipment", "new_energy_vehicle"),
    ),
    Industry("footwear", Label("鞋业", "Footwear"), "", ("制鞋",), ("apparel", "new_materials")),
    Industry("apparel", Label("服装", "Apparel"), "", ("服饰",), ("footwear", "digital")),
    Industry(
        "auto_parts",
        Label("汽车零部件", "Auto parts"),
        "",
        ("汽摩配", "汽配"),
        ("new_energy_vehicle", "smart_equipment"),
    ),
    Industry(
        "pumps_valves",
        Label("泵阀", "Pumps & valves"),
        "",
        ("阀门", "水泵"),
        ("smart_equipment", "new_materials"),
    ),
    Industry(
        "digital",
        Label("数字经济", "Digital economy"),
        "",
        ("数字",),
        ("smart_equipment", "apparel"),
    ),
    Industry(
        "smart_equipment",
        Label("智能装备", "Smart equipment"),
        "",
        ("智能制造",),
        ("electrical", "digital", "pumps_valves"),
    ),
    Industry(
        "life_health",
        Label("生命健康", "Life & health"),
        "",
        ("大健康",),
        ("new_materials", "digital"),
    ),
    Industry(
        "new_energy_vehicle",
        Label("新能源智能网联汽车", "New-energy & connected vehicles"),
        "",
        ("新能源汽车",),
        ("auto_parts", "electrical"),
    ),
    Industry(
        "new_materials",
        Label("新材料", "New materials"),
        "",
        (),
        ("life_health", "footwear", "pumps_valves"),
    ),
)

_SUBSECTORS = (
    Industry("low_voltage", Label("低压电器", "Low-voltage apparatus"), "electrical", ("断路器",)),
    Industry(
        "sensors", Label("智能传感", "Smart sensors"), "electrical", ("传感器", "物联网传感器")
    ),
    Industry("shoe_design", Label("鞋履设计", "Shoe design"), "footwear", ("鞋",)),
    Industry("fashion", Label("时尚设计", "Fashion design"), "apparel", ("时装",)),
    Industry("auto_electronics", Label("汽车电子", "Auto electronics"), "auto_parts", ()),
    Industry("industrial_valves", Label("工业阀门", "Industrial valves"), "pumps_valves", ()),
    Industry(
        "software",
        Label("软件与信息服务", "Software & IT services"),
        "digital",
        ("软件", "工业软件"),
    ),
    Industry("ai", Label("人工智能", "Artificial intelligence"), "digital", ("AI", "大模型")),
    Industry("data", Label("数据要素", "Data services"), "digital", ("大数据", "数据服务")),
    Industry(
        "laser_optics",
        Label("激光与光电", "Laser & optoelectronics"),
        "smart_equipment",
        ("激光", "光电"),
    ),
    Industry("robotics", Label("机器人", "Robotics"), "smart_equipment", ()),
    Industry(
        "printing", Label("印刷包装", "Printing & packaging"), "smart_equipment", ("印刷", "包装")
    ),
    Industry(
        "eye_health",
        Label("眼健康", "Eye health"),
        "life_health",
        ("眼视光", "眼科", "眼科器械", "视光"),
    ),
    Industry(
        "gene_medicine",
        Label("基因药", "Gene medicine"),
        "life_health",
        ("基因", "生物医药", "细胞"),
    ),
    Industry("medical_devices", Label("医疗器械", "Medical devices"), "life_health", ("器械",)),
    Industry("batteries", Label("新能源电池", "Batteries"), "new_energy_vehicle", ("电池", "储能")),
    Industry(
        "functional_textiles",
        Label("功能面料", "Functional textiles"),
        "new_materials",
        ("合成革", "面料"),
    ),
)

INDUSTRIES = _SECTORS + _SUBSECTORS
BY_ID = {industry.id: industry for industry in INDUSTRIES}


def sector_of(industry_id: str) -> str:
    """Return the id of the sector that an industry belongs to.

    Raises
    ------
    KeyError
        The id is not in the taxonomy.
    """
    return BY_ID[industry_id].parent or industry_id


class Kinship(StrEnum):
    """How near two industries are, nearest first."""

    SAME = "same"
    CHAIN = "chain"
    COMPLEMENT = "complement"
    NONE = "none"
    UNSTATED = "unstated"


def find_kinship(wanted: str, offered: str) -> Kinship:
    """Return how near an industry on offer is to the one wanted.

    The same, or a sub-sector of the sector wanted: `SAME`. Another of the same sector, or
    the sector as a whole where a sub-sector is wanted: `CHAIN`. Of a sector that commonly
    supplies or buys, whichever of the two names the other: `COMPLEMENT`.

    Raises
    ------
    KeyError
        An id is not in the taxonomy.
    """
    ours, theirs = sector_of(wanted), sector_of(offered)
    if offered == wanted or theirs == wanted:
        return Kinship.SAME
    if ours == theirs:
        return Kinship.CHAIN
    if theirs in BY_ID[ours].complements or ours in BY_ID[theirs].complements:
        return Kinship.COMPLEMENT
    return Kinship.NONE


@cache
def kinship_masks(wanted: str) -> Mapping[Kinship, int]:
    """Return the industries of each kinship, nearest first, as bits in taxonomy order."""
    masks = {Kinship.SAME: 0, Kinship.CHAIN: 0, Kinship.COMPLEMENT: 0}
    for place, industry in enumerate(INDUSTRIES):
        kinship = find_kinship(wanted, industry.id)
        if kinship in masks:
            masks[kinship] |= 1 << place
    return MappingProxyType(masks)
