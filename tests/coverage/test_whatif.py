"""What if: what an edit may do, and that it equals a city built so from the start."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.catalog.build import build_catalog
from geomap.catalog.catalog import Catalog
from geomap.coverage.access import SEARCH_M, index_places
from geomap.coverage.cover import part_of
from geomap.coverage.edits import Edits, NewAmenity, NewSite, Spot, edits_to_json, parse_edits
from geomap.coverage.profiles import get_profile
from geomap.coverage.resolve import Resolved, require_found, require_region, resolve_edits
from geomap.coverage.whatif import (
    Comparison,
    World,
    access_of,
    carry_streets,
    changed_walks,
    compare,
    total_of,
    touched_sites,
)
from geomap.domain.errors import InputError
from geomap.domain.records import Amenity, Site
from geomap.domain.words import AmenityCategory, LocationPrecision
from geomap.store import write
from geomap.store.engine import open_store
from geomap.streets.edit import find_edge
from geomap.streets.snap import snap_points
from tests.coverage.town import CATEGORIES, C, index_of, town
from tests.streets.drawn import lonlat, network_of
from tests.streets.test_edit import BANKS, TWO_BANKS, edge_at

PROFILE = get_profile("wenzhou-6-6")
NONE = np.empty(0, dtype=np.int64)
Item = tuple[float, float, AmenityCategory]


def world_of(network, items: list[Item], sites: list[tuple[float, float]]) -> World:
    x, y = np.array(sites, dtype=float).reshape(-1, 2).T
    return World(network, index_of(network, *items), snap_points(network, *lonlat(x, y)))


def spot(x: float, y: float) -> Spot:
    lon, lat = lonlat(x, y)
    return Spot(float(lon), float(lat))


def resolved(*, amenities=(), sites=(), edges=(), added: list[Item] = (), new_sites=()) -> Resolved:
    return Resolved(
        (),
        np.array(amenities, dtype=np.int64),
        np.array(sites, dtype=np.int64),
        np.array(sorted(edges), dtype=np.int64),
        tuple(NewAmenity(f"n{i}", c, spot(x, y)) for i, (x, y, c) in enumerate(added)),
        tuple(NewSite(f"t{i}", spot(x, y)) for i, (x, y) in enumerate(new_sites)),
    )


def run(today: World, edits: Resolved) -> tuple[World, Comparison]:
    return compare(
        today, access_of(today, PROFILE), carry_streets(today, edits.edges), edits, PROFILE
    )


def banks(items: list[Item], sites: list[tuple[float, float]]) -> World:
    return world_of(network_of(TWO_BANKS, BANKS), items, sites)


def test_without_the_footbridge_the_cafe_is_farther() -> None:
    today = banks([(0.0, 100.0, C.CAFE)], [(0.0, -5.0), (300.0, 105.0)])
    bridge = edge_at(today.network, 0.0, 50.0)
    world, found = run(today, resolved(edges=[bridge]))
    cafe = CATEGORIES.index(C.CAFE)
    assert found.before.nearest_m[:, cafe] == pytest.approx([105.0, 305.0], abs=0.1)
    assert found.after.nearest_m[:, cafe] == pytest.approx([705.0, 305.0], abs=0.1)
    assert found.changed.tolist() == [0]
    assert world.network.version != today.network.version
    other = edge_at(today.network, 300.0, 50.0)
    _, parted = run(today, resolved(edges=[bridge, other]))
    assert parted.after.count[:, cafe].tolist() == [0, 1]
    assert (parted.score_before.score[0], parted.score_after.score[0]) == (1, 0)
    assert parted.score_after.passed.tolist() == [False, False]


def test_an_amenity_taken_away_leaves_the_next_one() -> None:
    items = [(200.0, 0.0, C.CAFE), (600.0, 0.0, C.CAFE), (800.0, 0.0, C.BAR)]
    today = world_of(town(), items, [(0.0, 0.0), (1600.0, 1600.0)])
    _, found = run(today, resolved(amenities=[0, 2]))
    cafe, bar = CATEGORIES.index(C.CAFE), CATEGORIES.index(C.BAR)
    assert found.changed.tolist() == [0, 1]
    assert (found.after.nearest[0, cafe], found.after.count[0, cafe]) == (1, 1)
    assert found.after.nearest_m[0, cafe] == pytest.approx(600.0, abs=0.1)
    assert (found.after.count[0, bar], found.after.nearest[0, bar]) == (0, -1)
    assert np.flatnonzero(changed_walks(found.before, found.after)[0]).tolist() == sorted(
        [bar, cafe]
    )
    assert found.score_after.score.tolist() == [1, 0]


def test_new_amenities_and_sites_stand_after_the_others() -> None:
    today = world_of(town(), [(200.0, 0.0, C.CAFE)], [(0.0, 0.0)])
    _, found = run(today, resolved(added=[(100.0, 0.0, C.CAFE)], new_sites=[(100.0, 3.0)]))
    cafe = CATEGORIES.index(C.CAFE)
    assert found.after.nearest[:, cafe].tolist() == [1, 1]
    assert found.after.nearest_m[:, cafe] == pytest.approx([100.0, 3.0], abs=0.1)
    assert found.before.known.tolist() == [True, False]
    assert found.score_before.score.tolist() == [1, -1]
    assert found.score_after.score.tolist() == [1, 1]


def test_a_site_taken_away_counts_no_longer() -> None:
    today = world_of(town(), [(0.0, 0.0, C.CAFE)], [(0.0, 0.0), (1600.0, 1600.0)])
    _, found = run(today, resolved(sites=[1]))
    assert found.changed.tolist() == [1]
    before, after = total_of(found.score_before), total_of(found.score_after)
    assert (before.sites, before.mean) == (2, 0.5)
    assert (after.sites, after.mean) == (1, 1.0)
    nobody = total_of(found.score_after, np.array([False, True]))
    assert nobody.sites == 0 and np.isnan(nobody.mean)


def test_a_site_whose_street_goes_walks_from_the_next() -> None:
    today = world_of(town(), [(0.0, 200.0, C.CAFE)], [(100.0, 50.0), (100.0, 5.0)])
    edge = edge_at(today.network, 100.0, 0.0)
    _, found = run(today, resolved(edges=[edge]))
    assert found.moved.tolist() == [bool(today.places.edge[0] == edge), True]
    assert found.after.known.all()


def test_a_site_whose_only_street_goes_is_known_no_more() -> None:
    corners = {"a": (0.0, 0.0), "b": (100.0, 0.0), "c": (600.0, 0.0), "d": (100.0, 90.0)}
    today = world_of(network_of(corners, ("abc", "bd")), [(0.0, 0.0, C.CAFE)], [(500.0, 3.0)])
    _, found = run(today, resolved(edges=[edge_at(today.network, 400.0, 0.0)]))
    assert (found.changed.tolist(), found.moved.tolist()) == ([0], [False])
    assert not found.after.known[0] and total_of(found.score_after).sites == 0


def test_the_worst_change_comes_first() -> None:
    items = [(0.0, 0.0, C.CAFE), (0.0, 200.0, C.CAFE), (1600.0, 1600.0, C.BAR)]
    today = world_of(town(), items, [(0.0, 0.0), (1600.0, 1600.0), (1600.0, 0.0)])
    _, found = run(today, resolved(amenities=[0, 2], added=[(1600.0, 0.0, C.CINEMA)]))
    gain = found.score_after.score - found.score_before.score
    assert gain[found.changed].tolist() == sorted(gain[found.changed].tolist())
    assert found.changed[0] == 1 or gain[1] > gain[0]


def test_far_sites_are_not_walked_again() -> None:
    network = network_of({"a": (0.0, 0.0), "b": (9000.0, 0.0), "c": (9000.0, 90.0)}, ("ab", "bc"))
    today = world_of(network, [(10.0, 0.0, C.CAFE)], [(50.0, 0.0), (2900.0, 0.0), (8000.0, 0.0)])
    edits = resolved(amenities=[0])
    streets = carry_streets(today, edits.edges)
    after, _ = compare(today, access_of(today, PROFILE), streets, edits, PROFILE)
    assert touched_sites(today, after, streets, edits, SEARCH_M).tolist() == [True, True, False]


PLACE = st.tuples(st.floats(-40, 1640), st.floats(-40, 1640))
ITEMS = st.lists(st.tuples(*[st.floats(-40, 1640)] * 2, st.sampled_from(list(C))), max_size=12)
SITES = st.lists(PLACE, min_size=1, max_size=5)
EDGES = st.sets(st.integers(0, town().edge_count - 1), max_size=10)
LAW = settings(max_examples=50, deadline=None)


@LAW
@given(ITEMS, SITES)
def test_no_edits_change_nothing(items: list[Item], sites: list) -> None:
    today = world_of(town(), items, sites)
    world, found = run(today, resolved())
    assert not len(found.changed) and world.network is today.network
    assert np.array_equal(found.before.count, found.after.count)


@LAW
@given(ITEMS, SITES, st.data())
def test_taking_away_never_helps(items: list[Item], sites: list, data: st.DataObject) -> None:
    rows = st.sets(st.integers(0, max(len(items) - 1, 0)), max_size=len(items))
    today = world_of(town(), items, sites)
    _, found = run(today, resolved(amenities=sorted(data.draw(rows))))
    assert (found.score_after.score <= found.score_before.score).all()
    assert (found.after.count <= found.before.count).all()


@LAW
@given(ITEMS, SITES, ITEMS)
def test_adding_never_harms(items: list[Item], sites: list, more: list[Item]) -> None:
    _, found = run(world_of(town(), items, sites), resolved(added=more))
    assert (found.score_after.score >= found.score_before.score).all()
    assert (found.after.count >= found.before.count).all()


@LAW
@given(ITEMS, SITES, EDGES)
def test_a_street_less_never_shortens_a_walk(items: list[Item], sites: list, edges: set) -> None:
    today = world_of(town(), items, sites)
    # What stood on a street that goes walks from another, perhaps nearer to its aims.
    moved = np.isin(today.index.places.edge, list(edges))
    stay = [item for item, gone in zip(items, moved, strict=True) if not gone]
    today = world_of(town(), stay, sites)
    _, found = run(today, resolved(edges=edges))
    rows = ~np.isin(today.places.edge, list(edges))
    walks = [np.nan_to_num(a.nearest_m[rows], nan=1e9) for a in (found.before, found.after)]
    assert (walks[1] >= walks[0] - 0.01).all()
    assert (found.score_after.score[rows] <= found.score_before.score[rows]).all()


@LAW
@given(ITEMS, SITES, EDGES, ITEMS, st.data())
def test_an_edited_city_is_one_built_so(
    items: list[Item], sites: list, edges: set, more: list[Item], data: st.DataObject
) -> None:
    """All edits at once, against walking every site of the edited city from scratch."""
    rows = data.draw(st.sets(st.integers(0, max(len(items) - 1, 0)), max_size=len(items)))
    today = world_of(town(), items, sites)
    edits = resolved(amenities=sorted(rows), edges=edges, added=more)
    world, found = run(today, edits)
    left = [item for i, item in enumerate(items) if i not in rows]
    anew = world_of(world.network, [*left, *more], sites)
    # Places keep their street; where snapping anew takes another, walks may differ.
    keep = [i for i in range(len(items)) if i not in rows] + list(
        range(len(items), len(items) + len(more))
    )
    same = np.array_equal(world.index.places.edge[keep], anew.index.places.edge)
    if not (same and np.array_equal(world.places.edge, anew.places.edge)):
        rows_left = np.array(keep, dtype=np.int64)
        stand = part_of(world.index.places, rows_left)
        index = index_places(world.network, world.index.category[rows_left], stand)
        anew = World(world.network, index, world.places)
    fresh = access_of(anew, PROFILE)
    assert np.array_equal(found.after.count, fresh.count)
    assert np.array_equal(found.after.nearest_m, fresh.nearest_m, equal_nan=True)
    number = np.append(np.array(keep, dtype=np.int64), -1)
    assert np.array_equal(found.after.nearest, number[fresh.nearest])


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    store = open_store(f"sqlite:///{tmp_path / 'geomap.gpkg'}")
    at = [shapely.Point(s.lon, s.lat) for s in (spot(0, 0), spot(800, 800))]
    with store.writing("test") as tx:
        write.add_sites(
            tx,
            [
                Site(id="s1", name="一", geometry=at[0]),
                Site(id="s2", name="二", geometry=at[1], precision=LocationPrecision.TOWN),
            ],
        )
        place = spot(200, 0)
        write.add_amenities(
            tx, [Amenity(id="a1", name="咖", category=C.CAFE, lon=place.lon, lat=place.lat)]
        )
    found = build_catalog(store)
    store.close()
    return found


def test_each_edit_is_found_or_says_why_not(catalog: Catalog) -> None:
    near, sea = spot(500, 10), spot(5000, 5000)
    edits = Edits(
        ("a1", "gone"),
        ("s1", "s2", "s9"),
        (near, sea),
        (NewAmenity("n", C.BAR, near), NewAmenity("m", C.BAR, sea)),
        (NewSite("t", near), NewSite("s1", near), NewSite("u", sea)),
    )
    found = resolve_edits(edits, catalog, town())
    assert [f.ok for f in found.findings] == [
        True, False, True, False, False, True, False, True, False, True, False, False,
    ]  # fmt: skip
    assert (found.amenities.tolist(), found.sites.tolist()) == ([0], [0])
    assert found.edges.tolist() == [find_edge(town(), near.lon, near.lat)[0]]
    assert [a.id for a in found.added] == ["n"] and [s.id for s in found.new_sites] == ["t"]
    assert found.findings[0].name == "咖"
    assert found.findings[5].length_m == pytest.approx(200.0, abs=0.1)
    assert all(f.reason.zh and f.reason.en for f in found.findings if f.reason)
    with pytest.raises(InputError, match="no amenity gone") as error:
        require_found(found.findings)
    assert error.value.field == "edits.drop_amenities.1" and error.value.fix is not None


def test_two_points_of_a_street_take_it_once(catalog: Catalog) -> None:
    edits = Edits(drop_streets=(spot(90, 1), spot(110, 1)))
    assert len(resolve_edits(edits, catalog, town()).edges) == 1


def test_places_outside_of_the_region_are_refused() -> None:
    require_region(Edits(drop_streets=(spot(-300, -300),)), town())
    wrong = Edits(
        add_amenities=(NewAmenity("n", C.BAR, spot(0, 0)),), drop_streets=(Spot(28, 120),)
    )
    for edits, field in (
        (wrong, "edits.drop_streets.0"),
        (Edits(add_sites=(NewSite("t", Spot(0.0, 0.0)),)), "edits.add_sites.0"),
    ):
        with pytest.raises(InputError) as error:
            require_region(edits, town())
        assert error.value.field == field and "120.7" in error.value.fix.en  # type: ignore[union-attr]


WHOLE = {
    "drop_amenities": ["a1"],
    "drop_sites": ["s1"],
    "drop_streets": [{"lon": 120.7, "lat": 28.0}],
    "add_amenities": [{"category": "cafe", "lon": 120.7, "lat": 28.0, "name": "<b>新</b>"}],
    "add_sites": [{"id": "x", "lon": 120.7, "lat": 28.0, "name": "新址"}],
}


def test_edits_there_and_back() -> None:
    edits = parse_edits(WHOLE)
    assert len(edits) == 5
    assert edits_to_json(edits) == WHOLE
    assert edits.add_amenities[0] == NewAmenity(
        "added:amenity-1", C.CAFE, Spot(120.7, 28.0), "<b>新</b>"
    )
    twice = {"drop_amenities": ["a", "a"], "drop_streets": WHOLE["drop_streets"] * 2}
    assert edits_to_json(parse_edits(twice)) == {
        "drop_amenities": ["a"],
        "drop_streets": WHOLE["drop_streets"],
    }


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (None, "edits"),
        ([], "edits"),
        ({}, "edits"),
        ({"drop_amenities": []}, "edits"),
        ({"drop": ["a"]}, "edits.drop"),
        ({"drop_amenities": ["a"] * 201}, "edits"),
        ({"drop_amenities": "a"}, "edits.drop_amenities"),
        ({"drop_amenities": [""]}, "edits.drop_amenities.0"),
        ({"drop_sites": ["a", 7]}, "edits.drop_sites.1"),
        ({"drop_sites": ["a" * 201]}, "edits.drop_sites.0"),
        ({"drop_streets": [[120.7, 28.0]]}, "edits.drop_streets.0"),
        ({"drop_streets": [{"lon": 120.7}]}, "edits.drop_streets.0.lat"),
        ({"drop_streets": [{"lon": float("nan"), "lat": 28}]}, "edits.drop_streets.0.lon"),
        ({"drop_streets": [{"lon": float("inf"), "lat": 28}]}, "edits.drop_streets.0.lon"),
        ({"drop_streets": [{"lon": True, "lat": 28}]}, "edits.drop_streets.0.lon"),
        ({"drop_streets": [{"lon": 120.7, "lat": 91}]}, "edits.drop_streets.0.lat"),
        ({"drop_streets": [{"lon": 1, "lat": 1, "z": 1}]}, "edits.drop_streets.0.z"),
        ({"add_amenities": [{"lon": 1, "lat": 1}]}, "edits.add_amenities.0.category"),
        ({"add_amenities": [{"category": ["x"]}]}, "edits.add_amenities.0.category"),
        (
            {"add_amenities": [{"category": "cafe", "lon": 1, "lat": 1, "name": "a\nb"}]},
            "edits.add_amenities.0.name",
        ),
        (
            {"add_amenities": [{"category": "cafe", "lon": 1, "lat": 1, "name": "字" * 81}]},
            "edits.add_amenities.0.name",
        ),
        (
            {"add_amenities": [{"category": "cafe", "lon": 1, "lat": 1, "name": 5}]},
            "edits.add_amenities.0.name",
        ),
        ({"add_sites": [{"id": "a b", "lon": 1, "lat": 1}]}, "edits.add_sites.0.id"),
        ({"add_sites": [{"id": "a", "lon": 1, "lat": 1}] * 2}, "edits.add_sites.1.id"),
    ],
)
def test_what_cannot_be_used_names_its_field(value: object, field: str) -> None:
    with pytest.raises(InputError) as error:
        parse_edits(value)
    assert error.value.field == field
    assert error.value.fix is not None and error.value.fix.zh and error.value.fix.en


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*WHOLE, "lon", "lat", "category", "name", "id"]), inner, max_size=3
            )
        ),
        max_leaves=8,
    )
)
def test_any_json_is_edits_or_refused(value: object) -> None:
    try:
        assert 0 < len(parse_edits(value)) <= 200
    except InputError as error:
        assert error.field.startswith("edits")
