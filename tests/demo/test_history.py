from collections import defaultdict
from datetime import date

import pytest

from geomap.demo.history import MONTHS, list_months
from geomap.domain.records import UnitHistory
from geomap.domain.words import UnitStatus
from tests.demo.conftest import TODAY, Built


@pytest.fixture(scope="module")
def by_site(built: Built) -> dict[str, list[UnitHistory]]:
    months: dict[str, list[UnitHistory]] = defaultdict(list)
    for row in built.history:
        months[row.site_id].append(row)
    return months


def test_months_end_with_that_of_today() -> None:
    months = list_months(date(2026, 2, 10))
    assert len(months) == MONTHS == 36
    assert (months[0], months[-1]) == (date(2023, 3, 1), date(2026, 2, 1))
    assert months == sorted(set(months))


def test_the_last_month_says_what_the_units_say(
    built: Built, by_site: dict[str, list[UnitHistory]]
) -> None:
    for site in built.city.sites:
        mine = [u for u in built.units if u.site_id == site.id]
        leased = [u for u in mine if u.status is UnitStatus.LEASED]
        last = by_site[site.id][-1]
        assert last.month == date(TODAY.year, TODAY.month, 1)
        assert last.leased_m2 == pytest.approx(sum(u.area_m2 for u in leased))
        vacant = sum(u.area_m2 for u in mine if u.status is UnitStatus.VACANT)
        assert last.vacant_m2 == pytest.approx(vacant)
        assert last.tenants == site.tenants == len({u.tenant for u in leased})
        assert last.jobs == site.jobs


def test_history_begins_with_the_opening(
    built: Built, by_site: dict[str, list[UnitHistory]]
) -> None:
    for site in built.city.sites:
        months = [row.month for row in by_site[site.id]]
        assert site.opened_on is not None
        opened = date(site.opened_on.year, site.opened_on.month, 1)
        first = max(opened, list_months(TODAY)[0])
        assert months == [m for m in list_months(TODAY) if m >= first]


def test_space_is_kept_and_nothing_is_negative(by_site: dict[str, list[UnitHistory]]) -> None:
    for rows in by_site.values():
        total = rows[-1].leased_m2 + rows[-1].vacant_m2
        for row in rows:
            assert row.leased_m2 >= 0 and row.vacant_m2 >= 0
            assert row.tenants >= 0 and row.jobs >= 0
            assert row.leased_m2 + row.vacant_m2 == pytest.approx(total, abs=0.2)


def test_the_city_fills_up(built: Built) -> None:
    leased: dict[date, float] = defaultdict(float)
    for row in built.history:
        leased[row.month] += row.leased_m2
    months = sorted(leased)
    assert leased[months[-1]] > 1.2 * leased[months[0]]
