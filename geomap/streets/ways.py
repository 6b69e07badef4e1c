"""Ways: the one input of the street graph, from OSM, road lines or the demonstration city."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geomap.domain.errors import InputError
from geomap.domain.words import Label

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Classes = NDArray[np.int8]
Flags = NDArray[np.bool_]


class StreetClass(IntEnum):
    """Rank of a street, widest first. A motorway and a ferry are drawn, never walked."""

    MOTORWAY = 0
    TRUNK = 1
    PRIMARY = 2
    SECONDARY = 3
    TERTIARY = 4
    MINOR = 5
    PATH = 6
    STEPS = 7
    FERRY = 8


WALKABLE = tuple(k for k in StreetClass if k not in (StreetClass.MOTORWAY, StreetClass.FERRY))
"""Classes that a pedestrian may use."""

_WALKABLE_TABLE = np.isin(np.arange(len(StreetClass)), WALKABLE)


def _refuse(zh: str, en: str) -> InputError:
    fix = Label("检查路网文件后重新导入", "Check the street file and import it again")
    return InputError(Label(zh, en), fix=fix, field="streets")


@dataclass(frozen=True, slots=True)
class Ways:
    """Polylines of streets whose vertices carry an identity.

    Parameters
    ----------
    coords
        Vertices, shape (N, 2), degrees EPSG:4326, longitude first.
    offsets
        Way ``i`` owns vertices ``offsets[i]:offsets[i + 1]``, shape (M + 1,).
    node_id
        Identity of each vertex, shape (N,): two ways are joined where they share one.
        Equal coordinates under different identities (a bridge over a road) are not joined.
    klass
        `StreetClass` of each way, shape (M,).
    name
        Name of each way, "" where it has none.
    bridge
        Whether each way is a bridge, shape (M,).
    extent
        West, south, east, north of the area that the source covers, where it says so: a
        ring that touches it is cut by the edge of the data.

    Raises
    ------
    InputError
        Shapes disagree, a way has fewer than two vertices, or a coordinate lies outside
        the globe or is not finite.
    """

    coords: Floats
    offsets: Ints
    node_id: Ints
    klass: Classes
    name: Sequence[str]
    bridge: Flags
    extent: tuple[float, float, float, float] | None = None

    def __post_init__(self) -> None:
        """Bring the arrays to their types and check that they agree."""
        for field, dtype in (
            ("coords", np.float64),
            ("offsets", np.int64),
            ("node_id", np.int64),
            ("klass", np.int8),
            ("bridge", np.bool_),
        ):
            object.__setattr__(self, field, np.ascontiguousarray(getattr(self, field), dtype))
        object.__setattr__(self, "coords", self.coords.reshape(-1, 2))
        self._check()

    def _check(self) -> None:
        ways, vertices = len(self.offsets) - 1, len(self.coords)
        sized = len(self.klass) == len(self.name) == len(self.bridge) == ways
        if ways < 0 or not sized or len(self.node_id) != vertices:
            raise _refuse("路网各列长度不一致", "Columns of the ways differ in length")
        ends_fit = self.offsets[0] == 0 and self.offsets[-1] == vertices
        if not ends_fit or bool((np.diff(self.offsets) < 2).any()):
            raise _refuse("每条路至少要有两个点", "Every way needs at least two vertices")
        with np.errstate(invalid="ignore"):
            inside = (np.abs(self.coords[:, 0]) <= 180.0) & (np.abs(self.coords[:, 1]) <= 90.0)
        if not inside.all():
            raise _refuse("路网坐标不是经纬度", "Coordinates of the ways are not degrees")
        if not np.isin(self.klass, np.arange(len(StreetClass))).all():
            raise _refuse("道路等级不认识", "A street class is unknown")

    def __len__(self) -> int:
        """Return the number of ways."""
        return len(self.offsets) - 1

    @property
    def walkable(self) -> Flags:
        """Whether each way may be walked, shape (M,)."""
        return np.asarray(_WALKABLE_TABLE[self.klass], dtype=np.bool_)

    @property
    def way_of_vertex(self) -> Ints:
        """Index of the way that owns each vertex, shape (N,)."""
        return np.repeat(np.arange(len(self), dtype=np.int64), np.diff(self.offsets))


def empty_ways() -> Ways:
    """Return ways without any way."""
    nothing: Any = []
    return Ways(np.empty((0, 2)), np.zeros(1, dtype=np.int64), nothing, nothing, [], nothing)
