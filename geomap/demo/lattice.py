"""The warped lattice of main streets: square-ish cells that turn with the land.

Each centre says how its streets lie. Two fields u and v are found whose gradients follow
those directions as nearly as fields can (a Poisson equation, solved by cosine transform);
the lattice lines are the places where u or v takes the values of a row of steps. So the
lines bend from one centre to the next without a seam, and their spacing breathes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.fft import dctn, idctn
from scipy.ndimage import map_coordinates

from geomap.demo.ground import Ground
from geomap.demo.near import Nearest
from geomap.demo.places import CELL_M, Centre, Raster, make_grid
from geomap.demo.streams import stream, wave_noise

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]
STEP_M = 680.0
PIECES = 3
"""Straight pieces in which the side of a cell is drawn, so that long streets curve."""
CELL_DENSITY = 0.085
"""Cells denser than this in their middle belong to a town."""
INFLUENCE_M = 6_000.0
SWAY_M = 9.0
"""How far a long street leaves its smooth line, to look grown rather than ruled."""


@dataclass(frozen=True)
class Warp:
    """The two fields on the raster, and the steps at which lattice lines run."""

    west: float
    south: float
    u: F8
    v: F8
    steps_u: F8
    steps_v: F8

    def _sample(self, field: F8, x: F8, y: F8) -> F8:
        where = np.array([(y - self.south) / CELL_M, (x - self.west) / CELL_M])
        return np.asarray(map_coordinates(field, where, order=1, mode="nearest"))

    def locate(self, u: F8, v: F8) -> tuple[F8, F8]:
        """Return the points (x, y) at which the fields take the values u and v."""
        rows, columns = np.indices(self.u.shape)
        samples = Nearest(np.column_stack([self.u.ravel(), self.v.ravel()]))
        _, first = samples.find(np.column_stack([u.ravel(), v.ravel()]))
        x = np.asarray(self.west + columns.ravel()[first] * CELL_M, dtype=np.float64)
        y = np.asarray(self.south + rows.ravel()[first] * CELL_M, dtype=np.float64)
        slopes: list[list[F8]] = [list(np.gradient(f, CELL_M)) for f in (self.u, self.v)]
        for _ in range(6):
            off_u = self._sample(self.u, x, y) - u.ravel()
            off_v = self._sample(self.v, x, y) - v.ravel()
            (uy, ux), (vy, vx) = ([self._sample(g, x, y) for g in pair] for pair in slopes)
            det = ux * vy - uy * vx
            det = np.where(np.abs(det) < 0.05, 0.05, det)
            x = x - np.clip((vy * off_u - uy * off_v) / det, -CELL_M, CELL_M)
            y = y - np.clip((ux * off_v - vx * off_u) / det, -CELL_M, CELL_M)
        return x.reshape(u.shape), y.reshape(u.shape)


def build_warp(ground: Ground, centres: Sequence[Centre], seed: int) -> Warp:
    """Find the fields of the streets' directions."""
    west, south, x, y = make_grid(ground)
    turn = np.radians(_turn(x, y, centres))
    rng = stream(seed, "turn")
    turn += 0.09 * wave_noise(rng, x, y, wavelength_m=7000.0)
    turn += 0.10 * wave_noise(rng, x, y, wavelength_m=2800.0)
    u = _potential(np.cos(turn), np.sin(turn))
    v = _potential(-np.sin(turn), np.cos(turn))
    rng = stream(seed, "steps")
    return Warp(west, south, u, v, _steps(u, rng), _steps(v, rng))


def _turn(x: F8, y: F8, centres: Sequence[Centre]) -> F8:
    """Return the angle of the streets, degrees: that of the centres around, by nearness."""
    total, weight = np.full(x.shape, 1e-9 * 10.0), np.full(x.shape, 1e-9)
    for c in centres:
        if c.rank == 3:
            continue
        away2 = (x - c.x) ** 2 + (y - c.y) ** 2
        near = c.peak * c.radius_m**2 / (away2 + INFLUENCE_M**2 / 4.0) ** 1.6
        total += near * c.turn
        weight += near
    return np.asarray(total / weight)


def _potential(gx: F8, gy: F8) -> F8:
    """Return the field whose gradient is nearest to (gx, gy) in the least squares."""
    rows, columns = gx.shape
    east = (gx[:, :-1] + gx[:, 1:]) / 2.0 * CELL_M
    north = (gy[:-1] + gy[1:]) / 2.0 * CELL_M
    divergence = np.zeros_like(gx)
    divergence[:, :-1] += east
    divergence[:, 1:] -= east
    divergence[:-1] += north
    divergence[1:] -= north
    kx = 2.0 * np.cos(np.pi * np.arange(columns) / columns) - 2.0
    ky = 2.0 * np.cos(np.pi * np.arange(rows) / rows) - 2.0
    scale = kx[None, :] + ky[:, None]
    scale[0, 0] = 1.0
    spectrum = dctn(divergence, type=2) / scale
    spectrum[0, 0] = 0.0
    return np.asarray(idctn(spectrum, type=2))


def _steps(field: F8, rng: np.random.Generator) -> F8:
    """Return uneven steps through the range of a field."""
    count = int(np.ptp(field) / STEP_M) + 1
    sizes = STEP_M * rng.uniform(0.8, 1.25, count + 2)
    return np.asarray(field.min() + np.concatenate([[0.0], np.cumsum(sizes)]))


@dataclass(frozen=True)
class Cells:
    """Cells of the lattice that belong to towns.

    Parameters
    ----------
    column, row
        Lattice indices of each cell (its lower line in u and in v), shape (n,).
    ring
        Outline of each cell, shape (n, 4 * PIECES, 2), counterclockwise from the corner
        (column, row), metres; not closed.
    density
        Density in the middle of each cell.
    """

    column: I8
    row: I8
    ring: F8
    density: F8

    def __len__(self) -> int:
        """Return the number of cells."""
        return len(self.column)


def build_cells(warp: Warp, density: Raster, ground: Ground) -> Cells:
    """Return the town cells of the lattice, unfolded and mostly on land."""
    middle_u = (warp.steps_u[:-1] + warp.steps_u[1:]) / 2.0
    middle_v = (warp.steps_v[:-1] + warp.steps_v[1:]) / 2.0
    column, row = (k.ravel() for k in np.indices((len(middle_u), len(middle_v))))
    reached = _reached(warp, middle_u[column], middle_v[row])
    column, row = column[reached], row[reached]
    x, y = warp.locate(middle_u[column], middle_v[row])
    dense = density.at(x, y) > CELL_DENSITY
    column, row, x, y = column[dense], row[dense], x[dense], y[dense]
    ring = _outline(warp, column, row)
    area = _signed_area(ring)
    fits = (area > 0.2 * STEP_M**2) & (area < 3.0 * STEP_M**2)
    inner = (ring[:, ::PIECES] + np.stack([x, y], axis=-1)[:, None]) / 2.0
    spots = np.concatenate([inner, np.stack([x, y], axis=-1)[:, None]], axis=1)
    dry = ground.county_at(spots[..., 0].ravel(), spots[..., 1].ravel()).reshape(-1, 5) >= 0
    fits &= dry.sum(axis=1) >= 2
    return Cells(column[fits], row[fits], ring[fits], density.at(x, y)[fits])


def _reached(warp: Warp, u: F8, v: F8) -> NDArray[np.bool_]:
    """Return which values of (u, v) occur inside the raster."""
    samples = Nearest(np.column_stack([warp.u.ravel(), warp.v.ravel()]))
    away, _ = samples.find(np.column_stack([u, v]))
    return np.asarray(away < 1.5 * CELL_M)


def _outline(warp: Warp, column: I8, row: I8) -> F8:
    """Return the rings of cells; neighbours get the very same points on a shared side."""
    part = np.arange(PIECES) / PIECES
    su, sv = warp.steps_u, warp.steps_v
    across = su[column][:, None] + (su[column + 1] - su[column])[:, None] * part
    up = sv[row][:, None] + (sv[row + 1] - sv[row])[:, None] * part
    back = su[column + 1][:, None] - (su[column + 1] - su[column])[:, None] * part
    down = sv[row + 1][:, None] - (sv[row + 1] - sv[row])[:, None] * part
    low, high = np.broadcast_to(sv[row][:, None], across.shape), sv[row + 1][:, None]
    left, right = np.broadcast_to(su[column][:, None], up.shape), su[column + 1][:, None]
    u = np.concatenate([across, np.broadcast_to(right, up.shape), back, left], axis=1)
    v = np.concatenate([low, up, np.broadcast_to(high, back.shape), down], axis=1)
    x, y = warp.locate(u, v)
    x, y = (
        x + SWAY_M * np.sin(y / 131.0 + 1.7 * np.sin(x / 520.0)),
        y + SWAY_M * np.sin(x / 143.0 + 1.7 * np.sin(y / 470.0)),
    )
    # To 5 cm: both cells at a side reach the same point to the last bit.
    return np.round(np.stack([x, y], axis=-1) * 20.0) / 20.0


def _signed_area(ring: F8) -> F8:
    x, y = ring[..., 0], ring[..., 1]
    cross = x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)
    return np.asarray(cross.sum(axis=1) / 2.0)
