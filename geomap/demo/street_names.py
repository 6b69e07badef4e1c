"""Names of streets: plausible, made of common good words, and none meant to be a real one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from geomap.demo.near import Nearest
from geomap.demo.net import Net
from geomap.demo.places import Centre
from geomap.streets.ways import StreetClass

_FIRST = "锦云瑞金祥景明嘉和春星文华新兴康宁安永长广丰盛德学望清秀"
_SECOND = "江山湖潮园林泽城阳川溪波澜源屿岚泉塘畈桥港湾峰虹霞野"
_LANES = ("巷", "弄", "里", "支路")


def _words(rng: np.random.Generator) -> list[str]:
    """Return every two-character word of the lists, in a shuffled order."""
    words = [a + b for a in _FIRST for b in _SECOND]
    return [words[k] for k in rng.permutation(len(words))]


def _nearest(centres: Sequence[Centre], most_rank: int) -> tuple[Nearest, list[Centre]]:
    chosen = [c for c in centres if c.rank <= most_rank] or list(centres)
    return Nearest([(c.x, c.y) for c in chosen]), chosen


def name_streets(
    net: Net, lattice: Sequence[int], centres: Sequence[Centre], rng: np.random.Generator
) -> None:
    """Give names to lattice lines, to the larger cuts and to some lanes.

    A lattice line has one name in the reach of each county seat; bridges and roads that
    have a name keep it.
    """
    seats, _ = _nearest(centres, 1)
    words = _words(rng)
    luck = rng.random(len(net.lines) + 1)
    main = set(lattice)
    best: dict[tuple[int, int], int] = {}
    given: dict[tuple[int, int], str] = {}
    starts = np.array([(net.x[line.a], net.y[line.a]) for line in net.lines]).reshape(-1, 2)
    _, district = seats.find(starts)
    for line, where in zip(net.lines, district.tolist(), strict=True):
        key = (line.street, where)
        if line.street in main and line.klass >= 0:
            best[key] = min(best.get(key, 99), line.klass)
    for k, (line, where) in enumerate(zip(net.lines, district.tolist(), strict=True)):
        if line.name or line.klass < 0:
            continue
        key = (line.street, where if line.street in main else -1)
        if key not in given:
            given[key] = _make_name(
                words, len(given), best.get(key, line.klass), line.street in main, luck[k]
            )
        line.name = given[key]


def _make_name(words: Sequence[str], count: int, klass: int, main: bool, luck: float) -> str:
    word = words[count % len(words)]
    if main:
        if klass <= StreetClass.PRIMARY:
            return f"{word}大道"
        return f"{word}{'街' if luck < 0.25 and klass == StreetClass.TERTIARY else '路'}"
    if klass <= StreetClass.TERTIARY:
        return f"{word}{'街' if luck < 0.3 else '路'}"
    if klass == StreetClass.MINOR and luck < 0.3:
        return f"{word}{_LANES[int(luck * 40) % 4]}"
    return ""


class RoadNames:
    """Names for roads between towns, after the towns at their ends."""

    def __init__(self, centres: Sequence[Centre]) -> None:
        self._tree, self._towns = _nearest(centres, 2)
        self._seen: dict[str, int] = {}

    def between(self, a: tuple[float, float], b: tuple[float, float]) -> str:
        """Return the name of a road from near `a` to near `b`."""
        _, found = self._tree.find([a, b])
        one, two = sorted(self._towns[k].name[0] for k in found.tolist())
        if one != two:
            return f"{one}{two}线"
        near = self._towns[found[0]].name
        self._seen[near] = self._seen.get(near, 0) + 1
        return f"{near}{self._seen[near]}号村道"
