"""All pairs of projects and places, with what each would take, its score and its value.

A project's pairs are those of its best `most` places by value. Whatever is left out is worth
no more than ``pairs.rest`` says, so that a solver can prove that nothing was lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from geomap.catalog.columns import F4, F8, I1, I4, I8
from geomap.domain.placement import PlacedDemand, Policy
from geomap.matching import kernel
from geomap.matching.context import Context
from geomap.matching.hard import COST_TOLERANCE
from geomap.matching.openings import open_places
from geomap.matching.prepared import Prepared
from geomap.matching.scores import wanted_area
from geomap.placement.fits import Worth, area_needed, chain_shares, vacant_by_site
from geomap.placement.listed import Listed, Order, empty, keep_best
from geomap.placement.pairs import Pairs, Progress
from geomap.placement.parts import DESKS, Size, Ways, build_ways, list_run
from geomap.placement.pins import Pinned
from geomap.placement.shut import Shut, build_shut
from geomap.placement.steps import allowed_steps, known_steps, margins_of
from geomap.placement.weigh import weigh

MOST = 2_000
"""Pairs kept of a project: the issue's largest size then fits in a third of a gigabyte."""
OUTCOMES = 5


@dataclass(frozen=True, slots=True)
class Book:
    """Pairs and what they mean.

    By pair, shape (m,): `row` the first unit row, `site` its row, `step` as a place in
    `steps.STEPS`, `score` of matching, `fit` with growth and chain, `area_m2` and `desks`
    taken (0 where desks are not counted). `unit` is the unit row of each resource, shape (r,).
    By project and step, shapes (n, 3): `best` the best score, NaN without a candidate; and
    `tally` what became of the open units, shape (n, 3, 5), see `weigh`. `dropped` counts the
    candidates that have no pair, shape (n,). `pinned` is the pair of each pinned project, -1
    for none, shape (n,).
    """

    prepared: Prepared
    projects: tuple[PlacedDemand, ...]
    policy: Policy
    walks: Mapping[str, F4]
    pairs: Pairs
    row: I4
    site: I4
    step: I1
    score: F8
    fit: F8
    area_m2: F8
    desks: I4
    unit: I4
    best: F8
    tally: I8
    dropped: I8
    pinned: I8

    @property
    def candidates(self) -> I8:
        """Places that fit, by project and step, shape (n, 3)."""
        found: I8 = self.tally[:, :, 0]
        return found

    def members(self, pair: int) -> list[int]:
        """Return the unit rows that a pair takes."""
        start, stop = self.pairs.use_start[pair : pair + 2]
        return [int(row) for row in self.unit[self.pairs.resource[start:stop]]]

    def span(self, project: int) -> slice:
        """Return where the pairs of a project stand."""
        return slice(int(self.pairs.start[project]), int(self.pairs.start[project + 1]))


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the pass over all projects shares."""

    prepared: Prepared
    policy: Policy
    ways: Ways
    vacant: F8
    shut: Shut
    out: Listed
    open_here: np.ndarray


@dataclass(frozen=True, slots=True)
class _Found:
    """The pairs of one project, best first, and what the pass over its units told."""

    listed: Listed
    step: I1
    rest: int
    dropped: int
    tally: I8
    best: F8
    pinned: int


def build_book(
    prepared: Prepared,
    projects: Sequence[PlacedDemand],
    policy: Policy,
    *,
    walks: Mapping[str, F4] | None = None,
    pinned: Mapping[int, Pinned] | None = None,
    most: int = MOST,
    progress: Progress | None = None,
) -> Book:
    """Return all pairs that the rules and the policy allow.

    Parameters
    ----------
    prepared
        The catalog on a day.
    projects, policy
        Who is to be placed, and by which weights, margins, steps, forbids and reserved units.
    walks
        By the id of each project with `near`: walk to every site in m, shape (n_sites,), NaN
        out of reach.
    pinned
        By the row of a project: the units that it is given; see `pins.check_pins`. They have
        a pair in any case.
    most
        How many pairs of a project are kept, by value.
    progress
        Called with the number of projects done.

    Raises
    ------
    ValueError
        A demand names a place to be near, and no walk is given.
    """
    walks, pinned = walks or {}, pinned or {}
    desk = _open_desk(prepared, policy, projects)
    found = []
    for at, project in enumerate(projects):
        if progress is not None and at % 16 == 0:
            progress(at, len(projects))
        found.append(_list_pairs(desk, at, project, walks, pinned.get(at), most))
    return _bound(desk, projects, walks, found)


def _open_desk(prepared: Prepared, policy: Policy, projects: Sequence[PlacedDemand]) -> _Desk:
    count = len(prepared.live.row)
    return _Desk(
        prepared=prepared,
        policy=policy,
        ways=build_ways(prepared),
        vacant=vacant_by_site(prepared),
        shut=build_shut(prepared, policy, projects),
        out=empty(count),
        open_here=np.zeros(count, dtype=np.bool_),
    )


def asked_of(prepared: Prepared, context: Context) -> tuple[F8, tuple[object, ...], Size]:
    """Return points of every site, what the compiled pass asks of units, and the size."""
    demand, best = context.demand, wanted_area(context)
    points, of_sites = kernel.site_points(prepared, context)
    *weights, total = kernel.unit_weights(context, best, of_sites)
    limit, budget = demand.rent_max_cny_m2_month, demand.budget_max_cny_month
    size = Size.of(demand, best)
    criteria = (
        float(np.log2(best)) if best else 0.0,
        np.inf if limit is None else float(limit),
        np.inf if budget is None else float(budget),
        *weights,
    )
    ceiling = np.inf if budget is None else budget * (1.0 + COST_TOLERANCE)
    asked = (size.columns, criteria, total, prepared.today, ceiling)
    return points, asked, size


def _list_pairs(
    desk: _Desk,
    at: int,
    project: PlacedDemand,
    walks: Mapping[str, F4],
    pin: Pinned | None,
    most: int,
) -> _Found:
    prepared, sites = desk.prepared, desk.prepared.catalog.sites
    context = prepared.context(project.demand, walks.get(project.id))
    points, asked, size = asked_of(prepared, context)
    step = known_steps(prepared, project.home_county)
    shares = chain_shares(sites, project.chain_position)
    needed = area_needed(project, context)
    worth = Worth.of(project, desk.policy.weights, needed, shares is not None)
    chain = np.zeros(len(sites)) if shares is None else shares
    places = open_places(prepared, context)
    if size.combine:
        desk.open_here[places] = True
    tally, best = np.zeros((3, OUTCOMES), dtype=np.int64), np.full(3, -1.0)
    count = weigh(
        places,
        desk.open_here,
        (prepared.live.scored, prepared.live.cost, desk.ways),
        asked,
        (points, step, chain, desk.vacant),
        desk.shut.of(at),
        worth.columns,
        (allowed_steps(desk.policy), margins_of(desk.policy)),
        desk.out,
        tally,
        best,
    )
    if size.combine:
        desk.open_here[places] = False
    order = Order(step, _home_row(prepared, project), prepared.live.site, prepared.live.row)
    best[best < 0] = np.nan
    listed, rest = keep_best(desk.out.at(slice(count)), most, order)
    pinned = -1
    if pin is not None:
        place = int(np.flatnonzero(prepared.live.row == pin.rows[0])[0])
        listed = listed.with_pin(place, pin)
        listed = listed.at(order.of(listed))
        pinned = listed.find(place, pin.span)
    of_step = step[prepared.live.site[listed.place]]
    return _Found(listed, of_step, rest, max(0, count - most), tally, best, pinned)


def _home_row(prepared: Prepared, project: PlacedDemand) -> int:
    site = project.current_site
    return prepared.catalog.sites.id.find(site) if site else -1


def _bound(
    desk: _Desk,
    projects: Sequence[PlacedDemand],
    walks: Mapping[str, F4],
    found: Sequence[_Found],
) -> Book:
    """Put the pairs of all projects together; units that any of them takes are resources."""
    live = desk.prepared.live

    columns = [np.concatenate(parts) for parts in zip(*(f.listed for f in found), strict=True)]
    listed = Listed(*columns)
    place, span = listed.place, listed.span
    lengths = [len(one.listed.value) for one in found]
    use_start, taken, use = _list_uses(desk.ways, place, span, listed.use)
    used, resource = np.unique(taken, return_inverse=True)
    capacity = desk.ways.capacity[used]
    start = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)
    pinned = np.array([one.pinned for one in found], dtype=np.int64)
    by_desk = (desk.ways.mode[place] == DESKS) & (span == 1)
    pairs = Pairs(
        start=start,
        value=listed.value,
        use_start=use_start,
        resource=resource.astype(np.int32),
        use=use,
        capacity=capacity,
        rest=np.array([one.rest for one in found], dtype=np.int64),
    )
    return Book(
        prepared=desk.prepared,
        projects=tuple(projects),
        policy=desk.policy,
        walks=walks,
        pairs=pairs,
        row=live.row[place],
        site=live.site[place],
        step=np.concatenate([one.step for one in found]),
        score=listed.score,
        fit=listed.fit,
        area_m2=listed.area_m2,
        desks=np.where(by_desk, listed.use, 0).astype(np.int32),
        unit=live.row[used],
        best=np.array([one.best for one in found]).reshape(-1, 3),
        tally=np.array([one.tally for one in found], dtype=np.int64).reshape(-1, 3, OUTCOMES),
        dropped=np.array([one.dropped for one in found], dtype=np.int64),
        pinned=np.where(pinned >= 0, pinned + start[:-1], -1),
    )


def _list_uses(ways: Ways, place: I4, span: I1, use: I8) -> tuple[I8, I4, I8]:
    """Return where the uses of each pair start, their places in `Live`, and how much.

    A single unit is used as was found; every unit of a run is taken whole.
    """
    use_start = np.concatenate([[0], np.cumsum(span, dtype=np.int64)]).astype(np.int64)
    taken = np.repeat(place, span)
    amount = np.repeat(use, span)
    for pair in np.flatnonzero(span > 1).tolist():
        at = slice(int(use_start[pair]), int(use_start[pair + 1]))
        taken[at] = list_run(ways.after, int(place[pair]), int(span[pair]))
    many = np.repeat(span > 1, span)
    amount[many] = ways.capacity[taken[many]]
    return use_start, taken, amount
