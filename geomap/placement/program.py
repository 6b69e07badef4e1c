"""Small allocations as mixed-integer programs, solved by HiGHS, one after the other.

Maximise Σ weight·x, x 0 or 1, with Σ x ≤ 1 for each project and Σ use·x ≤ capacity for each
resource. This module loads nothing but NumPy and the solver: it also runs in a process of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
Hear = Callable[["Solved | float"], None]
"""Given an answer, or how many seconds the solver has been at work on a cluster."""

_TOLERANCE = 1e-9
_EVERY_S = 0.1


@dataclass(frozen=True, slots=True)
class Program:
    """Columns of some clusters, which share neither project nor resource.

    Cluster ``c`` has the columns ``at[c] … at[c + 1] − 1``; column ``k`` takes ``use[j]`` of
    resource ``resource[j]`` for ``use_at[k] <= j < use_at[k + 1]``. `start` says which columns
    a known allocation has. All weights are multiples of `step`.
    """

    at: I8
    weight: F8
    project: I8
    use_at: I8
    resource: I8
    use: I8
    capacity: I8
    start: NDArray[np.bool_]
    step: float

    def __len__(self) -> int:
        """Return the number of clusters."""
        return len(self.at) - 1


@dataclass(frozen=True, slots=True)
class Solved:
    """The best columns found of a cluster, a bound on all others, and the seconds it took."""

    cluster: int
    columns: tuple[int, ...]
    bound: float
    spent_s: float


def quiet_solver() -> Any:
    """Return a solver that prints nothing; by itself it greets when callbacks are set."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the solver's name
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Quiet()  # type: ignore[no-untyped-call]


def _model(program: Program, cluster: int) -> Any:
    """Return one cluster as HiGHS takes it, column by column."""
    import highspy

    first, end = program.at[cluster], program.at[cluster + 1]
    count = int(end - first)
    uses = slice(program.use_at[first], program.use_at[end])
    lengths = np.diff(program.use_at[first : end + 1])
    projects, project = np.unique(program.project[first:end], return_inverse=True)
    resources, resource = np.unique(program.resource[uses], return_inverse=True)
    start = np.concatenate([[0], np.cumsum(lengths + 1)])
    of_resource = np.ones(start[-1], dtype=np.bool_)
    of_resource[start[:-1]] = False
    index, value = np.empty(start[-1], dtype=np.int32), np.ones(start[-1])
    index[start[:-1]] = project
    index[of_resource], value[of_resource] = len(projects) + resource, program.use[uses]
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = count, len(projects) + len(resources)
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_ = program.weight[first:end]
    model.col_lower_, model.col_upper_ = np.zeros(count), np.ones(count)
    model.row_lower_ = np.full(model.num_row_, -highspy.kHighsInf)
    capacity = program.capacity[resources].astype(np.float64)
    model.row_upper_ = np.concatenate([np.ones(len(projects)), capacity])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = start.astype(np.int32), index
    model.a_matrix_.value_ = value
    model.integrality_ = [highspy.HighsVarType.kInteger] * count
    return model


def _is_possible(program: Program, cluster: int, columns: I8) -> bool:
    """Return whether the solver's rounding holds in whole numbers."""
    held = np.zeros(len(program.capacity), dtype=np.int64)
    for k in columns + program.at[cluster]:
        uses = slice(program.use_at[k], program.use_at[k + 1])
        held[program.resource[uses]] += program.use[uses]
    projects = program.project[columns + program.at[cluster]]
    return bool((held <= program.capacity).all()) and len(np.unique(projects)) == len(projects)


class _Watch:
    """Passes on the solver's own clock, not each of its many calls; stops it when that raises.

    Nothing may be thrown through the solver: what was raised is kept, and raised after it.
    """

    def __init__(self, tell: Callable[[float], None]) -> None:
        self._tell, self._next_s = tell, 0.0
        self.raised: BaseException | None = None

    def __call__(self, event: Any) -> None:
        spent_s = event.data_out.running_time
        if self.raised is None and spent_s >= self._next_s:
            self._next_s = spent_s + _EVERY_S
            try:
                self._tell(spent_s)
            except BaseException as error:
                self.raised = error
        if self.raised is not None:
            event.interrupt()


def solve_cluster(
    program: Program, cluster: int, *, time_limit_s: float, tell: Callable[[float], None]
) -> Solved:
    """Return the best columns of a cluster, or the best found in the time.

    Parameters
    ----------
    program, cluster
        The program, and which of its clusters.
    time_limit_s
        Seconds for the solver.
    tell
        Given the seconds spent, ten times a second at most; what it raises stops the solver
        at its next word, which large clusters let wait for seconds: see `solve_apart`.
    """
    import highspy

    first, end = program.at[cluster], program.at[cluster + 1]
    known = np.flatnonzero(program.start[first:end])
    solver = quiet_solver()
    for name, setting in (
        ("threads", 1), ("time_limit", max(time_limit_s, 0.0)), ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5 * program.step), ("mip_feasibility_tolerance", _TOLERANCE),
        ("primal_feasibility_tolerance", _TOLERANCE),
        ("dual_feasibility_tolerance", _TOLERANCE), ("presolve", "off"),
    ):  # fmt: skip
        solver.setOptionValue(name, setting)
    solver.passModel(_model(program, cluster))
    given = highspy.HighsSolution()
    given.col_value = program.start[first:end].astype(np.float64).tolist()
    solver.setSolution(given)
    watch = _Watch(tell)
    solver.cbMipInterrupt.subscribe(watch)
    solver.solve()
    if watch.raised is not None:
        raise watch.raised
    x = np.asarray(solver.getSolution().col_value)
    columns = np.flatnonzero(x > 0.5) if len(x) == end - first else known
    weight = program.weight[first:end]
    if weight[columns].sum() < weight[known].sum() or not _is_possible(program, cluster, columns):
        columns = known
    upper = float(solver.getInfo().mip_dual_bound)
    if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        upper = float(weight[columns].sum())
    elif math.isfinite(upper):  # weights are multiples of the step: between two there is none
        upper = math.floor(upper / program.step + 1e-4) * program.step
    return Solved(cluster, tuple(columns.tolist()), upper, float(solver.getRunTime()))


def solve_program(program: Program, *, time_limit_s: float, hear: Hear) -> None:
    """Solve all clusters, small ones first; each answer is heard, and the time while at work."""
    left_s = time_limit_s
    for cluster in np.argsort(np.diff(program.at), kind="stable"):
        if left_s <= 0.0:
            return
        found = solve_cluster(program, int(cluster), time_limit_s=left_s, tell=hear)
        left_s -= found.spent_s
        hear(found)
