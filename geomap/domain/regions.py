"""The counties and reporting units of Wenzhou.

Sources: GB/T 2260 codes of the 12 county-level units; the 13 rows of annex 2 of
温政办〔2025〕30号 for the reporting units.
"""

from __future__ import annotations

from typing import NamedTuple

ROOT_ADCODE = "330300"


class County(NamedTuple):
    """One county-level unit (县、市、区)."""

    adcode: str
    name: str
    name_en: str
    short: str


class ReportingUnit(NamedTuple):
    """One row of the plan's annex; `adcode` is empty for a functional zone."""

    id: str
    name: str
    name_en: str
    adcode: str


COUNTIES = (
    County("330302", "鹿城区", "Lucheng", "鹿城"),
    County("330303", "龙湾区", "Longwan", "龙湾"),
    County("330304", "瓯海区", "Ouhai", "瓯海"),
    County("330305", "洞头区", "Dongtou", "洞头"),
    County("330382", "乐清市", "Yueqing", "乐清"),
    County("330381", "瑞安市", "Rui'an", "瑞安"),
    County("330324", "永嘉县", "Yongjia", "永嘉"),
    County("330328", "文成县", "Wencheng", "文成"),
    County("330326", "平阳县", "Pingyang", "平阳"),
    County("330329", "泰顺县", "Taishun", "泰顺"),
    County("330327", "苍南县", "Cangnan", "苍南"),
    County("330383", "龙港市", "Longgang", "龙港"),
)
"""In the order of the annex."""

HAIJING = "haijing"
"""Reporting unit id of 温州海经区, which has no GB/T 2260 code of its own."""

REPORTING_UNITS = (
    *tuple(ReportingUnit(c.adcode, c.name, c.name_en, c.adcode) for c in COUNTIES),
    ReportingUnit(HAIJING, "温州海经区", "Wenzhou Marine Economic Zone", ""),
)

LOCAL_CODES = {
    "330354": "330303",
    "330355": "330305",
    "330371": "330303",
    "330372": "330305",
}
"""Codes of local systems that are not GB/T 2260, with the county that holds the place.

330355 and 330372 stand for 瓯江口 (reporting unit 海经区, 洞头区 territory), 330371
for 经开区 and 330354 for 生态园. The importer says so whenever it maps one."""

LOCAL_REPORTING_UNITS = {"330355": HAIJING, "330372": HAIJING}
"""Local codes that also name a reporting unit."""

BY_ADCODE = {county.adcode: county for county in COUNTIES}
