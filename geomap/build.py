"""From files to a served map: boundaries, base data, the demonstration city, joins,
rings and the catalog snapshot, each step repeatable on its own.

The rooms below know neither files nor each other's results; this module hands them on.
"""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from geomap.config import Settings
from geomap.domain.errors import NotReadyError
from geomap.domain.words import Label

if TYPE_CHECKING:
    from geomap.catalog.catalog import Catalog
    from geomap.store.engine import Store

Say = Callable[[Label], None]
PARTS = ("joins", "rings", "coverage")
DEFAULT_PROFILE = "wenzhou-6-6"
ACTOR = "geomap build"


def locate_shapefiles(settings: Settings) -> Path:
    """Return the folder of the county boundaries: the checkout's, else the data folder's."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "setup.cfg").exists():
        return checkout / "data" / "shapefiles"
    return settings.data_dir / "shapefiles"


def locate_geodata() -> Path:
    """Return the folder of the coastline and town names that set-up fetched."""
    folder = Path(str(importlib.resources.files("geomap.static"))) / "vendor" / "geodata"
    if not (folder / "coastline.geojson").exists():
        raise NotReadyError(
            Label("海岸线和乡镇名还没有取回", "Coastline and town names have not been fetched"),
            fix=Label(
                "运行 make serve 或 scripts/vendor.py", "Run make serve or scripts/vendor.py"
            ),
        )
    return folder


def locate_network(settings: Settings) -> Path:
    """Return the folder of the walking network."""
    return settings.data_dir / "network"


def locate_snapshot(settings: Settings) -> Path:
    """Return the folder of the catalog snapshots."""
    return settings.data_dir / "snapshot"


def open_record(settings: Settings) -> Store:
    """Open the store of the settings, creating the embedded file when missing."""
    from geomap.store.engine import open_store

    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return open_store(settings.database_url)


def open_catalog(settings: Settings) -> Catalog:
    """Return the newest catalog."""
    from geomap.catalog.follow import CatalogFollower

    require_served_data(settings)
    return CatalogFollower(open_record(settings), locate_snapshot(settings)).current()
