"""Small markets: pairs written by hand, drawn by hypothesis, and solved by trying everything."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import strategies as st

from geomap.placement.pairs import I8, Pairs

Offer = tuple[int, dict[int, int]]
"""What a pair is worth, and how much it takes of which resource."""


def market(
    projects: list[list[Offer]], capacity: list[int], rest: list[int] | None = None
) -> Pairs:
    """Pairs of projects, each a list of offers; they are put in order, best first."""
    lists = [sorted(offers, key=lambda offer: -offer[0]) for offers in projects]
    offers = [offer for row in lists for offer in row]
    uses = [sorted(use.items()) for _, use in offers]
    flat = [item for use in uses for item in use]
    return Pairs(
        np.cumsum([0, *map(len, lists)], dtype=np.int64),
        np.array([value for value, _ in offers], dtype=np.int64),
        np.cumsum([0, *map(len, uses)], dtype=np.int64),
        np.array([r for r, _ in flat], dtype=np.int32),
        np.array([u for _, u in flat], dtype=np.int64),
        np.array(capacity, dtype=np.int64),
        np.array(rest or [0] * len(projects), dtype=np.int64),
    )


def uses_of(pairs: Pairs, pair: int) -> dict[int, int]:
    """How much a pair takes of which resource."""
    at = slice(pairs.use_start[pair], pairs.use_start[pair + 1])
    return dict(zip(pairs.resource[at].tolist(), pairs.use[at].tolist(), strict=True))


def offers_of(pairs: Pairs) -> list[list[Offer]]:
    """The offers of each project, as `market` takes them."""
    return [
        [(int(pairs.value[i]), uses_of(pairs, i)) for i in range(*pairs.start[p : p + 2])]
        for p in range(len(pairs))
    ]


def is_possible(pairs: Pairs, choice: tuple[int, ...]) -> bool:
    held = [0] * len(pairs.capacity)
    for pair in choice:
        for r, use in uses_of(pairs, pair).items() if pair >= 0 else ():
            held[r] += use
    return all(h <= c for h, c in zip(held, pairs.capacity, strict=True))


def try_everything(pairs: Pairs, keep: I8 | None = None) -> tuple[int, int]:
    """The most value of all allocations, and of those of that value the most that is kept."""
    options = [[-1, *range(pairs.start[p], pairs.start[p + 1])] for p in range(len(pairs))]
    wanted = set() if keep is None else {int(k) for k in keep if k >= 0}
    return max(
        (sum(int(pairs.value[i]) for i in choice if i >= 0), len(wanted & set(choice)))
        for choice in itertools.product(*options)
        if is_possible(pairs, choice)
    )


def is_blocked(pairs: Pairs, choice: I8, project: int, pair: int) -> bool:
    """Whether a project and a place would both rather have this pair, by the definition."""
    value = pairs.value[pair]
    if choice[project] >= 0 and pairs.value[choice[project]] >= value:
        return False
    for r, use in uses_of(pairs, pair).items():
        stays = [
            uses_of(pairs, int(other)).get(r, 0)
            for q, other in enumerate(choice)
            if q != project and other >= 0 and pairs.value[other] >= value
        ]
        if use > pairs.capacity[r] - sum(stays):
            return False
    return True


def blocking_by_definition(pairs: Pairs, choice: I8) -> list[tuple[int, int]]:
    return [
        (p, i)
        for p in range(len(pairs))
        for i in range(pairs.start[p], pairs.start[p + 1])
        if is_blocked(pairs, choice, p, i)
    ]


@st.composite
def markets(draw: st.DrawFn, most: int = 6, offers: int = 4) -> Pairs:
    """Up to 6 projects that want rooms, runs of rooms, desks and parts, with ties."""
    capacity = [1, 1, 1, 1, draw(st.integers(2, 6)), draw(st.integers(100, 3000))]

    def use(kind: int, first: int, share: int) -> dict[int, int]:
        if kind == 0:
            return {first: 1}
        if kind == 1:
            return dict.fromkeys(range(first, min(first + 3, 4)), 1)
        r = 4 if kind == 2 else 5
        return {r: max(1, capacity[r] * share // 100)}

    offer = st.tuples(
        st.integers(1, 12),
        st.builds(use, st.integers(0, 3), st.integers(0, 3), st.integers(10, 100)),
    )
    projects = draw(st.lists(st.lists(offer, max_size=offers), min_size=1, max_size=most))
    return market(projects, capacity)


def draw_keep(draw: st.DrawFn, pairs: Pairs) -> I8:
    """A pair to keep for some projects."""
    return np.array(
        [
            draw(st.sampled_from([-1, *range(pairs.start[p], pairs.start[p + 1])]))
            for p in range(len(pairs))
        ],
        dtype=np.int64,
    )


@st.composite
def markets_to_keep(draw: st.DrawFn) -> tuple[Pairs, I8]:
    pairs = draw(markets())
    return pairs, draw_keep(draw, pairs)
