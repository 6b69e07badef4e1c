"""How old the word of a listing is: its state, and what it is worth.

A listing is to be verified every 30 days. It is *fresh* up to 30 days after it was, then
*due* up to 60, *old* up to 90 and *stale* up to 120; after that it is *hidden* from the
public. A unit that nobody ever verified, and whose listing has no date, is *never*: shown,
and worth as little as one that is stale tomorrow.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import I4, MISSING_DAY, Flags
from geomap.domain.words import Label

DUE_DAYS = 30
HIDDEN_DAYS = 120
NEVER_FIT = 0.25


class Freshness(StrEnum):
    """State of a listing, by the days since it was verified."""

    FRESH = "fresh"
    DUE = "due"
    OLD = "old"
    STALE = "stale"
    HIDDEN = "hidden"
    NEVER = "never"


FRESHNESS_LABELS = {
    Freshness.FRESH: Label("新近核实", "Fresh"),
    Freshness.DUE: Label("该核实了", "Due for a check"),
    Freshness.OLD: Label("久未核实", "Old"),
    Freshness.STALE: Label("可能过时", "Stale"),
    Freshness.HIDDEN: Label("不再公开", "Hidden"),
    Freshness.NEVER: Label("没有核实过", "Never verified"),
}
_BY_AGE = tuple(Freshness)[:4]


class Checked(NamedTuple):
    """State of a listing, the day it was verified and the day it is next due, as days."""

    state: Freshness
    verified: int | None
    due: int | None


def check_of(verified: int, today: int) -> Checked:
    """Return the state of a listing verified on a day; days count from 1970-01-01."""
    if verified == MISSING_DAY:
        return Checked(Freshness.NEVER, None, None)
    age = max(0, today - verified)
    place = max(0, age - 1) // DUE_DAYS
    state = _BY_AGE[place] if place < len(_BY_AGE) else Freshness.HIDDEN
    return Checked(state, verified, verified + DUE_DAYS)


def is_shown(verified: I4, today: int) -> Flags:
    """Return which listings the public sees: verified within 120 days, or never."""
    return np.asarray(
        (verified == MISSING_DAY) | (today - verified.astype(np.int64) <= HIDDEN_DAYS)
    )


def freshness_fit(verified: I4, today: int) -> NDArray[np.float64]:
    """Return 1 on the day of the check, falling evenly to 0 after 120 days.

    The states lie at quarters: fresh from 1 to 0.75, due to 0.5, old to 0.25, stale to 0.
    """
    age = today - verified.astype(np.int64)
    fit = np.clip(1.0 - age / HIDDEN_DAYS, 0.0, 1.0)
    return np.where(verified == MISSING_DAY, NEVER_FIT, fit)
