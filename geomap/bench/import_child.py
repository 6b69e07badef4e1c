"""Import of streets in a process of its own, so that its peak memory can be seen."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from geomap.bench.child import answer
from geomap.bench.measure import Result, memory_of
from geomap.streets.ways import Ways

LINE_SUFFIXES = frozenset({".shp", ".zip", ".gpkg", ".geojson", ".json"})
LINE_CRS = "wgs84"
"""What road lines are taken to be in: a bench asks for no declaration."""


def _read(source: Path) -> tuple[Ways, dict[str, int]]:
    from geomap.streets.lines import read_line_ways
    from geomap.streets.osm import read_osm_ways

    if source.suffix.lower() in LINE_SUFFIXES:
        return read_line_ways(source, LINE_CRS)
    return read_osm_ways(source)


def import_streets(source: Path, target: Path) -> Result:
    """Read, build and save; return seconds, sizes and the peak of memory."""
    from geomap.streets.file import save_network
    from geomap.streets.graph import build_network

    start = time.perf_counter()
    ways, dropped = _read(source)
    read = time.perf_counter()
    network = build_network(ways)
    built = time.perf_counter()
    save_network(network, target)
    saved = time.perf_counter()
    return {
        "seconds": round(saved - start, 3),
        "read_s": round(read - start, 3),
        "build_s": round(built - read, 3),
        "save_s": round(saved - built, 3),
        "peak_mb": memory_of("self")["peak_mb"],
        "ways": len(ways),
        "vertices": len(ways.coords),
        "junctions": network.node_count,
        "edges": network.edge_count,
        "dropped": dropped,
    }


if __name__ == "__main__":
    answer(lambda: import_streets(Path(sys.argv[1]), Path(sys.argv[2])))
