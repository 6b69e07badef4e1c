from collections import defaultdict
from datetime import date

import numpy as np
import pytest

from geomap.demo.sites import Schedule, SitePlan, schedule
from geomap.domain.records import Site, Target
from geomap.domain.words import Indicator, SiteLevel

TODAY = date(2026, 6, 30)


def make_plan(count: int) -> SitePlan:
    """Sites of one unit, all of 10,000 m²."""
    nothing = np.zeros(count, dtype=np.int64)
    sites = [Site(id=f"s{k}", name=f"s{k}", geometry=None) for k in range(count)]
    return SitePlan(sites, nothing, nothing, nothing, np.full(count, 0.5), np.zeros((count, 2)))


def make_targets(space: float) -> list[Target]:
    return [
        Target(reporting_unit="330302", year=year, indicator=Indicator.SPACE, value=space)
        for year in (2025, 2026, 2027)
    ]


@pytest.fixture(scope="module")
def times() -> Schedule:
    plan = make_plan(100)
    area = np.full(100, 10_000.0)
    return schedule(plan, area, ["330302"], make_targets(20.0), seed=4, today=TODAY)


def test_new_space_follows_the_task_more_or_less(times: Schedule) -> None:
    opened: dict[int, int] = defaultdict(int)
    for day in times.opened:
        opened[day.year] += 1
    assert 10 <= opened[2025] <= 27  # 20 sites of 1 (10,000 m²) make the task
    assert 4 <= opened[2026] <= 15  # half of the year is over
    assert opened[2027] == 0


def test_nothing_opens_after_today(times: Schedule) -> None:
    assert max(times.opened) <= TODAY
    assert min(times.opened) > date(2014, 1, 1)


def test_few_sites_are_national(times: Schedule) -> None:
    count = defaultdict(int, {level: times.level.count(level) for level in set(times.level)})
    assert count[SiteLevel.NATIONAL] == 4
    assert count[SiteLevel.NATIONAL] < count[SiteLevel.PROVINCIAL] < count[SiteLevel.MUNICIPAL]
    assert count[None] == 12


def test_a_day_before_the_plan_opens_nothing_in_it() -> None:
    plan = make_plan(10)
    early = date(2024, 3, 1)
    found = schedule(
        plan, np.full(10, 9_000.0), ["330302"], make_targets(20.0), seed=4, today=early
    )
    assert max(found.opened) <= early
