"""What rules and scores look at: one demand over one catalog on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Demand
from geomap.matching.basis import Basis, build_basis
from geomap.matching.offers import Offers, build_offers, single_offers

Flags = NDArray[np.bool_]
Fit = NDArray[np.float64]
Rows = NDArray[np.int64]
M2_PER_HEAD = 3.0
"""Below this no one can be seated; the usual planning figure is 6–10 m²."""
WALK_M_MIN = 80.0
"""Metres a minute on foot: 4.8 km/h."""
_EPOCH = date(1970, 1, 1)


class Level(StrEnum):
    """What a rule or a score is a function of.

    `SITE`: of the sites alone, one value a site, shared by all its units. `UNIT`: of the
    units as well, one value a unit.
    """

    SITE = "site"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Context:
    """A demand over a catalog; see :func:`build_context`.

    `today` counts days from 1970-01-01. `walk_m` is each site's walk to the demand's
    `near`, m, shape (n_sites,), NaN out of reach. `public` hides stale listings. `basis`
    rests on the catalog alone, `offers` is what is offered from each unit on.
    """

    catalog: Catalog
    demand: Demand
    today: int
    walk_m: NDArray[np.float32] | None
    public: bool
    basis: Basis
    offers: Offers

    @property
    def site(self) -> NDArray[np.int32]:
        """Site row of every unit."""
        return self.catalog.units.site


def among(codes: NDArray[np.int8], wanted: Iterable[int], size: int) -> Flags:
    """Return which codes (0…size − 1, or -1 for none) are wanted; quicker than `isin`."""
    table = np.zeros(size + 1, dtype=np.bool_)
    table[list(wanted)] = True
    return np.asarray(table[codes])


def days_of(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - _EPOCH).days


def least_area(demand: Demand) -> float | None:
    """Return the least area that a demand takes, m²: stated, else by heads, else None."""
    if demand.area_min_m2 is not None:
        return demand.area_min_m2
    return demand.headcount * M2_PER_HEAD if demand.headcount else None


def build_context(
    catalog: Catalog,
    demand: Demand,
    *,
    today: date,
    walk_m: NDArray[np.float32] | None = None,
    public: bool = True,
    basis: Basis | None = None,
) -> Context:
    """Return what rules and scores look at.

    Parameters
    ----------
    catalog, demand
        The data, and what is wanted.
    today
        For the age of a verification.
    walk_m
        Walk from `demand.near` to every site in m, shape (n_sites,), NaN out of reach.
    public
        Whether listings that nobody verified for 120 days are hidden.
    basis
        What rests on the catalog alone, made anew where it is not given.

    Raises
    ------
    ValueError
        The demand names a place to be near, and no walk is given.
    """
    if demand.near is not None and walk_m is None:
        raise ValueError("a demand with `near` needs `walk_m`")
    basis = build_basis(catalog) if basis is None else basis
    least = least_area(demand) if demand.combine_adjacent else None
    offers = build_offers(catalog.units, basis.after, least)
    return Context(catalog, demand, days_of(today), walk_m, public, basis, offers)


def alone_of(context: Context) -> Context:
    """Return the same context with every unit by itself."""
    return replace(context, offers=single_offers(context.catalog.units, context.basis.after))


def with_demand(context: Context, demand: Demand) -> Context:
    """Return the same context for another demand with the same `near` point."""
    units, after = context.catalog.units, context.basis.after
    least = least_area(demand) if demand.combine_adjacent else None
    return replace(context, demand=demand, offers=build_offers(units, after, least))
