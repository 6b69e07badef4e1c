"""Import of an extract in a process of its own, so that its peak memory can be seen."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path


def main(source: str, target: str) -> None:
    """Read, build and save; print seconds, sizes and the peak of memory as JSON."""
    from geomap.bench.measure import memory_of
    from geomap.streets.file import save_network
    from geomap.streets.graph import build_network
    from geomap.streets.osm import read_osm_ways

    start = time.perf_counter()
    ways, dropped = read_osm_ways(Path(source))
    read = time.perf_counter()
    network = build_network(ways)
    built = time.perf_counter()
    save_network(network, Path(target))
    saved = time.perf_counter()
    figures = {
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
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main(*sys.argv[1:3])
