"""The body of ``geomap repair``: ask, show progress, print a table or JSON."""

from __future__ import annotations

import sys
from typing import Any

import click

from geomap.config import Settings
from geomap.domain.words import AmenityCategory, Label
from geomap.domain.words import label as label_of
from geomap.web.context import AppContext
from geomap.web.language import text_of
from geomap.web.stream import Steps
from geomap.web.views import repair_work

_STEPS = 1000
_SHOWN = 5
"""Sites listed under a place; the rest are counted."""


def find_repair(settings: Settings, body: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the answer to a repair, with a progress bar on stderr.

    Raises
    ------
    GeomapError
        As the API refuses.
    """
    work = repair_work(AppContext(settings), body, language)
    with click.progressbar(
        length=_STEPS, file=sys.stderr, item_show_func=str, show_eta=False
    ) as bar:

        def tell(share: float, stage: Label) -> None:
            bar.update(max(0, int(share * _STEPS) - bar.pos), text_of(stage, language))

        answer = work(Steps(tell))
        bar.update(_STEPS - bar.pos, "")
    return answer


def table_of(answer: dict[str, Any], language: str) -> str:
    """Return an answer as lines for people."""
    lines = [text_of(line, language) for line in _head(answer)]
    for place in answer["places"]:
        weight = f" ({place['closes']['weight']:g})" if answer["weight"] != "sites" else ""
        street = f" {place['street']}" if place["street"] else ""
        spot = place["candidate"] or f"{place['lon']:.6f} {place['lat']:.6f}"
        closes = place["closes"]["sites"]
        lines.append(f"{place['rank']:>3}  {spot}  ✓ {closes}{weight} {street} {place['near']}")
        for site in place["sites"][:_SHOWN]:
            score = f"{site['score_before']}→{site['score_after']}/{site['total']}"
            lines.append(f"        {site['walk_m']:>6,.0f} m  {score:>8}  {site['name']}")
        more = len(place["sites"]) - _SHOWN
        if more > 0:
            lines.append(
                text_of(Label(f"        另有 {more} 处", f"        {more} more"), language)
            )
    return "\n".join(lines)


def _head(answer: dict[str, Any]) -> list[Label]:
    before, after = answer["gaps_before"], answer["gaps_after"]
    name = label_of(AmenityCategory(answer["category"]))
    limit = f"{answer['limit_m']:,.0f}"
    lines = [
        Label(
            f"{name.zh}：步行 {limit} 米内有缺口的载体 {before['sites']} 处，"
            f"补后 {after['sites']} 处",
            f"{name.en}: {before['sites']} sites with a gap within {limit} m on foot, "
            f"{after['sites']} after it",
        )
    ]
    closed = before["weight"] - after["weight"]
    if answer["proven"]:
        lines.append(Label("已证明最优", "Proven: no other places close more"))
    else:
        lines.append(
            Label(
                f"补上 {closed:g}，上界 {answer['bound']:g}（至少达到 {answer['guarantee']:.0%}）",
                f"Closes {closed:g}; no places close more than {answer['bound']:g} "
                f"(at least {answer['guarantee']:.0%} of the best)",
            )
        )
    if answer["unweighted"]:
        count = answer["unweighted"]
        lines.append(
            Label(
                f"{count} 处载体没有填报权重数据，按 0 计",
                f"{count} sites do not state the weight; 0 is taken",
            )
        )
    if answer["unreachable"]:
        count = len(answer["unreachable"])
        lines.append(
            Label(f"{count} 处载体没有候选点可达", f"No candidate reaches {count} of the sites")
        )
    if answer["demo"]:
        lines.append(Label("演示数据", "Demonstration data"))
    return lines
