"""Where the next facilities close most gaps: streets where the right junction is known."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.coverage.access import CATEGORIES
from geomap.coverage.batch import list_amenities_of
from geomap.coverage.cover import given_places, junctions_of, walks_to
from geomap.coverage.profiles import get_profile
from geomap.coverage.repair import (
    Mode,
    PlannedFacility,
    RepairRequest,
    Sites,
    plan_repair,
)
from geomap.domain.errors import Cancelled, InputError
from tests.coverage.town import C, index_of, town
from tests.streets.drawn import ORIGIN, lonlat, network_of, snapped

ROAD = {
    letter: (x, y)
    for i, low in enumerate("abcdefg")
    for letter, x, y in ((low, i * 600, 0), (low.upper(), i * 600, 50))
}
"""A road of 3.6 km with a side street every 600 m: junctions b (600) to f (3,000)."""
DEFAULT, CULTURE = get_profile("wenzhou-6-6"), get_profile("plan-culture")


def road():
    sides = [f"{low}{low.upper()}" for low in "bcdef"]
    return network_of(ROAD, ["abcdefg", *sides])


def ask(category=C.CAFE, **more) -> RepairRequest:
    return RepairRequest(**({"profile": DEFAULT, "category": category} | more))


def sites_at(network, *xy, amenities=(), weight=None, limit=1200.0) -> Sites:
    x, y = zip(*xy, strict=True)
    places = snapped(network, x, y)
    index = index_of(network, *amenities)
    count = list_amenities_of(network, index, places, limit).count
    return Sites(places, count, np.array(weight or [1] * len(xy), dtype=np.int64))


def repair(network, sites, request, candidates=None, **more):
    return plan_repair(network, candidates or junctions_of(network), sites, request, **more)


def east_of(network, place) -> float:
    """Return metres east of the origin of a chosen junction."""
    return round(float(network.node_x[place.candidate] - ORIGIN[0]))


def test_the_junction_between_two_sites_closes_both() -> None:
    """Only the junction at 1,200 lies within 1,200 m of both 100 and 2,300."""
    network = road()
    sites = sites_at(network, (100, 0), (2300, 0))
    found = repair(network, sites, ask())
    (place,) = found.places
    assert east_of(network, place) == 1200
    assert (place.closes.sites, place.closes.weight) == (2, 2.0)
    assert [(s.site, round(s.walk_m)) for s in place.served] == [(0, 1100), (1, 1100)]
    assert [(s.score_before, s.score_after) for s in place.served] == [(0, 1), (0, 1)]
    assert (found.before.sites, found.after.sites, found.after.weight) == (2, 0, 0.0)
    assert (found.bound, found.closed, found.proven, found.guarantee) == (2.0, 2.0, True, 1.0)
    assert (found.gap, found.gap_rows, found.unreachable) == (None, (0, 1), ())


def test_a_site_with_the_category_has_no_gap() -> None:
    network = road()
    sites = sites_at(network, (100, 0), (3500, 0), amenities=[(300, 0, C.CAFE)])
    found = repair(network, sites, ask(k=2))
    assert (found.before.sites, len(found.places)) == (1, 1)
    assert [s.site for s in found.places[0].served] == [1]


def test_weights_draw_the_place() -> None:
    """Three sites at the west end, one large one at the east end."""
    network = road()
    at = [(100, 0), (120, 0), (140, 0), (3500, 0)]
    by_sites = repair(network, sites_at(network, *at), ask())
    assert by_sites.places[0].closes.sites == 3
    heavy = repair(network, sites_at(network, *at, weight=[1, 1, 1, 9]), ask())
    assert (heavy.places[0].closes.sites, heavy.places[0].closes.weight) == (1, 9.0)
    assert (heavy.before.weight, heavy.after.weight) == (12.0, 3.0)


def test_sites_of_no_weight_draw_nothing() -> None:
    network = road()
    found = repair(network, sites_at(network, (100, 0), weight=[0]), ask(k=3))
    assert (found.places, found.before.sites, found.after.sites) == ((), 1, 1)
    assert (found.bound, found.guarantee, found.proven) == (0.0, 1.0, True)


def test_exact_finds_what_greedy_misses() -> None:
    """The middle serves four of six sites; the two sides serve all."""
    network = road()
    at = [(300, 0), (1300, 0), (1350, 0), (2250, 0), (2300, 0), (3300, 0)]
    sites = sites_at(network, *at)
    lon, lat = lonlat([900, 1800, 2700], [0, 0, 0])
    candidates = given_places(network, ["west", "middle", "east"], lon, lat)
    greedy = repair(network, sites, ask(k=2), candidates)
    assert candidates.id[greedy.places[0].candidate] == "middle"
    assert (greedy.closed, greedy.proven) == (5.0, False)
    assert greedy.bound >= 6.0
    exact = repair(network, sites, ask(k=2, mode=Mode.EXACT), candidates)
    assert {candidates.id[p.candidate] for p in exact.places} == {"west", "east"}
    assert (exact.closed, exact.bound, exact.gap, exact.proven) == (6.0, 6.0, 0.0, True)


@given(
    st.lists(st.tuples(st.integers(0, 1600), st.integers(0, 1600)), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 1600), st.integers(0, 1600)), min_size=1, max_size=6),
    st.integers(1, 3),
)
@settings(max_examples=30)
def test_exact_is_brute_force_and_greedy_within_its_guarantee(at, places, k) -> None:
    network, profile = town(), DEFAULT
    sites = sites_at(network, *at)
    x, y = zip(*places, strict=True)
    ids = [f"p{i}" for i in range(len(places))]
    candidates = given_places(network, ids, *lonlat(x, y))
    ends, item, _ = walks_to(network, candidates, sites.places, profile.limit_m)
    near = [set(item[ends[i] : ends[i + 1]].tolist()) for i in range(len(at))]
    best = max(
        sum(bool(own & set(chosen)) for own in near)
        for chosen in combinations(range(len(places)), min(k, len(places)))
    )
    exact = repair(network, sites, ask(k=k, mode=Mode.EXACT), candidates)
    assert (exact.closed, exact.bound, exact.proven) == (best, best, True)
    greedy = repair(network, sites, ask(k=k), candidates)
    assert 0.632 * best <= greedy.closed <= best <= greedy.bound
    assert greedy.after.sites == greedy.before.sites - greedy.closed


def test_across_the_water_nothing_is_closed() -> None:
    banks = {"a": (0, 0), "b": (400, 0), "c": (0, 30), "d": (400, 30)}
    network = network_of(banks, ["ab", "cd"])
    candidates = given_places(network, ["there"], *lonlat([200], [30]))
    found = repair(network, sites_at(network, (200, 0)), ask(), candidates)
    assert (found.places, found.unreachable, found.considered) == ((), (0,), 1)
    assert (found.before.sites, found.after.sites, found.bound) == (1, 1, 0.0)


def test_equal_places_go_to_the_first() -> None:
    network = road()
    lon, lat = lonlat([700, 700, 710], [0, 0, 0])
    candidates = given_places(network, ["b", "a", "c"], lon, lat)
    found = repair(network, sites_at(network, (600, 0)), ask(k=2), candidates)
    assert [candidates.id[p.candidate] for p in found.places] == ["a"]
    assert (found.considered, found.distinct) == (3, 1)


def test_of_junctions_that_serve_the_same_the_nearest_is_taken() -> None:
    network = road()
    (place,) = repair(network, sites_at(network, (1850, 0)), ask()).places
    assert east_of(network, place) == 1800


def test_what_is_planned_already_counts_as_there() -> None:
    network = road()
    sites = sites_at(network, (100, 0), (3500, 0))
    lon, lat = lonlat(200, 0)
    added = (PlannedFacility(C.CAFE, float(lon), float(lat)),)
    found = repair(network, sites, ask(added=added))
    assert found.before.sites == 1
    assert [s.site for s in found.places[0].served] == [1]
    other = (PlannedFacility(C.BAR, float(lon), float(lat)),)
    scores = repair(network, sites, ask(added=other, k=2)).places
    assert {s.site: s.score_after for p in scores for s in p.served} == {0: 2, 1: 1}


def test_combined_categories_are_gaps_of_their_own() -> None:
    """Site 0 lacks both, site 1 only the bar."""
    network = road()
    sites = sites_at(network, (100, 0), (3500, 0), amenities=[(3400, 0, C.CAFE)])
    found = repair(network, sites, ask(combine=(C.BAR,), k=2))
    assert (found.before.sites, found.before.weight) == (2, 3.0)
    assert [(p.closes.sites, p.closes.weight) for p in found.places] == [(1, 2.0), (1, 1.0)]
    first = found.places[0].served[0]
    assert (first.open_before, first.open_after) == (2, 0)
    assert (first.score_before, first.score_after) == (0, 2)


def test_a_requirement_for_three_needs_three_places() -> None:
    """A library meets the first requirement at once; the second asks for three spaces."""
    network = town()
    sites = sites_at(network, (800, 800))
    found = repair(network, sites, ask(C.LEARNING, profile=CULTURE, k=4))
    assert [(p.closes.sites, round(p.closes.weight, 4)) for p in found.places] == [
        (0, 1.3333),
        (0, 0.3333),
        (1, 0.3333),
    ]
    assert (found.before.weight, found.after.weight, found.after.sites) == (2.0, 0.0, 0)
    assert len({p.candidate for p in found.places}) == 3
    steps = [(s.open_before, s.open_after) for p in found.places for s in p.served]
    assert steps == [(2, 1), (1, 1), (1, 0)]
    exact = repair(network, sites, ask(C.LEARNING, profile=CULTURE, k=2, mode=Mode.EXACT))
    assert (exact.proven, round(exact.closed, 4)) == (True, 1.6667)


def test_a_place_that_brings_two_of_three_halves_the_work() -> None:
    network = town()
    sites = sites_at(network, (800, 800))
    request = ask(C.THEATRE, combine=(C.BOOKSHOP,), profile=CULTURE, k=9)
    found = repair(network, sites, request)
    assert [p.closes.weight for p in found.places] == [0.5, 0.5]
    assert found.after.sites == 0


def test_a_category_that_the_profile_does_not_ask_for_is_refused() -> None:
    network, profile = road(), get_profile("gb50180")
    sites = sites_at(network, (100, 0))
    with pytest.raises(InputError) as caught:
        repair(network, sites, ask(C.BAR, profile=profile))
    assert (caught.value.field, bool(caught.value.fix)) == ("category", True)
    with pytest.raises(InputError) as caught:
        repair(network, sites, ask(C.TRANSIT, combine=(C.RETAIL, C.CAFE), profile=profile))
    assert caught.value.field == "combine.1"


def test_sites_off_the_streets_are_unreachable_and_stay_open() -> None:
    network = road()
    found = repair(network, sites_at(network, (100, 0), (9000, 0)), ask(k=5))
    assert (found.unreachable, found.before.sites, found.after.sites) == ((1,), 2, 1)


def test_no_sites() -> None:
    network = road()
    places = snapped(network, [], [])
    none = Sites(places, np.zeros((0, len(CATEGORIES)), np.int32), np.zeros(0, np.int64))
    found = repair(network, none, ask(k=3, mode=Mode.EXACT))
    assert (found.places, found.before.sites, found.proven, found.gap) == ((), 0, True, 0.0)


@pytest.mark.parametrize("stage", ["walking", "solving"])
def test_cancelled(stage: str) -> None:
    def cancel(done: int, total: int) -> None:
        raise Cancelled

    network = road()
    with pytest.raises(Cancelled):
        repair(network, sites_at(network, (100, 0)), ask(), **{stage: cancel})
