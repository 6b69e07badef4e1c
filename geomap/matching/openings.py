"""The units that a demand may look at, before anything is asked of their size.

Where a part of a unit may be taken, area and monthly cost are those of the part, so that the
two rules about them wait; all others are asked here, by the loops of the fast pass.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import I4
from geomap.matching import kernel
from geomap.matching.context import Context, Flags
from geomap.matching.hard import RULES
from geomap.matching.prepared import SITE_RULES, Prepared

_ELSEWHERE = len(SITE_RULES) + 1
"""As the rule that refuses a site: it is not asked about."""
_FIRST = ("move_in", "unit_kind")


def open_places(prepared: Prepared, context: Context) -> I4:
    """Return the places in `Live` that meet every rule but those of area and budget.

    They stand in the thread's scratch: the next demand overwrites them.
    """
    refused = kernel.refused_sites(prepared, context)
    places, count = _open(prepared, context, refused)
    return places[: min(_sift(prepared, context, places, count).values(), default=count)]


def count_refused(
    prepared: Prepared, context: Context, among: Flags
) -> tuple[I4, dict[str, int], int]:
    """Return the open places of some sites, what refuses the other units there, and their number.

    `among` says which sites, shape (n_sites,). Counted are the units that may be had: shown
    to whoever asks, vacant, or coming by the day of moving in. Whether one is free in time and
    of a kind wanted is asked before the rules of sites, so that those speak of such units
    alone; area and budget are not asked. The places stand in the thread's scratch.
    """
    refused = kernel.refused_sites(prepared, context)
    live, latest = prepared.live, kernel.latest_of(context)
    vacant = int(np.diff(live.free_vacant)[among].sum())
    in_time = int(kernel.in_time(prepared, "vacant", latest)[among].sum())
    late, total = vacant - in_time, vacant
    if context.demand.move_in is not None:
        coming = int(kernel.in_time(prepared, "coming", latest)[among].sum())
        in_time, total = in_time + coming, total + coming
    places, count = _open(prepared, context, (~among).astype(np.uint8))
    by_site = np.bincount(refused[live.site[places[:count]]], minlength=1 + len(SITE_RULES))
    found = {"move_in": late, "unit_kind": in_time - count}
    found |= {name: int(by_site[1 + i]) for i, name in enumerate(SITE_RULES)}
    places, count = _open(prepared, context, np.where(among, refused, np.uint8(_ELSEWHERE)))
    for name, left in _sift(prepared, context, places, count).items():
        found[name], count = count - left, left
    order = (*_FIRST, *(rule for rule in RULES if rule not in _FIRST))
    return places[:count], {name: found[name] for name in order if found.get(name)}, total


def _open(prepared: Prepared, context: Context, refused: NDArray[np.uint8]) -> tuple[I4, int]:
    live, places = prepared.live, prepared.places()
    kinds, latest = kernel.kinds_of(context), kernel.latest_of(context)
    columns = refused, live.site, live.gate, kinds, latest, places
    count = int(kernel.open_units(live.vacant, *columns, 0))
    if context.demand.move_in is not None:
        count = int(kernel.open_units(live.coming, *columns, count))
    return places, count


def _sift(prepared: Prepared, context: Context, places: I4, count: int) -> dict[str, int]:
    """Drop the places that rules of units refuse; return what is left after each rule."""
    left = kernel.sift_by_needs(prepared, context, places, count)
    limit = context.demand.rent_max_cny_m2_month
    if limit is not None:
        count = min(left.values(), default=count)
        high = np.float32(limit)
        left["rent"] = int(kernel.keep_unless_above(places, count, prepared.live.rent, high))
    return left
