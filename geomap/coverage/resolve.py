"""Edits against what is there: which amenities, sites and streets they mean, and which cannot be.

What an edit names may be gone since it was written, so each is found by itself and says
why where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.coverage.access import CATEGORIES
from geomap.coverage.edits import Edits, NewAmenity, NewSite, Spot
from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.streets.edit import PIECE_M, find_edge
from geomap.streets.graph import StreetNetwork
from geomap.streets.snap import SNAP_M, snap_points

MARGIN_DEG = 0.01
"""About a kilometre: a place so near the streets is still of their region."""

_FIXES = {
    "drop_amenities": Label("从地图上重新选要去掉的配套", "Choose the amenity on the map again"),
    "drop_sites": Label("从地图上重新选要去掉的载体", "Choose the site on the map again"),
    "drop_streets": Label("在地图上点到道路上", "Click on the street on the map"),
    "add_amenities": Label("换一个靠近道路的点", "Choose a place near a street"),
    "add_sites": Label("换一个靠近道路的点", "Choose a place near a street"),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one edit.

    `edit` is the list it stands in and `index` its place there; `id` and `name` are those
    of the thing, empty for a street; `edge` is the street's number, -1 for other things;
    `reason` says why the edit cannot be done, None where it can.
    """

    edit: str
    index: int
    id: str = ""
    name: str = ""
    spot: Spot | None = None
    edge: int = -1
    length_m: float = float("nan")
    reason: Label | None = None

    @property
    def ok(self) -> bool:
        """Whether it can be done."""
        return self.reason is None

    @property
    def field(self) -> str:
        """Name of the edit in errors."""
        return f"edits.{self.edit}.{self.index}"


@dataclass(frozen=True, slots=True)
class Resolved:
    """What of some edits can be done.

    `amenities` and `sites` are rows of the catalog that are taken away, `edges` streets of
    the network, ascending; `added` amenities and `new_sites` stand near a street.
    """

    findings: tuple[Finding, ...]
    amenities: NDArray[np.int64]
    sites: NDArray[np.int64]
    edges: NDArray[np.int64]
    added: tuple[NewAmenity, ...]
    new_sites: tuple[NewSite, ...]

    @property
    def kinds(self) -> NDArray[np.int8]:
        """Index in AmenityCategory of the added amenities."""
        return np.array([CATEGORIES.index(a.category) for a in self.added], dtype=np.int8)


def resolve_edits(edits: Edits, catalog: Catalog, network: StreetNetwork) -> Resolved:
    """Find what edits mean.

    Parameters
    ----------
    edits
        What is wished.
    catalog
        Amenities and sites.
    network
        Streets.
    """
    amenities = list(_dropped_amenities(edits, catalog))
    sites = list(_dropped_sites(edits, catalog))
    streets = list(_dropped_streets(edits, network))
    added = list(_added(edits, network))
    new_sites = list(_new_sites(edits, catalog, network))
    edges = {finding.edge for finding in streets if finding.ok}
    return Resolved(
        (*amenities, *sites, *streets, *added, *new_sites),
        _rows([catalog.amenities.id.find(f.id) for f in amenities if f.ok]),
        _rows([catalog.sites.id.find(f.id) for f in sites if f.ok]),
        _rows(sorted(edges)),
        tuple(edits.add_amenities[f.index] for f in added if f.ok),
        tuple(edits.add_sites[f.index] for f in new_sites if f.ok),
    )


def require_region(edits: Edits, network: StreetNetwork) -> None:
    """Refuse edits at places far from all streets, such as degrees the wrong way round.

    Raises
    ------
    InputError
        A place lies outside of the network's surroundings; `field` names the edit.
    """
    west, south, east, north = network.bounds
    for name, index, spot in _spots(edits):
        inside = west - MARGIN_DEG <= spot.lon <= east + MARGIN_DEG
        if not (inside and south - MARGIN_DEG <= spot.lat <= north + MARGIN_DEG):
            raise InputError(
                Label(
                    f"{spot.lon:g}, {spot.lat:g} 在路网范围之外",
                    f"{spot.lon:g}, {spot.lat:g} lies outside the street network",
                ),
                fix=Label(
                    f"经度 {west:.3f}～{east:.3f}，纬度 {south:.3f}～{north:.3f}",
                    f"Longitude {west:.3f} to {east:.3f}, latitude {south:.3f} to {north:.3f}",
                ),
                field=f"edits.{name}.{index}",
            )


def require_found(findings: tuple[Finding, ...]) -> None:
    """Refuse edits of which one cannot be done.

    Raises
    ------
    InputError
        `field` names the first of them.
    """
    for finding in findings:
        if finding.reason is not None:
            raise InputError(finding.reason, fix=_FIXES[finding.edit], field=finding.field)


def _rows(rows: list[int]) -> NDArray[np.int64]:
    return np.array(rows, dtype=np.int64)


def _spots(edits: Edits) -> Iterator[tuple[str, int, Spot]]:
    for i, spot in enumerate(edits.drop_streets):
        yield "drop_streets", i, spot
    for i, amenity in enumerate(edits.add_amenities):
        yield "add_amenities", i, amenity.spot
    for i, site in enumerate(edits.add_sites):
        yield "add_sites", i, site.spot


def _dropped_amenities(edits: Edits, catalog: Catalog) -> Iterator[Finding]:
    columns = catalog.amenities
    for i, amenity_id in enumerate(edits.drop_amenities):
        row = columns.id.find(amenity_id)
        if row < 0:
            shown = amenity_id[:64]
            reason = Label(f"没有配套 {shown}", f"There is no amenity {shown}")
            yield Finding("drop_amenities", i, amenity_id, reason=reason)
            continue
        spot = Spot(float(columns.lon[row]), float(columns.lat[row]))
        yield Finding("drop_amenities", i, amenity_id, columns.name[row], spot)


def _dropped_sites(edits: Edits, catalog: Catalog) -> Iterator[Finding]:
    columns = catalog.sites
    for i, site_id in enumerate(edits.drop_sites):
        row = columns.id.find(site_id)
        if row < 0:
            shown = site_id[:64]
            reason = Label(f"没有载体 {shown}", f"There is no site {shown}")
            yield Finding("drop_sites", i, site_id, reason=reason)
        elif not catalog.has_door[row]:
            reason = Label(
                "这处载体没有定位到街道，本来就不计分",
                "This site is not located to its street and has no score anyway",
            )
            yield Finding("drop_sites", i, site_id, columns.name[row], reason=reason)
        else:
            spot = Spot(float(columns.lon[row]), float(columns.lat[row]))
            yield Finding("drop_sites", i, site_id, columns.name[row], spot)


def _dropped_streets(edits: Edits, network: StreetNetwork) -> Iterator[Finding]:
    for i, spot in enumerate(edits.drop_streets):
        edge, _ = find_edge(network, spot.lon, spot.lat)
        if edge >= 0:
            length = float(network.edge_m[edge])
            yield Finding("drop_streets", i, spot=spot, edge=edge, length_m=length)
        else:
            reason = Label(
                f"{PIECE_M:.0f} 米内没有可步行的道路",
                f"No street to walk lies within {PIECE_M:.0f} m",
            )
            yield Finding("drop_streets", i, spot=spot, reason=reason)


def _near(spots: list[Spot], network: StreetNetwork) -> list[Label | None]:
    """Return why nothing can stand at each place, None where it can."""
    if not spots:
        return []
    edge = snap_points(network, [s.lon for s in spots], [s.lat for s in spots]).edge
    reason = Label(
        f"{SNAP_M:.0f} 米内没有可步行的道路", f"No street to walk lies within {SNAP_M:.0f} m"
    )
    return [None if e >= 0 else reason for e in edge.tolist()]


def _added(edits: Edits, network: StreetNetwork) -> Iterator[Finding]:
    reasons = _near([a.spot for a in edits.add_amenities], network)
    for i, (a, reason) in enumerate(zip(edits.add_amenities, reasons, strict=True)):
        yield Finding("add_amenities", i, a.id, a.name, a.spot, reason=reason)


def _new_sites(edits: Edits, catalog: Catalog, network: StreetNetwork) -> Iterator[Finding]:
    reasons = _near([s.spot for s in edits.add_sites], network)
    for i, (s, near) in enumerate(zip(edits.add_sites, reasons, strict=True)):
        taken = Label(f"编号 {s.id} 已有载体", f"There is a site {s.id} already")
        reason = taken if catalog.sites.id.find(s.id) >= 0 else near
        yield Finding("add_sites", i, s.id, s.name, s.spot, reason=reason)
