"""Maximum coverage as a mixed-integer program, solved by HiGHS.

Maximise Σ worth·y with Σ x ≤ k and, for every site, Σ y ≤ Σ x of the candidates near it
(Church and ReVelle, 1974); x is whole, y need not be. Sites with the same candidates are
one row. This module loads nothing but NumPy and the solver: it also runs in a process of
its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Share = Callable[[float], None]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]

_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Solved:
    """What the solver found: columns, a bound on every choice, and the seconds it took."""

    columns: tuple[int, ...]
    bound: float
    spent_s: float


@dataclass(frozen=True, slots=True)
class Program:
    """At most k columns; groups of sites with the same candidates are its other rows.

    Group ``g`` is near the columns ``column[at[g]:at[g + 1]]``; its variables y are
    ``y_at[g]:y_at[g + 1]``, each worth `pay`.
    """

    columns: int
    k: int
    at: I8
    column: I4
    y_at: I8
    pay: I8


def _lp(model: Program) -> Any:
    """Return the program as HiGHS takes it, rows first."""
    import highspy

    m, groups, pays = model.columns, len(model.at) - 1, len(model.pay)
    lengths = np.diff(model.at) + np.diff(model.y_at)
    start = np.concatenate([[0, m], m + np.cumsum(lengths)])
    index: list[NDArray[Any]] = [np.arange(m)]
    value = [np.ones(m)]
    for g in range(groups):
        near = model.column[model.at[g] : model.at[g + 1]]
        own = m + np.arange(model.y_at[g], model.y_at[g + 1])
        index += [near, own]
        value += [-np.ones(len(near)), np.ones(len(own))]
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = m + pays, groups + 1
    program.sense_ = highspy.ObjSense.kMaximize
    program.col_cost_ = np.concatenate([np.zeros(m), model.pay]).astype(np.float64)
    program.col_lower_, program.col_upper_ = np.zeros(m + pays), np.ones(m + pays)
    program.row_lower_ = np.full(groups + 1, -highspy.kHighsInf)
    program.row_upper_ = np.concatenate([[float(model.k)], np.zeros(groups)])
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_ = start.astype(np.int32)
    program.a_matrix_.index_ = np.concatenate(index).astype(np.int32)
    program.a_matrix_.value_ = np.concatenate(value)
    kinds = [highspy.HighsVarType.kInteger] * m + [highspy.HighsVarType.kContinuous] * pays
    program.integrality_ = kinds
    return program


def _start(model: Program, columns: tuple[int, ...]) -> list[float]:
    """Return the values of all variables for a known choice."""
    x = np.zeros(model.columns)
    x[list(columns)] = 1.0
    y = np.zeros(len(model.pay))
    for g in range(len(model.at) - 1):
        near = int(x[model.column[model.at[g] : model.at[g + 1]]].sum())
        y[model.y_at[g] : min(model.y_at[g] + near, model.y_at[g + 1])] = 1.0
    return [*x.tolist(), *y.tolist()]


class _Watch:
    """Tells how far the solver is, and stops it when that raises.

    Nothing may be thrown through the solver: what was raised is kept, and raised after it.
    """

    def __init__(self, tell: Share, time_limit_s: float) -> None:
        self._tell, self._limit = tell, time_limit_s
        self.raised: BaseException | None = None

    def __call__(self, event: Any) -> None:
        if self.raised is None:
            try:
                self._tell(min(event.data_out.running_time / self._limit, 1.0))
            except BaseException as error:
                self.raised = error
        if self.raised is not None:
            event.interrupt()


def _quiet_solver() -> Any:
    """Return a solver that prints nothing; by itself it greets when callbacks are set."""
    import highspy

    class Quiet(highspy.Highs):
        def enableCallbacks(self) -> None:  # noqa: N802 - the solver's name
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Quiet()  # type: ignore[no-untyped-call]


def solve_program(
    model: Program, start: tuple[int, ...], *, time_limit_s: float, tell: Share
) -> Solved:
    """Return the best k columns, or the best found in the time.

    Parameters
    ----------
    model
        The program.
    start
        Columns to begin with: no answer is worse.
    time_limit_s
        Seconds for the solver, above 0.
    tell
        Given the share of the time that is spent; what it raises stops the solver at its
        next callback and is raised again. There may be seconds without a callback: see
        `solve_apart`.
    """
    import highspy

    solver = _quiet_solver()
    for name, setting in (
        ("threads", 1),
        ("time_limit", float(time_limit_s)),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 0.5),  # values are whole numbers
    ):
        solver.setOptionValue(name, setting)
    solver.passModel(_lp(model))
    given = highspy.HighsSolution()
    given.col_value = _start(model, start)
    solver.setSolution(given)
    watch = _Watch(tell, time_limit_s)
    for event in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        event.subscribe(watch)
    solver.solve()
    if watch.raised is not None:
        raise watch.raised
    x = np.asarray(solver.getSolution().col_value[: model.columns])
    upper = float(solver.getInfo().mip_dual_bound)
    bound = math.floor(upper + _TOLERANCE * max(1.0, abs(upper))) if math.isfinite(upper) else upper
    columns = tuple(np.flatnonzero(x > 0.5).tolist()) if len(x) else start
    return Solved(columns, bound, float(solver.getRunTime()))
