"""Negation: 不要厂房, 除了洞头都行, 洞头就算了, no workshop, anywhere except Dongtou.

A negated thing never becomes a wish. A negated county or kind of unit becomes an exclusion
(the others are wanted); anything else is set aside, because a demand cannot hold it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from geomap.domain.words import Label, UnitKind
from geomap.domain.words import label as label_of
from geomap.matching.sentence.ledger import Ignored, Ledger, Understood
from geomap.matching.sentence.words_places import county_label

_NOT = re.compile(
    r"不一定(?:非?要|得)?|不想要|不要|不考虑|不需要|不需|不用|不必|不去|不做|不是|不想|不含|不接受|不在|无需|无须"
    r"|毋需|拒绝|避开|谢绝|没有|没|别给我推荐"
    r"|别推荐|别给我|别要|别去|别|除了|除开|除去|除|非(?!常|得|要)"
    r"|(?<![a-z])(?:(?:do|does|did)(?: not|n't) (?:need|want|require|like)|don't (?:need|want"
    r"|require)"
    r"|not necessarily|neither"
    r"|not interested in|no need for|not looking for|not in|not an?|not|no|without|except for"
    r"|except|excluding"
    r"|anything but|anywhere but|everything but|avoid|other than|rather than)(?![a-z])"
)
_NOT_REALLY = re.compile(
    r"有没有|不能没有|不能不|不可没有|不是不|不只|不仅|不光|没问题|没关系|别墅|特别|个别|级别|区别"
    r"|类别|分别|(?<![a-z])not only"
)
_BETWEEN = re.compile(
    r"(?:[\s、/和或及跟与去在要有做放租是的地方任何一个间给我推荐选再搞到区域看发放那种这]"
    r"|安排|介绍|位于|类似|靠近|挨着|临近"
    r"|(?<![a-z])(?:an?|any|the|in|and|or|nor|need|be|near|to|for|of)(?![a-z])){0,10}$"
    r"|[^,。;!?的要但]{1,6}[、和或及与]$"
)
_AFTER = re.compile(
    r"[\s也都就是的那边这边]{0,4}(?:不是必须|不是必需|不必须|不行"
    r"|不可以|(?:不必|不需要|不要|不考虑|不去|不用)(?=[\s,。;!?、了吧啊]|$)|除外|就算了|算了|免谈|太远"
    r"|可有可无|无所谓|有没有都行|以外|之外|除外|外(?=[,都其的\s]|$)"
    r"|(?<![a-z])(?:(?:is |are )?not (?:needed|necessary|required|wanted)|excluded|is out"
    r"|are out)(?![a-z]))"
)
_DOUBLE = re.compile(r"[\s的也就]{0,2}(?:不行|不可|不成|可不行)")
_BESIDES = re.compile(r"[^。;!?]{0,3}[,\s]?(?:还|也)(?!不)")
_AND = re.compile(r"(?:[\s、和或及跟与/也]|,?\s?(?:or|and|nor)\s(?:an?\s|the\s|in\s)?){0,4}$")
_MILD = re.compile(
    "不一定|必须|必需|不必|不用|可有可无|无所谓|有没有都行|not necess|not needed|not required"
)
"""Says only that a thing need not be, so that a kind or county is not refused either."""


def _chain(
    ledger: Ledger, items: Sequence[Understood | Ignored], start: int
) -> list[Understood | Ignored]:
    """Return the items that follow a place with nothing but links between them.

    Behind the first, 的 ends it: 没有货梯的厂房 is a workshop.
    """
    chain: list[Understood | Ignored] = []
    place = start
    for item in items[bisect_left(items, start, key=lambda one: one.start) :]:
        gap, links = ledger.text[place : item.start], _AND if chain else _BETWEEN
        if len(gap) > 30 or not links.fullmatch(gap):
            break
        chain.append(item)
        place = item.end
    return chain


def _before(ledger: Ledger, items: list[Understood], end: int) -> list[Understood]:
    """Return the items that end at a place, and those joined to them by 和 or 、."""
    chain: list[Understood] = []
    place = end
    for item in reversed(items[: bisect_right(items, end, key=lambda one: one.end)]):
        gap = ledger.text[item.end : place]
        if gap if not chain else not _AND.fullmatch(gap[:8]):
            break
        chain.append(item)
        place = item.start
    return chain


def _exclusion(item: Understood, start: int, end: int) -> Understood | None:
    """Return an item turned into an exclusion, None where a demand cannot hold it."""
    if item.field == "counties":
        said = county_label(item.value, excluded=True)
    elif item.field == "unit_kinds":
        names = [label_of(UnitKind(kind)) for kind in item.value]
        said = Label(
            "不要" + "、".join(name.zh for name in names),
            "Not " + ", ".join(name.en for name in names),
        )
    else:
        return None
    return Understood(
        start=start, end=end, field=item.field, value=item.value, label=said, excludes=True
    )


def _negate(ledger: Ledger, chain: Sequence[Understood | Ignored], cue: tuple[int, int]) -> None:
    """Turn items into exclusions, or set them aside; the first takes the cue into its span."""
    mild = bool(_MILD.search(ledger.text[slice(*cue)]))
    for place, item in enumerate(chain):
        if isinstance(item, Ignored):
            continue
        start, end = item.start, item.end
        if place == 0 and ledger.is_free(*cue):
            gap = (min(end, cue[0]), max(start, cue[1]))
            between = range(cue[1], start) if cue[0] < start else range(end, cue[0])
            if not any(ledger.taken[i] for i in between):
                start, end = min(start, cue[0]), max(end, cue[1])
                ledger.taken[gap[0] : gap[1]] = b"\x01" * (gap[1] - gap[0])
                ledger.taken[start:end] = b"\x01" * (end - start)
        excluded = None if mild else _exclusion(item, start, end)
        if excluded is not None:
            ledger.understood[ledger.understood.index(item)] = excluded
        else:
            ledger.drop(ledger.change(item, start=start, end=end), "negated")


def _sorted(ledger: Ledger) -> list[Understood]:
    return sorted((x for x in ledger.understood if not x.excludes), key=lambda x: x.start)


def _is_spared(spared: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(a < end and start < b for a, b in spared)


def find_negations(ledger: Ledger) -> None:
    """Apply every negation of the text to what was understood beside it."""
    spared = [found.span() for found in _NOT_REALLY.finditer(ledger.text)]
    _find_before(ledger, spared)
    _find_after(ledger, spared)


def _links(ledger: Ledger) -> list[Understood | Ignored]:
    """Return what a refusal may run over: wishes, and words that no demand can hold."""
    held = [one for one in ledger.ignored if one.reason == "no_field"]
    return sorted([*_sorted(ledger), *held], key=lambda one: one.start)


def _is_no_refusal(text: str, cue: str, last: int) -> bool:
    """Return whether it reads 除了甲还要乙 or 不是甲就是乙."""
    if cue.startswith("除"):
        return bool(_BESIDES.match(text, last))
    return cue == "不是" and text.startswith("就是", last)


def _find_before(ledger: Ledger, spared: list[tuple[int, int]]) -> None:
    """Apply what stands before the thing: 不要厂房, no workshop."""
    text, items = ledger.text, _links(ledger)
    for found in _NOT.finditer(text):
        start, end = found.span()
        if not ledger.is_free(start, end) or _is_spared(spared, start, end):
            continue
        chain = _chain(ledger, items, end)
        if not chain:
            continue
        last = chain[-1].end
        double = _DOUBLE.match(text, last) if found[0] in ("没有", "没", "非") else None
        if double:
            spared.append(double.span())
        elif not _is_no_refusal(text, found[0], last):
            _negate(ledger, chain, (start, end))
            items = _links(ledger)


def _find_after(ledger: Ledger, spared: list[tuple[int, int]]) -> None:
    """Apply what stands behind the thing: 洞头就算了, 厂房不要."""
    text, items, gone = ledger.text, _sorted(ledger), set[int]()
    for item in items:
        after = _AFTER.match(text, item.end)
        if id(item) in gone or after is None or not ledger.is_free(*after.span()):
            continue
        if _is_spared(spared, *after.span()):
            continue
        if "太远" in after[0] and item.field != "counties":
            continue
        left = [one for one in items if id(one) not in gone]
        chain = _before(ledger, left, item.end)
        gone |= {id(one) for one in chain}
        _negate(ledger, chain, after.span())
