"""Driver values as typed arrays."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from geomap.catalog.columns import MISSING_DAY
from geomap.catalog.convert import to_days


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-01", "2026-03-01"),
        (date(2026, 3, 1), "2026-03-01"),
        ("2026-02-28 16:00:00", "2026-03-01"),
        ("2026-02-28 16:00:00.000000", "2026-03-01"),
        ("2026-02-28 15:59:59.999999", "2026-02-28"),
        ("2026-02-28T16:00:00+00:00", "2026-03-01"),
        ("2026-02-28T16:00:00.000001+00:00", "2026-03-01"),
        ("2026-02-28T16:00:00Z", "2026-03-01"),
        ("2026-03-01T00:00:00+08:00", "2026-03-01"),
        (datetime(2026, 2, 28, 16, tzinfo=UTC), "2026-03-01"),
        (datetime(2026, 2, 28, 15, tzinfo=UTC), "2026-02-28"),
    ],
)
def test_a_moment_counts_for_its_day_in_wenzhou(value, day: str):
    assert to_days([None, value]).tolist() == [MISSING_DAY, np.datetime64(day, "D").astype(int)]


def test_no_values_no_days():
    assert to_days([]).tolist() == []
    assert to_days([None]).tolist() == [MISSING_DAY]
