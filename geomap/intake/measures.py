"""Measures with their units: areas, rents, loads, heights, power, floors.

Units are folded before they are compared (㎡ is "m2"). A value in another unit of the same
quantity is converted and the conversion is noted; a unit of another quantity is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from geomap.domain.words import Label
from geomap.intake.values import (
    BadValueError,
    Cell,
    Parsed,
    Parser,
    as_text,
    plain_number,
    require_between,
    split_number,
)

MONTHS_A_DAY = 365.0 / 12.0
"""Days of a mean month: a rent of 1 yuan a day is 30.4167 yuan a month."""
GRAVITY = 9.80665
"""m/s²: 1,000 kg weigh 9.80665 kN."""

_MU_M2 = 10_000.0 / 15.0
AREA_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("", "m2", "m^2", "m²", "平", "平米", "平方", "平方米", "sqm", "sq.m"), 1.0),
    **dict.fromkeys(("亩",), _MU_M2),
    **dict.fromkeys(("公顷", "ha", "hm2"), 10_000.0),
    **dict.fromkeys(("km2", "平方公里"), 1_000_000.0),
}
LENGTH_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("", "m", "米"), 1.0),
    **dict.fromkeys(("cm", "厘米"), 0.01),
    **dict.fromkeys(("mm", "毫米"), 0.001),
}
LOAD_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("", "kn/m2", "kn", "kpa", "千牛/平方米", "千牛/m2"), 1.0),
    **dict.fromkeys(
        ("kg/m2", "公斤/m2", "千克/m2", "kg/平方米", "公斤/平方米", "kg"), GRAVITY / 1e3
    ),
    **dict.fromkeys(("t/m2", "吨/m2", "吨/平方米", "t", "吨", "t/平方米"), GRAVITY),
}
MASS_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("", "t", "吨"), 1.0),
    **dict.fromkeys(("kg", "公斤", "千克"), 0.001),
}
POWER_UNITS: Mapping[str, float] = {
    **dict.fromkeys(("", "kw", "千瓦"), 1.0),
    **dict.fromkeys(("w", "瓦"), 0.001),
    **dict.fromkeys(("mw", "兆瓦"), 1_000.0),
}
_PER_MONTH = {"月": 1.0, "month": 1.0, "mo": 1.0}
_PER_DAY = {"天": MONTHS_A_DAY, "日": MONTHS_A_DAY, "day": MONTHS_A_DAY, "d": MONTHS_A_DAY}
_PER_YEAR = {"年": 1 / 12.0, "year": 1 / 12.0, "yr": 1 / 12.0, "a": 1 / 12.0}
RENT_PERIODS: Mapping[str, float] = {**_PER_MONTH, **_PER_DAY, **_PER_YEAR}
_NEGOTIABLE = frozenset({"面议", "电议", "价格面议", "另议", "协商", "negotiable"})
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}


def fold_unit(unit: str) -> str:
    """Return a unit as it is compared."""
    return as_text(unit).lower().replace(" ", "").replace("²", "2").strip("()（）.。")


def _converted(value: float, unit: str, ours: str, factor: float) -> Parsed:
    if factor == 1.0:
        return Parsed(value)
    note = Label(f"由 {unit} 换算成 {ours}", f"converted from {unit} to {ours}")
    return Parsed(round(value * factor, 4), note, "converted")


def _unknown_unit(unit: str, ours: str) -> BadValueError:
    return BadValueError(
        "unknown_unit",
        Label(f"单位“{unit}”不认识或不合适", f"the unit “{unit}” is unknown or does not fit"),
        Label(f"换算成 {ours}", f"give it in {ours}"),
        doubtful=True,
    )


def measure_parser(
    units: Mapping[str, float], ours: str, low: float, high: float, *, pairs: bool = False
) -> Parser:
    """Return a parser of one quantity.

    Parameters
    ----------
    units
        Factor from each folded unit to ours.
    ours
        Name of the unit of the result.
    low, high
        What the result must lie between.
    pairs
        Whether "8.4×8.4" may be written; the smaller one counts.
    """

    def parse(cell: Cell, unit: str = "") -> Parsed:
        text = as_text(cell).lower()
        parts = re.split(r"[×x*]", text) if pairs and isinstance(cell, str) else [text]
        if len(parts) == 2:
            smaller = min((parse(part, unit) for part in parts), key=lambda p: float(p.value))
            note = Label("取较小的一边", "the smaller side counts")
            return Parsed(smaller.value, note, "smaller_side")
        value, written = split_number(cell)
        grown = "万" in text or "千" in text.replace("千克", "").replace("千瓦", "")
        used = written
        if not written:
            used = fold_unit(unit)
            if used.startswith("万"):
                used = used.removeprefix("万")
                value, grown = (value if grown else value * 10_000.0), True
        factor = units.get(fold_unit(used))
        if factor is None:
            raise _unknown_unit(used, ours)
        parsed = _converted(value, used, ours, factor)
        if grown and parsed.note is None:
            note = Label(f"展开成 {ours}", f"written out in {ours}")
            parsed = Parsed(round(value, 4), note, "converted")
        return Parsed(require_between(parsed.value, low, high, ours), parsed.note, parsed.code)

    return parse


parse_unit_area = measure_parser(AREA_UNITS, "m²", 0.5, 1_000_000.0)
parse_site_area = measure_parser(AREA_UNITS, "m²", 1.0, 20_000_000.0)
parse_height = measure_parser(LENGTH_UNITS, "m", 1.5, 60.0)
parse_spacing = measure_parser(LENGTH_UNITS, "m", 1.0, 120.0, pairs=True)
parse_load = measure_parser(LOAD_UNITS, "kN/m²", 0.1, 500.0)
parse_lift = measure_parser(MASS_UNITS, "t", 0.0, 200.0)
parse_power = measure_parser(POWER_UNITS, "kW", 0.0, 1_000_000.0)


_WHOLE = frozenset({"否", "无", "不可", "不可以", "不可分割", "不分割", "整租", "no", "false"})
_PARTED = frozenset({"是", "可", "可以", "可分割", "能", "有", "√", "✓", "yes", "true"})


def parse_least_part(cell: Cell, unit: str = "") -> Parsed:
    """Read the smallest part of a unit that may be let, m²; None where it is let whole.

    "可分割" without a figure is refused: nothing tells how small a part may be.
    """
    text = as_text(cell).lower()
    if text in _WHOLE:
        return Parsed(None)
    if text in _PARTED:
        raise BadValueError(
            "no_least_part",
            Label("没有写最小面积", "it does not say how small a part may be"),
            Label("写最小可租的面积，如 200", "write the smallest part in m², such as 200"),
        )
    return parse_unit_area(cell, unit)


def _rent_unit(unit: str) -> tuple[bool, float | None]:
    """Return whether a unit is per m², and its factor to a month; None where it is unknown."""
    text = fold_unit(unit).replace("每", "/").replace("·", "/").replace("*", "/")
    text = re.sub(r"^(元|rmb|cny|yuan|¥)", "", text)
    parts = [part for part in text.split("/") if part]
    areas = [part for part in parts if AREA_UNITS.get(part) == 1.0]
    periods = [part for part in parts if part in RENT_PERIODS]
    if len(areas) + len(periods) != len(parts) or len(areas) > 1 or len(periods) > 1:
        return False, None
    factor = RENT_PERIODS[periods[0]] if periods else 1.0
    return bool(areas) or not parts, factor


def parse_rent(cell: Cell, unit: str = "", *, area_m2: float | None = None) -> Parsed:
    """Read a rent in yuan per m² and month.

    A rent per day is multiplied by 30.4167 (365 / 12), a rent per year divided by 12; a
    monthly total is divided by `area_m2`, where that is known. 面议 is no rent. A bare
    number is yuan per m² and month, and doubtful where it looks like another unit.
    """
    if as_text(cell).lower() in _NEGOTIABLE:
        note = Label("租金面议，记作未填", "negotiable: no rent is recorded")
        return Parsed(None, note, "negotiable")
    value, written = split_number(cell)
    used = written if written not in ("", "元") else unit
    per_area, factor = _rent_unit(used)
    if factor is None:
        raise _unknown_unit(used, "元/㎡·月")
    if not per_area and not area_m2:
        raise BadValueError(
            "rent_total",
            Label("是总价，又没有面积", "it is a total, and there is no area"),
            Label("写成 元/㎡·月", "give it in yuan per m² and month"),
        )
    scale = factor if per_area else factor / (area_m2 or 1.0)
    _require_likely(value, used)
    rent = round(value * scale, 2)
    require_between(rent, 0.0, 5_000.0, "元/㎡·月")
    if scale == 1.0:
        return Parsed(rent)
    note = Label(f"由 {used} 折算成 元/㎡·月", f"converted from {used} to yuan per m² and month")
    return Parsed(rent, note, "rent_unit")


def _require_likely(value: float, unit: str) -> None:
    """Doubt a bare number that no rent of Wenzhou comes near: per day, or a total."""
    if unit or value == 0.0 or 3.0 <= value <= 500.0:
        return
    looks = Label("像是按天计", "looks like a rent per day")
    if value > 500.0:
        looks = Label("像是总价", "looks like a total")
    raise BadValueError(
        "rent_unlikely",
        Label(f"按 元/㎡·月 不合常理，{looks.zh}", f"unlikely per m² and month: it {looks.en}"),
        Label("写上单位，如 1.2元/㎡·天", "write its unit, as in 1.2元/㎡·天"),
        doubtful=True,
    )


def _chinese_number(text: str) -> int | None:
    """Read 一 … 九十九."""
    if not text or not all(c in _DIGITS or c == "十" for c in text) or text.count("十") > 1:
        return None
    if "十" not in text:
        return _DIGITS[text] if len(text) == 1 else None
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def _one_floor(text: str) -> int | None:
    below = re.fullmatch(r"(?:b|负|地下|-)(.+?)(?:层|楼|f)?", text)
    if below:
        found = _one_floor(below.group(1)) if not re.match(r"[b负-]", below.group(1)) else None
        return -found if found else None
    body = re.fullmatch(r"(?:第|地上|l|f)?(.+?)(?:层|楼|f|/f)?", text)
    core = body.group(1) if body else text
    if core.isascii() and core.isdigit():
        return int(core)
    if core in ("首", "g", "底", "ground"):
        return 1
    return _chinese_number(core)


def parse_floor(cell: Cell, unit: str = "") -> Parsed:
    """Read a floor: 3, "3F", "三层", "B1" and "负一层" (-1); of "2-3层" the lower one.

    There is no floor 0 in China: it is refused.
    """
    if isinstance(cell, float) and not cell.is_integer():
        raise _no_floor()
    text = re.sub(r"\s+", "", as_text(cell).lower())
    spans = re.fullmatch(r"(.+?)(?:[~至到、,—–]|(?<=[\d层楼f])-)(.+)", text)
    if spans:
        ends = [_one_floor(part) for part in spans.groups()]
        if None in ends or 0 in ends:
            raise _no_floor()
        lowest = min(end for end in ends if end is not None)
        note = Label("跨多层，取最低一层", "spans floors: the lowest counts")
        return Parsed(lowest, note, "floor_span")
    floor = _one_floor(text)
    if not floor or not -10 <= floor <= 150:
        raise _no_floor()
    return Parsed(floor)


def _no_floor() -> BadValueError:
    return BadValueError(
        "not_a_floor",
        Label("不是楼层", "not a floor"),
        Label("写成 3、3F、三层 或 B1", "write 3, 3F or B1"),
    )


_DMS = re.compile(r"(\d{1,3})[°度](?:(\d{1,2})[′'分])(?:(\d{1,2}(?:\.\d+)?)(?:″|′′|\"|''|秒))?")


def parse_coordinate(cell: Cell, unit: str = "") -> Parsed:
    """Read one coordinate: a number, with or without a degree sign, or 120°39′20″."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return Parsed(plain_number(repr(cell)))
    text = re.sub(r"东经|北纬|\s", "", as_text(cell).lower()).strip("en")
    if match := _DMS.fullmatch(text):
        degrees, minutes, seconds = (float(group or 0.0) for group in match.groups())
        if minutes >= 60.0 or seconds >= 60.0:
            raise BadValueError("not_a_number", Label("分或秒超过 60", "minutes or seconds of 60"))
        note = Label("度分秒换算成度", "degrees, minutes and seconds to degrees")
        return Parsed(round(degrees + minutes / 60.0 + seconds / 3600.0, 8), note, "dms")
    return Parsed(plain_number(text.rstrip("°度m米")))
