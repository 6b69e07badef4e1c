"""The amenities of an OpenStreetMap extract, cut to the region; what is left out is counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from geomap.domain.records import Amenity
from geomap.domain.words import AmenityCategory, Label
from geomap.geo.crs import DeclaredCrs
from geomap.intake.clean_amenities import CleanAmenities
from geomap.intake.frames import judge_frame
from geomap.intake.known_amenities import KnownAmenities, ask_about_amenities
from geomap.intake.poi_types import list_left_out
from geomap.intake.region import Region
from geomap.intake.report import Findings, Outcome

DROPPED = {
    "private": Label("不对外开放", "not open to the public"),
    "nodes_missing": Label("节点在提取范围之外", "its nodes lie outside of the extract"),
    "not_an_area": Label("是一条没有围合的线", "an open line, no point or area"),
    "double": Label("和另一处是同一个", "the same place as another"),
    "outside": Label("在本市之外", "outside of the region"),
    "no_amenity": Label("标签不属于十二类配套", "its tags make none of the 12 categories"),
}
"""Why something of an extract is left out."""


def clean_osm_amenities(
    rows: Iterable[list[Any]],
    region: Region,
    findings: Findings,
    answer: Mapping[str, Any],
    known: KnownAmenities | None = None,
) -> CleanAmenities:
    """Keep the amenities of an extract that lie in the region; the others are skipped.

    An extract is cut by a box or a province, so that what lies outside is no mistake.

    Parameters
    ----------
    answer
        What the reader says beside its rows: ``dropped`` by reason, ``unmapped`` tags and
        the number of those it does not name.
    known
        What the record holds.
    """
    found = [
        Amenity(
            id=str(ident),
            name=str(name)[:200],
            category=AmenityCategory(category),
            lon=float(lon),
            lat=float(lat),
            address=str(address)[:200],
            source=str(source),
            source_date=str(day),
        )
        for ident, name, category, lon, lat, address, source, day in rows
    ]
    inside = np.ones(len(found), dtype=np.bool_)
    if not region.anywhere and found:
        lon = np.array([a.lon for a in found])
        inside = region.holds(lon, np.array([a.lat for a in found]))
    kept = [a for a, keep in zip(found, inside.tolist(), strict=True) if keep]
    findings.close(Outcome.ACCEPTED, len(kept))
    unmapped = {str(tag): int(n) for tag, n in dict(answer.get("unmapped") or {}).items()}
    rest = int(answer.get("unmapped_rest") or 0)
    reasons = {str(k): int(n) for k, n in dict(answer.get("dropped") or {}).items()}
    reasons |= {"outside": len(found) - len(kept), "no_amenity": sum(unmapped.values()) + rest}
    for code, count in sorted(reasons.items(), key=lambda item: -item[1]):
        if count:
            findings.count(Outcome.SKIPPED, code, DROPPED.get(code, Label(code, code)), count)
    notes = (list_left_out(unmapped, rest),) if unmapped else ()
    lon, lat = np.array([a.lon for a in kept]), np.array([a.lat for a in kept])
    witnesses = ask_about_amenities(kept, lon, lat, "wgs84", known or KnownAmenities())
    warnings, more = judge_frame(lon, lat, DeclaredCrs("wgs84"), witnesses, osm=True)
    return CleanAmenities(kept, warnings, (*notes, *more))
