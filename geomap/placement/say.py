"""The words of the log: one short line a step, in both languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from geomap.domain.placement import PlacedDemand
from geomap.domain.words import Label, label
from geomap.matching.reasons import county_label, number, within
from geomap.placement.book import Book
from geomap.placement.custom import may_be_built
from geomap.placement.needs import REFUSAL_LABELS
from geomap.placement.steps import ELSEWHERE, LOCAL, STEPS, county_row

_SHOWN = 3


def name_of(project: PlacedDemand) -> str:
    """Return a project's name, its id where it has none."""
    return project.demand.name or project.id


def say_place(project: PlacedDemand, step: int) -> Label:
    """Return where a step looks."""
    if step == LOCAL:
        return county_label(county_row(project.home_county))
    if step == ELSEWHERE:
        return Label("别的县（市、区）", "other counties")
    return Label("别处的国有园区", "state-owned parks elsewhere")


def spoken_of(refused: Mapping[str, int]) -> dict[str, int]:
    """Return the refusals worth a word: of units of a wanted kind in time, if there are any."""
    beside = {rule: n for rule, n in refused.items() if rule not in ("unit_kind", "move_in")}
    return beside or dict(refused)


def say_none(place: Label, refused: Mapping[str, int], total: int) -> Label:
    """Return why nothing of a place fits: units, and what refuses them, most first.

    Where other rules refuse some, those of another kind or free too late are not spoken of.
    """
    if not total:
        return Label(f"{place.zh}没有空置", f"Nothing vacant in {place.en}")
    told = spoken_of(refused)
    order = sorted(told.items(), key=lambda item: -item[1])
    count = sum(told.values())
    zh = "、".join(f"{REFUSAL_LABELS[rule].zh} {n} 处" for rule, n in order[:_SHOWN])
    en = ", ".join(f"{within(REFUSAL_LABELS[rule].en)} {n}" for rule, n in order[:_SHOWN])
    more = len(order) > _SHOWN
    return Label(
        f"{place.zh} {count} 处：{zh}{'等' if more else ''}",
        f"{count} in {place.en}: {en}{' …' if more else ''}",
    )


def say_here(book: Book, pair: int, free: NDArray[np.bool_]) -> Label:
    """Return the place that was chosen, and the best other sites of its step, with scores.

    Of another site the best that is still free is named, else that it is given away.
    """
    project = int(np.searchsorted(book.pairs.start, pair, side="right")) - 1
    span = book.span(project)
    own, sites = int(book.site[pair]), book.prepared.catalog.sites
    same = span.start + np.flatnonzero(book.step[span] == book.step[pair])
    best_first = np.concatenate([same[free[same]], same[~free[same]]])
    of_sites = np.sort(best_first[np.unique(book.site[best_first], return_index=True)[1]])
    others = [at for at in of_sites.tolist() if book.site[at] != own][: _SHOWN - 1]
    zh = [f"{sites.name[own]} {book.score[pair]:.2f}（选中）"]
    en = [f"{sites.name[own]} {book.score[pair]:.2f} (chosen)"]
    for at in others:
        text = f"{sites.name[int(book.site[at])]} {book.score[at]:.2f}"
        zh.append(text if free[at] else f"{text}（已给别人）")
        en.append(text if free[at] else f"{text} (given away)")
    return Label("、".join(zh), ", ".join(en))


def say_better(count: int, gain: float, margin: float, chosen: int) -> Label:
    """Return that free places were passed over for one of a later step that fits better."""
    step = label(STEPS[chosen])
    zh = f"有 {count} 处合适，但{step.zh}高出 {gain:.2f}"
    en = f"{count} free, but {within(step.en)} is better by {gain:.2f}"
    if margin > 0:
        zh, en = f"{zh}，超过 {margin:.2f} 的门槛", f"{en}, over the margin of {margin:.2f}"
    return Label(zh, en)


def say_worse(count: int, best: float, margin: float, chosen: int) -> Label:
    """Return that places of a later step fit, and are not better by enough."""
    step = label(STEPS[chosen])
    return Label(
        f"{count} 处合适，最好 {best:.2f}，没有比{step.zh}高出 {margin:.2f}",
        f"{count} fit, the best {best:.2f}: not {margin:.2f} better than {within(step.en)}",
    )


def say_taken(count: int, by: Sequence[PlacedDemand], fitter: bool) -> Label:
    """Return that all places are given to others, and to whom the best are."""
    if not by:
        return Label(f"{count} 处合适，没有分到", f"{count} fit, none was left")
    zh, en = "、".join(name_of(one) for one in by), ", ".join(name_of(one) for one in by)
    who = (
        Label("匹配更高的项目", "projects that count more there")
        if fitter
        else Label("别的项目，合计更高", "others, for a higher total")
    )
    return Label(
        f"{count} 处合适，都给了{who.zh}：{zh}", f"{count} fit, all given to {who.en}: {en}"
    )


def say_built(name: str, idle_plant: bool, area_m2: float) -> Label:
    """Return where a workshop can be built."""
    kind = Label("闲置厂房", "idle plant") if idle_plant else Label("用地", "land")
    size = number(area_m2)
    return Label(
        f"{name}（{kind.zh}）可建 {size} ㎡", f"{size} ㎡ can be built at {name} ({kind.en})"
    )


def say_not_built(project: PlacedDemand, area_m2: float, listings: int) -> Label:
    """Return why no workshop is built for a project that has no place."""
    if not may_be_built(project):
        return Label("工位和办公不定制厂房", "No workshop is built for desks and offices")
    if not area_m2:
        return Label("没有写明面积，无从定制", "No area is stated that could be built")
    if not listings:
        return Label("没有登记土地或闲置厂房", "No land or idle plant is listed")
    size = number(area_m2)
    return Label(
        f"登记的 {listings} 处土地和厂房，没有一处还能建 {size} ㎡、产业也合",
        f"None of the {listings} listed has {size} ㎡ left for this industry",
    )
