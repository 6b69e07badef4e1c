"""The demonstration city with every unit vacant, and its projects, for the bench of placement."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geomap.catalog.build import build_catalog, sum_vacancies
from geomap.catalog.catalog import Catalog
from geomap.config import read_settings
from geomap.domain.placement import PlacedDemand
from geomap.domain.words import UnitStatus
from geomap.importing.project_file import placed_of
from geomap.matching.prepared import Prepared, prepare
from geomap.prepare import today_in_city
from geomap.store.engine import open_store
from geomap.store.projects import list_projects

_VACANT = list(UnitStatus).index(UnitStatus.VACANT)


class Asked(NamedTuple):
    """A catalog on a day, and who is to be placed."""

    prepared: Prepared
    projects: tuple[PlacedDemand, ...]


def all_vacant(catalog: Catalog) -> Catalog:
    """Return a catalog in which nothing is let."""
    tables = catalog.tables
    status = np.full_like(tables.units.status, _VACANT)
    units = replace(tables.units, status=status)
    sites = replace(tables.sites, **sum_vacancies(units, len(tables.sites.county)))
    tables = replace(tables, units=units, sites=sites)
    return replace(catalog, stamp=f"{catalog.stamp}-vacant", tables=tables)


def demonstration(projects: int, sites: int, units: int) -> Asked:
    """Make the city in a folder of its own, and return its first projects and its units.

    It is made in another process, whose memory is not counted.
    """
    with tempfile.TemporaryDirectory(prefix="geomap-bench-") as folder:
        environ = {**os.environ, "GEOMAP_DATA_DIR": folder}
        environ.pop("GEOMAP_DATABASE_URL", None)
        command = [sys.executable, "-m", "geomap.cli", "demo"]
        command += ["--sites", str(sites), "--units", str(units)]
        subprocess.run(command, env=environ, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        settings = read_settings({"GEOMAP_DATA_DIR": str(Path(folder))})
        store = open_store(settings.database_url, create=False)
        try:
            catalog = build_catalog(store)
            found, _ = list_projects(store, limit=projects)
        finally:
            store.close()
    asked = tuple(placed_of(project) for project in found)
    return Asked(prepare(all_vacant(catalog), today=today_in_city()), asked)
