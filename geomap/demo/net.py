"""A street network while it is drawn: nodes, and lines that may be met anywhere."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from itertools import pairwise

NO_STREET = -1


@dataclass(slots=True)
class Line:
    """A straight piece between two nodes, with the nodes that meet it in between.

    `klass` is `NO_STREET` where the piece only bounds a block. Pieces of one `street`
    are put together in their `order`. `met` holds (t, node), sorted, t from 0 at `a` to
    1 at `b`.
    """

    a: int
    b: int
    klass: int
    street: int
    order: float = 0.0
    name: str = ""
    bridge: bool = False
    met: list[tuple[float, int]] = field(default_factory=list)

    def nodes(self) -> list[int]:
        """Return all nodes from `a` to `b`."""
        return [self.a, *(node for _, node in self.met), self.b]


@dataclass(slots=True)
class Net:
    """Nodes in metres (EPSG:4549) and the lines between them."""

    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    streets: int = 0

    def add_node(self, x: float, y: float) -> int:
        """Add a node, to the centimetre; return its number."""
        self.x.append(round(x, 2))
        self.y.append(round(y, 2))
        return len(self.x) - 1

    def new_street(self) -> int:
        """Return a number for a street that nothing has yet."""
        self.streets += 1
        return self.streets

    def add_line(self, line: Line) -> int:
        """Add a line; return its number."""
        self.lines.append(line)
        return len(self.lines) - 1

    def add_chain(
        self, nodes: list[int], klass: int, name: str = "", *, bridge: bool = False
    ) -> None:
        """Add a new street through a row of nodes."""
        street = self.new_street()
        for order, (a, b) in enumerate(pairwise(nodes)):
            self.add_line(Line(a, b, klass, street, order, name, bridge))

    def meet(
        self, line: int, t: float, low: float, high: float, snap_m: float
    ) -> tuple[float, int]:
        """Return a node at `t` of a line with its place, a known one within `snap_m`.

        Only nodes between `low` and `high` are taken: the part that bounds the block.
        """
        piece = self.lines[line]
        ax, ay = self.x[piece.a], self.y[piece.a]
        dx, dy = self.x[piece.b] - ax, self.y[piece.b] - ay
        reach = snap_m / max((dx * dx + dy * dy) ** 0.5, 1e-6)
        low, high = min(low, high), max(low, high)
        best = None
        for known in piece.met:
            if low < known[0] < high and abs(known[0] - t) <= reach:
                best, reach = known, abs(known[0] - t)
        if best is not None:
            return best
        made = (t, self.add_node(ax + t * dx, ay + t * dy))
        insort(piece.met, made)
        return made
