"""Sites by town and by industry, and which towns and industries have none (一镇一器、一产一器)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.industries import INDUSTRIES, sector_of
from geomap.domain.regions import COUNTIES

I4 = NDArray[np.int32]
Flags = NDArray[np.bool_]

SECTORS = tuple(industry for industry in INDUSTRIES if not industry.parent)
"""The industries of the plan, without their sub-sectors."""


@dataclass(frozen=True, slots=True)
class Presence:
    """How many sites some groups have.

    Parameters
    ----------
    sites
        Sites of each group, shape (G,).
    unknown
        Sites of which the group is not stated.
    """

    sites: I4
    unknown: int


def town_of_sites(catalog: Catalog) -> I4:
    """Return the row of each site's town in the catalog's towns, -1 where none is stated.

    A site states its town by code, or by name; a name that several towns carry counts only
    within the site's county. Nothing is guessed from coordinates: towns have no boundaries
    here.
    """
    towns, sites = catalog.towns, catalog.sites
    rows: dict[str, list[int]] = defaultdict(list)
    for row in range(len(towns)):
        rows[towns.id[row]].append(row)
        rows[towns.name[row]].append(row)
    found = np.full(len(sites), -1, dtype=np.int32)
    for site in range(len(sites)):
        text = sites.town[site]
        if not text:
            continue
        county = int(sites.county[site])
        near = [r for r in rows[text] if county >= 0 and towns.adcode[r] == COUNTIES[county].adcode]
        options = near if near or len(rows[text]) > 1 else rows[text]
        if len(options) == 1:
            found[site] = options[0]
    return found


def sectors_of_sites(catalog: Catalog) -> Flags:
    """Return whether each site is in each of `SECTORS`, shape (n, S); sub-sectors count in."""
    number = {sector.id: i for i, sector in enumerate(SECTORS)}
    flags = np.zeros((len(catalog.sites), len(SECTORS)), dtype=np.bool_)
    for bit, industry in enumerate(INDUSTRIES):
        has = (catalog.sites.industries >> np.uint32(bit)) & np.uint32(1)
        flags[:, number[sector_of(industry.id)]] |= has.astype(np.bool_)
    return flags


def count_by_town(catalog: Catalog) -> Presence:
    """Count the sites of each town of the catalog."""
    town = town_of_sites(catalog)
    counts = np.bincount(town[town >= 0], minlength=len(catalog.towns)).astype(np.int32)
    return Presence(counts, int(np.count_nonzero(town < 0)))


def count_by_sector(catalog: Catalog) -> Presence:
    """Count the sites of each of `SECTORS`; a site of two counts in both."""
    flags = sectors_of_sites(catalog)
    return Presence(flags.sum(axis=0).astype(np.int32), int((~flags.any(axis=1)).sum()))


def count_by_sector_and_county(catalog: Catalog) -> I4:
    """Return the sites of each sector in each county, shape (S, 12)."""
    flags, county = sectors_of_sites(catalog), catalog.sites.county
    counts = np.zeros((len(SECTORS), len(COUNTIES)), dtype=np.int32)
    for c in range(len(COUNTIES)):
        counts[:, c] = flags[county == c].sum(axis=0)
    return counts
