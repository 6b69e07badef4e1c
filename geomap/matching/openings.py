"""The units that a demand may look at, before anything is asked of their size.

Where a part of a unit may be taken, area and monthly cost are those of the part, so that the
two rules about them wait; all others are asked here, by the loops of the fast pass.
"""

from __future__ import annotations

import numpy as np

from geomap.catalog.columns import I4
from geomap.matching import kernel
from geomap.matching.context import Context, Flags
from geomap.matching.hard import RULES
from geomap.matching.prepared import SITE_RULES, Prepared

_ELSEWHERE = len(SITE_RULES) + 1
"""As the rule that refuses a site: it is not asked about."""


def open_places(prepared: Prepared, context: Context) -> I4:
    """Return the places in `Live` that meet every rule but those of area and budget.

    They stand in the thread's scratch: the next demand overwrites them.
    """
    refused = kernel._refused_sites(prepared, context)
    places, count = _open(prepared, context, refused)
    return places[: min(_sift(prepared, context, places, count).values(), default=count)]


def count_refused(
    prepared: Prepared, context: Context, among: Flags
) -> tuple[I4, dict[str, int], int]:
    """Return the open places of some sites, what each rule refuses there first, and the units.

    `among` says which sites, shape (n_sites,). Counted are the units that may be had: shown
    to whoever asks, vacant, or coming by the day of moving in. Area and budget are not asked.
    """
    refused = np.where(among, kernel._refused_sites(prepared, context), np.uint8(_ELSEWHERE))
    latest, live = kernel._latest(context), prepared.live
    counts = np.zeros(_ELSEWHERE + 1, dtype=np.int64)
    in_time = kernel._in_time(prepared, "vacant", latest)
    total = int(np.diff(live.free_vacant)[among].sum())
    late = total - int(in_time[among].sum())
    kernel._by_rule(in_time, refused, counts)
    if context.demand.move_in is not None:
        coming = kernel._in_time(prepared, "coming", latest)
        kernel._by_rule(coming, refused, counts)
        total += int(coming[among].sum())
    places, count = _open(prepared, context, refused)
    found = {"move_in": late, "unit_kind": int(counts[0]) - count}
    found |= {name: int(counts[1 + i]) for i, name in enumerate(SITE_RULES)}
    for name, left in _sift(prepared, context, places, count).items():
        found[name], count = count - left, left
    return places[:count], {name: found[name] for name in RULES if found.get(name)}, total


def _open(prepared: Prepared, context: Context, refused: np.ndarray) -> tuple[I4, int]:
    live, places = prepared.live, prepared.places()
    kinds, latest = kernel._kinds(context), kernel._latest(context)
    columns = refused, live.site, live.gate, kinds, latest, places
    count = int(kernel._open(live.vacant, *columns, 0))
    if context.demand.move_in is not None:
        count = int(kernel._open(live.coming, *columns, count))
    return places, count


def _sift(prepared: Prepared, context: Context, places: I4, count: int) -> dict[str, int]:
    """Drop the places that rules of units refuse; return what is left after each rule."""
    left = kernel._sift_by_needs(prepared, context, places, count)
    limit = context.demand.rent_max_cny_m2_month
    if limit is not None:
        count = min(left.values(), default=count)
        high = np.float32(limit)
        left["rent"] = int(kernel._keep_unless_above(places, count, prepared.live.rent, high))
    return left
