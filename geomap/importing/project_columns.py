"""The columns of a sheet of projects: headings that the reader knows, hints, and values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from geomap.domain.industries import INDUSTRIES
from geomap.domain.placement import CHAIN_LABELS, ChainPosition
from geomap.domain.regions import COUNTIES
from geomap.domain.words import (
    AmenityCategory,
    Label,
    PermittedUse,
    Platform,
    Service,
    Stage,
    UnitKind,
    label,
)

Value = str | float | int | date | None
Get = Callable[[Mapping[str, Any], str], Value]
"""From a project's JSON object and a language to what its cell holds."""
YES, NO = Label("是", "yes"), Label("否", "no")
_COMMA = Label("、", ", ")


@dataclass(frozen=True, slots=True)
class ProjectColumn:
    """A column.

    Parameters
    ----------
    field
        What the reader calls it.
    heading
        Its heading, which the reader maps back to the field.
    hint
        How to fill it in.
    get
        Gives its cell.
    choices, several
        What may be chosen, none where the user writes freely; whether more than one may.
    required
        Whether a row needs it.
    kind
        "text", "number" or "day".
    """

    field: str
    heading: Label
    hint: Label
    get: Get
    choices: tuple[Label, ...] = ()
    several: bool = False
    required: bool = False
    kind: str = "text"


def say(text: Label, language: str) -> str:
    """Return a text in a language."""
    return text.en if language == "en" else text.zh


def _labels(words: type[StrEnum]) -> tuple[Label, ...]:
    return tuple(label(word) for word in words)


COUNTY_LABELS = {county.adcode: Label(county.name, county.name_en) for county in COUNTIES}
_CHAIN_LABELS = {str(position): text for position, text in CHAIN_LABELS.items()}
_INDUSTRY_LABELS = {industry.id: industry.label for industry in INDUSTRIES}


def _plain(name: str) -> Get:
    return lambda project, _language: project.get(name)


def _said(name: str, labels: Mapping[str, Label]) -> Get:
    def get(project: Mapping[str, Any], language: str) -> Value:
        return say(labels[project[name]], language) if project.get(name) else None

    return get


def _said_all(name: str, labels: Mapping[str, Label]) -> Get:
    def get(project: Mapping[str, Any], language: str) -> Value:
        comma = say(_COMMA, language)
        return comma.join(say(labels[word], language) for word in project.get(name, ())) or None

    return get


def _by_word(words: type[StrEnum]) -> Mapping[str, Label]:
    return {str(word): label(word) for word in words}


def _area(end: str) -> Get:
    return lambda project, _language: project.get("area_m2", {}).get(end)


def _flag(name: str, *, within: str = "") -> Get:
    def get(project: Mapping[str, Any], language: str) -> Value:
        value = (project.get(within, {}) if within else project).get(name)
        return None if value is None else say(YES if value else NO, language)

    return get


def _use(project: Mapping[str, Any], language: str) -> Value:
    use = project.get("requires", {}).get("permitted_use")
    return say(label(PermittedUse(use)), language) if use else None


def _day(project: Mapping[str, Any], _language: str) -> Value:
    day = project.get("move_in")
    return date.fromisoformat(day) if day else None


def _number(field: str, zh: str, en: str, get: Get, hint: Label = Label("", "")) -> ProjectColumn:
    return ProjectColumn(field, Label(zh, en), hint, get, kind="number")


def _least(field: str, zh: str, en: str) -> ProjectColumn:
    hint = Label("要多少写多少，没有要求就空着", "the least that will do; empty asks for nothing")
    return _number(field, zh, en, lambda project, _: project.get("requires", {}).get(field), hint)


def _yes(field: str, zh: str, en: str) -> ProjectColumn:
    hint = Label("必须有就写“是”", "“yes” where it must be there")
    get = _flag(field, within="requires")
    return ProjectColumn(field, Label(zh, en), hint, get, choices=(YES, NO))


def _some(
    field: str, zh: str, en: str, words: type[StrEnum], hint: Label | None = None
) -> ProjectColumn:
    hint = hint or Label("可以写几个，用顿号隔开", "several may be given, parted by commas")
    get = _said_all(field, _by_word(words))
    return ProjectColumn(field, Label(zh, en), hint, get, choices=_labels(words), several=True)


_COUNTY_CHOICES = tuple(COUNTY_LABELS.values())

COLUMNS: Sequence[ProjectColumn] = (
    ProjectColumn(
        "id", Label("编号", "Id"),
        Label("字母、数字和 . _ : -；不填就由名称生成", "letters, digits, . _ : -; may be empty"),
        _plain("id"),
    ),
    ProjectColumn(
        "name", Label("项目名称", "Name"), Label("项目或企业的名称", "of the project or the firm"),
        _plain("name"), required=True,
    ),
    ProjectColumn(
        "home_county", Label("属地", "Home county"),
        Label("现在属于哪个县（市、区）；本地优先按它算", "local places are those of it"),
        _said("home_county", COUNTY_LABELS), choices=_COUNTY_CHOICES, required=True,
    ),
    ProjectColumn(
        "current_site", Label("现址", "Current site"),
        Label("现在所在的基地，写名称或编号", "the site that it is at: its name or id"),
        _plain("current_site"),
    ),
    ProjectColumn(
        "priority", Label("优先级", "Priority"),
        Label("1 最先；也可以写 高、中、低", "1 is the first; or high, medium, low"),
        _plain("priority"),
        choices=tuple(Label(n, n) for n in "123"), several=True, kind="number",
    ),
    ProjectColumn(
        "stage", Label("阶段", "Stage"), Label("发展阶段", "stage of the firm"),
        _said("stage", _by_word(Stage)), choices=_labels(Stage),
    ),
    ProjectColumn(
        "industry", Label("产业", "Industry"), Label("从选项里选一个", "one of the choices"),
        _said("industry", _INDUSTRY_LABELS),
        choices=tuple(industry.label for industry in INDUSTRIES),
    ),
    ProjectColumn(
        "chain_position", Label("产业链位置", "Chain position"),
        Label("上游、中游或下游", "upstream, midstream or downstream"),
        _said("chain_position", _CHAIN_LABELS),
        choices=tuple(CHAIN_LABELS[position] for position in ChainPosition),
    ),
    _number("headcount", "人数", "Headcount", _plain("headcount")),
    _number(
        "growth_headcount", "两年后人数", "Growth headcount", _plain("growth_headcount"),
        Label("预计两年后的人数；有余地的地方更合适", "forecast in two years: room to grow counts"),
    ),
    _number("area_min", "最小面积（㎡）", "Area min (m²)", _area("min")),
    _number("area_max", "最大面积（㎡）", "Area max (m²)", _area("max")),
    _number(
        "rent_max", "租金上限（元/㎡·月）", "Rent max (CNY/m²·month)",
        _plain("rent_cny_m2_month_max"),
    ),
    _number("budget_max", "月预算（元）", "Budget max (CNY)", _plain("budget_cny_month_max")),
    _some("unit_kinds", "空间类型", "Unit kinds", UnitKind),
    ProjectColumn(
        "counties", Label("可接受县区", "Counties"),
        Label("只愿去这些县区就写；空着是都可以", "where it would go; empty is anywhere"),
        _said_all("counties", COUNTY_LABELS), choices=_COUNTY_CHOICES, several=True,
    ),
    ProjectColumn(
        "move_in", Label("入驻日期", "Move in"), Label("写成 2026-09-01", "as 2026-09-01"),
        _day, kind="day",
    ),
    ProjectColumn(
        "combine_adjacent", Label("可合并相邻单元", "Combine adjacent"),
        Label("几间相邻的连着用也可以就写“是”", "“yes” where neighbouring rooms may be joined"),
        _flag("combine_adjacent"), choices=(YES, NO),
    ),
    _some("services", "所需服务", "Services", Service),
    _some("platforms", "平台需求", "Platforms", Platform),
    _some("amenities", "配套需求", "Amenities", AmenityCategory),
    _least("floor_load_kn_m2", "楼面荷载（kN/㎡）", "Floor load (kN/m²)"),
    _least("clear_height_m", "净高（m）", "Clear height (m)"),
    _least("column_spacing_m", "柱距（m）", "Column spacing (m)"),
    _least("freight_lift_t", "货梯（t）", "Freight lift (t)"),
    _least("power_kw", "电力（kW）", "Power (kW)"),
    _yes("water", "给水", "Water"),
    _yes("drainage", "排水", "Drainage"),
    _yes("exhaust", "排风", "Exhaust"),
    _yes("gas", "燃气", "Gas"),
    _yes("clean_room", "洁净室", "Clean room"),
    _yes("hazardous_storage", "危化品", "Hazardous storage"),
    _yes("open_24h", "24小时", "Open 24h"),
    ProjectColumn(
        "permitted_use", Label("规划用途", "Permitted use"),
        Label("只能用这种用途的房子就写", "where only such premises will do"),
        _use, choices=_labels(PermittedUse),
    ),
    ProjectColumn(
        "demo", Label("演示数据", "Demo"), Label("编造的项目写“是”", "“yes” where it is made up"),
        _flag("demo"), choices=(YES, NO),
    ),
)  # fmt: skip
"""In the order of the sheet."""

MORE = Label("附加需求", "More")
MORE_FIELDS = ("within", "near", "weights")
"""What a demand may ask beyond the columns: one column holds it as a JSON object."""
