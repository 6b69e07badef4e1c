"""Where the next facilities close most gaps, in plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import NotFoundError
from geomap.domain.regions import COUNTIES
from geomap.domain.words import Label
from geomap.web import values as v
from geomap.web.context import AppContext
from geomap.web.view_coverage import access_under, freshness
from geomap.web.view_ring import door_of
from geomap.web.whereabouts import Whereabouts

if TYPE_CHECKING:
    from geomap.coverage.cover import Candidates
    from geomap.coverage.repair import Repair, RepairPlace, RepairRequest, Sites
    from geomap.coverage.served import Served
    from geomap.streets.graph import StreetNetwork
    from geomap.web.stream import Steps

WALKING = Label("从缺配套的载体步行", "Walking from the sites with gaps")
CHOOSING = Label("选点", "Choosing places")
_JUNCTION = "junction:"
_WALKS_SHARE = {"greedy": 0.9, "exact": 0.3}
"""Share of the work that the walks take, by mode."""


@dataclass(frozen=True, slots=True)
class _Task:
    """One request with the data that answers it; `rows` are the sites' in the catalog."""

    catalog: Catalog
    network: StreetNetwork
    candidates: Candidates
    rows: NDArray[np.int64]
    sites: Sites
    stated: NDArray[np.bool_]
    request: RepairRequest
    where: Whereabouts
    versions: dict[str, Any]
    language: str


def repair_work(
    context: AppContext, body: object, language: str
) -> Callable[[Steps], dict[str, Any]]:
    """Return the work that a request asks for, with its input checked.

    Parameters
    ----------
    context
        Where catalog and network come from; both are taken now, so that the answer is of
        one version.
    body
        The JSON object of a repair.
    language
        "zh" or "en", for words about places.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        A value cannot be used, or the profile does not ask for a category; no such profile,
        or a given place lies near no street; there is no network yet.
    """
    from geomap.coverage.needs import list_requirements
    from geomap.coverage.repair import plan_repair
    from geomap.coverage.repair_json import parse_repair

    request = parse_repair(body)
    list_requirements(request.profile, request.brings)
    task = _prepare(context, request, language)
    share = _WALKS_SHARE[request.mode]

    def work(steps: Steps) -> dict[str, Any]:
        found = plan_repair(
            task.network,
            task.candidates,
            task.sites,
            request,
            walking=steps.stage(WALKING, 0.0, share),
            solving=steps.stage(CHOOSING, share, 1.0),
        )
        return _answer(task, found)

    return work


def _prepare(context: AppContext, request: RepairRequest, language: str) -> _Task:
    catalog, network = context.catalog, context.require_network()
    candidates = _candidates(context, catalog, network, request)
    _require_streets(network, request, candidates)
    rows, sites, stated = _sites(context, catalog, network, request)
    where = context.kept.get(
        "whereabouts", (catalog, network.crs), lambda: Whereabouts(catalog, network.crs)
    )
    versions = freshness(context, catalog) | {"network": network.version}
    return _Task(
        catalog, network, candidates, rows, sites, stated, request, where, versions, language
    )


def _candidates(
    context: AppContext, catalog: Catalog, network: StreetNetwork, request: RepairRequest
) -> Candidates:
    from geomap.coverage.cover import given_places, junctions_of

    given = request.candidates
    if request.serves:
        return _around(context, catalog, network, request)
    if given is None:
        return junctions_of(network)
    return given_places(
        network, [c.id for c in given], [c.lon for c in given], [c.lat for c in given]
    )


def _around(
    context: AppContext, catalog: Catalog, network: StreetNetwork, request: RepairRequest
) -> Candidates:
    """Return the junctions within the walk of the site that must be served, as given places."""
    from geomap.coverage.cover import given_places
    from geomap.geo.crs import from_metric
    from geomap.streets.walk import walk

    door_of(catalog, request.serves, field="serves")
    row = catalog.site_index(request.serves)
    start = context.site_places(network, catalog).position(row)
    nodes = walk(network, start, request.profile.limit_m).node
    lon, lat = from_metric(network.node_x[nodes], network.node_y[nodes], network.crs)
    return given_places(network, [f"{_JUNCTION}{node}" for node in nodes.tolist()], lon, lat)


def _require_streets(
    network: StreetNetwork, request: RepairRequest, candidates: Candidates
) -> None:
    """Refuse given and planned places from which no walk begins."""
    from geomap.streets.snap import snap_points

    if candidates.given is not None and request.candidates is not None:
        number = {one.id: i for i, one in enumerate(request.candidates)}
        lost = np.flatnonzero(candidates.given.places.edge < 0).tolist()
        if lost:
            first = min(number[candidates.id[i]] for i in lost)
            raise _no_street(f"candidates.{first}.lon", len(lost))
    if request.added:
        places = snap_points(
            network, [a.lon for a in request.added], [a.lat for a in request.added]
        )
        off = np.flatnonzero(places.edge < 0)
        if len(off):
            raise _no_street(f"added.{int(off[0])}.lon", len(off))


def _no_street(field: str, count: int) -> NotFoundError:
    return NotFoundError(
        Label(
            f"有 {count} 个点 100 米内没有可步行的道路，或在路网范围之外",
            f"{count} of the places lie farther than 100 m from any street to walk, or outside "
            "the street network",
        ),
        fix=Label(
            "去掉它们，或换成道路旁的点；坐标要 WGS84，经度在前",
            "Leave them out or choose points beside a street; WGS84, longitude first",
        ),
        field=field,
    )


def _sites(
    context: AppContext, catalog: Catalog, network: StreetNetwork, request: RepairRequest
) -> tuple[NDArray[np.int64], Sites, NDArray[np.bool_]]:
    """Return rows of the sites that count, their columns, and whether each states a weight."""
    from geomap.coverage.cover import part_of
    from geomap.coverage.repair import Sites, Weight

    _, count = access_under(context, catalog, request.profile)
    wanted = (catalog.access.count >= 0).any(axis=1)
    if request.counties:
        chosen = [i for i, c in enumerate(COUNTIES) if c.adcode in request.counties]
        wanted &= np.isin(catalog.sites.county, chosen)
    rows = np.flatnonzero(wanted)
    stated = np.ones(len(rows), dtype=np.int64)
    if request.weight is not Weight.SITES:
        tenants = request.weight is Weight.TENANTS
        column = catalog.sites.tenants if tenants else catalog.sites.jobs
        stated = column[rows].astype(np.int64)
    places = part_of(context.site_places(network, catalog), rows)
    return rows, Sites(places, count[rows], stated.clip(min=0)), stated >= 0


def _answer(task: _Task, found: Repair) -> dict[str, Any]:
    request, ids = task.request, task.catalog.sites.id
    gaps = found.gap_rows
    return {
        "profile": request.profile.id,
        "category": str(request.category),
        "combine": [str(c) for c in request.combine],
        "k": request.k,
        "weight": str(request.weight),
        "mode": str(request.mode),
        "demo": task.catalog.demo,
        **task.versions,
        "limit_m": round(request.profile.limit_m, 1),
        "gaps_before": {"sites": found.before.sites, "weight": _plain(found.before.weight)},
        "gaps_after": {"sites": found.after.sites, "weight": _plain(found.after.weight)},
        "bound": _plain(found.bound),
        "guarantee": round(found.guarantee, 4),
        "gap": None if found.gap is None else round(found.gap, 6),
        "proven": found.proven,
        "places": [_place(task, place, i) for i, place in enumerate(found.places, 1)],
        "candidates": found.considered,
        "distinct": found.distinct,
        "unweighted": int(np.count_nonzero(~task.stated[list(gaps)])),
        "unreachable": [ids[int(task.rows[i])] for i in found.unreachable],
    }


def _plain(value: float) -> float:
    return round(value, 4)


def _place(task: _Task, place: RepairPlace, rank: int) -> dict[str, Any]:
    candidates, where = task.candidates, task.where
    lon, lat = float(candidates.lon[place.candidate]), float(candidates.lat[place.candidate])
    county, given = where.county(lon, lat), candidates.given is not None
    name = candidates.id[place.candidate] if given else ""
    node = int(name.removeprefix(_JUNCTION)) if task.request.serves else place.candidate
    own = given and not task.request.serves
    return {
        "rank": rank,
        "lon": round(lon, 6),
        "lat": round(lat, 6),
        "node": None if own else node,
        "candidate": name if own else None,
        "street": where.street(lon, lat),
        "adcode": county.adcode if county else "",
        "near": where.near(lon, lat, task.language),
        "closes": {"sites": place.closes.sites, "weight": _plain(place.closes.weight)},
        "sites": [_site(task, one) for one in place.served],
    }


def _site(task: _Task, one: Served) -> dict[str, Any]:
    row, profile = int(task.rows[one.site]), task.request.profile
    county = v.county_of(task.catalog, row)
    return {
        "id": task.catalog.sites.id[row],
        "name": task.catalog.sites.name[row],
        "adcode": county.adcode if county else "",
        "walk_m": round(one.walk_m, 1),
        "walk_min": round(one.walk_m / (profile.speed_kmh * 1000.0 / 60.0), 2),
        "score_before": one.score_before,
        "score_after": one.score_after,
        "total": len(profile.requirements),
        "closed": one.open_after == 0,
        "demo": bool(task.catalog.sites.demo[row]),
    }
