"""The Flask application: one blueprint a room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geomap.config import Settings

if TYPE_CHECKING:
    from apiflask import APIFlask


def create_app(settings: Settings) -> APIFlask:
    """Return the application.

    Flask is imported here and not with the package, so that the process that only starts
    the workers stays small.
    """
    from geomap.web.app import build_app

    return build_app(settings)
