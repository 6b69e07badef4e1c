"""The walking network: import, snapping, bounded walks, ring polygons."""
