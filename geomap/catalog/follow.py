"""Following the change log: the newest catalog, whole at every moment."""

from __future__ import annotations

import dataclasses
import fcntl
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from geomap.catalog import convert
from geomap.catalog.build import build_catalog, read_stamp
from geomap.catalog.catalog import Catalog
from geomap.catalog.columns import SiteColumns, UnitColumns
from geomap.catalog.snapshot import open_snapshot, save_snapshot
from geomap.catalog.vacancy import VacancyIndex
from geomap.domain import words
from geomap.domain.errors import NotReadyError
from geomap.store.changes import REASON, Change, changes_since, latest_seq
from geomap.store.engine import Store

_CODED: dict[str, list[Any]] = {
    "kind": list(words.UnitKind),
    "status": list(words.UnitStatus),
    "permitted_use": list(words.PermittedUse),
}
_TEXTS = {"id", "building", "room", "tenant", "site_id", "floor"}
_MAX_PATCHES = 500


class CatalogFollower:
    """Gives the newest catalog, cheaply enough to ask before every request.

    Edits of units are patched onto copies of the columns they touch; anything larger
    opens or builds a snapshot. The old catalog stays whole for those who still use it.

    Parameters
    ----------
    store
        The record.
    folder
        Where the snapshots are.
    interval_s
        How long an answer may be old.
    """

    def __init__(self, store: Store, folder: Path, *, interval_s: float = 0.05) -> None:
        self._store, self._folder, self._interval = store, folder, interval_s
        self._lock = threading.Lock()
        self._catalog: Catalog | None = None
        self._vacancies: VacancyIndex | None = None
        self._checked = 0.0

    def current(self) -> Catalog:
        """Return the newest catalog."""
        catalog = self._catalog
        if catalog is not None and time.monotonic() - self._checked < self._interval:
            return catalog
        with self._lock:
            if self._catalog is None:
                self._catalog = self._load()
            elif latest_seq(self._store) != self._catalog.version:
                self._catalog = self._advance(self._catalog)
            self._checked = time.monotonic()
            return self._catalog

    def vacancies(self) -> tuple[Catalog, VacancyIndex]:
        """Return the newest catalog with the index of its vacancies."""
        catalog = self.current()
        with self._lock:
            if self._vacancies is None:
                self._vacancies = VacancyIndex(catalog.sites)
            return catalog, self._vacancies

    def _advance(self, old: Catalog) -> Catalog:
        changes = changes_since(self._store, old.version, limit=_MAX_PATCHES + 1)
        if changes and len(changes) <= _MAX_PATCHES and all(map(_is_patch, changes)):
            new = self._patch(old, changes)
            if self._vacancies is not None:
                for row in {int(new.units.site[old.units.id.find(c.row_id)]) for c in changes}:
                    self._vacancies.update(new.sites, row)
            return new
        self._vacancies = None
        return self._load()

    def _load(self) -> Catalog:
        """Open the snapshot of the newest state; build it when no one has yet."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with self._store.reading() as session:
                stamp = read_stamp(session, latest_seq(self._store))
            try:
                catalog = open_snapshot(self._folder)
                if catalog.stamp == stamp:
                    return catalog
                patched = self._caught_up(catalog)
                if patched is not None:
                    return patched
            except NotReadyError:
                pass
            save_snapshot(build_catalog(self._store), self._folder)
        return open_snapshot(self._folder)

    def _caught_up(self, old: Catalog) -> Catalog | None:
        """Return an older snapshot of the same record with the edits since, if that is all."""
        with self._store.reading() as session:
            if not old.version or read_stamp(session, old.version) != old.stamp:
                return None
        changes = changes_since(self._store, old.version, limit=_MAX_PATCHES + 1)
        few = 0 < len(changes) <= _MAX_PATCHES
        return self._patch(old, changes) if few and all(map(_is_patch, changes)) else None

    def _patch(self, old: Catalog, changes: Sequence[Change]) -> Catalog:
        units = patch_units(old.units, changes)
        sites = _with_vacancies(old.sites, old.units, units, changes)
        tables = dataclasses.replace(old.tables, sites=sites, units=units)
        with self._store.reading() as session:
            stamp = read_stamp(session, changes[-1].seq)
        return Catalog(changes[-1].seq, stamp, old.built_at, tables)


def _with_vacancies(
    sites: SiteColumns, old: UnitColumns, new: UnitColumns, changes: Sequence[Change]
) -> SiteColumns:
    """Return the sites with vacancies summed anew where a unit was edited."""
    if new.status is old.status and new.area_m2 is old.area_m2:
        return sites
    m2, count = sites.vacant_m2.copy(), sites.vacant_count.copy()
    for row in {int(new.site[new.id.find(change.row_id)]) for change in changes}:
        here = slice(int(sites.unit_start[row]), int(sites.unit_start[row + 1]))
        vacant = new.status[here] == 0
        m2[row] = sum(new.area_m2[here][vacant].tolist())  # one by one, as when built
        count[row] = int(vacant.sum())
    return dataclasses.replace(sites, vacant_m2=m2, vacant_count=count)


def _is_patch(change: Change) -> bool:
    edited = change.table == "units" and change.action == "update" and change.patch is not None
    return edited and not set(change.patch or {}) & _TEXTS


def _coded(name: str, value: Any) -> Any:
    if name in _CODED:
        return convert.to_codes([value], _CODED[name])[0]
    if name in ("free_from", "verified_at"):
        return convert.to_days([value])[0]
    if value is None:
        return -1 if name in ("desks",) else np.nan
    return value


def patch_units(units: UnitColumns, changes: Sequence[Change]) -> UnitColumns:
    """Return columns with the edits applied; columns that no edit touches are shared."""
    copies: dict[str, Any] = {"version": units.version.copy()}
    for change in changes:
        row = units.id.find(change.row_id)
        copies["version"][row] = change.version
        for name, value in (change.patch or {}).items():
            if name == REASON:
                continue
            column = copies.setdefault(name, getattr(units, name).copy())
            column[row] = _tri_or_code(column, name, value)
    return dataclasses.replace(units, **copies)


def _tri_or_code(column: Any, name: str, value: Any) -> Any:
    if column.dtype == np.int8 and name not in _CODED:
        return convert.to_tri([value])[0]
    return _coded(name, value)
