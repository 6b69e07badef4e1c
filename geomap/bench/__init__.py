"""Figures of speed and memory, as JSON: ``geomap bench``.

Each bench measures its peers in the same run where they are installed. No test is timed;
the tests only see that every bench runs on small input.
"""

from geomap.bench.run import BENCHES, run_bench

__all__ = ["BENCHES", "run_bench"]
