"""The ring of one place, today and after the edits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.cover import part_of
from geomap.coverage.point import require_place, ring_from
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from geomap.streets.edit import carry_places
from geomap.streets.snap import Snapped, snap_points
from geomap.web.language import text_of
from geomap.web.view_ring import feature_of
from geomap.web.whatif_answer import Texts

if TYPE_CHECKING:
    from geomap.coverage.whatif import CarriedStreets, World
    from geomap.web.view_whatif import Ground, Question


@dataclass(frozen=True, slots=True)
class Start:
    """Where a ring begins, on the streets of today."""

    lon: float
    lat: float
    place: Snapped


@dataclass(frozen=True, slots=True)
class _Names:
    """Amenities of the catalog, and those added."""

    id: Texts
    name: Texts
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    demo: NDArray[np.bool_]


def require_start(ground: Ground, question: Question) -> Start | None:
    """Return where the ring that is asked for begins, None where none is.

    Raises
    ------
    NotFoundError
        No such site; it is not located to its street; no street is near.
    """
    if question.point is not None:
        lon, lat = question.point.lon, question.point.lat
        return Start(lon, lat, require_place(ground.network, lon, lat, question.profile.limit_m))
    if not question.site:
        return None
    for new in ground.edits.new_sites:
        if new.id == question.site:
            lon, lat = new.spot.lon, new.spot.lat
            return Start(lon, lat, snap_points(ground.network, lon, lat))
    catalog = ground.catalog
    row = catalog.sites.id.find(question.site)
    if row < 0 or ground.today.places.edge[row] < 0:
        raise NotFoundError(
            Label(f"没有载体 {question.site[:64]}", f"There is no site {question.site[:64]}")
            if row < 0
            else Label("这处载体附近没有可步行的道路", "No street to walk lies near this site"),
            fix=Label("从地图上重新选一处", "Choose one on the map again"),
            field="site",
        )
    place = part_of(ground.today.places, np.array([row]))
    return Start(float(catalog.sites.lon[row]), float(catalog.sites.lat[row]), place)


def rings_of(
    ground: Ground,
    question: Question,
    streets: CarriedStreets,
    after: World,
    start: Start,
    language: str,
) -> dict[str, Any]:
    """Return both rings as features; the second is null, with a reason, where none begins."""
    catalog, profile = ground.catalog, question.profile
    at = (start.lon, start.lat, profile.minutes, profile)
    today = ring_from(ground.network, ground.today.index, start.place, *at)
    before = feature_of(today, catalog.amenities, catalog.demo)
    try:
        place = carry_places(streets.edited, start.place)
        ring = ring_from(after.network, after.index, place, *at)
    except NotFoundError as error:
        return {"before": before, "after": None, "reason": text_of(error.reason, language)}
    return {
        "before": before,
        "after": feature_of(ring, _names(ground), catalog.demo),
        "reason": None,
    }


def _names(ground: Ground) -> _Names:
    columns, added = ground.catalog.amenities, ground.edits.added
    return _Names(
        Texts(columns.id, [a.id for a in added]),
        Texts(columns.name, [a.name for a in added]),
        np.concatenate([columns.lon, [a.spot.lon for a in added]]),
        np.concatenate([columns.lat, [a.spot.lat for a in added]]),
        np.concatenate([columns.demo, np.zeros(len(added), dtype=np.bool_)]),
    )
