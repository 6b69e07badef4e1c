"""Single values of the catalog as JSON takes them: None where nothing is stated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

import numpy as np

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import MISSING_DAY
from geomap.domain.regions import COUNTIES, REPORTING_UNITS, County, ReportingUnit


def number(value: Any, digits: int = 2) -> float | None:
    """Return a rounded number, None for NaN."""
    plain = float(value)
    return round(plain, digits) if math.isfinite(plain) else None


def whole(value: Any) -> int | None:
    """Return a count, None for -1 (not stated)."""
    plain = int(value)
    return plain if plain >= 0 else None


def day(value: Any) -> str | None:
    """Return an ISO date from days since 1970, None where there is none."""
    return _day(int(value))


@lru_cache(maxsize=4096)
def _day(days: int) -> str | None:
    return None if days == int(MISSING_DAY) else str(np.datetime64(days, "D"))


def word(code: Any, words: type[StrEnum] | Sequence[str]) -> str | None:
    """Return the word of a code, None for -1."""
    return str(list(words)[int(code)]) if int(code) >= 0 else None


def tri(value: Any) -> bool | None:
    """Return yes, no, or None where it is not stated."""
    return None if int(value) < 0 else bool(value)


def county_of(catalog: Catalog, site: int) -> County | None:
    """Return the county of a site."""
    code = int(catalog.sites.county[site])
    return COUNTIES[code] if code >= 0 else None


def county_name(county: County | ReportingUnit | None, language: str) -> str:
    """Return the name of a county or reporting unit, empty for none."""
    if county is None:
        return ""
    return county.name_en if language == "en" else county.name


def reporting_unit_of(catalog: Catalog, site: int) -> ReportingUnit | None:
    """Return the reporting unit of a site."""
    code = int(catalog.sites.reporting_unit[site])
    return REPORTING_UNITS[code] if code >= 0 else None
