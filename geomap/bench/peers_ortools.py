"""OR-Tools CP-SAT on the same pairs, in a process of its own: its memory and time, apart."""

from __future__ import annotations

import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from geomap.bench.child import answer
from geomap.bench.measure import Result, memory_of
from geomap.placement.pairs import Pairs


def save_pairs(pairs: Pairs, path: Path) -> None:
    """Write pairs where the child reads them."""
    np.savez(path, **{name: getattr(pairs, name) for name in Pairs.__slots__})


def _read_pairs(path: Path) -> Pairs:
    with np.load(path) as found:
        return Pairs(**{name: found[name] for name in Pairs.__slots__})


def solve_by_cp_sat(pairs: Pairs, *, time_limit_s: float, workers: int) -> Result:
    """Return what CP-SAT makes of it; `workers` 0 is as many as it likes.

    Units that are given whole are "at most one", the others sums, as its manual advises.
    """
    from ortools.sat.python import cp_model

    started = time.perf_counter()
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in range(len(pairs.value))]
    for p in range(len(pairs)):
        model.add_at_most_one(taken[pairs.start[p] : pairs.start[p + 1]])
    wanted: dict[int, list[tuple[int, int]]] = defaultdict(list)
    pair = np.repeat(np.arange(len(pairs.value)), np.diff(pairs.use_start))
    for r, i, use in zip(pairs.resource.tolist(), pair.tolist(), pairs.use.tolist(), strict=True):
        wanted[r].append((i, use))
    for r, uses in wanted.items():
        if pairs.capacity[r] == 1:
            model.add_at_most_one([taken[i] for i, _ in uses])
        else:
            model.add(sum(use * taken[i] for i, use in uses) <= int(pairs.capacity[r]))
    model.maximize(cp_model.LinearExpr.weighted_sum(taken, pairs.value.tolist()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = time_limit_s
    solver.parameters.num_workers = workers
    built = time.perf_counter()
    status = solver.solve(model)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return {
        "status": solver.status_name(status),
        "value": round(solver.objective_value) if found else None,
        "bound": round(solver.best_objective_bound),
        "build_s": round(built - started, 2),
        "solve_s": round(time.perf_counter() - built, 2),
        "peak_mb": memory_of("self")["peak_mb"],
    }


def main() -> None:
    """Solve the pairs of a file: PATH SECONDS WORKERS."""
    path, limit, workers = sys.argv[1:]
    answer(
        lambda: solve_by_cp_sat(
            _read_pairs(Path(path)), time_limit_s=float(limit), workers=int(workers)
        )
    )


if __name__ == "__main__":
    main()
