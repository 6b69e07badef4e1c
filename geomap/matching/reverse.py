"""The match the other way: which demands one site, or one of its units, would suit.

The catalog is narrowed to the site, and the same rules and scores are asked there; what they
rest on besides (`Basis`) stays that of the whole catalog, so that a score is the same as the
one that the demand's own match gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import GeometryColumn, TextColumn
from geomap.domain.demand import Candidate, Demand
from geomap.matching.basis import Basis
from geomap.matching.context import build_context
from geomap.matching.hard import sieve
from geomap.matching.match import candidate_at, rank_in

Table = TypeVar("Table")


class Suited(NamedTuple):
    """A demand by its place in the list, and the best that the site or unit is for it."""

    place: int
    candidate: Candidate


def _sliced(table: Table, rows: slice) -> Table:
    """Return some rows of a table of columns."""
    parts: dict[str, Any] = {}
    for field in fields(table):  # type: ignore[arg-type]
        column = getattr(table, field.name)
        if isinstance(column, TextColumn):
            at = column.offsets[rows.start : rows.stop + 1]
            parts[field.name] = TextColumn(column.blob[at[0] : at[-1]], at - at[0])
        elif isinstance(column, GeometryColumn):
            parts[field.name] = GeometryColumn.of([None] * (rows.stop - rows.start))
        else:
            parts[field.name] = column[rows]
    return replace(table, **parts)  # type: ignore[type-var]


def narrow(catalog: Catalog, basis: Basis, site: int) -> tuple[Catalog, Basis]:
    """Return a catalog of one site with its units, without shapes, and the basis for it."""
    own, units = slice(site, site + 1), catalog.units_of(site)
    here = _sliced(catalog.units, units)
    place = replace(
        _sliced(replace(catalog.sites, unit_start=catalog.sites.unit_start[:-1]), own),
        unit_start=np.array([0, len(here)], dtype=np.int64),
    )
    tables = replace(
        catalog.tables,
        sites=place,
        units=replace(here, site=np.zeros(len(here), dtype=np.int32)),
        access=_sliced(catalog.access, own),
    )
    beside = [
        np.where(rows >= 0, rows - units.start, -1).astype(np.int32)
        for rows in (basis.before[units], basis.after[units])
    ]
    narrowed = replace(basis, before=beside[0], after=beside[1])
    return replace(catalog, tables=tables), narrowed


def list_suited(
    catalog: Catalog,
    basis: Basis,
    site: int,
    demands: Iterable[tuple[Demand, NDArray[np.float32] | None]],
    *,
    today: date,
    unit: int | None = None,
) -> list[Suited]:
    """Return the demands that a site would suit, best first, each with its best candidate.

    Parameters
    ----------
    catalog, basis
        The data, and what a match rests on.
    site
        Site row.
    demands
        Demands, each with the walk from its `near` to the site, m, shape (1,), or None.
    today
        For the age of a verification.
    unit
        Row of the unit asked about, which must be of the candidate; None for any of the site.
    """
    here, resting = narrow(catalog, basis, site)
    name = None if unit is None else catalog.units.id[unit]
    found = []
    for place, (demand, walk_m) in enumerate(demands):
        context = build_context(here, demand, today=today, walk_m=walk_m, basis=resting)
        if not sieve(context).allowed().any():
            continue  # most demands: no need to score what is refused
        ranking = rank_in(context)
        best = next(_candidates_with(ranking, name), None)
        if best is not None:
            found.append(Suited(place, best))
    return sorted(found, key=lambda s: (-round(s.candidate.score, 9), s.place))


def _candidates_with(ranking: Any, unit: str | None) -> Iterator[Candidate]:
    units, members = ranking.context.catalog.units, ranking.context.offers.members
    for place, row in enumerate(ranking.rows.tolist()):
        if unit is None or unit in (units.id[member] for member in members(row)):
            yield candidate_at(ranking, place)
