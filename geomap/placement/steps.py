"""The steps of the routing: which sites belong to which, for a project's home county."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.columns import SiteColumns
from geomap.domain.placement import Policy
from geomap.domain.regions import COUNTIES
from geomap.domain.words import PlacementStep
from geomap.matching.prepared import Prepared

STEPS = tuple(PlacementStep)[:3]
"""Those that look for a unit; a custom build follows the allocation."""
LOCAL, ELSEWHERE, PARK = range(3)


def county_row(adcode: str) -> int:
    """Return the row of a county in `COUNTIES`, -1 for one that is not there."""
    return next((i for i, county in enumerate(COUNTIES) if county.adcode == adcode), -1)


def steps_of_sites(sites: SiteColumns, home_county: str) -> NDArray[np.int8]:
    """Return the step in which each site is reached, as a place in `STEPS`, shape (n_sites,).

    A site of the home county is local, whoever owns it; elsewhere state-owned parks are a
    step of their own. A site whose county is not known is not local.
    """
    elsewhere = np.where(sites.state_owned, np.int8(PARK), np.int8(ELSEWHERE))
    here = sites.county == county_row(home_county)
    return np.where(here, np.int8(LOCAL), elsewhere).astype(np.int8)


def known_steps(prepared: Prepared, home_county: str) -> NDArray[np.int8]:
    """Return the same for a prepared catalog, which keeps it for the next project."""
    made: NDArray[np.int8] = prepared.recall(
        ("steps of sites", home_county),
        lambda: steps_of_sites(prepared.catalog.sites, home_county),
    )
    return made


def margins_of(policy: Policy) -> NDArray[np.float64]:
    """Return by how much a pair of each step must fit better than a local one, shape (3,)."""
    return np.array([policy.margins.get(step, 0.0) for step in STEPS])


def allowed_steps(policy: Policy) -> NDArray[np.bool_]:
    """Return which of `STEPS` the policy tries, shape (3,)."""
    return np.array([step in policy.steps for step in STEPS])
