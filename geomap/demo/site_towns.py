"""Which town each demonstration site states: the nearest label point of its county."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from geomap.demo.sites import SitePlan
from geomap.domain.records import Town
from geomap.geo.crs import to_metric


def state_towns(plan: SitePlan, towns: Sequence[Town]) -> SitePlan:
    """Give every site the code of a town; one in a county without label points has none.

    Only made-up sites are told their town this way. For a real one the nearest label is
    no proof, and nothing is stated that its source does not state.
    """
    placed = [town for town in towns if town.lon is not None and town.lat is not None]
    x, y = to_metric([t.lon or 0.0 for t in placed], [t.lat or 0.0 for t in placed])
    adcode = np.array([town.adcode for town in placed])
    made = []
    for site, (east, north) in zip(plan.sites, plan.middle.tolist(), strict=True):
        near = np.flatnonzero(adcode == site.declared_adcode)
        if len(near):
            nearest = near[np.argmin(np.hypot(x[near] - east, y[near] - north))]
            site = replace(site, town=placed[int(nearest)].code)
        made.append(site)
    return replace(plan, sites=made)
