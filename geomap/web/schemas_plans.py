"""Shapes of staff and of saved placements, for the OpenAPI document."""

from __future__ import annotations

from geomap.web.schemas import Shape


class StaffAnswer(Shape):
    """A member of staff."""

    id: str
    name: str
