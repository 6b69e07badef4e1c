"""The comparison of two worlds as JSON takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.domain.words import AmenityCategory
from geomap.geo.geojson import geometry_to_geojson
from geomap.geo.join import join_points
from geomap.web import values as v
from geomap.web.language import text_of

if TYPE_CHECKING:
    from geomap.coverage.resolve import Finding
    from geomap.coverage.whatif import Comparison, SiteAccess, Totals
    from geomap.streets.graph import StreetNetwork
    from geomap.web.view_whatif import Ground, Question


class Texts:
    """A column of texts with a few more at its end."""

    def __init__(self, first: Any, more: list[str]) -> None:
        self._first, self._more, self._size = first, more, len(first)

    def __getitem__(self, index: int, /) -> str:
        """Return one text."""
        text: str = self._first[index] if index < self._size else self._more[index - self._size]
        return text

    def __len__(self) -> int:
        """Return how many there are."""
        return self._size + len(self._more)


def answer_of(
    ground: Ground, question: Question, after: str, found: Comparison, language: str
) -> dict[str, Any]:
    """Return what differs between today and the edited world.

    Parameters
    ----------
    ground, question
        The data, and what was asked.
    after
        Version of the edited network.
    found
        The comparison.
    language
        "zh" or "en", for reasons and counties.
    """
    counties = _counties(ground)
    known = found.score_before.known | found.score_after.known
    return {
        "profile": question.profile.id,
        "minutes": question.profile.minutes,
        "limit_m": round(question.profile.limit_m),
        "demo": ground.catalog.demo,
        "network": {"before": ground.network.version, "after": after},
        "summary": _summary(ground, found, counties, language),
        "changed": [_site(ground, found, counties, row) for row in found.changed.tolist()],
        "unchanged": int(known.sum()) - len(found.changed),
        "edits": edits_told(ground, language),
    }


def edits_told(ground: Ground, language: str) -> list[dict[str, Any]]:
    """Return what became of each edit."""
    return [_finding(f, ground.network, language) for f in ground.edits.findings]


def _finding(finding: Finding, network: StreetNetwork, language: str) -> dict[str, Any]:
    from geomap.geo.crs import WGS84, project_geometry

    spot, line = finding.spot, None
    if finding.edge >= 0:
        shape = project_geometry(network.lines[finding.edge], network.crs, WGS84)
        line = geometry_to_geojson(shape)
    return {
        "edit": finding.edit,
        "index": finding.index,
        "ok": finding.ok,
        "reason": text_of(finding.reason, language) if finding.reason else None,
        "id": finding.id or None,
        "name": finding.name or None,
        "lon": round(spot.lon, 7) if spot else None,
        "lat": round(spot.lat, 7) if spot else None,
        "length_m": v.number(finding.length_m, 1),
        "geometry": line,
    }


def _counties(ground: Ground) -> NDArray[np.int64]:
    """Return the county of each site, new ones by where they lie; -1 for none."""
    known = ground.catalog.sites.county.astype(np.int64)
    new = ground.edits.new_sites
    if not new:
        return known
    shapes = ground.catalog.counties
    hit = join_points(
        list(shapes.geometry.shapes), [s.spot.lon for s in new], [s.spot.lat for s in new]
    )
    codes = [county.adcode for county in COUNTIES]
    more = [
        codes.index(shapes.id[i]) if i >= 0 and shapes.id[i] in BY_ADCODE else -1
        for i in hit.tolist()
    ]
    return np.concatenate([known, np.array(more, dtype=np.int64)])


def _dropped(found: Comparison, ground: Ground) -> int:
    return int(found.before.known[ground.edits.sites].sum())


def _summary(
    ground: Ground, found: Comparison, counties: NDArray[np.int64], language: str
) -> dict[str, Any]:
    before, after = found.score_before, found.score_after
    down = after.score.clip(min=0) - before.score.clip(min=0)
    both = before.known & after.known
    rows = []
    for code, county in enumerate(COUNTIES):
        mine = counties == code
        if (mine & (before.known | after.known)).any():
            name = v.county_name(county, language)
            rows.append({"adcode": county.adcode, "name": name, **_both(found, mine)})
    return {
        "total": before.total,
        **_both(found, None),
        "changed": len(found.changed),
        "worse": int((both & (down < 0)).sum()),
        "better": int((both & (down > 0)).sum()),
        "cut_off": int((before.known & ~after.known).sum()) - _dropped(found, ground),
        "counties": rows,
    }


def _both(found: Comparison, rows: NDArray[np.bool_] | None) -> dict[str, Any]:
    from geomap.coverage.whatif import total_of

    before, after = total_of(found.score_before, rows), total_of(found.score_after, rows)

    def pair(read: Any) -> dict[str, Any]:
        return {"before": read(before), "after": read(after)}

    def mean(totals: Totals) -> float | None:
        return v.number(totals.mean, 3)

    return {
        "sites": pair(lambda totals: totals.sites),
        "mean": pair(mean),
        "passed": pair(lambda totals: totals.passed),
    }


def _site(
    ground: Ground, found: Comparison, counties: NDArray[np.int64], row: int
) -> dict[str, Any]:
    before, after = found.score_before, found.score_after
    known = bool(before.known[row]), bool(after.known[row])
    categories = _categories(ground, found, row) if all(known) else []
    code = int(counties[row])
    return {
        **_about(ground, row),
        "adcode": COUNTIES[code].adcode if code >= 0 else None,
        "change": _change(ground, known, row),
        "street_gone": bool(found.moved[row]),
        "score": _pair(
            int(before.score[row]) if known[0] else None,
            int(after.score[row]) if known[1] else None,
        ),
        "total": before.total,
        "passed": _pair(
            bool(before.passed[row]) if known[0] else None,
            bool(after.passed[row]) if known[1] else None,
        ),
        "gained": _turned(categories, "before", "after"),
        "lost": _turned(categories, "after", "before"),
        "categories": categories,
    }


def _about(ground: Ground, row: int) -> dict[str, Any]:
    sites, size = ground.catalog.sites, len(ground.catalog.sites)
    if row < size:
        lon, lat = sites.lon[row], sites.lat[row]
        site_id, name, demo = sites.id[row], sites.name[row], bool(sites.demo[row])
    else:
        new = ground.edits.new_sites[row - size]
        lon, lat = new.spot.lon, new.spot.lat
        site_id, name, demo = new.id, new.name, False
    place = {"lon": v.number(lon, 6), "lat": v.number(lat, 6)}
    return {"id": site_id, "name": name, **place, "demo": demo}


def _change(ground: Ground, known: tuple[bool, bool], row: int) -> str:
    """Return how a site differs; `cut_off` where no street is left within reach."""
    if all(known):
        return "changed"
    if not known[0]:
        return "added"
    return "dropped" if row in ground.edits.sites else "cut_off"


def _turned(categories: list[dict[str, Any]], none: str, some: str) -> list[str]:
    """Return the categories that have none on one side and some on the other."""
    return [c["category"] for c in categories if c["count"][none] == 0 < c["count"][some]]


def _pair(before: Any, after: Any) -> dict[str, Any]:
    return {"before": before, "after": after}


def _categories(ground: Ground, found: Comparison, row: int) -> list[dict[str, Any]]:
    """Return the categories that differ at a site."""
    categories = tuple(AmenityCategory)
    columns, added = ground.catalog.amenities, ground.edits.added
    ids = Texts(columns.id, [a.id for a in added])
    names = Texts(columns.name, [a.name for a in added])
    return [
        {
            "category": str(categories[c]),
            "count": _pair(int(found.before.count[row, c]), int(found.after.count[row, c])),
            "nearest": _pair(
                _nearest(found.before, row, c, ids, names),
                _nearest(found.after, row, c, ids, names),
            ),
        }
        for c in np.flatnonzero(found.differ[row]).tolist()
    ]


def _nearest(
    access: SiteAccess, row: int, category: int, ids: Texts, names: Texts
) -> dict[str, Any] | None:
    at = int(access.nearest[row, category])
    if at < 0:
        return None
    walk_m = v.number(access.nearest_m[row, category], 1)
    return {"id": ids[at], "name": names[at], "walk_m": walk_m}
