"""Pairs are those that the rules and scores of matching give, unit by unit."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.domain.placement import Policy
from geomap.placement.book import build_book
from geomap.placement.steps import allowed_steps
from tests.placement.market import city, project
from tests.placement.plain import read_pairs
from tests.placement.strategies import policies, projects

LIKE = settings(deadline=None, max_examples=40)
SEEDS = st.integers(0, 5)


@LIKE
@given(SEEDS, st.sampled_from([0, 5]), projects(most=1), policies())
def test_pairs_are_those_of_rules_and_scores(seed, alike, asked, policy) -> None:
    ready = city(seed, alike=alike)
    book = build_book(ready, asked, policy)
    plain = read_pairs(ready, asked[0], policy)
    allowed = allowed_steps(policy)
    wanted = {row: one for row, one in plain.items() if one.way and allowed[one.step]}
    assert set(book.row.tolist()) == set(wanted)
    for pair, row in enumerate(book.row.tolist()):
        one = wanted[row]
        assert book.members(pair) == list(one.way.rows)
        assert abs(book.area_m2[pair] - one.way.area_m2) < 1e-6
        assert book.desks[pair] == one.way.desks
        span = slice(*book.pairs.use_start[pair : pair + 2])
        assert tuple(book.pairs.use[span].tolist()) == one.way.use
        assert abs(book.score[pair] - one.score) <= 2e-9
        assert abs(book.fit[pair] - one.fit) <= 1e-8
        assert abs(book.pairs.value[pair] - one.value) <= 1
        assert book.step[pair] == one.step


@LIKE
@given(SEEDS, projects(most=1), policies())
def test_steps_are_counted_with_what_refuses_their_units(seed, asked, policy) -> None:
    ready = city(seed)
    book = build_book(ready, asked, policy)
    plain = read_pairs(ready, asked[0], policy)
    names = ("", "area", "budget", "reserved", "forbidden")
    for step in range(3):
        here = [one for one in plain.values() if one.step == step]
        for at, name in enumerate(names):
            assert book.tally[0, step, at] == sum(one.refused == name for one in here), name
        scores = [one.score for one in here if one.way]
        assert (book.best[0, step] == max(scores)) if scores else book.candidates[0, step] == 0


@LIKE
@given(SEEDS, st.sampled_from([0, 3]), projects(most=3), st.integers(1, 12))
def test_the_best_are_kept_and_the_rest_is_bounded(seed, alike, asked, most) -> None:
    ready = city(seed, alike=alike)
    every, few = build_book(ready, asked, Policy()), build_book(ready, asked, Policy(), most=most)
    for row in range(len(asked)):
        whole, part = every.span(row), few.span(row)
        best = every.row[whole][:most].tolist()
        assert few.row[part].tolist() == best
        beyond = every.pairs.value[whole][most:]
        assert few.pairs.rest[row] == (beyond[0] if len(beyond) else 0)
        assert few.dropped[row] == len(beyond)


@LIKE
@given(SEEDS, st.sampled_from([0, 3]), projects(most=2), policies())
def test_pairs_stand_best_first_and_equals_in_their_order(seed, alike, asked, policy) -> None:
    ready = city(seed, alike=alike)
    book, sites = build_book(ready, asked, policy), ready.catalog.sites
    for at, one in enumerate(asked):
        span = book.span(at)
        keys = [
            (
                -int(book.pairs.value[pair]),
                int(book.step[pair]),
                -float(book.score[pair]),
                sites.id[int(book.site[pair])] != one.current_site,
                int(book.row[pair]),
            )
            for pair in range(span.start, span.stop)
        ]
        assert keys == sorted(keys)


def test_drawn_cities_have_every_way_of_taking_units() -> None:
    met = {"whole": 0, "part": 0, "desks": 0, "run": 0}
    for seed in range(6):
        ready = city(seed)
        for heads, least in ((4, None), (8, 80.0), (20, 150.0)):
            asked = project("a", headcount=heads, area_min_m2=least, combine_adjacent=True)
            book = build_book(ready, [asked], Policy())
            for pair in range(len(book.row)):
                use = slice(*book.pairs.use_start[pair : pair + 2])
                capacity = book.pairs.capacity[book.pairs.resource[use]]
                part = int(book.pairs.use[use][0]) < int(capacity[0])
                run, desks = len(book.members(pair)) > 1, bool(book.desks[pair])
                met["run" if run else "desks" if desks else "part" if part else "whole"] += 1
    assert all(count > 20 for count in met.values()), met
