from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

from geomap.domain.records import Unit
from geomap.domain.words import UnitKind, UnitStatus
from tests.demo.conftest import TODAY, UNITS, Built

HALLS = (UnitKind.PILOT_LINE, UnitKind.WORKSHOP)


def vacant(units: list[Unit]) -> list[Unit]:
    return [unit for unit in units if unit.status is UnitStatus.VACANT]


def test_statuses_are_shared_as_in_a_living_city(built: Built) -> None:
    share = {k: n / UNITS for k, n in Counter(unit.status for unit in built.units).items()}
    assert 0.6 < share[UnitStatus.LEASED] < 0.82
    assert 0.1 < share[UnitStatus.VACANT] < 0.24
    assert 0.0 < share[UnitStatus.HELD] < 0.08
    assert 0.0 < share[UnitStatus.PIPELINE] < 0.16
    assert 0.0 < share[UnitStatus.WITHDRAWN] < 0.05


def test_days_fit_the_status(built: Built) -> None:
    for unit in built.units:
        if unit.status is UnitStatus.VACANT:
            assert unit.free_from is not None and unit.free_from <= TODAY
        if unit.status is UnitStatus.PIPELINE:
            assert unit.free_from is not None and unit.free_from > TODAY
        if unit.status is UnitStatus.LEASED and unit.free_from is not None:
            assert unit.free_from > TODAY
    leased = [u for u in built.units if u.status is UnitStatus.LEASED]
    assert any(u.free_from for u in leased) and any(u.free_from is None for u in leased)


def test_only_leased_units_have_tenants(built: Built) -> None:
    for unit in built.units:
        assert bool(unit.tenant) == (unit.status is UnitStatus.LEASED)


def test_figures_lie_in_their_ranges(built: Built) -> None:
    for unit in built.units:
        assert 20 <= unit.area_m2 <= 6000 and unit.floor >= 1
        assert unit.rent_cny_m2_month is None or 10 <= unit.rent_cny_m2_month <= 60
        assert (unit.desks is not None) == (unit.kind is UnitKind.OPEN_DESK)
        assert unit.room.startswith(str(unit.floor))


def test_some_large_units_may_be_let_in_parts(built: Built) -> None:
    parted = [u for u in built.units if u.divisible_min_m2 is not None]
    halls = [u for u in built.units if u.kind in HALLS and u.area_m2 > 1000]
    assert {u.kind for u in parted} <= {*HALLS, UnitKind.OFFICE}
    for unit in parted:
        assert unit.divisible_min_m2 is not None
        hall = unit.kind in HALLS
        assert unit.area_m2 > (1000 if hall else 300)
        assert 200 <= unit.divisible_min_m2 <= 400 if hall else unit.divisible_min_m2 == 60
    assert 0.15 < sum(u.divisible_min_m2 is not None for u in halls) / len(halls) < 0.35
    assert any(u.kind is UnitKind.OFFICE for u in parted)


def test_kinds_differ_as_they_should(built: Built) -> None:
    by_kind: dict[UnitKind, list[Unit]] = defaultdict(list)
    for unit in built.units:
        by_kind[unit.kind].append(unit)
    assert set(by_kind) == set(UnitKind)

    def mean(kind: UnitKind, name: str) -> float:
        values = [getattr(u, name) for u in by_kind[kind] if getattr(u, name) is not None]
        return sum(values) / len(values)

    assert mean(UnitKind.WORKSHOP, "area_m2") > 5 * mean(UnitKind.OFFICE, "area_m2")
    assert mean(UnitKind.WORKSHOP, "rent_cny_m2_month") < mean(UnitKind.OFFICE, "rent_cny_m2_month")
    assert mean(UnitKind.WORKSHOP, "floor_load_kn_m2") > mean(UnitKind.LAB, "floor_load_kn_m2")
    assert all(u.water is not False for u in by_kind[UnitKind.LAB])
    assert not any(u.clean_room for u in by_kind[UnitKind.OFFICE])


def test_rooms_are_unique_in_their_site(built: Built) -> None:
    rooms = [(u.site_id, u.building, u.floor, u.room) for u in built.units]
    assert len(set(rooms)) == len(rooms)


def test_most_checks_are_recent_and_some_are_stale(built: Built) -> None:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    ages = [now - u.verified_at for u in built.units if u.verified_at is not None]
    assert all(timedelta() <= age < timedelta(days=420) for age in ages)
    recent = sum(age < timedelta(days=30) for age in ages)
    stale = sum(age > timedelta(days=60) for age in ages)
    assert recent > 0.7 * len(ages) and 0 < stale < 0.15 * len(ages)
    assert any(u.verified_at is None for u in built.units)


def test_dense_places_are_dearer(built: Built) -> None:
    offices: dict[str, list[float]] = defaultdict(list)
    county = {site.id: site.declared_adcode for site in built.city.sites}
    for unit in built.units:
        if unit.kind is UnitKind.OFFICE and unit.rent_cny_m2_month:
            offices[county[unit.site_id]].append(unit.rent_cny_m2_month)
    mean = {code: sum(v) / len(v) for code, v in offices.items()}
    assert mean["330302"] > mean["330305"]
