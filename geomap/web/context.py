"""What requests share: settings, the record, the newest catalog, the walking network."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from geomap.build import locate_network, locate_snapshot
from geomap.catalog.catalog import Catalog
from geomap.catalog.follow import CatalogFollower
from geomap.config import Settings
from geomap.domain.demand import Demand
from geomap.domain.errors import GeomapError, NotReadyError
from geomap.domain.words import Label
from geomap.store.engine import Store, open_store
from geomap.web.recent import Recent

if TYPE_CHECKING:
    from geomap.coverage.point import AmenityIndex
    from geomap.coverage.whatif import CarriedStreets
    from geomap.streets.graph import StreetNetwork
    from geomap.streets.snap import Snapped

T = TypeVar("T")
CITY_TIME = ZoneInfo("Asia/Shanghai")


class Kept:
    """Values made once from the objects they rest on, and made anew when one is another.

    Objects are compared by identity, texts by value: the columns of a catalog never change,
    and an edit shares every column that it does not touch.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._values: dict[str, tuple[tuple[Any, ...], Any]] = {}

    def get(self, name: str, made_of: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Return the value of a name, made by one thread while the others wait."""
        found = self._values.get(name)
        if found is None or not _same(found[0], made_of):
            with self._lock:
                found = self._values.get(name)
                if found is None or not _same(found[0], made_of):
                    found = (made_of, make())
                    self._values[name] = found
        value: T = found[1]
        return value


def _same(left: tuple[Any, ...], right: tuple[Any, ...]) -> bool:
    return len(left) == len(right) and all(
        a is b or (isinstance(a, str) and a == b) for a, b in zip(left, right, strict=True)
    )


class AppContext:
    """Opens each thing once, when it is first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.kept = Kept()
        self.edited: Recent[CarriedStreets] = Recent(most=8, most_bytes=64_000_000)
        self._lock = threading.RLock()
        self._store: Store | None = None
        self._follower: CatalogFollower | None = None
        self._network: tuple[tuple[int, int], StreetNetwork] | None = None

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
        if self._follower is None:
            with self._lock:
                if self._follower is None:
                    folder = locate_snapshot(self.settings)
                    self._follower = CatalogFollower(self.store, folder)
        return self._follower

    @property
    def catalog(self) -> Catalog:
        """The newest catalog. Take it once a request, so that an answer is of one version."""
        return self.follower.current()

    def find_network(self) -> StreetNetwork | None:
        """Return the walking network, opened anew after a new build; None where there is none."""
        from geomap.streets.file import open_network

        folder = locate_network(self.settings)
        try:
            stat = folder.stat()
            stamp = (stat.st_ino, stat.st_mtime_ns)
            if self._network is None or self._network[0] != stamp:
                with self._lock:
                    if self._network is None or self._network[0] != stamp:
                        self._network = (stamp, open_network(folder))
            return self._network[1]
        except (OSError, NotReadyError):
            return None

    def require_network(self) -> StreetNetwork:
        """Return the walking network.

        Raises
        ------
        NotReadyError
            There is none.
        """
        network = self.find_network()
        if network is None:
            raise NotReadyError(
                Label("步行路网还没有建立", "The walking network has not been built yet"),
                fix=Label(
                    "运行 geomap demo，或 geomap import streets 后再 geomap build",
                    "Run geomap demo, or geomap import streets and then geomap build",
                ),
                field="network",
            )
        return network

    def amenity_index(self, network: StreetNetwork, catalog: Catalog) -> AmenityIndex:
        """Return the amenities of a catalog on a network."""
        from geomap.coverage.access import build_amenity_index

        amenities = catalog.amenities
        return self.kept.get(
            "amenities",
            (network, amenities),
            lambda: build_amenity_index(network, amenities.category, amenities.lon, amenities.lat),
        )

    def site_places(self, network: StreetNetwork, catalog: Catalog) -> Snapped:
        """Return the sites of a catalog on a network, those whose door is known."""
        from geomap.streets.snap import snap_points

        sites = catalog.sites

        def snap() -> Snapped:
            lon = np.where(catalog.has_door, sites.lon, np.nan)
            return snap_points(network, lon, sites.lat)

        return self.kept.get("places", (network, sites.lon, sites.precision), snap)

    def today(self) -> date:
        """Return the day in the city."""
        return datetime.now(CITY_TIME).date()

    def now(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC)

    def warm(self) -> None:
        """Open what the first request would wait for; what is missing stays missing.

        One match and one ring load what is compiled from numba's cache.
        """
        try:
            catalog = self.catalog
        except NotReadyError:
            return
        from geomap.matching.kernel import find_top
        from geomap.web.view_match import prepared_of

        prepared = prepared_of(self, catalog)
        find_top(prepared, prepared.context(Demand()), 1)
        network = self.find_network()
        if network is None:
            return
        from geomap.coverage.point import ring_at
        from geomap.geo.crs import from_metric

        index = self.amenity_index(network, catalog)
        self.site_places(network, catalog)
        middle = network.geom[len(network.geom) // 2]
        lon, lat = from_metric(middle[0], middle[1], network.crs)
        with suppress(GeomapError):
            ring_at(network, index, float(lon), float(lat), 5.0)

    def disconnect(self) -> None:
        """Close the connections to the record, as before a fork; they open again when asked."""
        if self._store is not None:
            self._store.close()

    def close(self) -> None:
        """Give back what is open."""
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = self._follower = self._network = None
