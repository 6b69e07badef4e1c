from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from geomap.catalog.columns import MISSING_DAY
from geomap.matching.context import days_of
from geomap.matching.demand_json import parse_demand
from geomap.matching.freshness import (
    FRESHNESS_LABELS,
    Freshness,
    check_of,
    freshness_fit,
    is_shown,
)
from geomap.matching.match import match, rank
from tests.matching.conftest import TODAY
from tests.matching.town import draw_town

NOW = days_of(TODAY)


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (-3, "fresh"), (0, "fresh"), (30, "fresh"), (31, "due"), (60, "due"), (61, "old"),
        (90, "old"), (91, "stale"), (120, "stale"), (121, "hidden"), (900, "hidden"),
    ],
)  # fmt: skip
def test_states_change_at_30_60_90_and_120_days(age: int, state: str) -> None:
    checked = check_of(NOW - age, NOW)
    assert (checked.state, checked.due) == (state, NOW - age + 30)
    shown = is_shown(np.array([NOW - age], dtype=np.int32), NOW)
    assert bool(shown[0]) == (state != "hidden")


def test_never_verified_is_shown_and_worth_little() -> None:
    assert check_of(int(MISSING_DAY), NOW) == (Freshness.NEVER, None, None)
    days = np.array([MISSING_DAY, NOW, NOW - 30, NOW - 60, NOW - 120, NOW - 500, NOW + 9])
    days = days.astype(np.int32)
    assert is_shown(days, NOW).tolist() == [True, True, True, True, True, False, True]
    assert freshness_fit(days, NOW).tolist() == [0.25, 1.0, 0.75, 0.5, 0.0, 0.0, 1.0]


def test_the_clock_is_an_argument(tmp_path: Path) -> None:
    """What the public sees today it no longer sees in a year; who looks after it does."""
    catalog = draw_town(tmp_path, 3).catalog
    nothing = parse_demand({})
    now = match(catalog, nothing, today=TODAY)
    later = match(catalog, nothing, today=TODAY + timedelta(days=366))
    assert now.rejected["freshness"] < later.rejected["freshness"]
    assert now.total > later.total > 0
    inside = rank(catalog, nothing, today=date(2036, 1, 1), public=False)
    assert "freshness" not in inside.sieved.rejected()
    assert len(inside.rows) == now.total + now.rejected["freshness"]


def test_every_state_has_its_words() -> None:
    assert set(FRESHNESS_LABELS) == set(Freshness)
