"""What rules and scores rest on besides the demand: made once for a catalog."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import I4, TextColumn, UnitColumns
from geomap.domain.words import AmenityCategory, UnitKind, UnitStatus

_VACANT = list(UnitStatus).index(UnitStatus.VACANT)
TRANSIT = list(AmenityCategory).index(AmenityCategory.TRANSIT)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a catalog tells of itself.

    `before` and `after` are the rows of each unit's neighbours on its floor, -1 where there
    is none, shape (n_units,). `usual_rent` is the middle rent asked for vacant units of each
    kind, CNY per m² and month, NaN where none is stated, shape (n_kinds,). `told` names the
    criteria of sites of which the catalog says anything at all; the others are left out.
    """

    before: I4
    after: I4
    usual_rent: NDArray[np.float64]
    told: frozenset[str]


def build_basis(catalog: Catalog, beside: tuple[I4, I4] | None = None) -> Basis:
    """Return the basis of a catalog; a second for a million units.

    Nearly all of that are the neighbours, `beside`, which an edit of vacancies leaves alone;
    see :func:`list_neighbours`.
    """
    before, after = list_neighbours(catalog.units) if beside is None else beside
    return Basis(before, after, usual_rents(catalog.units), _told(catalog))


def _padded(column: TextColumn) -> NDArray[np.bytes_]:
    """Return texts as bytes of one width: their order is that of the code points."""
    lengths = np.diff(column.offsets)
    width = max(1, int(lengths.max(initial=0)))
    cells = np.zeros((len(lengths), width), dtype=np.uint8)
    cells[np.arange(width) < lengths[:, None]] = column.blob[: int(column.offsets[-1])]
    return cells.view(f"S{width}").ravel()


def list_neighbours(units: UnitColumns) -> tuple[I4, I4]:
    """Return the rows before and after each unit on its floor, -1 where there is none.

    Neighbours are of one site, building and floor and follow each other in the order in
    which the stacking plan shows them: by room, then by id, as texts.
    """
    count = len(units)
    before, after = np.full(count, -1, dtype=np.int32), np.full(count, -1, dtype=np.int32)
    building = np.unique(_padded(units.building), return_inverse=True)[1]
    keys = (_padded(units.id), _padded(units.room), units.floor, building, units.site)
    order = np.lexsort(keys).astype(np.int32)
    left, right = order[:-1], order[1:]
    same = (units.site[left] == units.site[right]) & (building[left] == building[right])
    same &= units.floor[left] == units.floor[right]
    after[left[same]], before[right[same]] = right[same], left[same]
    return before, after


def usual_rents(units: UnitColumns) -> NDArray[np.float64]:
    """Return the middle rent of the vacant units of each kind, NaN where none is stated."""
    usual = np.full(len(UnitKind), np.nan)
    vacant = np.flatnonzero(units.status == _VACANT)
    rent, kinds = units.rent_cny_m2_month[vacant], units.kind[vacant]
    known = ~np.isnan(rent)
    for kind in range(len(UnitKind)):
        rents = rent[known & (kinds == kind)]
        if len(rents):
            usual[kind] = float(np.median(rents.astype(np.float64)))
    return usual


def _told(catalog: Catalog) -> frozenset[str]:
    sites, access = catalog.sites, catalog.access
    told = {
        "amenities": bool((access.count >= 0).any()),
        "location": bool((~np.isnan(access.walk_m[:, TRANSIT])).any()),
        "services": bool(sites.services.any() or sites.platforms.any()),
        "standing": bool((sites.level >= 0).any()),
    }
    return frozenset(name for name, any_told in told.items() if any_told)
