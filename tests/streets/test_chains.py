"""Contraction: every segment in exactly one chain, chains end at junctions."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geomap.streets.chains import contract


def chains_of(pairs: list[tuple[int, int]], vertices: int) -> list[list[int]]:
    chains = contract(np.array(pairs, dtype=np.int32).reshape(-1, 2), vertices)
    return [chains.vertex[a:b].tolist() for a, b in pairwise(chains.at)]


def test_a_street_is_one_chain():
    assert chains_of([(0, 1), (1, 2), (2, 3)], 4) == [[0, 1, 2, 3]]


def test_a_crossing_parts_four_chains():
    assert sorted(map(len, chains_of([(0, 4), (1, 4), (2, 4), (3, 4)], 5))) == [2, 2, 2, 2]


def test_a_ring_alone_is_opened_at_its_lowest_vertex():
    assert chains_of([(1, 2), (2, 3), (1, 3)], 4) == [[1, 2, 3, 1]]


def test_a_loop_at_a_junction_is_one_chain():
    chains = chains_of([(0, 1), (1, 2), (2, 3), (1, 3)], 4)
    assert sorted(map(len, chains)) == [2, 4]
    loop = max(chains, key=len)
    assert loop[0] == loop[-1] == 1


@given(st.sets(st.tuples(st.integers(0, 11), st.integers(0, 11)), min_size=1, max_size=40))
def test_every_segment_lies_in_one_chain_and_chains_end_at_junctions(raw):
    pairs = sorted({(min(p), max(p)) for p in raw if p[0] != p[1]})
    chains = chains_of(pairs, 12)
    walked = Counter((min(s), max(s)) for chain in chains for s in pairwise(chain))
    assert walked == Counter(pairs)
    degree = Counter(v for pair in pairs for v in pair)
    for chain in chains:
        assert all(degree[v] == 2 for v in chain[1:-1])
        assert chain[0] == chain[-1] or all(degree[v] != 2 for v in (chain[0], chain[-1]))
