"""What the page is told when it opens: words, counties, layers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import orjson
import shapely
from markupsafe import Markup

from geomap import __version__
from geomap.catalog.catalog import Catalog
from geomap.config import Settings
from geomap.coverage.profiles import PROFILES
from geomap.domain import words
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.matching.hard import RULE_LABELS
from geomap.matching.scores import CRITERION_LABELS, WEIGHTS
from geomap.web import values as v
from geomap.web.language import text_of

_ENUMS: dict[str, type[StrEnum]] = {
    "unit_kind": words.UnitKind,
    "unit_status": words.UnitStatus,
    "stage": words.Stage,
    "level": words.SiteLevel,
    "precision": words.LocationPrecision,
    "amenity_category": words.AmenityCategory,
    "service": words.Service,
    "platform": words.Platform,
    "permitted_use": words.PermittedUse,
    "indicator": words.Indicator,
}
_DEFAULT_BOUNDS = (119.62, 27.05, 121.25, 28.62)
"""West, south, east, north of Wenzhou with its near sea, where no boundary is stored."""


def boot_of(
    catalog: Catalog, settings: Settings, language: str, texts: str, today: str
) -> dict[str, Any]:
    """Return the page's boot value; `texts` is the address of its texts."""
    bounds = region_bounds(catalog)
    west, south, east, north = bounds
    name = ("温州市", "Wenzhou")[language == "en"]
    return {
        "lang": language,
        "version": __version__,
        "stamp": catalog.stamp,
        "today": today,
        "demo": catalog.demo,
        "region": {
            "name": name,
            "bounds": list(bounds),
            "center": [round((west + east) / 2, 5), round((south + north) / 2, 5)],
        },
        "approval_number": settings.approval_number,
        "attribution": attribution(catalog, language),
        "layers": list_layers(catalog, language),
        "labels": labels_in(language),
        "weights": dict(WEIGHTS),
        "mail": bool(settings.smtp_url),
        "counties": list_counties(catalog, language),
        "reporting_units": [
            {"id": unit.id, "name": v.county_name(unit, language)} for unit in REPORTING_UNITS
        ],
        "industries": [
            {"id": i.id, "name": text_of(i.label, language), "parent": i.parent} for i in INDUSTRIES
        ],
        "profiles": [
            {
                "id": p.id,
                "name": text_of(p.name, language),
                "version": p.version,
                "minutes": p.minutes,
                "speed_kmh": p.speed_kmh,
                "rule": text_of(p.rule, language),
                "source": p.source,
            }
            for p in PROFILES.values()
        ],
        "texts": texts,
    }


def script_json(value: object) -> Markup:
    """Return JSON that can stand inside a script element."""
    text = orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY).decode()
    for mark, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(mark, escape)
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704


def region_bounds(catalog: Catalog) -> tuple[float, ...]:
    """Return west, south, east, north of the counties, degrees."""
    shapes = [s for s in catalog.counties.geometry.shapes if s is not None]
    if not shapes:
        return _DEFAULT_BOUNDS
    return tuple(round(float(n), 5) for n in shapely.total_bounds(np.array(shapes, dtype=object)))


def list_counties(catalog: Catalog, language: str) -> list[dict[str, Any]]:
    """Return the counties that have a boundary, with bounds and a point for the label on land."""
    shapes = dict(zip(catalog.counties.id, catalog.counties.geometry.shapes, strict=True))
    land = dict(zip(catalog.land.id, catalog.land.geometry.shapes, strict=True))
    found = []
    for county in COUNTIES:
        shape = shapes.get(county.adcode)
        if shape is None:
            continue
        ground = land.get(county.adcode)
        dry = ground if ground is not None and not ground.is_empty else shape
        found.append(
            {
                "adcode": county.adcode,
                "name": v.county_name(county, language),
                "short": county.name_en if language == "en" else county.short,
                "bounds": [round(n, 5) for n in dry.bounds],
                "label": _label_point(dry),
            }
        )
    return found


def _label_point(shape: Any) -> list[float]:
    """Return a point well inside the largest part: its centroid where that lies inside."""
    largest = max(shapely.get_parts(shape), key=shapely.area)
    centre = shapely.centroid(largest)
    if not shapely.contains(largest, centre):
        centre = shapely.point_on_surface(largest)
    return [round(float(centre.x), 5), round(float(centre.y), 5)]


def list_layers(catalog: Catalog, language: str) -> list[dict[str, Any]]:
    """Return the public layers with the addresses of their tiles, versioned by the catalog."""
    from layers.registry import LAYERS

    return [
        {
            "id": spec.id,
            "title": text_of(spec.title, language),
            "geometry": spec.geometry,
            "minzoom": spec.min_zoom,
            "maxzoom": spec.tile_max_zoom,
            "visible": spec.visible,
            "style": dict(spec.style),
            "legend": [
                {"label": text_of(i.label, language), "color": i.color, "shape": i.shape}
                for i in spec.legend
            ],
            "tiles": f"/ogc/collections/{spec.id}/tiles/WebMercatorQuad/{{z}}/{{y}}/{{x}}"
            f"?v={catalog.stamp}",
        }
        for spec in LAYERS.values()
        if spec.role == "public"
    ]


def attribution(catalog: Catalog, language: str) -> str:
    """Return the sources of the layers that hold something, each once."""
    from layers.registry import LAYERS

    named = dict.fromkeys(text_of(spec.attribution, language) for spec in LAYERS.values())
    return " · ".join(text for text in named if text)


def labels_in(language: str) -> dict[str, dict[str, str]]:
    """Return the words of every enum of the contract in a language."""
    labels = {
        group: {str(member): text_of(words.label(member), language) for member in enum}
        for group, enum in _ENUMS.items()
    }
    labels["criterion"] = {k: text_of(t, language) for k, t in CRITERION_LABELS.items()}
    labels["rule"] = {k: text_of(t, language) for k, t in RULE_LABELS.items()}
    return labels
