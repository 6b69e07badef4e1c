"""A ring as a GeoJSON feature, and the amenities of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from geomap.domain.errors import NotFoundError
from geomap.domain.words import AmenityCategory, Label
from geomap.geo.geojson import geometry_to_geojson
from geomap.web.context import AppContext

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from geomap.catalog.catalog import Catalog
    from geomap.coverage.access import TextLike
    from geomap.coverage.point import CategoryAccess, PointRing, WalkTo


class AmenityNames(Protocol):
    """Columns of amenities that a ring lists, such as the catalog's."""

    @property
    def id(self) -> TextLike:
        """Ids."""

    @property
    def name(self) -> TextLike:
        """Names."""

    @property
    def lon(self) -> NDArray[np.float64]:
        """Longitudes, degrees."""

    @property
    def lat(self) -> NDArray[np.float64]:
        """Latitudes, degrees."""

    @property
    def demo(self) -> NDArray[np.bool_]:
        """Which are made up."""


def ring_feature(
    context: AppContext,
    lon: float,
    lat: float,
    minutes: float | None,
    profile: str,
    language: str,
) -> dict[str, Any]:
    """Return the walking ring of a point with what can be reached in it.

    Parameters
    ----------
    context
        Where catalog and network come from.
    lon, lat
        Degrees EPSG:4326.
    minutes
        Minutes on foot; None takes the profile's.
    profile
        Id of a profile.
    language
        "zh" or "en"; names of places stay as they are.

    Raises
    ------
    InputError, NotFoundError, NotReadyError
        The point cannot be used; no street is near or no such profile; no network yet.
    """
    from geomap.coverage.point import ring_at

    catalog, network = context.catalog, context.require_network()
    index = context.amenity_index(network, catalog)
    ring = ring_at(network, index, lon, lat, minutes, profile)
    return feature_of(ring, catalog.amenities, catalog.demo)


def feature_of(ring: PointRing, amenities: AmenityNames, demo: bool) -> dict[str, Any]:
    """Return a ring as a GeoJSON feature; `demo` says whether any of the data is made up."""
    return {
        "type": "Feature",
        "geometry": geometry_to_geojson(ring.geometry),
        "properties": _properties(ring, amenities, demo),
    }


def _properties(ring: PointRing, amenities: AmenityNames, demo: bool) -> dict[str, Any]:
    return {
        "lon": ring.lon,
        "lat": ring.lat,
        "profile": ring.profile,
        "minutes": ring.minutes,
        "speed_kmh": ring.speed_kmh,
        "snapped_m": round(ring.snapped_m, 1),
        "area_m2": round(ring.area_m2),
        "truncated": ring.truncated,
        "network": ring.network,
        "demo": demo,
        "amenities": list_reached(amenities, ring.amenities),
    }


def list_reached(
    amenities: AmenityNames, reached: Mapping[AmenityCategory, CategoryAccess]
) -> dict[str, Any]:
    """Return amenities by category: how many, the nearest, and all within the minutes."""
    return {
        str(category): {
            "count": access.count,
            "nearest": _place(amenities, access.nearest) if access.nearest else None,
            "items": [_place(amenities, item) for item in access.items],
        }
        for category, access in reached.items()
    }


def _place(amenities: AmenityNames, to: WalkTo) -> dict[str, Any]:
    row = to.amenity
    return {
        "id": amenities.id[row],
        "name": amenities.name[row],
        "walk_m": to.walk_m,
        "walk_min": to.walk_min,
        "lon": round(float(amenities.lon[row]), 6),
        "lat": round(float(amenities.lat[row]), 6),
        "demo": bool(amenities.demo[row]),
    }


def door_of(catalog: Catalog, site_id: str, *, field: str = "site") -> tuple[float, float]:
    """Return the place of a site whose street is known, degrees.

    Raises
    ------
    NotFoundError
        No such site, or it is not located to its street.
    """
    row = catalog.site_index(site_id)
    if not catalog.has_door[row]:
        raise NotFoundError(
            Label(
                "这处载体没有定位到街道，走不出圈",
                "This site is not located to its street: no walk can start there",
            ),
            fix=Label("补上精确位置后再算", "Give its exact place, then build again"),
            field=field,
        )
    return float(catalog.sites.lon[row]), float(catalog.sites.lat[row])


def site_amenities(
    context: AppContext, site_id: str, minutes: float | None, profile: str, language: str
) -> dict[str, Any]:
    """Return the amenities around a site as a list, nearest first by category.

    Raises
    ------
    NotFoundError
        No such site; it is not located to its street; or no street is near.
    """
    catalog = context.catalog
    lon, lat = door_of(catalog, site_id, field="site_id")
    feature = ring_feature(context, lon, lat, minutes, profile, language)
    properties: dict[str, Any] = feature["properties"]
    items = [
        {"category": category, **place}
        for category, access in properties["amenities"].items()
        for place in access["items"]
    ]
    return {
        "site_id": site_id,
        **{k: v for k, v in properties.items() if k != "amenities"},
        "items": items,
        "total": len(items),
        "next": None,
        "nearest": {c: a["nearest"] for c, a in properties["amenities"].items()},
    }
