"""Portable maps: one HTML file by folium that opens without a network.

folium's own page links four CDN hosts. So only what it renders of the map is taken;
Leaflet is put in from the copy that set-up fetched into `static/vendor`, and a page that
would still load something from outside is refused.
"""

from __future__ import annotations

import html
import importlib.resources
import re
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import shapely

from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label
from geomap.geo.geojson import geometry_to_geojson
from layers.counties import LAYER as COUNTIES
from layers.land import LAYER as LAND
from layers.spec import LayerSpec

_ACCENT, _LINE, _GROUND = "#0F766E", "#A9A294", "#F6F4EF"
_GROUNDED = ("land", "counties")
"""Layers that are ground themselves."""
_SIMPLIFY_DEG = 0.0002
"""About 20 m: finer than a screen shows of a whole city."""


def _vendor(name: str) -> str:
    path = Path(str(importlib.resources.files("geomap.static"))) / "vendor" / "leaflet" / name
    if not path.exists():
        raise NotReadyError(
            Label("Leaflet 还没有取回", "Leaflet has not been fetched"),
            fix=Label(
                "运行 make serve 或 scripts/vendor.py", "Run make serve or scripts/vendor.py"
            ),
        )
    return path.read_text(encoding="utf-8")


def _properties(spec: LayerSpec, frame: gpd.GeoDataFrame, row: int) -> dict[str, Any]:
    """Return the popup's lines, escaped: text from data is never markup."""
    labels = {column.name: column for column in spec.columns}
    shown = {}
    for name in spec.popup or spec.names[:4]:
        column, value = labels[name], frame[name].iloc[row]
        text = "—" if value is None or value != value else str(value)
        shown[column.label.zh] = html.escape(f"{text} {column.unit}".strip())
    return shown


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
    points = shapely.point_on_surface(frame.geometry.to_numpy())
    return frame.set_geometry(gpd.GeoSeries(points, index=frame.index, crs=frame.crs))


def _add_ground(whole: folium.Map, land: gpd.GeoDataFrame) -> None:
    """Draw the counties' land, so that points do not float on a blank page."""
    inside = land[land["adcode"] != ""]
    shapes = shapely.simplify(inside.geometry.to_numpy(), _SIMPLIFY_DEG)
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
        _add_ground(whole, land)
    shown = _as_points(frame) if spec.geometry == "Mixed" else frame
    if not len(shown):
        whole.location = [28.0, 120.7]
        return whole
    data = _features(spec, shown)
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
    west, south, east, north = shapely.total_bounds(shown.geometry.to_numpy())
    whole.fit_bounds([[south, west], [north, east]])
    return whole


def _page(title: str, demo: bool, credits: str, body: str, script: str) -> str:
    mark = '<p class="demo">演示数据</p>' if demo else ""
    style = (
        "html,body{height:100%;margin:0;font-family:'PingFang SC','Microsoft YaHei',"
        "'Noto Sans CJK SC',sans-serif}body{background:#DCE8EE}"
        ".folium-map{position:absolute;inset:0;background:#DCE8EE}"
        "h1,.demo{position:absolute;z-index:500;margin:0;padding:6px 12px;background:#fff;"
        "border-radius:8px;font-size:14px;color:#1E2A32}h1{top:12px;left:56px}"
        ".demo{right:12px;top:12px;border:1px dashed #5B6871}"
        ".credits{position:absolute;z-index:500;left:0;bottom:0;margin:0;padding:2px 8px;"
        "background:rgba(255,255,255,.8);font-size:12px;color:#5B6871}"
    )
    return (
        f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_vendor('leaflet.css')}{style}</style></head><body><h1>{title}</h1>{mark}"
        f'{body}<p class="credits">{credits}</p>'
        f"<script>{_vendor('leaflet.js')}</script><script>{script}</script></body></html>"
    )


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
    RuntimeError
        folium put in an address that would be loaded from outside.
    """
    whole = _build(spec, frame, land)
    figure: Any = whole.get_root()
    figure.render()
    body = "".join(child.render() for child in figure.html._children.values())
    script = "\n".join(child.render() for child in figure.script._children.values())
    demo = "demo" in spec.names and bool(frame["demo"].astype(bool).any())
    credits = " · ".join(
        dict.fromkeys(s.attribution.zh for s in (spec, LAND, COUNTIES) if s.attribution.zh)
    )
    page = _page(html.escape(spec.title.zh), demo, html.escape(credits), body, script)
    outside = re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//[^"'\s>]+""", body + script)
    if outside:
        raise RuntimeError(f"the map would load {outside[0]}")
    return page
