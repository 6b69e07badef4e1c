"""Gaps as rows: the same ones for the table, the map and the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.coverage.profiles import Profile, get_profile
from geomap.domain.errors import InputError
from geomap.domain.regions import COUNTIES, REPORTING_UNITS
from geomap.domain.words import AmenityCategory, Label
from geomap.web.context import AppContext
from geomap.web.view_coverage import access_under, freshness, scores_under

if TYPE_CHECKING:
    from layers.spec import LayerSpec, Table

F8 = NDArray[np.float64]
SORTS = (
    "site", "county", "town", "requirement", "nearest", "straight_m", "walk_m", "over_m", "score",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GapFilter:
    """Which gaps, and in which order; empty asks for all, the worst first."""

    profile: str
    categories: tuple[str, ...] = ()
    adcodes: tuple[str, ...] = ()
    reporting_unit: str = ""
    site: str = ""
    q: str = ""
    sort: str = ""


def gaps_answer(context: AppContext, wanted: GapFilter, language: str) -> dict[str, Any]:
    """Return the gaps that a filter leaves.

    Raises
    ------
    NotFoundError, InputError
        No such profile; an unknown category or column.
    """
    profile, catalog = get_profile(wanted.profile), context.catalog
    table = _table_of(context, catalog, profile)
    rows = _choose(table, wanted)
    items = _rows_as_items(table, rows)
    labels = {r.label.zh: getattr(r.label, language) for r in profile.requirements}
    for item in items:
        item["requirement"] = labels[item["requirement"]]
    return {
        "profile": profile.id,
        "limit_m": round(profile.limit_m),
        "demo": catalog.demo,
        **freshness(context, catalog),
        "sites": len({item["site_id"] for item in items}),
        "items": items,
    }


def gaps_layer(context: AppContext, wanted: GapFilter) -> tuple[LayerSpec, Any]:
    """Return the layer and the frame (EPSG:4326) of the same rows, for a file."""
    from layers.gaps import LAYER
    from layers.spec import Table

    profile, catalog = get_profile(wanted.profile), context.catalog
    table = _table_of(context, catalog, profile)
    rows = _choose(table, wanted)
    values = {name: [column[i] for i in rows.tolist()] for name, column in table.values.items()}
    return LAYER, Table(values, table.geometry[rows]).to_frame()


def _table_of(context: AppContext, catalog: Catalog, profile: Profile) -> Table:
    """Return all gaps under a profile, made once a catalog and network."""
    network = context.find_network()
    table: Table = context.kept.get(
        f"gaps {profile.id}",
        (network, catalog.amenities, catalog.sites, catalog.access, catalog.towns),
        lambda: _build(context, catalog, profile),
    )
    return table


def _build(context: AppContext, catalog: Catalog, profile: Profile) -> Table:
    from geomap.coverage.gaps import list_gaps, nth_by_walk
    from layers.gaps import gap_rows, metric_places

    scores = scores_under(context, catalog, profile)
    walk_m, _ = access_under(context, catalog, profile)
    site_xy, amenity_xy = metric_places(catalog)
    network, nth = context.find_network(), None
    if network is not None:
        index = context.amenity_index(network, catalog)
        nth = nth_by_walk(network, index, context.site_places(network, catalog))
    gaps = list_gaps(
        scores, profile, catalog.access.nearest, walk_m, catalog.amenities.category,
        site_xy, amenity_xy, nth,
    )  # fmt: skip
    version = freshness(context, catalog)["network"] or ""
    return gap_rows(catalog, gaps, scores, profile, version)


def _choose(table: Table, wanted: GapFilter) -> NDArray[np.int64]:
    """Return the rows that a filter leaves, in its order."""
    _require_known("category", wanted.categories, [str(c) for c in AmenityCategory])
    _require_known("adcode", wanted.adcodes, [c.adcode for c in COUNTIES])
    unit = (wanted.reporting_unit,) if wanted.reporting_unit else ()
    _require_known("reporting_unit", unit, [u.id for u in REPORTING_UNITS])
    columns = table.values
    keep = np.ones(len(table), dtype=np.bool_)
    if wanted.categories:
        asked = set(wanted.categories)
        keep &= [not asked.isdisjoint(c.split(",")) for c in columns["category"]]
    if wanted.adcodes:
        keep &= [c in wanted.adcodes for c in columns["adcode"]]
    for name, value in (("reporting_unit", wanted.reporting_unit), ("site_id", wanted.site)):
        if value:
            keep &= [c == value for c in columns[name]]
    if wanted.q:
        keep &= [wanted.q.casefold() in c.casefold() for c in columns["site"]]
    rows = np.flatnonzero(keep).astype(np.int64)
    return _sorted(table, rows, wanted.sort) if wanted.sort else rows


def _require_known(field: str, given: tuple[str, ...], known: list[str]) -> None:
    """Refuse the first value that is none of the known ones."""
    for value in given:
        if value not in known:
            listed = ", ".join(known)
            raise InputError(
                Label(f"{value[:40]!r} 不认识", f"Unknown value {value[:40]!r}"),
                fix=Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
                field=field,
            )


def _sorted(table: Table, rows: NDArray[np.int64], sort: str) -> NDArray[np.int64]:
    """Return rows by a column, unknown values last either way, ties as they were."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        raise InputError(
            Label(f"不能按 {name[:40]!r} 排序", f"Cannot sort by {name[:40]!r}"),
            fix=Label(f"用其中之一：{', '.join(SORTS)}", f"Use one of: {', '.join(SORTS)}"),
            field="sort",
        )
    column = table.values[name]
    known = [i for i in rows.tolist() if column[i] is not None and column[i] == column[i]]
    rest = [i for i in rows.tolist() if column[i] is None or column[i] != column[i]]
    known.sort(key=lambda i: column[i], reverse=down)
    return np.array([*known, *rest], dtype=np.int64)


def _rows_as_items(table: Table, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    from layers.export import plain

    names = list(table.values)
    lists = [[plain(table.values[name][i]) for i in rows.tolist()] for name in names]
    return [dict(zip(names, row, strict=True)) for row in zip(*lists, strict=True)]
