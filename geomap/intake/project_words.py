"""Words of a project's row that no other table has: its priority, and its place in the chain."""

from __future__ import annotations

from collections.abc import Mapping

from geomap.domain.placement import CHAIN_LABELS, ChainPosition
from geomap.domain.words import Label
from geomap.intake.values import (
    BadValueError,
    Cell,
    Parsed,
    as_text,
    fold,
    parse_count,
    require_between,
)

MOST_PRIORITY, MOST_HEADS = 1_000, 100_000
_PRIORITIES = {
    **dict.fromkeys(("高", "优先", "重点", "一级", "high"), 1),
    **dict.fromkeys(("中", "一般", "二级", "medium", "normal"), 2),
    **dict.fromkeys(("低", "三级", "low"), 3),
}
_CHAIN: Mapping[str, ChainPosition] = {
    fold(name): position
    for position, label in CHAIN_LABELS.items()
    for name in (position, *label, f"产业链{label.zh}", f"{label.zh}环节", f"{label.zh}企业")
}


def parse_priority(cell: Cell, unit: str = "") -> Parsed:
    """Read a priority: 1 is the first, 0 not stated; 高, 中 and 低 are 1, 2 and 3."""
    known = _PRIORITIES.get(as_text(cell).lower())
    if known is not None:
        return Parsed(known)
    number = parse_count(cell).value
    if not 0 <= number <= MOST_PRIORITY:
        raise BadValueError(
            "out_of_range",
            Label(
                f"优先级要在 1 到 {MOST_PRIORITY:,} 之间",
                f"a priority lies between 1 and {MOST_PRIORITY:,}",
            ),
            Label("写 1、2、3，或 高、中、低；1 最先", "write 1, 2, 3 or high, medium, low"),
        )
    return Parsed(number)


def parse_heads(cell: Cell, unit: str = "") -> Parsed:
    """Read a headcount; 0 is not stated."""
    return Parsed(int(require_between(parse_count(cell).value, 0, MOST_HEADS, "人")))


def parse_growth(cell: Cell, unit: str = "") -> Parsed:
    """Read a headcount that is forecast: a whole number from 1."""
    return Parsed(int(require_between(parse_count(cell).value, 1, MOST_HEADS, "人")))


def parse_chain(cell: Cell, unit: str = "") -> Parsed:
    """Read where in its industry's chain a project stands: 上游, 中游 or 下游."""
    found = _CHAIN.get(fold(as_text(cell)))
    if found is None:
        text = as_text(cell)
        raise BadValueError(
            "unknown_word",
            Label(f"不认识“{text}”", f"“{text}” is not known"),
            Label("写 上游、中游 或 下游", "write upstream, midstream or downstream"),
        )
    return Parsed(found)
