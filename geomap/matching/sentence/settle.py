"""From what was understood to one demand: unions, exclusions, and who yields in a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from geomap.domain.industries import sector_of
from geomap.domain.regions import COUNTIES
from geomap.domain.words import UnitKind
from geomap.matching.sentence.ledger import Ledger, Understood

_LISTS = ("unit_kinds", "counties", "services", "platforms", "amenities")
_WHOLE: dict[str, tuple[str, ...]] = {
    "counties": tuple(county.adcode for county in COUNTIES),
    "unit_kinds": tuple(UnitKind),
}


def _of(ledger: Ledger, name: str) -> list[Understood]:
    return sorted((x for x in ledger.understood if x.field == name), key=lambda x: x.start)


def _list(ledger: Ledger, name: str) -> list[str]:
    """Join what is wanted and take out what is not; alone, exclusions leave the others."""
    items = _of(ledger, name)
    refused = {value for item in items if item.excludes for value in item.value}
    for item in items:
        if not item.excludes and refused.issuperset(item.value):
            ledger.drop(item, "conflict")
    kept = [item for item in _of(ledger, name) if not item.excludes]
    if all(item.soft for item in kept):
        for item in kept:
            ledger.drop(item, "asks_nothing")
    wanted = [v for item in _of(ledger, name) if not item.excludes for v in item.value]
    if not wanted and refused:
        wanted = [value for value in _WHOLE[name] if value not in refused]
    left = [value for value in dict.fromkeys(wanted) if value not in refused]
    if not left:
        for item in _of(ledger, name):
            ledger.drop(item, "conflict")
    return left


def _area(ledger: Ledger) -> dict[str, float]:
    """Join a lower and an upper end; otherwise what is said later stands."""
    kept: dict[str, float] = {}
    holders: list[Understood] = []
    for item in _of(ledger, "area_m2"):
        joined = kept | item.value
        if kept and set(kept).isdisjoint(item.value) and joined["min"] <= joined["max"]:
            kept = joined
            holders.append(item)
        elif kept == item.value:
            holders.append(item)
        else:
            for loser in holders:
                ledger.drop(loser, "conflict")
            kept, holders = dict(item.value), [item]
    return kept


def _prefer(items: Sequence[Understood]) -> Understood:
    """Return the item of a field that stands.

    An industry: the first, or a sub-sector of its sector said later. A soft item gives way.
    Anything else: the last.
    """
    firm = [item for item in items if not item.soft] or list(items)
    if firm[0].field != "industry":
        return firm[-1]
    best = firm[0]
    for item in firm[1:]:
        if sector_of(item.value) == best.value != item.value:
            best = item
    return best


def _one(ledger: Ledger, name: str) -> Any:
    items = _of(ledger, name)
    best = _prefer(items)
    for item in items:
        if item.value != best.value:
            inside = name == "industry" and sector_of(best.value) == item.value
            if not inside:
                ledger.drop(item, "conflict")
    return best.value


def settle(ledger: Ledger) -> dict[str, Any]:
    """Return the JSON object of the demand; losers of a conflict move to what is ignored."""
    demand: dict[str, Any] = {}
    for name in dict.fromkeys(item.field for item in list(ledger.understood)):
        if name in _LISTS:
            value: Any = _list(ledger, name)
        elif name == "area_m2":
            value = _area(ledger)
        else:
            value = _one(ledger, name)
        if value in ([], {}):
            continue
        group, dot, part = name.partition(".")
        if dot:
            demand.setdefault(group, {})[part] = value
        else:
            demand[name] = value
    return demand
