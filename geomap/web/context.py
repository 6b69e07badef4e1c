"""What requests share: settings, the record, the newest catalog, the walking network."""

from __future__ import annotations

import threading
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from geomap.catalog.catalog import Catalog
from geomap.catalog.follow import CatalogFollower
from geomap.config import Settings
from geomap.domain.errors import NotReadyError
from geomap.store.engine import Store, open_store

if TYPE_CHECKING:
    from geomap.coverage.point import AmenityIndex
    from geomap.streets.graph import StreetNetwork

CITY_TIME = ZoneInfo("Asia/Shanghai")


class AppContext:
    """Opens each thing once, when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._lock = threading.Lock()
        self._store: Store | None = None
        self._follower: CatalogFollower | None = None
        self._network: tuple[float, StreetNetwork] | None = None
        self._amenities: tuple[str, AmenityIndex] | None = None

    @property
    def network_dir(self) -> Path:
        """Folder of the walking network."""
        return self.settings.data_dir / "network"

    @property
    def tiles_dir(self) -> Path:
        """Folder of the tile cache."""
        return self.settings.data_dir / "tiles"

    @property
    def store(self) -> Store:
        """The record."""
        with self._lock:
            if self._store is None:
                self._store = open_store(self.settings.database_url, create=False)
            return self._store

    @property
    def follower(self) -> CatalogFollower:
        """The follower of the record."""
        store = self.store
        with self._lock:
            if self._follower is None:
                self._follower = CatalogFollower(store, self.settings.data_dir / "snapshot")
            return self._follower

    @property
    def catalog(self) -> Catalog:
        """The newest catalog. Take it once a request, so that an answer is of one version."""
        return self.follower.current()

    def find_network(self) -> StreetNetwork | None:
        """Return the walking network, opened anew after a new build; None where there is none."""
        from geomap.streets.file import open_network

        try:
            stamp = self.network_dir.stat().st_mtime
            with self._lock:
                if self._network is None or self._network[0] != stamp:
                    self._network = (stamp, open_network(self.network_dir))
                return self._network[1]
        except (OSError, NotReadyError):
            return None

    def today(self) -> date:
        """Return the day in the city."""
        return datetime.now(CITY_TIME).date()
