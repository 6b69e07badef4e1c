"""Names of counties, of groups of them, and of zones inside one."""

from __future__ import annotations

from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.domain.words import Label

URBAN = ("330302", "330303", "330304")
"""市区: 鹿城, 龙湾 and 瓯海. 洞头 is a district too, but islands."""

_ZONES = {
    "330305": "海经区/温州海经区/瓯江口/瓯江口新区/marine economic zone",
    "330303": "经开区/温州经开区/龙湾经开区/浙南产业集聚区/温州生态园",
}
"""Zones without a code of their own, by the county that holds them."""
_EXTRA = {
    "330381": "ruian/rui an/瑞安市区/瑞安城区/瑞安塘下",
    "330382": "乐清市区/乐清城区/yueqing/leqing",
    "330383": "龙港市区/龙港城区/longgang",
    "330303": "龙湾城区/longwan",
    "330304": "瓯海城区/ouhai",
    "330302": "鹿城城区/lucheng",
}
_CITY = "市区/温州市区/城区/主城区/中心城区/市中心/downtown/urban area/city centre/city center"


def county_label(adcodes: tuple[str, ...], *, excluded: bool = False, zone: str = "") -> Label:
    """Name counties, or what is left without them."""
    zh = "、".join(BY_ADCODE[code].name for code in adcodes)
    en = ", ".join(BY_ADCODE[code].name_en for code in adcodes)
    if excluded:
        return Label(f"不要{zh}", f"Not {en}")
    return Label(f"{zh}（{zone}在其中）", f"{en} (holds {zone})") if zone else Label(zh, en)


def list_counties() -> dict[str, tuple[tuple[str, ...], Label]]:
    """Return word → the counties it names, and how to say so."""
    found: dict[str, tuple[tuple[str, ...], Label]] = {}
    for county in COUNTIES:
        names = {county.name, county.short, county.name_en.lower()}
        names |= {f"{county.name_en.lower()} {kind}" for kind in ("district", "county", "city")}
        names |= set(filter(None, _EXTRA.get(county.adcode, "").split("/")))
        for name in names:
            found[name] = ((county.adcode,), county_label((county.adcode,)))
    for adcode, zones in _ZONES.items():
        for zone in zones.split("/"):
            found[zone] = ((adcode,), county_label((adcode,), zone=zone))
    for word in _CITY.split("/"):
        found[word] = (URBAN, county_label(URBAN))
    return found
