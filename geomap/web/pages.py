"""The page, and its files."""

from __future__ import annotations

import io
from urllib.parse import quote

import segno
from apiflask import APIBlueprint
from flask import Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.web.boot import boot_of, script_json
from geomap.web.language import language_of
from geomap.web.respond import NO_CACHE, bytes_answer
from geomap.web.state import assets, context

QR_MOST = 1_200
"""Characters of a query: more would print too fine to be read by a phone."""
QUERY_SAFE = "=&,:;-._~%+"

_ENTRIES = ("js/main.js",)
_PLACE = "js/place/inside.js"
"""Fetched when 落项目 is first entered; preloaded where an address enters it."""

bp = APIBlueprint("pages", __name__, enable_openapi=False)


@bp.get("/")
def index() -> Response:
    """Return the map."""
    language, files, shared = language_of(request), assets(), context()
    catalog = shared.catalog
    texts = files.url(f"i18n/{language}.json")
    today = shared.today().isoformat()
    boot = shared.kept.get(
        f"boot {language}",
        (catalog, files.version, today),
        lambda: script_json(boot_of(catalog, shared.settings, language, texts, today)),
    )
    entries = (*_ENTRIES, _PLACE) if request.args.get("task") == "place" else _ENTRIES
    modules = shared.kept.get(
        f"modules {len(entries)}", (files.version,), lambda: files.modules(*entries)
    )
    page = render_template("index.html", boot_json=boot, modules=modules)
    response = bytes_answer(page.encode(), "text/html", cache=NO_CACHE)
    response.headers["Vary"] = "Accept-Encoding, Accept-Language, Cookie"
    response.headers["Content-Language"] = "en" if language == "en" else "zh-CN"
    return response


@bp.get("/static/v/<version>/<path:path>")
def versioned(version: str, path: str) -> Response:
    """Return a file under a version of the whole folder."""
    return assets().answer(path, version)


@bp.get("/static/<path:path>")
def static_file(path: str) -> Response:
    """Return a file, to be asked about again each time."""
    return assets().answer(path)


@bp.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Send a browser that asks by habit to the mark."""
    return redirect(assets().url("icons/mark.svg"))


@bp.get("/qr.svg")
def qr_code() -> Response:
    """Draw a view of this map as a QR code, for paper: `query` is what follows the "?"."""
    query = request.args.get("query", "")
    if len(query) > QR_MOST or not query.isprintable():
        raise InputError(
            Label(f"查询串太长，最多 {QR_MOST} 字", f"The query is longer than {QR_MOST}"),
            field="query",
        )
    code = segno.make_qr(f"{request.host_url}?{quote(query, safe=QUERY_SAFE)}", error="m")
    drawing = io.BytesIO()
    code.save(drawing, kind="svg", border=2, xmldecl=False, dark="#1E2A32", light="#FFFFFF")
    return bytes_answer(drawing.getvalue(), "image/svg+xml")
