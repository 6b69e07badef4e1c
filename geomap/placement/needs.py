"""What a demand asks of a place, rule by rule, in words."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from geomap.domain.demand import Demand
from geomap.domain.words import Label, label
from geomap.matching.context import least_area
from geomap.matching.hard import MEASURES, RULE_LABELS, TECHNICAL
from geomap.matching.reasons import number, within

_MEASURED = {
    "floor_load_kn_m2": (Label("荷载", "floor load"), "kN/㎡"),
    "clear_height_m": (Label("净高", "clear height"), "m"),
    "column_spacing_m": (Label("柱距", "column spacing"), "m"),
    "freight_lift_t": (Label("货梯", "freight lift"), "t"),
    "power_kw": (Label("电力", "power"), "kW"),
}
_STATED = {
    "water": Label("带给水", "water supply"),
    "drainage": Label("带排水", "drainage"),
    "exhaust": Label("带排风", "exhaust"),
    "gas": Label("带燃气", "gas"),
    "clean_room": Label("带洁净间", "a clean room"),
    "hazardous_storage": Label("带危化品间", "hazardous storage"),
    "open_24h": Label("全天可用", "round-the-clock access"),
}
BUILT = ("unit_kind", "permitted_use", *TECHNICAL)
"""What is said of a building that would have to be made, beside its area."""


def joined(words: Iterable[StrEnum], between: Label) -> Label:
    """Return the labels of some words in a row."""
    labels = [label(word) for word in words]
    return Label(
        between.zh.join(one.zh for one in labels),
        between.en.join(within(one.en) for one in labels),
    )


def area_words(demand: Demand) -> Label:
    """Return the area that a demand takes."""
    least, most = least_area(demand), demand.area_max_m2
    if least and most is not None:
        text = f"{number(least)}–{number(most)} ㎡"
    elif most is not None:
        text = f"≤ {number(most)} ㎡"
    else:
        text = f"≥ {number(least or 0.0)} ㎡"
    return Label(text, text)


def need_of(demand: Demand, rule: str) -> Label | None:
    """Return what a demand asks by a rule, None where it asks nothing or nobody can tell it."""
    if rule in MEASURES:
        value = getattr(demand.requires, rule)
        if value is None:
            return None
        (zh, en), unit = _MEASURED[rule]
        return Label(f"{zh} ≥ {number(value)} {unit}", f"{en} ≥ {number(value)} {unit}")
    if rule in _STATED:
        return _STATED[rule] if getattr(demand.requires, rule) else None
    return _other_need(demand, rule)


def lack_words(demand: Demand, rule: str, place: Label) -> Label:
    """Return that one rule refuses all units of a place that are free in time and of its kind."""
    kind = need_of(demand, "unit_kind") or Label("", "unit")
    if rule == "county":
        return Label(f"项目不要{place.zh}", f"The project does not want {place.en}")
    if rule == "reserved":
        return Label(f"{place.zh}合适的都已预留", f"All that fit in {place.en} are reserved")
    if rule == "forbidden":
        return Label(f"{place.zh}合适的都被方案禁止", f"All that fit in {place.en} are forbidden")
    need = need_of(demand, rule)
    if need is None:
        return Label(f"{place.zh}没有合适的空置", f"Nothing vacant in {place.en} fits")
    if rule == "unit_kind":
        return Label(f"{place.zh}没有空置的{need.zh}", f"No vacant {need.en} in {place.en}")
    gap = " " if need.zh[-1].isascii() else ""
    preposition = "" if rule in _WITHOUT else "with "
    return Label(
        f"{place.zh}没有{need.zh}{gap}的空置{kind.zh}",
        f"No vacant {kind.en} in {place.en} {preposition}{need.en}",
    )


_WITHOUT = ("stage", "area", "rent", "budget", "move_in", "near", "within")
"""Rules whose English words follow a noun without a preposition."""


def _other_need(demand: Demand, rule: str) -> Label | None:
    words = {
        "unit_kind": (demand.unit_kinds, "", "", Label("或", " or ")),
        "services": (demand.services, "提供", "", Label("、", " and ")),
        "platforms": (demand.platforms, "有", "平台", Label("、", " and ")),
        "amenities": (demand.amenities, "15 分钟内有", "", Label("、", " and ")),
    }
    if rule in words:
        wanted, before, behind, between = words[rule]
        told = joined(wanted, between)
        return Label(f"{before}{told.zh}{behind}", told.en) if wanted else None
    if rule == "within" and demand.within is not None:
        return Label("在所画范围里", "within the area drawn")
    if rule == "near" and demand.near is not None:
        far = number(demand.near.minutes)
        return Label(f"步行 {far} 分钟内", f"within {far} min on foot")
    if rule == "area":
        return area_words(demand) if least_area(demand) or demand.area_max_m2 else None
    if rule == "rent" and (rent := demand.rent_max_cny_m2_month) is not None:
        return Label(f"租金 ≤ {number(rent)} 元/㎡·月", f"at most {number(rent)} CNY/㎡·month")
    if rule == "budget" and (cost := demand.budget_max_cny_month) is not None:
        return Label(f"月租 ≤ {number(cost)} 元", f"at most {number(cost)} CNY a month")
    if rule == "permitted_use" and (use := demand.requires.permitted_use) is not None:
        return Label(f"许可用途为{label(use).zh}", f"{within(label(use).en)} use permitted")
    if rule == "stage" and (stage := demand.stage) is not None:
        return Label(f"收{label(stage).zh}阶段", f"taking the {within(label(stage).en)} stage")
    if rule == "move_in" and (day := demand.move_in) is not None:
        return Label(f"{day} 前可入驻", f"free by {day}")
    return None


def list_needs(demand: Demand) -> Label:
    """Return what would have to be built for a demand: kind, area, and technical needs."""
    needs = [need_of(demand, rule) for rule in ("unit_kind", "area", *BUILT[1:])]
    told = [need for need in needs if need is not None]
    if not told:
        return Label("没有写明要求", "No needs stated")
    en = ", ".join(need.en for need in told)
    return Label("，".join(need.zh for need in told), en[:1].upper() + en[1:])


REFUSAL_LABELS = {
    **RULE_LABELS,
    "reserved": Label("已预留", "Reserved"),
    "forbidden": Label("方案禁止", "Forbidden by the policy"),
}
"""What refuses a unit in the log: the rules of matching, and the policy's own."""
