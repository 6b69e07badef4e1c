"""What belongs to the running application, found from inside a request."""

from __future__ import annotations

from typing import cast

from flask import current_app

from geomap.web.assets import Assets
from geomap.web.context import AppContext

_CONTEXT, _ASSETS = "geomap.context", "geomap.assets"


def put_state(extensions: dict[str, object], context: AppContext, assets: Assets) -> None:
    """Keep context and assets with an application."""
    extensions[_CONTEXT], extensions[_ASSETS] = context, assets


def context() -> AppContext:
    """Return the application's context."""
    return cast(AppContext, current_app.extensions[_CONTEXT])


def assets() -> Assets:
    """Return the application's static files."""
    return cast(Assets, current_app.extensions[_ASSETS])
