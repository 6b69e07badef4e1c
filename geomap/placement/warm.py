"""Compile the loops of placement once, into numba's cache."""

from __future__ import annotations

import numpy as np

from geomap.matching.prepared import SCORED
from geomap.placement.greedy import solve_greedy
from geomap.placement.kernels import least_share, sum_touched
from geomap.placement.listed import empty
from geomap.placement.optimal import solve_optimal
from geomap.placement.pairs import Pairs
from geomap.placement.parts import Size, Ways
from geomap.placement.stable import solve_stable
from geomap.placement.weigh import weigh


def warm() -> None:
    """Call every loop with one unit of one site, in the types that they are called with."""
    one, day, code = np.ones(1), np.ones(1, dtype=np.int32), np.zeros(1, dtype=np.int8)
    count, yes = np.ones(1, dtype=np.int64), np.ones(3, dtype=np.bool_)
    ways = Ways(code, count, one, -day, one, one, day, one, one)
    size = Size(least=0.0, most=np.inf, best=None, heads=0, combine=False).columns
    weigh(
        np.zeros(1, dtype=np.int32),
        np.ones(1, dtype=np.bool_),
        (np.zeros((1, len(SCORED))), one, ways),
        (size, (0.0, np.inf, np.inf, 1.0, 1.0, 1.0, 1.0), 4.0, 0, np.inf),
        (one, code, one, one),
        np.zeros(1, dtype=np.uint8),
        (0.0, 0.0, 0.0, 1.0, 1.0),
        (yes, np.zeros(3)),
        empty(1),
        np.zeros((3, 5), dtype=np.int64),
        np.zeros(3),
    )
    starts = np.array([0, 1], dtype=np.int64)
    pairs = Pairs(starts, count, starts, np.zeros(1, dtype=np.int32), count, count, count * 0)
    solve_greedy(pairs, np.zeros(1, dtype=np.int64))
    solve_stable(pairs)
    solve_optimal(pairs)
    _warm_proof(pairs)


def _warm_proof(pairs: Pairs) -> None:
    """Ask which pairs a gap would need: a relaxation that takes whole pairs asks for none."""
    row, one = np.zeros(1, dtype=np.int64), np.ones(1)
    labels = pairs.use_start, pairs.resource, row, row
    sum_touched(row, row, *labels, one)
    least_share(row, row, *labels, one, 1)
