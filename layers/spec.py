"""What a map layer declares: one frozen value, from which map, tiles, OGC and exports come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.words import Label
from geomap.geo.mvt import Layer as TileLayer

if TYPE_CHECKING:
    import geopandas as gpd

NO_LABEL = Label("", "")
GeometryKind = Literal["Point", "LineString", "Polygon", "Mixed"]
CRS = "EPSG:4326"


@dataclass(frozen=True, slots=True)
class Column:
    """A published column: its name, JSON type, unit ("" for none) and heading."""

    name: str
    type: Literal["string", "number", "integer", "boolean", "date"]
    label: Label
    unit: str = ""


@dataclass(frozen=True, slots=True)
class LegendItem:
    """One entry of a legend; `color` names a design token, `shape` how it is drawn."""

    label: Label
    color: str
    shape: Literal["circle", "square", "line", "dashed", "fill"] = "fill"


@dataclass(frozen=True, slots=True)
class Table:
    """All features of a layer: `values` by column, and `geometry` (EPSG:4326), n of each."""

    values: Mapping[str, Any]
    geometry: NDArray[np.object_]

    def __len__(self) -> int:
        return len(self.geometry)

    def to_frame(self) -> gpd.GeoDataFrame:
        """Return the features as a GeoDataFrame.

        GeoPandas comes with pandas, 40 MB of memory that the running service does without:
        only exports and analyses ask for frames.
        """
        import geopandas as gpd

        return gpd.GeoDataFrame(dict(self.values), geometry=self.geometry, crs=CRS)


@dataclass(frozen=True, slots=True)
class LayerSpec:
    """A map layer.

    `table` gives all features with exactly the declared columns, `build` the same as a
    GeoDataFrame. `tiles`, where given, makes the tile layer straight from the catalog's
    columns; else it is made from `table`. `role` says who may see it. A row of which the
    column `thin_by` has a value named in `thin_zoom` is in tiles from that zoom on.
    """

    id: str
    title: Label
    geometry: GeometryKind
    columns: tuple[Column, ...]
    table: Callable[[Catalog], Table]
    description: Label = NO_LABEL
    style: Mapping[str, Any] = field(default_factory=dict)
    legend: tuple[LegendItem, ...] = ()
    popup: tuple[str, ...] = ()
    min_zoom: int = 0
    max_zoom: int = 22
    tile_max_zoom: int = 14
    attribution: Label = NO_LABEL
    role: str = "public"
    visible: bool = True
    tiles: Callable[[Catalog], TileLayer] | None = None
    thin_by: str = ""
    thin_zoom: Mapping[str, int] = field(default_factory=dict)

    def build(self, catalog: Catalog) -> gpd.GeoDataFrame:
        """Return all features as a GeoDataFrame in EPSG:4326."""
        return self.table(catalog).to_frame()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def words_or_none(codes: NDArray[Any], words: Any) -> list[str | None]:
    """Turn codes into words, -1 into None."""
    listed = [str(word) for word in words]
    return [listed[code] if code >= 0 else None for code in codes.tolist()]


def floats_or_none(values: NDArray[Any], digits: int = 1) -> NDArray[np.float64]:
    """Return rounded float64, NaN kept for none."""
    return np.asarray(np.round(values.astype(np.float64), digits), dtype=np.float64)


def dates_or_none(days: NDArray[np.int32]) -> list[str | None]:
    """Turn days since 1970 into ISO dates, missing ones into None."""
    texts = np.datetime_as_string(days.astype("datetime64[D]"), unit="D")
    missing = days == np.int32(-(2**31))
    return [None if gone else str(text) for gone, text in zip(missing, texts, strict=True)]
