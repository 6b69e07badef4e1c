"""Random numbers: one independent stream a part, so that a change in one part of the
city does not shift the others.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]


def stream(seed: int, part: str) -> np.random.Generator:
    """Return the generator of a named part: same seed and part, same numbers."""
    entropy = [seed & 0xFFFFFFFFFFFFFFFF, crc32(part.encode())]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def wave_noise(
    rng: np.random.Generator, x: F8, y: F8, *, wavelength_m: float, waves: int = 9
) -> F8:
    """Return smooth noise of mean 0 and deviation 1 at points, as a sum of plane waves.

    Parameters
    ----------
    rng
        Stream that draws directions and phases.
    x, y
        Points, metres, any shape.
    wavelength_m
        Typical distance between two crests.
    waves
        Number of waves; more look less regular.
    """
    total = np.zeros(np.shape(x))
    for _ in range(waves):
        turn, phase = rng.uniform(0.0, 2.0 * np.pi, 2)
        k = 2.0 * np.pi / (wavelength_m * rng.uniform(0.6, 1.7))
        total += np.sin(k * (np.cos(turn) * x + np.sin(turn) * y) + phase)
    return np.asarray(total * np.sqrt(2.0 / waves))


def line_noise(rng: np.random.Generator, s: F8, *, wavelength_m: float, waves: int = 7) -> F8:
    """Return smooth noise of mean 0 and deviation 1 along a distance `s` in metres."""
    return wave_noise(rng, s, np.zeros_like(s), wavelength_m=wavelength_m, waves=waves)
