"""How many people: 8个人, 团队十来人, 15人团队, 10个工位, a team of 20."""

from __future__ import annotations

import re

from geomap.domain.words import Label
from geomap.matching.sentence.ledger import Ledger
from geomap.matching.sentence.limits import AFTER, BEFORE, RANGE
from geomap.matching.sentence.numbers import NUMBER, Amount, read_number

MOST_PEOPLE = 20_000
_PERSON = (
    r"(?:人(?!工(?!位)|才|形|机|力|脸|民|均|次|间|体|造|像)|员工|同事|小伙伴|伙伴|成员"
    r"|(?:people|persons?|staff|employees?|colleagues|engineers|ppl|heads|of us|members)(?![a-z]))"
)
_FIGURE = rf"(?P<a>{NUMBER})(?:{RANGE}(?P<b>{NUMBER}))?"
_COUNTED = re.compile(
    rf"(?P<pre>{BEFORE})?\s?{_FIGURE}[\s-]?(?:[个名位号口]\s?)?{_PERSON}\s?(?P<suf>{AFTER})?"
)
_NAMED = re.compile(
    r"(?:人数|员工|团队人数|团队规模|人员规模|规模|团队|人员|headcount|team size|team of|crew of)"
    rf"[\s:为有是共约大概现在]{{0,4}}(?P<pre>{BEFORE})?\s?{_FIGURE}"
    r"(?:[个名位](?!月)人?|人)?(?![0-9a-z年月日号万元块平米㎡%]|\s?(?:sqm|sq|m2))"
)
_DESK = r"(?:开放|独立|共享|固定|流动|小)?(?:工位|卡座|办公位|座位|位子)"
_DESKS = re.compile(
    rf"{_FIGURE}\s?[个张](?=(?:左右)?的?{_DESK}(?!每|一个?月|/))"
    rf"|(?<=工位)\s?(?P<c>{NUMBER})\s?[个张]"
    rf"|(?<=卡座)\s?(?P<d>{NUMBER})\s?[个张]"
    r"|(?P<e>" + NUMBER + r")(?=\s(?:hot |open |fixed |coworking |co-working )?desks?(?![a-z]))"
)
_LATER = re.compile(
    r"(?:招聘?|扩[充张招编]?[到至]?|增[加至到]*|发展[到至]|新招|再招"
    r"|[年底月](?:预计|将|会|要)(?:有|达到)?|hire|hiring"
    r"|grow(?:ing)? to|expand(?:ing)? to)[\s约大概]{0,3}$"
)
_ROOM = re.compile(r"的?(?:大|小|中)?(?:会议|培训|路演|教室|报告|宿舍|食堂|餐厅)")


def people_label(count: int) -> Label:
    """Say a headcount."""
    return Label(f"{count} 人", "1 person" if count == 1 else f"{count} people")


def _count(first: Amount | None, other: Amount | None, text: str) -> int | None:
    """Return the larger of a range (all must sit), the middle of 十几 and 四十多."""
    if first is None:
        return None
    if other is not None:
        value = max(first.high, other.high)
    elif text[-1:] in "多余几":
        value = first.middle
    else:
        value = first.high
    whole = int(value)
    return whole if whole == value and 1 <= whole <= MOST_PEOPLE else None


def _note(ledger: Ledger, found: re.Match[str], figure: str, *, soft: bool) -> None:
    start, end = found.span()
    if not ledger.is_free(start, end):
        return
    groups = found.groupdict()
    other = read_number(groups["b"]) if figure == "a" and groups["b"] else None
    count = _count(read_number(found[figure]), other, found[figure])
    if _LATER.search(ledger.text, max(0, start - 16), start) or _ROOM.match(ledger.text, end):
        ledger.ignore(start, end, "no_field")
    elif count is None:
        ledger.ignore(start, end, "absurd")
    else:
        ledger.add(start, end, "headcount", count, people_label(count), soft=soft)


def find_people(ledger: Ledger) -> None:
    """Note every headcount; desks count as one person each, and give way to people."""
    for found in _NAMED.finditer(ledger.text):
        _note(ledger, found, "a", soft=False)
    for found in _COUNTED.finditer(ledger.text):
        _note(ledger, found, "a", soft=False)
    for found in _DESKS.finditer(ledger.text):
        figure = next(name for name in "acde" if found[name])
        _note(ledger, found, figure, soft=True)
