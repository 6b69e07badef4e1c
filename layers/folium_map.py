"""Portable maps: one HTML file by folium that opens without a network.

folium's own page links four CDN hosts. So only what it renders of the map is taken;
Leaflet is put in from the copy that set-up fetched into `static/vendor`, and a page that
would still load something from outside is refused.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import folium
import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.geo.geojson import geometry_to_geojson
from layers.counties import LAYER as COUNTIES
from layers.land import LAYER as LAND
from layers.portable_page import Frame, page_of, shown
from layers.spec import LayerSpec

if TYPE_CHECKING:
    import geopandas as gpd

_ACCENT, _LINE, _GROUND = "#0F766E", "#A9A294", "#F6F4EF"
_GROUNDED = ("land", "counties")
"""Layers that are ground themselves."""
_SIMPLIFY_DEG = 0.0002
"""About 20 m: finer than a screen shows of a whole city."""
_MIDDLE = [28.0, 120.7]


@dataclass(frozen=True, slots=True)
class Marks:
    """Features that are drawn alike, points as circles of `radius` px.

    `features` are GeoJSON (EPSG:4326) whose properties are `popup`, HTML whose texts went
    through :func:`shown`, and `style`, which goes over `style` (options of Leaflet's paths).
    """

    name: str
    features: Sequence[dict[str, Any]]
    style: Mapping[str, Any] = field(default_factory=dict)
    radius: float = 0.0


def _properties(spec: LayerSpec, frame: gpd.GeoDataFrame, row: int) -> dict[str, Any]:
    """Return the popup's lines, escaped: text from data is never markup."""
    labels = {column.name: column for column in spec.columns}
    lines = {}
    for name in spec.popup or spec.names[:4]:
        column, value = labels[name], frame[name].iloc[row]
        text = "—" if value is None or value != value else str(value)
        lines[column.label.zh] = shown(f"{text} {column.unit}".strip())
    return lines


def _features(spec: LayerSpec, frame: gpd.GeoDataFrame) -> dict[str, Any]:
    shapes = frame.geometry.to_numpy()
    areal = shapely.get_dimensions(shapes) > 0
    shapes[areal] = shapely.simplify(shapes[areal], _SIMPLIFY_DEG)
    features = [
        {
            "type": "Feature",
            "geometry": geometry_to_geojson(shape, 5),
            "properties": _properties(spec, frame, row),
        }
        for row, shape in enumerate(shapes)
        if not shape.is_empty
    ]
    return {"type": "FeatureCollection", "features": features}


def _as_points(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sites are drawn as points: a footprint cannot be seen at the scale of a city."""
    import geopandas as gpd

    points = shapely.point_on_surface(frame.geometry.to_numpy())
    return frame.set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))


def _add_ground(whole: folium.Map, land: NDArray[np.object_]) -> None:
    """Draw the counties' land, so that points do not float on a blank page."""
    shapes = shapely.simplify(land, _SIMPLIFY_DEG)
    features = [
        {"type": "Feature", "geometry": geometry_to_geojson(shape, 4), "properties": {}}
        for shape in shapes
        if not shape.is_empty
    ]
    if features:
        folium.GeoJson(
            {"type": "FeatureCollection", "features": features},
            name=LAND.title.zh,
            style_function=lambda _: {
                "color": _LINE,
                "weight": 1,
                "fillColor": _GROUND,
                "fillOpacity": 1,
                "interactive": False,
            },
        ).add_to(whole)


def _build(spec: LayerSpec, frame: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> folium.Map:
    whole = folium.Map(tiles=None, prefer_canvas=True, attribution_control=True)
    if spec.id not in _GROUNDED:
        _add_ground(whole, land[land["adcode"] != ""].geometry.to_numpy())
    points = _as_points(frame) if spec.geometry == "Mixed" else frame
    if not len(points):
        whole.location = _MIDDLE
        return whole
    data = _features(spec, points)
    fields = list(data["features"][0]["properties"]) if data["features"] else []
    folium.GeoJson(
        data,
        name=spec.title.zh,
        marker=folium.CircleMarker(
            radius=6, color="#FFFFFF", weight=1.5, fill_color=_ACCENT, fill_opacity=0.92
        ),
        style_function=lambda _: {"color": _LINE, "weight": 1.2, "fillColor": _ACCENT},
        popup=folium.GeoJsonPopup(fields=fields) if fields else None,
    ).add_to(whole)
    west, south, east, north = shapely.total_bounds(points.geometry.to_numpy())
    whole.fit_bounds([[south, west], [north, east]])
    return whole


def _render(frame: Frame, whole: folium.Map) -> str:
    """Return the page of a map."""
    figure: Any = whole.get_root()
    figure.render()
    body = "".join(child.render() for child in figure.html._children.values())
    script = "\n".join(child.render() for child in figure.script._children.values())
    return page_of(frame, body, script)


def render_map(spec: LayerSpec, frame: gpd.GeoDataFrame, land: gpd.GeoDataFrame) -> str:
    """Return a whole HTML page with the layer's features; nothing in it loads from outside.

    Parameters
    ----------
    spec, frame
        The layer and its features.
    land
        Features of the land layer, drawn beneath.

    Raises
    ------
    NotReadyError
        Leaflet has not been fetched at set-up.
    """
    demo = "demo" in spec.names and bool(frame["demo"].astype(bool).any())
    credits = " · ".join(
        dict.fromkeys(s.attribution.zh for s in (spec, LAND, COUNTIES) if s.attribution.zh)
    )
    around = Frame(title=spec.title.zh, credits=credits, demo=demo)
    return _render(around, _build(spec, frame, land))


def render_marks(
    frame: Frame,
    marks: Sequence[Marks],
    land: NDArray[np.object_],
    names: Sequence[tuple[float, float, str]] = (),
) -> str:
    """Return a whole HTML page with features over the land; nothing in it loads from outside.

    Parameters
    ----------
    frame
        What stands around the map.
    marks
        Features, the lowest first.
    land
        Shapes of the counties' land (EPSG:4326), drawn beneath with their borders.
    names
        Longitude, latitude and text of labels.

    Raises
    ------
    NotReadyError
        Leaflet has not been fetched at set-up.
    """
    whole = folium.Map(tiles=None, prefer_canvas=True, attribution_control=True)
    _add_ground(whole, land)
    for lon, lat, text in names:
        _add_name(whole, lon, lat, text)
    bounds = [_add_marks(whole, one) for one in marks if one.features]
    if bounds:
        west, south = np.min([b[:2] for b in bounds], axis=0).tolist()
        east, north = np.max([b[2:] for b in bounds], axis=0).tolist()
        whole.fit_bounds([[south, west], [north, east]], padding=(48, 48))
    else:
        whole.location = _MIDDLE
    return _render(frame, whole)


def _add_name(whole: folium.Map, lon: float, lat: float, text: str) -> None:
    """Write a label: the tooltip of an unseen point, since a Leaflet icon would load an image.

    Each point is a layer of its own: a group opens one lasting tooltip alone.
    """
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"name": shown(text), "style": {"stroke": False, "fill": False}},
    }
    folium.GeoJson(
        {"type": "FeatureCollection", "features": [point]},
        marker=folium.CircleMarker(radius=1),
        tooltip=folium.GeoJsonTooltip(
            fields=["name"],
            labels=False,
            sticky=False,
            permanent=True,
            direction="center",
            class_name="county",
        ),
    ).add_to(whole)


def _styled(one: dict[str, Any], style: Mapping[str, Any]) -> dict[str, Any]:
    """Return a feature whose own style goes over that of all."""
    properties = one["properties"]
    return {**one, "properties": {**properties, "style": {**style, **properties["style"]}}}


def _add_marks(whole: folium.Map, marks: Marks) -> NDArray[np.float64]:
    """Draw features; returns west, south, east, north of them."""
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in marks.features])
    features = [_styled(one, marks.style) for one in marks.features]
    circle = folium.CircleMarker(radius=marks.radius, fill=True) if marks.radius else None
    folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=marks.name,
        marker=circle,
        popup=folium.GeoJsonPopup(fields=["popup"], labels=False, localize=False),
    ).add_to(whole)
    bounds: NDArray[np.float64] = shapely.total_bounds(shapes)
    return bounds
