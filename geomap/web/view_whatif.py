"""What if: the request parsed, the worlds compared, the answer in plain values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.coverage.edits import Edits, Spot, parse_edits, parse_spot, require_object
from geomap.coverage.profiles import DEFAULT_PROFILE, Profile, get_profile
from geomap.domain.errors import InputError, NotFoundError
from geomap.domain.words import Label
from geomap.geo.geojson import geometry_to_geojson
from geomap.web.context import AppContext
from geomap.web.whatif_answer import answer_of

if TYPE_CHECKING:
    from geomap.coverage.resolve import Resolved
    from geomap.coverage.whatif import CarriedStreets, SiteAccess, World
    from geomap.streets.graph import StreetNetwork
    from geomap.web.stream import Steps

FIELDS = ("profile", "edits", "site", "point")
TODAY = Label("今天的步行", "Walking today")
STREETS = Label("改动街道", "Editing the streets")
EDITED = Label("改动后的步行", "Walking after the edits")


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: a profile, edits, and whose ring is wanted, if any."""

    profile: Profile
    edits: Edits
    site: str = ""
    point: Spot | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """The data of one answer, all of one version."""

    catalog: Catalog
    network: StreetNetwork
    today: World
    edits: Resolved


def parse_question(body: object) -> Question:
    """Return what a JSON object asks.

    Raises
    ------
    InputError, NotFoundError
        A value cannot be used; no such profile.
    """
    given = require_object(body, "body", FIELDS)
    site, point = given.get("site"), given.get("point")
    if site is not None and (not isinstance(site, str) or not 0 < len(site) <= 200):
        raise InputError(
            Label("要载体的编号", "The id of a site is needed"),
            fix=Label("用地图上载体的编号（文字）", "Use the id of a site on the map (text)"),
            field="site",
        )
    if site is not None and point is not None:
        raise InputError(
            Label("site 和 point 只能给一个", "Only one of site and point can be given"),
            fix=Label("去掉其中一个", "Leave one of them out"),
            field="point",
        )
    return Question(
        parse_profile(given.get("profile")),
        parse_edits(given.get("edits")),
        site or "",
        None if point is None else parse_spot(point, "point"),
    )


def parse_profile(value: object) -> Profile:
    """Return a profile by its id, the default for none; raises NotFoundError."""
    return get_profile(DEFAULT_PROFILE if value is None else str(value)[:64])


def whatif_work(
    context: AppContext, question: Question, language: str, *, strict: bool = True
) -> Callable[[Steps], dict[str, Any]]:
    """Return the work that answers a question, with its input checked.

    Parameters
    ----------
    context
        Where catalog, network and kept values come from.
    question
        What is asked.
    language
        "zh" or "en", for reasons and counties.
    strict
        Whether edits of which none can be done are refused; else the answer says so.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        A place lies outside of the streets, or nothing can be edited; no such site; there
        is no network yet.
    """
    ground = prepare(context, question.edits)
    if strict:
        _require_sense(question.edits, ground)
    from geomap.web.whatif_ring import require_start

    start = require_start(ground, question)

    def work(steps: Steps) -> dict[str, Any]:
        from geomap.coverage.whatif import compare

        before = _access_today(context, ground, question.profile, steps)
        steps.stage(STREETS, 0.5, 0.6)(0, 1)
        streets = _streets_without(context, ground)
        walking = steps.stage(EDITED, 0.6, 0.95)
        after, found = compare(
            ground.today, before, streets, ground.edits, question.profile, walking
        )
        answer = answer_of(ground, question, after.network.version, found, language)
        if start is None:
            return answer | {"ring": None}
        from geomap.web.whatif_ring import rings_of

        return answer | {"ring": rings_of(ground, question, streets, after, start, language)}

    return work


def prepare(context: AppContext, edits: Edits) -> Ground:
    """Take the newest data and find what edits mean in it; raises NotReadyError."""
    from geomap.coverage.resolve import resolve_edits
    from geomap.coverage.whatif import World

    catalog, network = context.catalog, context.require_network()
    today = World(
        network, context.amenity_index(network, catalog), context.site_places(network, catalog)
    )
    return Ground(catalog, network, today, resolve_edits(edits, catalog, network))


def _require_sense(edits: Edits, ground: Ground) -> None:
    from geomap.coverage.resolve import require_found, require_region

    require_region(edits, ground.network)
    if not any(finding.ok for finding in ground.edits.findings):
        require_found(ground.edits.findings)


def _access_today(
    context: AppContext, ground: Ground, profile: Profile, steps: Steps
) -> SiteAccess:
    """Return the walks of today, made once a network, catalog and limit."""
    from geomap.coverage.whatif import access_of

    progress = steps.stage(TODAY, 0.0, 0.5)
    return context.kept.get(
        f"whatif {profile.limit_m:g}",
        (ground.network, ground.today.index, ground.today.places),
        lambda: access_of(ground.today, profile, progress),
    )


def _streets_without(context: AppContext, ground: Ground) -> CarriedStreets:
    """Return the streets without those that are dropped; the last few are kept."""
    from geomap.coverage.whatif import carry_streets

    today, edges = ground.today, ground.edits.edges
    if not len(edges):
        return carry_streets(today, edges)
    return context.edited.get(
        (ground.network.version, tuple(edges.tolist())),
        (ground.network, today.index, today.places),
        lambda: carry_streets(today, edges),
        _size_of,
    )


def _size_of(streets: CarriedStreets) -> int:
    from geomap.streets.graph import ARRAY_FIELDS

    network = streets.edited.network
    arrays = [getattr(network, name) for name in ARRAY_FIELDS] + [streets.edited.new_edge]
    for places in (streets.amenities, streets.places):
        arrays += [places.edge, places.offset_m, places.access_m]
    return sum(int(np.asarray(array).nbytes) for array in arrays)


def street_feature(context: AppContext, lon: float, lat: float) -> dict[str, Any]:
    """Return the street piece at a place as a GeoJSON feature.

    Raises
    ------
    NotFoundError, NotReadyError
        No street lies within 30 m; there is no network yet.
    """
    from geomap.streets.edit import PIECE_M, nearest_street

    network = context.require_network()
    piece = nearest_street(network, lon, lat)
    if piece is None:
        raise NotFoundError(
            Label(
                f"该点 {PIECE_M:.0f} 米内没有可步行的道路",
                f"No street to walk lies within {PIECE_M:.0f} m of the point",
            ),
            fix=Label("点到道路上", "Click on the street itself"),
            field="lon",
        )
    return {
        "type": "Feature",
        "geometry": geometry_to_geojson(piece.geometry),
        "properties": {
            "lon": round(piece.lon, 7),
            "lat": round(piece.lat, 7),
            "length_m": round(piece.length_m, 1),
            "away_m": round(piece.away_m, 1),
            "splits": piece.splits,
            "detour_m": None if piece.detour_m is None else round(piece.detour_m, 1),
            "network": network.version,
            "demo": context.catalog.demo,
        },
    }
