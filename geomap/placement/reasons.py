"""Why a project is where it is, in one short line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.domain.placement import Build, Outcome, PlacedDemand, Tried
from geomap.domain.words import Label
from geomap.matching.reasons import county_label, number, within
from geomap.placement.book import Book
from geomap.placement.needs import REFUSAL_LABELS, lack_words, need_of
from geomap.placement.say import say_place, spoken_of
from geomap.placement.steps import LOCAL, STEPS, county_row


def distance_m(catalog: Catalog, one: str, other: int) -> float | None:
    """Return the distance from a site's id to a site's row, m in the catalog's metric CRS.

    None where either has no place.
    """
    row = catalog.sites.id.find(one) if one else -1
    if row < 0:
        return None
    x, y = catalog.sites.x, catalog.sites.y
    far = float(np.hypot(x[row] - x[other], y[row] - y[other]))
    return None if np.isnan(far) else far


def distance_words(metres: float) -> str:
    """Return a distance as people write it."""
    return f"{metres / 1000:.1f} km" if metres >= 1000 else f"{metres:.0f} m"


def say_placed(book: Book, project: int, pair: int, tried: Sequence[Tried]) -> Label:
    """Return why a project is given a pair."""
    asked, site = book.projects[project], int(book.site[pair])
    score = f"{book.score[pair]:.2f}"
    plain = _where(book, asked, site)
    whole = Label(f"{plain.zh}，匹配 {score}", f"{plain.en}, score {score}")
    if book.pinned[project] == pair:
        return Label(f"人工锁定，{whole.zh}", f"Pinned: {_lower(whole.en)}")
    if int(book.step[pair]) == LOCAL:
        return whole
    why = _why_not_local(asked, tried[LOCAL])
    return why or whole


def _where(book: Book, asked: PlacedDemand, site: int) -> Label:
    catalog = book.prepared.catalog
    if asked.current_site and catalog.sites.id[site] == asked.current_site:
        return Label("留在原址", "Stays where it is")
    far = distance_m(catalog, asked.current_site, site)
    if far is None:
        here = county_label(int(catalog.sites.county[site]))
        return Label(f"在{here.zh}", f"In {here.en}")
    return Label(f"距原址 {distance_words(far)}", f"{distance_words(far)} from its present site")


def _why_not_local(asked: PlacedDemand, local: Tried) -> Label | None:
    """Return what the home county lacks; None where its step was not tried."""
    home = county_label(county_row(asked.home_county))
    if local.outcome is Outcome.NONE:
        return lack_of(asked, home, local.rejected)
    if local.outcome is Outcome.TAKEN:
        return Label(
            f"{home.zh}合适的 {local.candidates} 处都给了别的项目",
            f"All {local.candidates} that fit in {home.en} go to others",
        )
    if local.outcome is Outcome.BETTER:
        return Label(f"{home.zh}{local.reason.zh}", f"{home.en}: {local.reason.en}")
    return None


def lack_of(asked: PlacedDemand, place: Label, rejected: Mapping[str, int]) -> Label:
    """Return why nothing of a place does for a project: what all lack, or what most do.

    Units of another kind or free too late are spoken of only where there are no others.
    """
    told = spoken_of(rejected)
    if len(told) == 1:
        return lack_words(asked.demand, next(iter(told)), place)
    if not told:
        return Label(f"{place.zh}没有空置", f"Nothing vacant in {place.en}")
    if set(told) == {"unit_kind", "move_in"}:
        day, kind = need_of(asked.demand, "move_in"), need_of(asked.demand, "unit_kind")
        if day is not None and kind is not None:
            return Label(
                f"{place.zh}没有 {day.zh}的空置{kind.zh}",
                f"No vacant {kind.en} in {place.en} {day.en}",
            )
    count, rule = sum(told.values()), max(told, key=lambda name: told[name])
    why = REFUSAL_LABELS[rule]
    return Label(
        f"{place.zh} {count} 处都不合，多因{why.zh}",
        f"None of {count} in {place.en} fits, mostly: {within(why.en)}",
    )


def say_build(asked: PlacedDemand, build: Build, tried: Sequence[Tried]) -> Label:
    """Return why a workshop is built to order, and where."""
    why = _lack_in_all(asked, tried)
    size = number(build.floor_area_m2)
    name = build.listing.name if build.listing else "—"
    return Label(f"{why.zh}；在{name}定制 {size} ㎡", f"{why.en}; {size} ㎡ to be built at {name}")


def say_unplaced(asked: PlacedDemand, tried: Sequence[Tried]) -> Label:
    """Return why a project has no place."""
    return _lack_in_all(asked, tried)


def _lack_in_all(asked: PlacedDemand, tried: Sequence[Tried]) -> Label:
    """Return why no step places a project; where it wants nothing is spoken of last."""
    steps = list(enumerate(tried[: len(STEPS)]))
    fitting = sum(line.candidates for _, line in steps if line.outcome is Outcome.TAKEN)
    if fitting:
        return Label(
            f"合适的 {fitting} 处都给了别的项目", f"All that fit, {fitting}, go to other projects"
        )
    failed = [(at, line) for at, line in steps if line.outcome is Outcome.NONE]
    if not failed:
        return Label("方案没有走现有单元的步骤", "The policy tries no units that are there")
    choosy = bool(asked.demand.counties)
    ignored: list[set[str]] = [{"county"}, set()] if choosy else [{"county"}]
    wanted = [one for one in failed if set(spoken_of(one[1].rejected)) not in ignored] or failed
    rejected: dict[str, int] = {}
    for _, line in wanted:
        for rule, count in line.rejected.items():
            rejected[rule] = rejected.get(rule, 0) + count
    if set(spoken_of(rejected)) == {"county"}:
        return Label(
            "项目要的县（市、区）没有合适的空置", "Nothing vacant in the counties wanted fits"
        )
    place = Label("各处", "all places tried")
    if len(wanted) == 1:
        place = say_place(asked, wanted[0][0])
    return lack_of(asked, place, rejected)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
