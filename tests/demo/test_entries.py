"""Made-up entries: of every kind, the same each time, and all say that they are made up."""

from __future__ import annotations

from collections import Counter
from datetime import date

import shapely

from geomap.demo.entries import build_entries
from geomap.domain.entries import NEVER_PUBLIC, EntryKind, Visibility
from geomap.domain.industries import BY_ID
from geomap.domain.records import Site
from geomap.domain.regions import COUNTIES

TODAY = date(2026, 11, 24)
SITES = [
    Site(
        id=f"demo-s{i}",
        name=f"载体{i}",
        geometry=shapely.Point(120.5 + i / 100, 27.9) if i else None,
        declared_adcode=COUNTIES[i % 3].adcode,
        industries=("eye_health", "ai") if i % 2 else ("pumps_valves",),
        demo=True,
    )
    for i in range(7)
]


def test_of_every_kind_and_the_same_each_time() -> None:
    made = build_entries(SITES, seed=1, today=TODAY)
    assert made == build_entries(SITES, seed=1, today=TODAY)
    assert made != build_entries(SITES, seed=2, today=TODAY)
    ids = [name for name, _ in made]
    assert len(set(ids)) == len(ids)
    public = [name for name, draft in made if draft.visibility is Visibility.PUBLISHED]
    for kind in ("scene", "opportunity", "demand", "firm-link", "land"):
        own = sorted(name for name in public if name.startswith(f"demo-{kind}-"))
        assert own == [f"demo-{kind}-{n:02d}" for n in range(1, len(own) + 1)], "no gap tells"
    kinds = Counter(draft.kind for _, draft in made)
    assert set(kinds) == set(EntryKind)


def test_what_each_says() -> None:
    for _, draft in build_entries(SITES, seed=1, today=TODAY):
        restricted = draft.visibility is Visibility.RESTRICTED
        assert restricted == (draft.kind in NEVER_PUBLIC)
        assert draft.demo and "演示" in draft.owner and "演示数据" in draft.text
        assert draft.adcode and set(draft.industries) <= set(BY_ID)
        assert draft.dated_on < TODAY < draft.expires_on  # type: ignore[operator]
        assert (draft.kind is EntryKind.LAND) == (draft.floor_area_m2 is not None)
        assert (draft.lon is None) == (draft.lat is None)


def test_land_in_every_county_with_sites() -> None:
    land = [d for _, d in build_entries(SITES, seed=1, today=TODAY) if d.kind is EntryKind.LAND]
    assert Counter(d.adcode for d in land) == {c.adcode: 2 for c in COUNTIES[:3]}
    assert Counter(d.idle_plant for d in land) == {True: 3, False: 3}


def test_nothing_without_sites() -> None:
    assert build_entries([], seed=1, today=TODAY) == []
