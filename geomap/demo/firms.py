"""Names of made-up sites, operators, tenants and projects.

Words are joined from neutral good syllables, so that no name is meant to be that of a
real place or firm.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from geomap.domain.industries import BY_ID, sector_of

_ONE = "锦澜云拓瑞启铭晨泓钧嘉禾砺芯翎柏沐珩屿辰霁昀曜栎恺骏岑泽翊衡晟"
_TWO = "川岭源舟石帆桥谷野山木杉海河峰原林塔星岸野泉陶禾野峦亭溪汀洲屏"


def list_words() -> list[str]:
    """Return two-syllable words, each once, in a fixed order."""
    return list(dict.fromkeys(a + b for b in _TWO for a in _ONE))


class Theme(NamedTuple):
    """How firms and sites of an industry are called."""

    site: str
    firm: Sequence[str]


_THEMES = {
    "electrical": Theme("智能电气", ("电气", "电力设备", "智控")),
    "low_voltage": Theme("低压电器", ("电气", "开关", "断路器", "成套设备")),
    "sensors": Theme("传感器", ("传感", "物联", "测控", "微电子")),
    "footwear": Theme("鞋业", ("鞋业", "鞋材")),
    "shoe_design": Theme("鞋履设计", ("鞋履", "设计", "鞋样", "足健康")),
    "apparel": Theme("服装", ("服饰", "制衣")),
    "fashion": Theme("时尚设计", ("时尚", "服装设计", "品牌管理", "文化创意")),
    "auto_parts": Theme("汽车零部件", ("汽车部件", "精密机械", "车配")),
    "auto_electronics": Theme("汽车电子", ("汽车电子", "智驾", "车联")),
    "pumps_valves": Theme("泵阀", ("泵业", "流体", "阀门")),
    "industrial_valves": Theme("工业阀门", ("阀门", "流体控制", "执行器")),
    "digital": Theme("数字经济", ("网络", "信息技术", "数字科技")),
    "software": Theme("软件", ("软件", "信息技术", "工业互联")),
    "ai": Theme("人工智能", ("智能科技", "算法", "视觉科技")),
    "data": Theme("数据", ("数据科技", "数据服务", "数智")),
    "smart_equipment": Theme("智能装备", ("自动化", "智能装备", "数控")),
    "laser_optics": Theme("激光光电", ("激光", "光电", "光学")),
    "robotics": Theme("机器人", ("机器人", "自动化", "传动")),
    "printing": Theme("印刷包装", ("包装", "印务", "新型材料")),
    "life_health": Theme("生命健康", ("生物", "健康科技", "营养")),
    "eye_health": Theme("眼健康", ("视光", "眼科医疗", "光学医疗")),
    "gene_medicine": Theme("生物医药", ("生物医药", "基因科技", "细胞技术")),
    "medical_devices": Theme("医疗器械", ("医疗器械", "医疗科技", "康复器械")),
    "new_energy_vehicle": Theme("新能源汽车", ("新能源汽车", "电驱", "充电技术")),
    "batteries": Theme("新能源电池", ("储能", "电池材料", "新能源")),
    "new_materials": Theme("新材料", ("新材料", "高分子", "复合材料")),
    "functional_textiles": Theme("功能面料", ("新材料", "纺织科技", "合成革")),
}
_SITE_ENDS = {
    "studio": ("青创中心", "众创空间", "创客工场", "青年创业社区"),
    "incubator": ("孵化中心", "创新中心", "科创中心", "孵化园"),
    "accelerator": ("加速器", "科创园", "创新工场", "概念验证中心"),
    "park": ("智造园", "产业加速园", "小微智造园", "中试产业园"),
}
_FIRM_ENDS = ("有限公司", "科技有限公司", "技术有限公司", "科技有限公司")
_OPERATOR_ENDS = ("孵化器运营", "园区运营", "创业服务", "科创服务", "产业运营")
_TEAM_ENDS = ("项目", "产业化项目", "扩产项目", "量产项目")


def theme_of(industry: str) -> Theme:
    """Return the words of an industry, those of its sector where it has none."""
    return _THEMES.get(industry) or _THEMES.get(sector_of(industry)) or _THEMES["digital"]


class Namer:
    """Gives names that do not repeat, from a shuffled list of words."""

    def __init__(self, rng: np.random.Generator) -> None:
        words = list_words()
        self._words = [words[k] for k in rng.permutation(len(words))]
        self._seen: set[str] = set()

    def word(self, index: int) -> str:
        """Return a word, starting over after the last."""
        return str(self._words[index % len(self._words)])

    def _once(self, name: str, tail: str) -> str:
        """Return a name that was not given before: a later one gets its number."""
        whole, count = name + tail, 1
        while whole in self._seen:
            count += 1
            whole = f"{name}{count}号{tail}"
        self._seen.add(whole)
        return whole

    def site(self, index: int, kind: str, industry: str) -> str:
        """Return the name of a site."""
        ends = _SITE_ENDS[kind]
        theme = theme_of(industry).site if kind != "studio" else ""
        return self._once(self.word(index) + theme, ends[index // 7 % len(ends)])

    def operator(self, index: int) -> str:
        """Return the name of an operator."""
        end = _OPERATOR_ENDS[index % len(_OPERATOR_ENDS)]
        return self._once(self.word(index), f"{end}有限公司")

    def firm(self, index: int, industry: str) -> str:
        """Return the name of a tenant; the same index gives the same name."""
        words = theme_of(industry).firm
        count = len(self._words)
        middle = words[index % len(words)] if index % 5 else ""
        again = index // count
        extra = self._words[(again * 37) % count][0] if again else ""
        return f"{self.word(index)}{extra}{middle}{_FIRM_ENDS[index % len(_FIRM_ENDS)]}"

    def project(self, index: int, industry: str) -> str:
        """Return the name of a graduating project."""
        label = BY_ID[industry].label.zh
        return self._once(f"{self.word(index)}{label}", _TEAM_ENDS[index % len(_TEAM_ENDS)])
