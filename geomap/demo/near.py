"""Nearest points, by a k-d tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

F8 = NDArray[np.float64]
I8 = NDArray[np.int64]


class Nearest:
    """Finds the nearest of fixed points in the plane."""

    def __init__(self, points: ArrayLike) -> None:
        self._tree = cKDTree(np.asarray(points, dtype=np.float64).reshape(-1, 2))

    def find(self, places: ArrayLike) -> tuple[F8, I8]:
        """Return distance and index of the nearest point of each place, shape (n,)."""
        away, found = self._tree.query(np.asarray(places, dtype=np.float64).reshape(-1, 2))
        return np.atleast_1d(away), np.atleast_1d(found).astype(np.int64)

    def around(self, x: float, y: float, count: int, reach: float) -> list[int]:
        """Return up to `count` points within `reach` of one place, nearest first."""
        place = np.array([x, y])
        away, found = self._tree.query(place, k=count, distance_upper_bound=reach)
        return [int(k) for k in np.asarray(found)[np.isfinite(np.asarray(away))]]
