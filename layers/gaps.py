"""Gaps of the incubators: what a 15-minute walk does not reach, and the nearest all the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.coverage.freshness import amenity_state
from geomap.coverage.groups import town_of_sites
from geomap.coverage.profiles import DEFAULT_PROFILE, Profile, get_profile
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.domain.words import AmenityCategory, Label
from geomap.geo.crs import metric_crs_of, to_metric
from layers.areas import DEMO
from layers.spec import Column, LayerSpec, LegendItem, Table, floats_or_none, words_or_none

if TYPE_CHECKING:
    from geomap.coverage.gaps import GapTable
    from geomap.coverage.score import SiteScores

F8 = NDArray[np.float64]

COLUMNS = (
    Column("site_id", "string", Label("载体编号", "Site id")),
    Column("site", "string", Label("载体", "Site")),
    Column("adcode", "string", Label("行政区代码", "Adcode")),
    Column("county", "string", Label("县（市、区）", "County")),
    Column("reporting_unit", "string", Label("任务单位", "Reporting unit")),
    Column("town", "string", Label("镇街", "Town")),
    Column("category", "string", Label("类别代码", "Category")),
    Column("requirement", "string", Label("缺什么", "What is missing")),
    Column("have", "integer", Label("已有", "Have"), "处"),
    Column("need", "integer", Label("应有", "Need"), "处"),
    Column("nearest_id", "string", Label("最近一处编号", "Nearest id")),
    Column("nearest", "string", Label("最近一处", "Nearest")),
    Column("straight_m", "number", Label("直线距离", "Straight line"), "m"),
    Column("walk_m", "number", Label("步行距离", "Walk"), "m"),
    Column("limit_m", "number", Label("允许步行", "Walk allowed"), "m"),
    Column("over_m", "number", Label("超出", "Beyond"), "m"),
    Column("score", "integer", Label("已满足", "Met")),
    Column("total", "integer", Label("共要求", "Of")),
    Column("profile", "string", Label("标准", "Profile")),
    Column("network", "string", Label("路网版本", "Street version")),
    Column("amenities", "string", Label("配套版本", "Amenity version")),
    DEMO,
)


def metric_places(catalog: Catalog) -> tuple[F8, F8]:
    """Return sites whose door is known, and amenities, in metres of one CRS, (n, 2) and (m, 2)."""
    sites, amenities = catalog.sites, catalog.amenities
    lon = np.where(catalog.has_door, sites.lon, np.nan)
    known = np.flatnonzero(np.isfinite(lon))
    crs = (
        metric_crs_of(float(np.median(lon[known])), float(np.median(sites.lat[known])))
        if len(known)
        else "EPSG:4549"
    )
    return (
        np.column_stack(to_metric(lon, sites.lat, crs)),
        np.column_stack(to_metric(amenities.lon, amenities.lat, crs)),
    )


def gap_rows(
    catalog: Catalog, gaps: GapTable, scores: SiteScores, profile: Profile, network: str
) -> Table:
    """Return gaps as the columns that the table, the map and the exports show.

    Parameters
    ----------
    catalog
        The catalog of the gaps.
    gaps, scores, profile
        The gaps, the scores that they came from, and the profile of both.
    network
        Version of the walking network, empty where it is not known.
    """
    from geomap.coverage.gaps import amenities_of_gap

    sites, site = catalog.sites, gaps.site
    town = town_of_sites(catalog)[site]
    near = gaps.nearest
    columns = {
        "site_id": sites.id.take(site),
        "site": sites.name.take(site),
        "adcode": words_or_none(sites.county[site], [c.adcode for c in COUNTIES]),
        "county": words_or_none(sites.county[site], [c.name for c in COUNTIES]),
        "reporting_unit": words_or_none(
            sites.reporting_unit[site], [u.id for u in REPORTING_UNITS]
        ),
        "town": [catalog.towns.name[t] if t >= 0 else None for t in town.tolist()],
        "category": [
            str(list(AmenityCategory)[c])
            if profile.requirements[r].at_least == 1
            else amenities_of_gap(profile, r)
            for c, r in zip(gaps.category.tolist(), gaps.requirement.tolist(), strict=True)
        ],
        "requirement": [profile.requirements[r].label.zh for r in gaps.requirement.tolist()],
        "have": gaps.have.astype(np.int64),
        "need": np.array(
            [profile.requirements[r].at_least for r in gaps.requirement.tolist()], dtype=np.int64
        ),
        "nearest_id": [catalog.amenities.id[a] if a >= 0 else None for a in near.tolist()],
        "nearest": [catalog.amenities.name[a] if a >= 0 else None for a in near.tolist()],
        "straight_m": floats_or_none(gaps.straight_m, 0),
        "walk_m": floats_or_none(gaps.walk_m, 0),
        "limit_m": np.full(len(gaps), round(profile.limit_m)).astype(np.float64),
        "over_m": floats_or_none(gaps.over_m, 0),
        "score": scores.score[site].astype(np.int64),
        "total": np.full(len(gaps), scores.total, dtype=np.int64),
        "profile": [profile.id] * len(gaps),
        "network": [network] * len(gaps),
        "amenities": [amenity_state(catalog.amenities).version] * len(gaps),
        "demo": sites.demo[site],
    }
    return Table(columns, np.asarray(shapely.points(sites.lon[site], sites.lat[site])))


def table(catalog: Catalog) -> Table:
    """Return the gaps under the default profile, from what the last build stored."""
    # Walks are compiled code: only who asks for gaps loads it.
    from geomap.coverage.gaps import list_gaps
    from geomap.coverage.score import score_sites

    profile, access = get_profile(DEFAULT_PROFILE), catalog.access
    known = (access.count >= 0).any(axis=1)
    scores = score_sites(access.walk_m, access.count, profile, known=known)
    site_xy, amenity_xy = metric_places(catalog)
    gaps = list_gaps(
        scores, profile, access.nearest, access.walk_m, catalog.amenities.category,
        site_xy, amenity_xy,
    )  # fmt: skip
    network = catalog.rings.network[0] if len(catalog.rings) else ""
    return gap_rows(catalog, gaps, scores, profile, network)


LAYER = LayerSpec(
    id="gaps",
    title=Label("配套缺口", "Amenity gaps"),
    description=Label(
        "每处载体在15分钟步行内走不到的配套，一行一类",
        "What a 15-minute walk from each site does not reach, one row a category",
    ),
    geometry="Point",
    columns=COLUMNS,
    table=table,
    legend=(LegendItem(Label("走不到", "Out of reach"), "venue-bar", "circle"),),
    popup=("site", "requirement", "nearest", "walk_m", "over_m"),
    visible=False,
    min_zoom=9,
)
