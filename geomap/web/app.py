"""Putting the application together."""

from __future__ import annotations

import importlib.resources
from pathlib import Path
from typing import Any, cast

from apiflask import APIFlask
from flask import request

from geomap import __version__
from geomap.config import Settings
from geomap.web import (
    api_coverage,
    api_demands,
    api_entries,
    api_leads,
    api_ledger,
    api_match,
    api_meetings,
    api_operator,
    api_parse,
    api_placement_files,
    api_placements,
    api_plan,
    api_plans,
    api_repair,
    api_ring,
    api_search,
    api_searches,
    api_sites,
    api_staff,
    api_whatif,
    docs,
    health,
    mail_pages,
    ogc,
    ogc_tiles,
    pages,
)
from geomap.web.assets import Assets
from geomap.web.context import AppContext
from geomap.web.language import language_of, translate
from geomap.web.limits import register_limits
from geomap.web.metrics import register_metrics
from geomap.web.openapi import complete_document
from geomap.web.problems import register_problems
from geomap.web.security import register_security
from geomap.web.state import put_state

MAX_BODY = 1_000_000
"""Bytes: a demand has a few hundred; files are imported on the command line."""
_ROOMS = (
    pages,
    api_ring,
    api_sites,
    api_coverage,
    api_repair,
    api_whatif,
    api_match,
    api_parse,
    api_placement_files,
    api_placements,
    api_demands,
    api_leads,
    api_ledger,
    api_meetings,
    api_operator,
    api_entries,
    api_plan,
    api_plans,
    api_search,
    api_searches,
    api_staff,
    mail_pages,
    docs,
    ogc,
    ogc_tiles,
    health,
)


def build_app(settings: Settings) -> APIFlask:
    """Return the application over the data of the settings; nothing is opened yet."""
    templates = Path(str(importlib.resources.files("geomap.templates")))
    app = APIFlask(
        "geomap",
        title="孵化空间数字地图 · Digital map of incubation space",
        version=__version__,
        spec_path=None,
        docs_path=None,
        json_errors=False,
        static_folder=cast(Any, None),
        template_folder=str(templates),
    )
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY,
        SECRET_KEY=settings.secret_key or None,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_404_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        AUTO_OPERATION_DESCRIPTION=False,
    )
    app.spec_processor(complete_document)
    put_state(app.extensions, AppContext(settings), Assets())
    _add_words(app)
    for room in _ROOMS:
        app.register_blueprint(room.bp)
    register_metrics(app)
    register_limits(app)
    register_security(app)
    register_problems(app)
    return app


def _add_words(app: APIFlask) -> None:
    """Give templates the language, the texts, and the addresses of files."""

    @app.context_processor
    def words() -> dict[str, Any]:
        language = language_of(request)
        assets: Assets = app.extensions["geomap.assets"]
        return {
            "lang": language,
            "t": lambda key: translate(key, language),
            "static": assets.url,
        }
