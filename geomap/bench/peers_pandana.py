"""pandana on the same streets, in a process of its own: its library prints as it works."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from geomap.bench.child import ChildFailedError, answer, run_child
from geomap.bench.measure import Result, installed
from geomap.domain.errors import InputError
from geomap.streets.file import open_network

SINGLE = 20


def time_pandana(file: Path, limit_m: float) -> Result | str:
    """Time pandana on a saved network: a count around all junctions, and one at a time."""
    if not installed("pandana"):
        return "not installed"
    try:
        return run_child(
            "geomap.bench.peers_pandana", str(file), str(limit_m), env={"OMP_NUM_THREADS": "1"}
        )
    except (ChildFailedError, InputError) as error:
        return f"failed: {error}"


def measure(file: Path, limit_m: float) -> Result:
    """Build pandana's network and time ``aggregate`` and ``nodes_in_range``, one thread."""
    import pandana
    import pandas

    network = open_network(file)
    start = time.perf_counter()
    net = pandana.Network(
        pandas.Series(np.array(network.node_x)),
        pandas.Series(np.array(network.node_y)),
        pandas.Series(np.array(network.edge_u)),
        pandas.Series(np.array(network.edge_v)),
        pandas.DataFrame({"m": np.array(network.edge_m)}),
    )
    built = time.perf_counter() - start
    net.set(pandas.Series(np.arange(network.node_count)), name="one")
    batch = []
    for _ in range(3):
        start = time.perf_counter()
        counts = net.aggregate(limit_m, type="count", name="one")
        batch.append((time.perf_counter() - start) / network.node_count)
    single = []
    main = np.flatnonzero(network.component == 0)
    for node in np.random.default_rng(6).choice(main, SINGLE).tolist():
        start = time.perf_counter()
        net.nodes_in_range([node], limit_m)
        single.append(time.perf_counter() - start)
    return {
        "build_s": round(built, 2),
        "batch": {
            "us_a_source": round(float(np.median(batch)) * 1e6, 1),
            "junctions_a_source": round(float(counts.mean()), 1),
        },
        "single": {"us_a_source": round(float(np.median(single)) * 1e6, 1)},
    }


if __name__ == "__main__":
    answer(lambda: measure(Path(sys.argv[1]), float(sys.argv[2])))
