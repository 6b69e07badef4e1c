"""CRS and datum shifts, geometry validity, GeoJSON, vector tiles."""
