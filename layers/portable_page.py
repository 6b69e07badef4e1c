"""The page around a portable map: texts, legend, and Leaflet put in; nothing is loaded."""

from __future__ import annotations

import html
import importlib.resources
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label

_STYLE = (
    "html,body{height:100%;margin:0;font-family:'PingFang SC','Microsoft YaHei',"
    "'Noto Sans CJK SC',sans-serif}body{background:#DCE8EE}"
    ".folium-map{position:absolute;inset:0;background:#DCE8EE}"
    ".title,.demo,.legend{position:absolute;z-index:500;margin:0;padding:6px 12px;"
    "background:#fff;border-radius:8px;font-size:14px;color:#1E2A32}"
    ".title{top:12px;left:56px;max-width:calc(100% - 190px)}"
    "h1{margin:0;font-size:14px}.title p{margin:0;font-size:12px;color:#5B6871}"
    ".demo{right:12px;top:12px;border:1px dashed #5B6871}"
    ".legend{left:12px;bottom:32px;list-style:none;font-size:12px;line-height:20px}"
    ".legend svg{vertical-align:middle;margin-right:8px}"
    ".county{background:none;border:0;box-shadow:none;color:#6F6A5E;font-size:14px;"
    "letter-spacing:.25em;text-shadow:0 0 2px #F6F4EF,0 0 2px #F6F4EF}.county::before{display:none}"
    ".credits{position:absolute;z-index:500;left:0;bottom:0;margin:0;padding:2px 8px;"
    "background:rgba(255,255,255,.8);font-size:12px;color:#5B6871}"
)
_OUTSIDE = re.compile(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//[^"'\s>]+""")
_SHAPES = {
    "line": '<path d="M1 6H27" stroke="{c}" stroke-width="3"/>',
    "dotted": '<path d="M1 6H27" stroke="{c}" stroke-width="3" stroke-dasharray="2 5"/>',
    "ring": '<circle cx="14" cy="6" r="5" fill="none" stroke="{c}" stroke-width="2"/>',
    "circle": '<circle cx="14" cy="6" r="3.5" fill="#fff" stroke="{c}" stroke-width="1.5"/>',
    "none": "",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a map: texts, and entries of the legend as (shape, colour, text).

    A shape is ``line``, ``dotted``, ``ring``, ``circle`` or ``none``.
    """

    title: str
    subtitle: str = ""
    legend: Sequence[tuple[str, str, str]] = ()
    credits: str = ""
    language: str = "zh"
    demo: bool = False


def shown(text: str) -> str:
    """Return text of the data as HTML: never markup, and no address that could be loaded."""
    return html.escape(text).replace("=", "&#61;")


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


def _legend_html(entries: Sequence[tuple[str, str, str]]) -> str:
    """Return the legend; its colours are ours, its texts are escaped."""
    items = "".join(
        f'<li><svg width="28" height="12">{_SHAPES[shape].format(c=color)}</svg>{shown(text)}</li>'
        for shape, color, text in entries
    )
    return f'<ul class="legend">{items}</ul>' if items else ""


def page_of(frame: Frame, body: str, script: str) -> str:
    """Return the whole page of a map, which is given as HTML and script.

    Raises
    ------
    NotReadyError
        Leaflet has not been fetched at set-up.
    RuntimeError
        The map would load something from outside.
    """
    outside = _OUTSIDE.search(body + script)
    if outside:
        raise RuntimeError(f"the map would load {outside[0]}")
    word = "Demonstration data" if frame.language == "en" else "演示数据"
    mark = f'<p class="demo">{word}</p>' if frame.demo else ""
    title = shown(frame.title)
    below = f"<p>{shown(frame.subtitle)}</p>" if frame.subtitle else ""
    return (
        f'<!doctype html><html lang="{frame.language}"><head><meta charset="utf-8">'
        f"<title>{title}</title>"
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_vendor('leaflet.css')}{_STYLE}</style></head><body>"
        f'<div class="title"><h1>{title}</h1>{below}</div>{mark}'
        f'{body}{_legend_html(frame.legend)}<p class="credits">{shown(frame.credits)}</p>'
        f"<script>{_vendor('leaflet.js')}</script><script>{script}</script></body></html>"
    )
