"""Which datum fits: places read under each frame, against what is known of the ground.

A file in GCJ-02 that is declared as WGS84 lies some 550 m off at Wenzhou, one in BD-09
some 1,070 m. Nothing is moved by guess; but where another frame fits clearly better than the
declared one, that is said, with the offset and what speaks for it.

What can be told was measured on real streets moved to Wenzhou: a file of streets beside other
streets of the same town is told from a few hundred vertices on; points beside streets only by
their number (a shifted point also finds a street near, where blocks are 60 m wide), from some
hundreds on; the coast tells where islands carry streets. Without any of these nothing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geomap.domain.words import Label
from geomap.geo import datum
from geomap.geo.crs import DeclaredCrs

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FRAMES = ("wgs84", "gcj02", "bd09")
CHINA = (72.0, 0.8, 138.0, 56.0)
"""West, south, east, north of where the frames differ."""

NOTHING_KNOWN = Label(
    "库里没有可对照的真实数据，坐标系只按声明采用，无法核对是否偏移",
    "The record holds no real data to compare with: the CRS is taken as declared, and a shift "
    "could not be noticed",
)

_Move = Callable[[ArrayLike, ArrayLike], tuple[Floats, Floats]]
_INTO: Mapping[str, _Move] = {"gcj02": datum.wgs84_to_gcj02, "bd09": datum.wgs84_to_bd09}
_OUT_OF: Mapping[str, _Move] = {"gcj02": datum.gcj02_to_wgs84, "bd09": datum.bd09_to_wgs84}

LEAST_PLACES = 100
"""Distances of fewer places tell nothing."""
LEAST_GAIN_M = 4.0
"""A frame fits better by distance where places lie nearer by so much on average …"""
LEAST_SIGMA = 4.0
"""… and by so many standard errors of that average."""
LEAST_TIMES = 4
"""Votes for another frame outweigh those against it by more than so much."""


def frame_of(declared: DeclaredCrs) -> str:
    """Return the frame that a declared CRS lies in: all but two lie in WGS84's."""
    return declared.name if declared.name in _INTO else "wgs84"


def reread(lon: ArrayLike, lat: ArrayLike, declared: str, real: str) -> tuple[Floats, Floats]:
    """Return where places lie if their coordinates were in another frame than declared.

    Parameters
    ----------
    lon, lat
        Places as the declared frame puts them, degrees EPSG:4326.
    declared, real
        Frames.
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    if declared in _INTO:
        lon, lat = _INTO[declared](lon, lat)
    return _OUT_OF[real](lon, lat) if real in _OUT_OF else (lon, lat)


def offset_m(lon: Floats, lat: Floats, declared: str, real: str) -> float:
    """Return how far apart two readings of the same places lie on average, metres."""
    there_lon, there_lat = reread(lon, lat, declared, real)
    east = (there_lon - lon) * 111_320.0 * np.cos(np.radians(lat))
    return float(np.nanmean(np.hypot(east, (there_lat - lat) * 110_950.0)))


@dataclass(frozen=True)
class Distances:
    """A witness that measures: distances to what is known, of the same places in each frame.

    Parameters
    ----------
    what
        From what to what it measures.
    metres
        By frame, each of shape (n,), cut at a cap so that outliers count no more than misses.
    """

    what: Label
    metres: Mapping[str, Floats]

    def prefers(self, frame: str, to: str) -> float:
        """Return by how many standard errors a frame fits better than another, 0 if not."""
        gain = self.metres[to] - self.metres[frame]
        if len(gain) < LEAST_PLACES or gain.mean() < LEAST_GAIN_M:
            return 0.0
        error = max(float(gain.std()) / np.sqrt(len(gain)), 1e-3)
        sigma = float(gain.mean()) / error
        return sigma if sigma >= LEAST_SIGMA else 0.0

    @property
    def heard(self) -> bool:
        """Whether it has enough to say anything."""
        return len(next(iter(self.metres.values()))) >= LEAST_PLACES

    def say(self, frame: str, declared: str) -> Label:
        """Return what it found, in figures."""
        there, here = (float(self.metres[f].mean()) for f in (frame, declared))
        count = len(self.metres[frame])
        return Label(
            f"{self.what.zh}平均 {there:.0f} 米（按声明 {here:.0f} 米，{count:,} 处）",
            f"{self.what.en}: {there:.0f} m on average ({here:.0f} m as declared, "
            f"{count:,} places)",
        )


@dataclass(frozen=True)
class Votes:
    """A witness that counts: places that fit in each frame.

    Parameters
    ----------
    what
        What a vote for a frame means.
    fits
        By frame, whether each place fits, shape (n,).
    least
        Votes for another frame that are needed.
    counts
        Places whose vote for another frame counts, by frame; all where left out.
    """

    what: Label
    fits: Mapping[str, Flags]
    least: int
    counts: Mapping[str, Flags] | None = None

    def _votes(self, frame: str, to: str) -> tuple[int, int]:
        there, here = self.fits[frame], self.fits[to]
        better = there & ~here if self.counts is None else there & ~here & self.counts[frame]
        return int(better.sum()), int((here & ~there).sum())

    def prefers(self, frame: str, to: str) -> float:
        """Return the votes for a frame against another, 0 where they are not enough."""
        better, worse = self._votes(frame, to)
        return float(better) if better >= self.least and better > LEAST_TIMES * worse else 0.0

    @property
    def heard(self) -> bool:
        """Whether it has enough to say anything."""
        return len(next(iter(self.fits.values()))) >= self.least

    def say(self, frame: str, declared: str) -> Label:
        """Return what it found, in figures."""
        better, worse = self._votes(frame, declared)
        return Label(
            f"{self.what.zh}：{better:,} 处只有这样才相符，{worse:,} 处相反",
            f"{self.what.en}: {better:,} places agree only so, {worse:,} the other way",
        )


Witness = Distances | Votes


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A frame that fits better than the declared one, how far off it puts things, and why."""

    frame: str
    offset_m: float
    why: Label


def suspect_frame(
    lon: Floats, lat: Floats, declared: str, witnesses: Sequence[Witness]
) -> Suspicion | None:
    """Return the frame that explains places better than the declared one.

    Parameters
    ----------
    lon, lat
        Places as declared, degrees EPSG:4326.
    declared
        Their frame.
    witnesses
        The surest first. A frame that one prefers stands unless another speaks against it.
    """
    others = [frame for frame in FRAMES if frame != declared]
    for witness in witnesses:
        strength = {frame: witness.prefers(frame, declared) for frame in others}
        frame = max(others, key=strength.__getitem__)
        if not strength[frame] or any(w.prefers(declared, frame) for w in witnesses):
            continue
        far = offset_m(lon, lat, declared, frame)
        return Suspicion(frame, far, witness.say(frame, declared))
    return None


def in_china(lon: Floats, lat: Floats) -> bool:
    """Return whether places lie where the frames differ, by their middle."""
    known = np.isfinite(lon) & np.isfinite(lat)
    if not known.any():
        return False
    west, south, east, north = CHINA
    x, y = float(np.median(lon[known])), float(np.median(lat[known]))
    return west <= x <= east and south <= y <= north


def judge_frame(
    lon: Floats,
    lat: Floats,
    declared: DeclaredCrs,
    witnesses: Sequence[Witness],
    *,
    osm: bool = False,
) -> tuple[tuple[Label, ...], tuple[Label, ...]]:
    """Return the warning of a suspected shift, and the note where nothing could be told.

    Parameters
    ----------
    osm
        Whether the file is an extract of OpenStreetMap, which takes no other CRS.
    """
    if not in_china(lon, lat):
        return (), ()
    if not any(witness.heard for witness in witnesses):
        return (), (NOTHING_KNOWN,)
    found = suspect_frame(lon, lat, frame_of(declared), witnesses)
    return ((frame_warning(found, declared.name, osm=osm),) if found else ()), ()


def frame_warning(found: Suspicion, declared: str, *, osm: bool = False) -> Label:
    """Return what to say of a suspected frame."""
    frame, far, why = found.frame, found.offset_m, found.why
    zh = (
        f"坐标可能其实是 {frame}（声明的是 {declared}），差约 {far:.0f} 米：{why.zh}。"
        "没有自动改动，"
    )
    en = (
        f"The coordinates may really be {frame} ({declared} is declared), some {far:.0f} m off: "
        f"{why.en}. Nothing was moved; "
    )
    if osm:
        return Label(
            zh + f"请核对来源；若确实如此，转成 .geojson 后用 --crs {frame} 导入",
            en + f"check the source; if so, convert it to .geojson and import with --crs {frame}",
        )
    return Label(
        zh + f"请核对来源；若确实如此，用 --crs {frame} 重新导入（也可能是库里的旧数据偏了）",
        en + f"check the source; if so, import again with --crs {frame} (or what the record "
        "holds may be off)",
    )
