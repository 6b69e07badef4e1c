"""The pass over the open units of one project: how each is taken, how it fits, its value.

Compiled, since 2,000 projects look at 100,000 units each. It gives what the rules of area and
budget and the scores of matching give over the same offers, and is tested against them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from geomap.matching.freshness import HIDDEN_DAYS, NEVER_FIT
from geomap.matching.kernel import _clip, _rent_fit
from geomap.matching.offers import LONGEST_RUN
from geomap.matching.scores import UNKNOWN_RENT_FIT
from geomap.placement.parts import _SLACK, DESKS, DIVISIBLE, HUNDREDTHS

_DIGITS = 1e9
_MISSING = -(2**31)
_HIDDEN, _NEVER = float(HIDDEN_DAYS), float(NEVER_FIT)
TAKEN, AREA, BUDGET, RESERVED, FORBIDDEN = range(5)
"""What becomes of an open unit: it is a candidate, or refused by this."""


@njit(cache=True, nogil=True, inline="always")
def _part(i: Any, area: Any, ways: Any, size: Any) -> Any:
    """Return area and use of one unit by itself; a use of 0 where its size does not do."""
    least, most, best, heads, _ = size
    mode, capacity, part_min = ways[0][i], ways[1][i], ways[2][i]
    use = capacity
    if mode == DESKS and heads > 0:
        if heads > capacity:
            return area, 0
        area, use = area * heads / capacity, heads
    elif mode == DIVISIBLE and best > 0.0:
        low, high = max(least, part_min), min(most, area)
        if low > high:
            return area, 0
        part = min(max(best, low), high)
        use = min(int(np.ceil(part * HUNDREDTHS - _SLACK)), capacity)
        area = part
    rounded = np.float32(area)
    return area, use if rounded >= least and rounded <= most else 0


@njit(cache=True, nogil=True, inline="always")
def _span(i: Any, open_here: Any, after: Any, scored: Any, least: Any) -> Any:
    """Return the length of the shortest run of open units that is large enough, 0 for none."""
    area, here = scored[i, 5], i
    for span in range(2, LONGEST_RUN + 1):
        here = after[here]
        if here < 0 or not open_here[here]:
            return 0
        area += scored[here, 5]
        if np.float32(area) >= least:
            return span
    return 0


@njit(cache=True, nogil=True, inline="always")
def _sum_run(i: Any, span: Any, cost: Any, ways: Any, scored: Any) -> Any:
    """Return area, monthly cost, oldest check, m² not finished, and the last unit of a run."""
    area, total, seen, coming, here = scored[i, 5], cost[i], ways[6][i], ways[8][i], i
    for _ in range(span - 1):
        here = ways[3][here]
        area += scored[here, 5]
        total += cost[here]
        seen = min(seen, ways[6][here])
        coming += ways[8][here]
    return area, total, seen, coming, here


@njit(cache=True, nogil=True, inline="always")
def _score(area: Any, rent: Any, usual: Any, beside: Any, fresh: Any, ask: Any) -> Any:
    """Return the points of the criteria of units; `area` as it is stored, in float32."""
    log_best, limit, budget, by_area, by_rent, by_grow, by_fresh = ask
    points = by_grow * _clip(beside / max(area, 1e-3)) + by_fresh * fresh
    if by_area > 0.0:
        points += by_area * _clip(1.0 - abs(np.log2(max(area, 1e-3)) - log_best) * 0.5)
    if by_rent > 0.0:
        fit = UNKNOWN_RENT_FIT
        if limit < np.inf or budget < np.inf:
            fit = _rent_fit(rent, area, limit, budget, UNKNOWN_RENT_FIT)
        elif not (np.isnan(rent) or np.isnan(usual)):
            fit = _clip(1.5 - rent / max(usual, 1e-6))
        points += by_rent * fit
    return points


@njit(cache=True, nogil=True, inline="always")
def _fresh(seen: Any, today: Any) -> Any:
    return _NEVER if seen == _MISSING else _clip(1.0 - (today - seen) / _HIDDEN)


@njit(cache=True, nogil=True)
def _offer(i: Any, open_here: Any, scored: Any, cost: Any, ways: Any, size: Any, shut: Any) -> Any:
    """Return how a unit is taken: area, use (0: not at all), span, monthly cost, rent, oldest
    check, m² not finished, last unit, and whether any of it is closed.
    """
    area, rent, seen = scored[i, 5], scored[i, 4], ways[6][i]
    if not (size[4] and np.float32(area) < size[0]):
        part, use = _part(i, area, ways, size)
        paid = cost[i] if part == area else rent * part
        coming = part if ways[8][i] > 0.0 else 0.0
        return part, use, 1, paid, rent, seen, coming, i, shut[i]
    span = _span(i, open_here, ways[3], scored, size[0])
    if not span:
        return area, 0, 1, cost[i], rent, seen, 0.0, i, shut[i]
    area, paid, seen, coming, last = _sum_run(i, span, cost, ways, scored)
    closed, here = shut[i], i
    for _ in range(span - 1):
        here = ways[3][here]
        closed = max(closed, shut[here])
    use = 1 if np.float32(area) <= size[1] else 0
    return area, use, span, paid, float(np.float32(paid / area)), seen, coming, last, closed


@njit(cache=True, nogil=True)
def weigh(
    places: Any,
    open_here: Any,
    units: Any,
    asked: Any,
    of_site: Any,
    shut: Any,
    worth: Any,
    steps: Any,
    out: Any,
    tally: Any,
    best: Any,
) -> Any:
    """Write the candidates among open places; return their number.

    Parameters
    ----------
    places, open_here
        Open places, shape (k,), and the same as flags, shape (n_live,), where runs are sought.
    units
        Columns of the units: `Live.scored`, `Live.cost`, `parts.Ways`.
    asked
        Size: least and most area, m², the best (0 where nothing tells), headcount, combine;
        log₂ of the best area, limit, budget, weights of area, rent, room to grow, freshness;
        the sum of all weights, the day, the most that may be paid a month with its tolerance.
    of_site
        Points, step, share of platforms and vacant m² of each site, shapes (n_sites,).
    shut
        `RESERVED` or `FORBIDDEN` for a place, else 0, shape (n_live,).
    worth
        Weight of growth, area needed by then (0: not stated), weight of the chain (0: not
        stated), value of being placed, and the factor of all with `SCALE`.
    steps
        Whether a step is allowed, and its margin, shapes (3,).
    out
        value, place, score, fit, area, use, span: arrays of shape (n_live,) to write to.
    tally, best
        By step and what became of it, shape (3, 5); the best score by step, shape (3,).
    """
    scored, cost, ways = units
    size, criteria, total, today, ceiling = asked
    points, step_of, chain, vacant = of_site
    growth, needed, by_chain, placed, factor = worth
    shares = 1.0 + (growth if needed > 0.0 else 0.0) + by_chain
    count = 0
    for i in places:
        site = int(scored[i, 7])
        step = step_of[site]
        area, use, span, paid, rent, seen, coming, last, closed = _offer(
            i, open_here, scored, cost, ways, size, shut
        )
        what = closed
        if use == 0:
            what = AREA
        elif paid > ceiling:
            what = BUDGET
        tally[step, what] += 1
        if what:
            continue
        beside, fresh = ways[4][i] + ways[5][last], _fresh(seen, today)
        stored = float(np.float32(area))
        score = points[site] + _score(stored, rent, ways[7][i], beside, fresh, criteria)
        score = np.rint(score * (_DIGITS / total)) / _DIGITS
        best[step] = max(best[step], score)
        if not steps[0][step]:
            continue
        fit = score + by_chain * chain[site]
        if needed > 0.0:
            fit += growth * _clip((vacant[site] + coming) / needed)
        fit /= shares
        out[0][count] = max(1, int(np.rint(factor * (placed + fit - steps[1][step]))))
        out[1][count], out[2][count], out[3][count] = i, score, fit
        out[4][count], out[5][count], out[6][count] = area, use, span
        count += 1
    return count
