"""`geomap match --sentence`: what was understood, what was not, and the ranking."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from geomap.command import language, write_json
from geomap.config import Settings
from geomap.domain.errors import InputError
from geomap.domain.words import Label

_UNDERSTOOD = Label("读懂", "Understood")
_IGNORED = Label("未采用", "Not used")
_FOUND = Label(
    "{units:,} 套符合，在 {sites:,} 处载体，先列 {shown} 套",
    "{units:,} units fit, at {sites:,} sites; the first {shown}",
)
_NONE = Label("没有符合的单元", "No unit fits")
_EASED = Label("放宽：{label} → {opens:,} 套", "Ease: {label} → {opens:,} units")


def match_sentence(settings: Settings, text: str, *, limit: int, as_json: bool) -> None:
    """Read a sentence as a demand, rank the units for it, and print both.

    Raises
    ------
    InputError
        The text is too long, or nothing in it is understood.
    """
    from geomap.web.context import AppContext
    from geomap.web.views import match_answer, sentence_answer

    context = AppContext(settings)
    parsed = sentence_answer(context, text, language())
    if not parsed["understood"]:
        raise InputError(
            Label("没有读懂任何需求", "Nothing was understood that asks for space"),
            fix=Label(
                "例如：8个人，龙湾，200平左右的实验室，月租一万五以内",
                "For example: 8 people, ~200 sqm lab in Longwan, under 15,000 yuan a month",
            ),
            field="sentence",
        )
    answer = match_answer(context, parsed["demand"], limit=limit, language=language())
    if as_json:
        write_json({"parsed": parsed, "match": answer})
        return
    for line in _lines(parsed, answer):
        click.echo(line)


def _lines(parsed: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
    which = language()
    for title, items in ((_UNDERSTOOD, parsed["understood"]), (_IGNORED, parsed["ignored"])):
        if items:
            yield f"{getattr(title, which)}:"
            yield from (f"  {one['text']} → {one['label']}" for one in items)
    if answer["demo"]:
        yield getattr(Label("演示数据", "Demonstration data"), which)
    if not answer["total"]:
        yield getattr(_NONE, which)
    else:
        shown = len(answer["candidates"])
        yield getattr(_FOUND, which).format(
            units=answer["total"], sites=answer["sites_total"], shown=shown
        )
    yield from (_candidate(place, one) for place, one in enumerate(answer["candidates"], 1))
    for one in answer["relaxations"]:
        yield getattr(_EASED, which).format(label=one["label"], opens=one["opens"])


def _candidate(place: int, one: dict[str, Any]) -> str:
    unit, site = one["unit"], one["site"]
    rent, area = unit["rent_cny_m2_month"], unit["area_m2"]
    name = f"{site['name']} {unit['building']} {unit['room']}".rstrip()
    parts = [
        f"{place:>3}  {one['score']:.2f}  {name}",
        site["county"],
        f"{area:g} ㎡" if area is not None else "",
        f"{rent:g} {getattr(Label('元/㎡·月', 'CNY/m²·month'), language())}" if rent else "",
    ]
    return " · ".join(part for part in parts if part)
