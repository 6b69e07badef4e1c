"""What of a text is spoken for: spans that were understood, spans that were not, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from geomap.domain.words import Label


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Understood:
    """A span of the text and what it puts into the demand.

    `start` and `end` count characters (Unicode code points) of the text as it was given.
    `field` is dotted (``requires.power_kw``); `excludes` says that `value` is not wanted.
    """

    start: int
    end: int
    field: str
    value: Any
    label: Label
    excludes: bool = False
    soft: bool = False
    """Gives way to another value of its field (desks to people), or only adds to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """A span that carries meaning, did not enter the demand, and why."""

    start: int
    end: int
    text: str
    reason: str
    label: Label


REASONS = {
    "unknown": Label("没有读懂", "Not understood"),
    "negated": Label("说了不要，需求里不列", "Not wanted, so not asked for"),
    "conflict": Label("与另一处矛盾，未采用", "At odds with another part, not used"),
    "no_field": Label("需求里没有这一项", "A demand has no such field"),
    "past": Label("日期已过", "The day has passed"),
    "vague": Label("数字太含糊", "The figure is too vague"),
    "unclear": Label("看不出是单价还是总价", "Unit rent or total, it does not say"),
    "absurd": Label("数字不合常理", "The figure makes no sense"),
    "asks_nothing": Label("没有限制", "Asks for nothing"),
    "business": Label("说的是业务，不是配套", "That is the business, not an amenity"),
    "whole_city": Label("本来就是全市", "The whole city is searched anyway"),
    "current": Label("说的是现在的地方", "Where they are now"),
    "ring": Label("配套一律按步行 15 分钟内算", "Amenities always count within 15 minutes on foot"),
    "event": Label("不是入驻日期", "Not the day of moving in"),
}


@dataclass(slots=True)
class Ledger:
    """The folded text, which characters are taken, and what was found."""

    given: str
    text: str
    understood: list[Understood] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.taken = bytearray(len(self.text))

    def is_free(self, start: int, end: int) -> bool:
        """Return whether no character of a span is taken."""
        return start < end and not any(self.taken[start:end])

    def take(self, start: int, end: int) -> tuple[int, int]:
        """Mark a span, without the blanks around it, and return it."""
        while end > start and self.text[end - 1] == " ":
            end -= 1
        while start < end and self.text[start] == " ":
            start += 1
        self.taken[start:end] = b"\x01" * (end - start)
        return start, end

    def add(self, start: int, end: int, name: str, value: Any, label: Label, **more: bool) -> bool:
        """Note something understood, where its span is free."""
        if not self.is_free(start, end):
            return False
        start, end = self.take(start, end)
        self.understood.append(
            Understood(start=start, end=end, field=name, value=value, label=label, **more)
        )
        return True

    def ignore(self, start: int, end: int, reason: str) -> bool:
        """Note something that will not be used, where its span is free."""
        if not self.is_free(start, end):
            return False
        start, end = self.take(start, end)
        self._put(start, end, reason)
        return True

    def _put(self, start: int, end: int, reason: str) -> None:
        self.ignored.append(
            Ignored(
                start=start,
                end=end,
                text=self.given[start:end],
                reason=reason,
                label=REASONS[reason],
            )
        )

    def drop(self, item: Understood, reason: str) -> None:
        """Move something understood to what is ignored."""
        self.understood.remove(item)
        self._put(item.start, item.end, reason)

    def change(self, item: Understood, **more: Any) -> Understood:
        """Put another item in the place of one, and return it."""
        changed = replace(item, **more)
        self.understood[self.understood.index(item)] = changed
        return changed
