"""What the fast pass reads: the units that may be had, packed in the order of the sites.

Made once for a catalog and a day. Only vacant units, and those in the pipeline, can ever be
candidates: the others are counted, and never looked at again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import F4, F8, I1, I4, MISSING_DAY, TextColumn, UnitColumns
from geomap.domain.demand import Demand
from geomap.domain.words import UnitKind
from geomap.matching.basis import Basis, build_basis
from geomap.matching.context import Context, Fit, Flags, Level, days_of
from geomap.matching.freshness import is_shown
from geomap.matching.hard import MEASURES, PIPELINE, RULES, TECHNICAL, VACANT
from geomap.matching.offers import Offers, single_offers
from geomap.matching.scores import SITE_CRITERIA, UNIT_CRITERIA

NEVER = np.iinfo(np.int32).max
"""As the day from which a unit is free: not known, and therefore never to be waited for."""
NO_SUMS = np.array([0.0, 0.0, -1.0, -1.0])
"""Sums of a site without a candidate: number, m², best score, its unit row."""
_KEPT = 400
"""Site columns that are kept for the next demands: 64 MB at 20,000 sites."""
_FIELDS: dict[str, tuple[str, ...]] = {
    "industry": ("industry",),
    "stage": ("stage",),
    "amenities": ("amenities",),
    "location": (),
    "services": ("services",),
    "platforms": ("platforms",),
    "standing": (),
    "county": ("counties",),
}
"""What a rule or criterion of sites asks of a demand; `near` and `within` are never kept."""


@dataclass(frozen=True, slots=True)
class Live:
    """The units that may be had, shape (n_live,): vacant ones, and behind them those coming.

    Both are in the order of kind, site and row; `vacant` and `coming` are the bounds of each
    site of each kind, shape (n_kinds × n_sites + 1,). `gate` is the day from which a unit is
    free: `MISSING_DAY` where that is not stated, `NEVER` for one in the pipeline without a
    day. `free` is the same of the vacant and then of the coming units by site, with bounds
    `free_vacant` and `free_coming`, shape (n_sites + 1,).

    `scored` has what a score looks at in one row of the processor's cache, shape (n_live, 8):
    see `SCORED`. Fits of rent against the usual, of room to grow and of freshness are there,
    since no demand changes them.
    """

    row: I4
    site: I4
    vacant: I4
    coming: I4
    gate: I4
    free: I4
    free_vacant: I4
    free_coming: I4
    kind: I1
    permitted_use: I1
    rent: F4
    area: F4
    cost: F8
    scored: F8
    measures: dict[str, F4]
    has: dict[str, I1]


SCORED = (
    "log2 of the area",
    "usual rent",
    "room to grow",
    "freshness",
    "rent",
    "area",
    "row",
    "site",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A catalog on a day, ready for the fast pass; see :func:`prepare`.

    `vacant` counts the vacant units. `stale` and `stale_coming` are listings that the public
    does not see: how many vacant ones, and the days from which those in the pipeline are free.
    """

    catalog: Catalog
    basis: Basis
    offers: Offers
    today: int
    public: bool
    live: Live
    vacant: int
    stale: int
    stale_coming: I4
    kept: dict[Any, Any] = field(default_factory=dict)
    scratch: threading.local = field(default_factory=threading.local)

    def places(self) -> I4:
        """Return room for the places of all live units, one for each thread."""
        room: I4 | None = getattr(self.scratch, "places", None)
        if room is None:
            room = self.scratch.places = np.empty(len(self.live.row) + 1, dtype=np.int32)
        return room

    def sums(self) -> F8:
        """Return room for sums by site, one for each thread; leave it at `NO_SUMS`.

        Fresh memory of this size would cost as much as half of the work in it.
        """
        room: F8 | None = getattr(self.scratch, "sums", None)
        if room is None:
            room = self.scratch.sums = np.tile(NO_SUMS, (len(self.catalog.sites), 1))
        return room

    def context(self, demand: Demand, walk_m: NDArray[np.float32] | None = None) -> Context:
        """Return the context of a demand, every unit by itself.

        Raises
        ------
        ValueError
            The demand names a place to be near, and no walk is given.
        """
        if demand.near is not None and walk_m is None:
            raise ValueError("a demand with `near` needs `walk_m`")
        return Context(
            self.catalog, demand, self.today, walk_m, self.public, self.basis, self.offers
        )

    def narrowed(self, context: Context) -> Context:
        """Return the same demand over the live units alone: no change can open another unit.

        Unit rows count the live units there, and units have no texts. A run that would need a
        unit that is not live ends before it, and is no candidate either way.
        """
        catalog, basis, offers = self.recall(("live",), lambda: _narrow(self))
        return replace(context, catalog=catalog, basis=basis, offers=offers)

    def site_flags(self, context: Context, name: str) -> Flags | None:
        """Return which sites meet a rule of sites, None where the demand does not ask."""
        met: Flags | None = self._recall("rule", name, context, RULES[name].meets)
        return met

    def site_fit(self, context: Context, name: str) -> Fit | None:
        """Return the fit of every site by a criterion of sites, None where it does not count."""
        fit: Fit | None = self._recall("fit", name, context, SITE_CRITERIA[name])
        return fit

    def _recall(
        self, what: str, name: str, context: Context, make: Callable[[Context], Any]
    ) -> Any:
        fields = _FIELDS.get(name)
        if fields is None:
            return make(context)
        key = (what, name, *(getattr(context.demand, each) for each in fields))
        return self.recall(key, lambda: make(context))

    def recall(self, key: tuple[Any, ...], make: Callable[[], Any]) -> Any:
        """Return what was made for a key before, else make it and keep it if it is anything."""
        found = self.kept.get(key)
        if found is None:
            found = make()
            if found is not None:
                if len(self.kept) >= _KEPT:
                    self.kept.clear()
                self.kept[key] = found
        return found


SITE_RULES = tuple(name for name, rule in RULES.items() if rule.level is Level.SITE)


def prepare(
    catalog: Catalog, *, today: date, public: bool = True, basis: Basis | None = None
) -> Prepared:
    """Return what the fast pass needs; a tenth of a second for a million units.

    Parameters
    ----------
    catalog
        The data.
    today
        For the age of a verification.
    public
        Whether listings that nobody verified for 120 days are hidden.
    basis
        What rests on the catalog alone, made anew where it is not given.
    """
    basis = build_basis(catalog) if basis is None else basis
    units, day = catalog.units, days_of(today)
    offers = single_offers(units, basis.after)
    vacant, coming = units.status == VACANT, units.status == PIPELINE
    shown = is_shown(units.verified_at, day) if public else np.ones(len(units), dtype=bool)
    context = Context(catalog, Demand(), day, None, public, basis, offers)
    return Prepared(
        catalog=catalog,
        basis=basis,
        offers=offers,
        today=day,
        public=public,
        live=_pack(context, vacant & shown, coming & shown),
        vacant=int(np.count_nonzero(vacant)),
        stale=int(np.count_nonzero(vacant & ~shown)),
        stale_coming=np.sort(_gates(context, np.flatnonzero(coming & ~shown))),
    )


def _gates(context: Context, rows: NDArray[np.int64]) -> I4:
    units = context.catalog.units
    free = units.free_from[rows].copy()
    free[(units.status[rows] == PIPELINE) & (free == MISSING_DAY)] = NEVER
    return free


def _ordered(context: Context, chosen: Flags) -> tuple[NDArray[np.int64], I4, I4, I4]:
    """Return the rows of some units by kind and site, their bounds, and their days by site."""
    units, sites = context.catalog.units, len(context.catalog.sites)
    rows = np.flatnonzero(chosen)
    kind, site = units.kind[rows], units.site[rows]
    ordered = np.concatenate([rows[kind == k] for k in range(len(UnitKind))])
    group = kind.astype(np.int64) * sites + site
    bounds = _bounds_of(group[kind >= 0], len(UnitKind) * sites)
    return ordered, bounds, _gates(context, rows), _bounds_of(site, sites)


def _bounds_of(group: NDArray[Any], groups: int) -> I4:
    """Return where each group starts and ends among rows in their order."""
    counts = np.bincount(group, minlength=groups)
    return np.concatenate([np.zeros(1, dtype=np.int32), np.cumsum(counts, dtype=np.int32)])


def _side_by_side(*columns: NDArray[Any]) -> F8:
    """Return columns as the rows of a table, a stretch that fits the cache at a time."""
    table = np.empty((len(columns[0]), len(columns)))
    for start in range(0, len(table), 2048):
        for place, column in enumerate(columns):
            table[start : start + 2048, place] = column[start : start + 2048]
    return table


def _pack(context: Context, vacant: Flags, coming: Flags) -> Live:
    units, offers = context.catalog.units, context.offers
    first, vacant_bounds, vacant_days, free_vacant = _ordered(context, vacant)
    second, coming_bounds, coming_days, free_coming = _ordered(context, coming)
    rows, behind = np.concatenate([first, second]), np.int32(len(first))
    area = offers.area_m2[rows]

    def fit(name: str) -> Fit:
        found = UNIT_CRITERIA[name](context, rows)
        return np.zeros(len(rows)) if found is None else found

    scored = _side_by_side(
        np.log2(np.maximum(area.astype(np.float64), 1e-3)),
        *(fit(name) for name in ("rent", "room_to_grow", "freshness")),
        *(offers.rent_cny_m2_month[rows], area, rows, units.site[rows]),
    )
    return Live(
        row=rows.astype(np.int32),
        site=units.site[rows],
        vacant=vacant_bounds,
        coming=coming_bounds + behind,
        gate=_gates(context, rows),
        free=np.concatenate([vacant_days, coming_days]),
        free_vacant=free_vacant,
        free_coming=free_coming + behind,
        kind=units.kind[rows],
        permitted_use=units.permitted_use[rows],
        rent=units.rent_cny_m2_month[rows],
        area=area,
        cost=offers.cost_cny_month[rows],
        scored=scored,
        measures={name: getattr(units, name)[rows] for name in MEASURES},
        has={name: getattr(units, name)[rows] for name in TECHNICAL if name not in MEASURES},
    )


def _narrow(prepared: Prepared) -> tuple[Catalog, Basis, Offers]:
    """Return a catalog of the live units, with the basis and the offers of it."""
    catalog, basis = prepared.catalog, prepared.basis
    rows = np.sort(prepared.live.row)
    place = np.full(len(catalog.units) + 1, -1, dtype=np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    bare = TextColumn(np.zeros(0, dtype=np.uint8), np.zeros(len(rows) + 1, dtype=np.int64))
    columns: dict[str, Any] = {
        name: column[rows] if isinstance(column, np.ndarray) else bare
        for name, column in vars(catalog.units).items()
    }
    start = np.searchsorted(columns["site"], np.arange(len(catalog.sites) + 1))
    sites = replace(catalog.sites, unit_start=start.astype(np.int64))
    tables = replace(catalog.tables, sites=sites, units=UnitColumns(**columns))
    before, after = place[basis.before[rows]], place[basis.after[rows]]
    narrowed = replace(basis, before=before, after=after)
    return (
        replace(catalog, tables=tables),
        narrowed,
        single_offers(tables.units, after),
    )
