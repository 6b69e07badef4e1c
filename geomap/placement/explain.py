"""One pair read plainly: rules and scores of matching over what would be taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from geomap.catalog.columns import F4
from geomap.domain.demand import Candidate, Demand
from geomap.matching.context import Context
from geomap.matching.hard import RULES, flags_of
from geomap.matching.match import candidate_of
from geomap.matching.offers import Offers, single_offers
from geomap.matching.prepared import Prepared
from geomap.matching.reverse import narrow


class Offered(NamedTuple):
    """A catalog of the one site, where the offer at `row` is what would be taken."""

    context: Context
    row: int


def offered_at(
    prepared: Prepared, demand: Demand, walk_m: F4 | None, rows: Sequence[int], area_m2: float
) -> Offered:
    """Return the context of a demand at one site, with the offer that takes some units.

    Parameters
    ----------
    prepared, demand, walk_m
        The data, the demand, and its walk to every site where it names a place.
    rows
        Unit rows of one site, neighbours in their order.
    area_m2
        What is taken of them.
    """
    catalog = prepared.catalog
    site = int(catalog.units.site[rows[0]])
    here, basis = narrow(catalog, prepared.basis, site)
    start = catalog.units_of(site).start
    at = [row - start for row in rows]
    walk = None if walk_m is None else walk_m[site : site + 1]
    offers = _taking(single_offers(here.units, basis.after), at, area_m2)
    context = Context(here, demand, prepared.today, walk, prepared.public, basis, offers)
    return Offered(context, at[0])


def _taking(alone: Offers, at: list[int], area_m2: float) -> Offers:
    first = at[0]
    rent = float(alone.rent_cny_m2_month[first])
    cost = rent * area_m2
    if len(at) > 1:
        cost = float(alone.cost_cny_month[at].sum())
        rent = cost / max(area_m2, 1e-9)
    changes = {
        "span": len(at),
        "last": at[-1],
        "area_m2": area_m2,
        "rent_cny_m2_month": rent,
        "cost_cny_month": cost,
        "free_from": alone.free_from[at].max(),
        "verified_at": alone.verified_at[at].min(),
    }
    columns = {}
    for name, value in changes.items():
        columns[name] = getattr(alone, name).copy()
        columns[name][first] = value
    return replace(alone, combined=len(at) > 1, **columns)


def refused_by(offered: Offered) -> str:
    """Return the first rule that refuses the offer, "" where none does."""
    for name in RULES:
        met = flags_of(offered.context, name)
        if met is not None and not met[offered.row]:
            return name
    return ""


def candidate_at(offered: Offered) -> Candidate:
    """Return the offer with its score and the reasons for it."""
    return candidate_of(offered.context, offered.row)
