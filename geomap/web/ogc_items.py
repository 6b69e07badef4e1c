"""Features of a layer: chosen by a query, written as GeoJSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.domain.errors import NotFoundError
from geomap.domain.words import Label
from geomap.web.context import AppContext
from geomap.web.ogc_query import ItemsQuery
from layers.spec import LayerSpec, Table

Rows = NDArray[np.int64]
_AT_ONCE = 500


@dataclass(frozen=True)
class Collection:
    """All features of a layer, their ids, and where they are."""

    spec: LayerSpec
    table: Table
    ids: list[str]
    place: dict[str, int]
    tree: shapely.STRtree

    def __len__(self) -> int:
        return len(self.ids)


def collection_of(context: AppContext, catalog: Catalog, spec: LayerSpec) -> Collection:
    """Return a layer's features, built once a catalog."""
    return context.kept.get(f"items {spec.id}", (catalog,), lambda: _build(spec, catalog))


def _build(spec: LayerSpec, catalog: Catalog) -> Collection:
    table = spec.table(catalog)
    ids = _ids(spec, table)
    place = {fid: i for i, fid in enumerate(ids)}
    return Collection(spec, table, ids, place, shapely.STRtree(table.geometry))


def _ids(spec: LayerSpec, table: Table) -> list[str]:
    """Return the ids of features: a column that names each, else the row number from 1."""
    for name in ("id", "adcode"):
        if name in spec.names:
            texts = [str(value) for value in table.values[name]]
            if all(texts) and len(set(texts)) == len(texts):
                return texts
    return [str(i) for i in range(1, len(table) + 1)]


def select(collection: Collection, query: ItemsQuery) -> Rows:
    """Return the rows that a query asks for, in row order, all pages of them."""
    keep = np.ones(len(collection), dtype=bool)
    if query.boxes:
        inside = np.zeros(len(collection), dtype=bool)
        for box in query.boxes:
            inside[collection.tree.query(shapely.box(*box), predicate="intersects")] = True
        keep &= inside
    for name, value in query.filters:
        keep &= _equal(collection.table.values[name], value)
    column = next((c.name for c in collection.spec.columns if c.type == "date"), "")
    if query.when and column:
        keep &= _in_time(list(collection.table.values[column]), query)
    return np.flatnonzero(keep)


def _equal(column: Any, value: Any) -> NDArray[np.bool_]:
    """Return where a column has a value; a missing one equals nothing."""
    if isinstance(column, np.ndarray) and column.dtype != object:
        return np.asarray(column == value, dtype=bool)
    return np.array([found == value for found in column], dtype=bool)


def _in_time(days: list[str | None], query: ItemsQuery) -> NDArray[np.bool_]:
    """Return which days lie in the time asked; without a day there is nothing to lie in it."""
    until = query.until or "9999"
    return np.array([bool(day) and query.since <= str(day) <= until for day in days], dtype=bool)


def write_features(collection: Collection, rows: Rows) -> list[dict[str, Any]]:
    """Return features as GeoJSON objects, coordinates to 0.1 m, polygons right-handed."""
    geometries = _write_geometries(collection.table.geometry[rows])
    names = collection.spec.names
    columns = [_plain(collection.table.values[name], rows) for name in names]
    values = zip(*columns, strict=True) if columns else ((),) * len(rows)
    return [
        {
            "type": "Feature",
            "id": collection.ids[row],
            "geometry": geometry,
            "properties": dict(zip(names, properties, strict=True)),
        }
        for row, geometry, properties in zip(rows.tolist(), geometries, values, strict=True)
    ]


def dump_features(collection: Collection, rows: Rows) -> orjson.Fragment:
    """Return features as JSON text, some hundred at a time: a page of 10,000 stays small."""
    parts = [
        orjson.dumps(write_features(collection, rows[i : i + _AT_ONCE]))[1:-1]
        for i in range(0, len(rows), _AT_ONCE)
    ]
    return orjson.Fragment(b"[" + b",".join(parts) + b"]")


def _write_geometries(shapes: NDArray[np.object_]) -> list[Any]:
    """Return GeoJSON geometries, written by shapely for all at once."""
    if not len(shapes):
        return []
    rounded = shapely.transform(shapes, lambda coords: np.round(coords, 6))
    texts = shapely.to_geojson(shapely.orient_polygons(rounded))
    return [orjson.Fragment(text) if text else None for text in texts]


def _plain(column: Any, rows: Rows) -> list[Any]:
    """Return values as JSON takes them, None where there is none."""
    if isinstance(column, np.ndarray):
        return [None if v is None or v != v else v for v in column[rows].tolist()]
    return [column[row] for row in rows.tolist()]


def find_feature(collection: Collection, feature_id: str) -> Rows:
    """Return the row of a feature.

    Raises
    ------
    NotFoundError
        There is none of this id.
    """
    row = collection.place.get(feature_id)
    if row is None:
        raise NotFoundError(
            Label(f"没有要素 {feature_id[:60]}", f"There is no feature {feature_id[:60]}"),
            field="feature_id",
        )
    return np.array([row], dtype=np.int64)
