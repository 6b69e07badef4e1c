"""Clusters: what hangs together, and when pairs outside the core can close no gap."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.placement.clusters import program_of, prove, split
from geomap.placement.linear import Relaxed, projects_of
from tests.placement.small_pairs import market

PAIRS = market(
    [
        [(10, {0: 67}), (4, {2: 1})],
        [(9, {0: 67})],
        [(8, {1: 1}), (6, {0: 33})],
        [(7, {1: 1})],
    ],
    [100, 1, 1],
)
"""Two want two thirds of a workshop, two a room; the others' pairs lie outside the core."""
RELAXED = Relaxed(
    bound=10 + 9 * 33 / 67 + 8,
    best=np.array([1.0, 0.0, 1.0, 0.0]),
    price=np.array([9 / 67, 7.0, 0.0]),
    slack=np.zeros(6),
    taken=np.array([0, 3]),
    share=np.ones(2),
    spent_s=0.0,
)
CORE = np.array([0, 2, 3, 5])


def clusters():
    return split(PAIRS, RELAXED, CORE, projects_of(PAIRS))


def test_what_is_contended_ties_projects() -> None:
    found = clusters()
    workshop, room = found.of_resource[:2]
    assert found.of_project.tolist() == [workshop, workshop, room, room]
    assert len({workshop, room, found.of_resource[2]}) == 3
    columns = found.columns[found.at[workshop] : found.at[workshop + 1]]
    assert columns.tolist() == [0, 2]
    assert found.bound[workshop] == pytest.approx(1 + 100 * 9 / 67)
    assert found.bound[room] == pytest.approx(1 + 7)
    assert found.bound.sum() == pytest.approx(RELAXED.best.sum() + 100 * 9 / 67 + 7)


def test_gaps_add_up_where_clusters_grow_together() -> None:
    """With pair 4 the third project wants the workshop too: both clusters are one."""
    parts = clusters()
    gap = np.zeros(len(parts.bound))
    gap[parts.of_resource] = 3.5, 1.0, 0.25
    wider = split(PAIRS, RELAXED, np.array([0, 2, 3, 4, 5]), projects_of(PAIRS))
    added = wider.add_up(parts, gap)
    assert len(wider.bound) == len(parts.bound) - 1
    assert added[wider.of_resource].tolist() == [4.5, 4.5, 0.25]
    assert added.sum() == gap.sum()


def test_a_room_for_all_ties_nobody() -> None:
    pairs = market([[(3, {0: 2})], [(3, {0: 2})]], [4])
    free = Relaxed(6.0, np.full(2, 3.0), np.zeros(1), np.zeros(2), np.arange(2), np.ones(2), 0.0)
    assert len(set(split(pairs, free, np.arange(2), np.arange(2)).of_project.tolist())) == 2


def test_a_program_of_one_cluster() -> None:
    found = clusters()
    which = found.of_resource[:1]
    program = program_of(
        PAIRS, PAIRS.value * 1.0, 1.0, found, which, np.array([0]), projects_of(PAIRS)
    )
    assert (program.at.tolist(), program.weight.tolist()) == ([0, 2], [10.0, 9.0])
    assert (program.use.tolist(), program.capacity.tolist()) == ([67, 67], [100])
    assert (program.project.tolist(), program.start.tolist()) == ([0, 1], [True, False])


@pytest.mark.parametrize(("slack", "closes"), [(5.0, 0.0), (4.5, 0.0), (1.5, 3.0), (0.0, 4.5)])
def test_an_outside_pair_closes_what_it_does_not_pay(slack, closes) -> None:
    """Pair 4 (project 2) touches both clusters, of gaps 3.5 and 1: it closes 4.5 at most."""
    found = clusters()
    gap = np.zeros(len(found.bound))
    gap[found.of_resource[:2]] = 3.5, 1.0
    relaxed = Relaxed(
        20.0, RELAXED.best, RELAXED.price, np.array([0.0, 9.0, 0.0, 0.0, slack, 0.0]),
        RELAXED.taken, RELAXED.share, 0.0,
    )  # fmt: skip
    proof = prove(PAIRS, relaxed, found, gap, projects_of(PAIRS))
    assert proof.bound == pytest.approx(20.0 - 4.5 + closes)
    assert proof.missing.tolist() == ([4] if closes else [])
