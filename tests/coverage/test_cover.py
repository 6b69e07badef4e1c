"""Which sites a candidate serves: the walks of scipy, and streets whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.csgraph import dijkstra

from geomap.coverage import cover as room
from geomap.coverage.cover import build_cover, given_places, junctions_of, walks_to
from geomap.domain.errors import Cancelled
from geomap.streets.snap import Snapped
from tests.coverage.town import town
from tests.streets.drawn import lonlat, network_of, snapped
from tests.streets.test_walk import matrix_of

ISLANDS = {"a": (0, 0), "b": (300, 0), "c": (600, 0), "d": (0, 40), "e": (300, 40), "f": (600, 40)}
"""Two banks of a river, 40 m apart, without a bridge."""


def served(cover):
    return {int(c): cover.column(j).tolist() for j, c in enumerate(cover.candidate)}


def places_at(network, *xy) -> Snapped:
    x, y = zip(*xy, strict=True)
    return snapped(network, x, y)


def test_junctions_are_reached_as_scipy_walks() -> None:
    network, random = town(), np.random.default_rng(3)
    places = snapped(network, *random.uniform(0, 1600, (2, 40)))
    cover = build_cover(network, junctions_of(network), places, 700.0)
    links = list(zip(network.edge_u, network.edge_v, network.edge_m.astype(float), strict=True))
    matrix = matrix_of(links, network.node_count)
    for i in range(len(places)):
        start = places.position(i)
        u, v = network.edge_u[start.edge], network.edge_v[start.edge]
        rest = float(network.edge_m[start.edge]) - start.offset_m
        from_u = dijkstra(matrix, indices=u) + start.offset_m
        walks = np.minimum(from_u, dijkstra(matrix, indices=v) + rest) + start.access_m
        assert not (np.abs(walks - 700.0) < 0.01).any()
        expected = np.flatnonzero(walks <= 700.0).tolist()
        assert [c for c, sites in served(cover).items() if i in sites] == expected


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    network, random = town(), np.random.default_rng(4)
    places = snapped(network, *random.uniform(0, 1600, (2, 20)))
    whole = build_cover(network, junctions_of(network), places, 500.0)
    monkeypatch.setattr(room, "BLOCK", 3)
    seen = []
    parts = build_cover(
        network, junctions_of(network), places, 500.0, lambda done, total: seen.append(done)
    )
    assert served(parts) == served(whole)
    assert seen == [3, 6, 9, 12, 15, 18, 20]


def test_given_places_count_their_own_access() -> None:
    """From x = 100: 200 m along the street and 30 m off it."""
    network = network_of({"a": (0, 0), "b": (900, 0)}, ["ab"])
    lon, lat = lonlat([300, 300], [30, 31])
    candidates = given_places(network, ["near", "far"], lon, lat)
    at, item, walk_m = walks_to(network, candidates, places_at(network, (100, 0)), 230.5)
    assert [candidates.id[i] for i in item] == ["near"]
    assert (at.tolist(), walk_m.round(1).tolist()) == ([0, 1], [230.0])


def test_given_places_are_ordered_by_street_and_then_by_id() -> None:
    network = network_of({"a": (0, 0), "b": (900, 0)}, ["ab"])
    lon, lat = lonlat([500, 100, 500], [0, 0, 0])
    assert given_places(network, ["z", "m", "b"], lon, lat).id == ("m", "b", "z")


def test_the_other_bank_serves_nobody_here() -> None:
    network = network_of(ISLANDS, ["abc", "def"])
    here = places_at(network, (100, 0), (500, 0))
    lon, lat = lonlat([200, 200], [0, 40])
    candidates = given_places(network, ["here", "there"], lon, lat)
    cover = build_cover(network, candidates, here, 1200.0)
    assert [candidates.id[c] for c in cover.candidate] == ["here"]
    assert cover.reached.all()


def test_a_site_off_every_street_is_not_reached() -> None:
    network = town()
    cover = build_cover(network, junctions_of(network), places_at(network, (9000, 0)), 1200.0)
    assert len(cover) == 0
    assert cover.reached.tolist() == [False]


def test_no_sites_no_columns() -> None:
    network = town()
    none = snapped(network, [], [])
    assert len(build_cover(network, junctions_of(network), none, 1200.0)) == 0


def test_cancelled_between_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "BLOCK", 1)
    network, seen = town(), []

    def cancel(done: int, total: int) -> None:
        seen.append(done)
        if done == 2:
            raise Cancelled

    places = places_at(network, (0, 0), (200, 0), (400, 0))
    with pytest.raises(Cancelled):
        build_cover(network, junctions_of(network), places, 300.0, cancel)
    assert seen == [1, 2]
