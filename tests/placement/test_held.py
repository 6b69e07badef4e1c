"""What is left, who holds it, and what is still to be had."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.domain.placement import Policy
from geomap.placement.book import build_book
from geomap.placement.greedy import solve_greedy
from geomap.placement.held import hold, holders_of
from geomap.placement.rest import rest_of
from tests.placement.market import city
from tests.placement.strategies import projects


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 5), projects(least=2), st.data())
def test_a_pair_is_free_if_its_project_could_have_it_instead(seed, asked, data) -> None:
    book = build_book(city(seed), asked, Policy())
    order = np.array(data.draw(st.permutations(range(len(asked)))), dtype=np.int64)
    choice = solve_greedy(book.pairs, order).choice
    held, pairs = hold(book, choice), book.pairs
    taken = [given_by(pairs, choice, row) for row in range(len(asked))]
    assert held.left.tolist() == (pairs.capacity - sum(taken)).tolist()
    for row in range(len(asked)):
        others = pairs.capacity - sum(taken) + taken[row]
        for pair in range(book.span(row).start, book.span(row).stop):
            at = slice(*pairs.use_start[pair : pair + 2])
            enough = bool((pairs.use[at] <= others[pairs.resource[at]]).all())
            assert held.free[pair] == enough
            by = [
                other
                for other in range(len(asked))
                if other != row and taken[other][pairs.resource[at]].any()
            ]
            assert holders_of(book, held, pair, row) == by
            assert enough or by


def given_by(pairs, choice, row: int) -> np.ndarray:
    taken = np.zeros_like(pairs.capacity)
    if choice[row] >= 0:
        at = slice(*pairs.use_start[choice[row] : choice[row] + 2])
        taken[pairs.resource[at]] += pairs.use[at]
    return taken


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 5), projects(least=2), st.data())
def test_the_rest_is_what_can_still_be_given_beside_pins(seed, asked, data) -> None:
    from dataclasses import replace

    book = build_book(city(seed), asked, Policy())
    some = np.array(data.draw(st.lists(st.booleans(), min_size=len(asked), max_size=len(asked))))
    chosen = solve_greedy(book.pairs, np.arange(len(asked))).choice
    book = replace(book, pinned=np.where(some, chosen, -1))
    rest, pairs = rest_of(book), book.pairs
    taken = sum(given_by(pairs, book.pinned, row) for row in range(len(asked)))
    left = pairs.capacity - taken
    kept = []
    for row in range(len(asked)):
        for pair in range(book.span(row).start, book.span(row).stop):
            at = slice(*pairs.use_start[pair : pair + 2])
            if book.pinned[row] < 0 and (pairs.use[at] <= left[pairs.resource[at]]).all():
                kept.append(pair)
    assert rest.index.tolist() == kept
    assert rest.pairs.value.tolist() == pairs.value[kept].tolist()
    solved = solve_greedy(rest.pairs, np.arange(len(asked)))
    whole = rest.whole(solved)
    assert whole.value == pairs.value[whole.choice[whole.choice >= 0]].sum()
    assert rest.narrowed(whole.choice).tolist() == solved.choice.tolist()
    assert (
        sum(given_by(pairs, whole.choice, row) for row in range(len(asked))) <= pairs.capacity
    ).all()
