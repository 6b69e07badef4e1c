"""The figures of a placement as a table: beside first come, first served; policy; versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from geomap.domain.placement import MODE_LABELS, PlacementMode
from geomap.domain.words import Label, PlacementStep
from geomap.domain.words import label as label_of
from layers.placement_rows import Answer, Head, Table, say

FIGURES = Label("数据", "Figures")
_HEADS = (
    Head(Label("项目", "Figure"), width=30),
    Head(Label("本方案", "This plan"), width=18),
    Head(Label("先到先得", "First come"), width=18),
    Head(Label("说明", "Note"), width=40),
)
_SIZES = {
    "small": Label("小项目", "Small projects"),
    "medium": Label("中等项目", "Medium projects"),
    "large": Label("大项目", "Large projects"),
    "unknown": Label("没写人数", "Headcount not stated"),
}
_WEIGHTS = {
    "placed": Label("有地方落", "Having a place"),
    "priority": Label("优先级", "Priority"),
    "growth": Label("增长空间", "Room to grow"),
    "chain": Label("产业链位置", "Position in the chain"),
}
_SOURCE = Label(
    "孵化空间数字地图，载体与房源以登记库为准",
    "Digital map of incubation space; sites and units as on record",
)
Row = list[Any]


def figures_table(answer: Answer, language: str) -> Table:
    """Return the table of figures; headings of its parts are `sections`."""
    parts = (
        (Label("结果", "Result"), _result(answer, language)),
        (Label("各县", "By county"), _counties(answer, language)),
        (Label("各规模", "By size"), _sizes(answer, language)),
        (Label("规则", "Policy"), _policy(answer, language)),
        (Label("依据", "What it rests on"), _versions(answer, language)),
    )
    rows: list[Row] = []
    sections = set()
    for title, found in parts:
        sections.add(len(rows))
        rows.append([say(title, language), None, None, None])
        rows += found
    return Table(say(FIGURES, language), _HEADS, rows, frozenset(sections))


def _row(text: Label, language: str, mine: Any, other: Any = None, note: str = "") -> Row:
    return [say(text, language), mine, other, note or None]


def _share(value: Any) -> str | None:
    return None if value is None else f"{value:.1%}"


def _score(value: Any) -> float | None:
    return None if value is None else round(float(value), 4)


def _result(answer: Answer, language: str) -> Iterator[Row]:
    mine, other = answer["objective"], answer["objective"]["baseline"]
    pairs = (
        ("placed", Label("已落地", "Placed"), int),
        ("projects", Label("项目数", "Projects"), int),
        ("local", Label("本地落地", "Local"), int),
        ("local_share", Label("本地占比", "Local share"), _share),
        ("total", Label("总值", "Total value"), _score),
        ("total_score", Label("总匹配", "Total score"), _score),
        ("mean_score", Label("平均匹配", "Mean score"), _score),
        ("area_m2", Label("面积（㎡）", "Area (m²)"), round),
        ("blocking_pairs", Label("双方都想换的对数", "Blocking pairs"), int),
    )
    for name, text, shown in pairs:
        yield _row(text, language, shown(mine[name]), shown(other[name]))
    for step in PlacementStep:
        text = label_of(step)
        yield _row(text, language, mine["by_step"].get(step, 0), other["by_step"].get(step, 0))
    yield _row(
        Label("和最优的差距", "Gap to the best"),
        language,
        None if mine["gap"] is None else f"{mine['gap']:.3%}",
        note=_proof(mine, language),
    )
    fair = answer["fairness"]
    text = Label("离自己最好的地方最远", "Farthest from its own best place")
    yield _row(text, language, _worst(fair["worst"]), _worst(fair["greedy"]))


def _proof(figures: Answer, language: str) -> str:
    if figures["bound"] is None:
        text = Label("没有双方都想换的一对", "No project and place would both rather change")
        return say(text, language) if not figures["blocking_pairs"] else ""
    if figures["proven"]:
        return say(Label("已证明最优", "Proven to be the best"), language)
    bound = f"{figures['bound']:.4f}"
    return say(Label(f"总值不会超过 {bound}", f"No plan is worth more than {bound}"), language)


def _worst(one: Answer | None) -> str | None:
    if one is None:
        return None
    score, best = ("—" if one[k] is None else f"{one[k]:.2f}" for k in ("score", "best_score"))
    return f"{one['name'] or one['project_id']} {score} / {best}"


def _counted(one: Answer, language: str) -> str:
    placed = f"{one['placed']}/{one['projects']}"
    score = "" if one["mean_score"] is None else f" · {one['mean_score']:.2f}"
    if "local" not in one:
        return placed + score
    return (
        placed + say(Label(f"，本地 {one['local']}", f", {one['local']} local"), language) + score
    )


def _counties(answer: Answer, language: str) -> Iterator[Row]:
    for one in answer["fairness"]["by_county"]:
        yield [one["name"], _counted(one, language), None, None]


def _sizes(answer: Answer, language: str) -> Iterator[Row]:
    for one in answer["fairness"]["by_size"]:
        yield [say(_SIZES[one["size"]], language), _counted(one, language), None, None]


def _policy(answer: Answer, language: str) -> Iterator[Row]:
    policy = answer["policy"]
    mode = MODE_LABELS[PlacementMode(answer["mode"])]
    yield _row(Label("方式", "Mode"), language, say(mode, language))
    for name, text in _WEIGHTS.items():
        weight = policy["weights"][name]
        yield _row(Label(f"权重：{text.zh}", f"Weight: {text.en}"), language, weight)
    for step, margin in policy["margins"].items():
        text = label_of(PlacementStep(step))
        yield _row(Label(f"余量：{text.zh}", f"Margin: {text.en}"), language, margin)
    steps = [say(label_of(PlacementStep(s)), language) for s in policy["steps"]]
    yield _row(Label("步骤", "Steps"), language, " → ".join(steps))
    lists: Sequence[tuple[str, Label]] = (
        ("pins", Label("固定", "Pinned")),
        ("forbids", Label("排除", "Forbidden")),
        ("reserved", Label("预留单元", "Reserved units")),
        ("keep", Label("保留原方案", "Kept from before")),
    )
    for name, text in lists:
        yield _row(text, language, len(policy[name]))


def _versions(answer: Answer, language: str) -> Iterator[Row]:
    yield _row(Label("日期", "Date"), language, answer["date"])
    yield _row(Label("数据版本", "Data version"), language, answer["catalog_version"])
    yield _row(Label("路网版本", "Street version"), language, answer["network"])
    demo = Label("含演示数据", "Holds demonstration data")
    note = say(demo, language) if answer["demo"] else ""
    yield _row(Label("来源", "Source"), language, say(_SOURCE, language), note=note)
