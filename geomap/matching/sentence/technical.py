"""Technical figures: 层高4.5米, 承重1吨/㎡, 3吨货梯, 200千瓦, 柱距8米.

A floor load in tonnes or kilograms per m² is turned into kN/m² with g = 9.81 m/s².
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from geomap.domain.words import Label
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.limits import AFTER, BEFORE, LINK, RANGE, bound_of
from geomap.matching.sentence.numbers import NUMBER, read_number

GRAVITY = 9.81
LIFT_T = 1.0
"""A goods lift without a figure: the smallest that is commonly built."""

_METRE = r"(?:米|公尺|m(?:et(?:er|re)s?)?(?![a-z0-9²]))"
_TONNE = r"(?P<t>吨|t(?:on(?:ne)?s?)?(?![a-z]))"
_KILO = r"(?P<kg>公斤|千克|kgs?(?![a-z])|㎏)"
_KN = r"(?P<kn>kn|千牛|kpa)"
_AREA = r"(?:\s?(?:/|每|一|per)\s?(?:平方米|平米|平方|平|㎡|m2|sqm|square met(?:er|re)))?"
_EACH = r"每(?:平方米|平米|平方|平|㎡)"
_LOAD = rf"\s?(?:{_KN}|{_TONNE}|{_KILO}){_AREA}"
_MASS = rf"\s?(?:{_TONNE}|{_KILO})"
_POWER = r"\s?(?:个?千瓦(?!时)|kw(?!h)|kilowatts?|㎾)"


@dataclass(frozen=True, slots=True)
class _Need:
    """A figure with its names, its unit, its reasonable range, and how it is said."""

    field: str
    names: str
    unit: str
    most: float
    label: Label
    alone: bool = False


_NEEDS = (
    _Need(
        "clear_height_m",
        r"层高|净高|挑高|举架|室内高度|(?<![a-z])(?:clear height|ceiling height|ceilings?"
        r"|headroom)",
        rf"\s?{_METRE}(?P<more>[0-9一二三四五六七八九](?![0-9米m]))?",
        60,
        Label("净高 ≥ {0:g} m", "Clear height ≥ {0:g} m"),
    ),
    _Need(
        "column_spacing_m",
        r"柱距|柱网|柱间距|(?<![a-z])column spacing",
        rf"\s?{_METRE}",
        60,
        Label("柱距 ≥ {0:g} m", "Column spacing ≥ {0:g} m"),
    ),
    _Need(
        "freight_lift_t",
        r"(?:载?货梯|货运?电梯|客货梯)(?:载重|承重|载荷)?"
        r"|(?<![a-z])(?:freight|goods|cargo) (?:lift|elevator)",
        _MASS,
        100,
        Label("货梯 ≥ {0:g} t", "Goods lift ≥ {0:g} t"),
    ),
    _Need(
        "floor_load_kn_m2",
        r"(?:楼面|楼板|地面|楼层)?(?:承重|荷载|载荷|荷重)(?:能力)?"
        rf"(?:{_EACH})?"
        r"|(?<![a-z])(?:floor load(?:ing)?(?: capacity)?)",
        _LOAD,
        1000,
        Label("荷载 ≥ {0:g} kN/㎡", "Floor load ≥ {0:g} kN/m²"),
    ),
    _Need(
        "power_kw",
        r"用电(?:负荷|量)?|电力|电量|功率|配电|供电|电(?=[\s:要]{0,2}[0-9])|(?<![a-z])(?:power"
        r"|electricity)",
        _POWER,
        1_000_000,
        Label("电力 ≥ {0:g} kW", "Power ≥ {0:g} kW"),
        alone=True,
    ),
)


def _patterns(need: _Need) -> list[re.Pattern[str]]:
    """Return name then figure, figure then name, and the figure alone where its unit tells."""
    figure = (
        rf"(?P<pre>{BEFORE})?\s?(?:{_EACH})?\s?(?P<a>{NUMBER})"
        rf"(?:{RANGE}(?P<b>{NUMBER}))?{need.unit}"
    )
    after = rf"\s?(?P<suf>{AFTER})?"
    texts = [
        rf"(?:{need.names})(?:{LINK}|[ :of]{{0,4}})(?:{figure}){after}",
        rf"(?:{figure}){after}\s?的?(?:of )?(?:{need.names})",
    ]
    if need.alone:
        texts.append(rf"(?:{figure}){after}")
    return [re.compile(text) for text in texts]


_COMPILED = [(need, pattern) for need in _NEEDS for pattern in _patterns(need)]


def _value(found: re.Match[str], name: str) -> float | None:
    amount = read_number(found["a"])
    if amount is None:
        return None
    value, groups = amount.low, found.groupdict()
    if groups.get("more"):
        part = read_number(groups["more"])
        value += (part.low if part else 0) / 10
    if groups.get("kg"):
        value /= 1000
    if name == "floor_load_kn_m2" and not groups.get("kn"):
        value *= GRAVITY
    return round(value + 1e-9, 2)


def need_label(name: str, value: float) -> Label:
    """Say a technical figure."""
    label = next(need.label for need in _NEEDS if need.field == name)
    return Label(label.zh.format(value), label.en.format(value))


def find_technical(ledger: Ledger) -> None:
    """Note every technical figure; each is a minimum, and an upper end has no field."""
    for need, pattern in _COMPILED:
        for found in pattern.finditer(ledger.text):
            start, end = found.span()
            value = _value(found, need.field)
            if value is None or not ledger.is_free(start, end):
                continue
            if bound_of(found["pre"], found["suf"]) == "max":
                ledger.ignore(start, end, "no_field")
            elif not 0 < value <= need.most:
                ledger.ignore(start, end, "absurd")
            else:
                label = need_label(need.field, value)
                ledger.add(start, end, f"requires.{need.field}", value, label)
