"""What makes the embedded SQLite file a GeoPackage (OGC 12-128r18): header and registry."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import Connection, text

from geomap.geo.gpb import decode_gpb_many
from geomap.store.models import TABLES

APPLICATION_ID = 1196444487
"""ASCII "GPKG"."""
USER_VERSION = 10300
"""GeoPackage 1.3."""

_REGISTRY = (
    """CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL,
    definition TEXT NOT NULL, description TEXT)""",
    """CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL UNIQUE,
    column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
)
_WGS84_WKT = (
    'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,'
    'AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,'
    'AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],'
    'AXIS["Latitude",NORTH],AXIS["Longitude",EAST],AUTHORITY["EPSG","4326"]]'
)
_SYSTEMS = (
    ("Undefined cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    ("WGS 84 geodetic", 4326, "EPSG", 4326, _WGS84_WKT),
)


def create_registry(connection: Connection) -> None:
    """Create the registry tables of a GeoPackage and set the file's identity."""
    for statement in _REGISTRY:
        connection.exec_driver_sql(statement)
    for system in _SYSTEMS:
        connection.exec_driver_sql(
            "INSERT INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization, "
            "organization_coordsys_id, definition) VALUES (?, ?, ?, ?, ?)",
            system,
        )
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.exec_driver_sql(f"PRAGMA user_version = {USER_VERSION}")


def register_table(connection: Connection, table: str, kind: str = "") -> None:
    """Register a table: a feature table of geometry type `kind`, else plain attributes."""
    connection.exec_driver_sql(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (table, "features" if kind else "attributes", table, 4326 if kind else None),
    )
    if kind:
        connection.exec_driver_sql(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geometry', ?, 4326, 0, 0)",
            (table, kind),
        )


def update_extent(connection: Connection, table: str) -> None:
    """Write a feature table's extent and time of change into the registry."""
    if connection.dialect.name != "sqlite" or "geometry" not in TABLES[table].c:
        return
    query = f"SELECT geometry FROM {table} WHERE geometry IS NOT NULL"  # noqa: S608 - our name
    blobs = [row[0] for row in connection.exec_driver_sql(query)]
    edges: list[float | None] = [None] * 4
    if blobs:
        bounds: NDArray[np.float64] = shapely.total_bounds(decode_gpb_many(blobs))
        edges = bounds.tolist()
    connection.execute(
        text(
            "UPDATE gpkg_contents SET min_x = :w, min_y = :s, max_x = :e, max_y = :n, "
            "last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = :t"
        ),
        dict(zip("wsen", edges, strict=True)) | {"t": table},
    )
