"""Technical fields of units, as a unit of its kind would have them; some are not stated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.domain.words import PermittedUse

NOT_STATED = -1
NUMBERS = ("floor_load_kn_m2", "clear_height_m", "column_spacing_m", "freight_lift_t", "power_kw")
FLAGS = ("water", "drainage", "exhaust", "gas", "clean_room", "hazardous_storage", "open_24h")
KIND_FIELDS = ("desks", *NUMBERS, *FLAGS, "permitted_use")
USES = tuple(PermittedUse)

# By kind: open desk, office, lab, pilot line, workshop. Nominal values, then the share of
# units that state them.
_NOMINAL = {
    "floor_load_kn_m2": ((2.5, 2.5, 4.0, 6.0, 7.5), (0.35, 0.55, 0.9, 0.95, 0.97)),
    "clear_height_m": ((3.0, 3.0, 3.9, 5.0, 5.4), (0.5, 0.65, 0.9, 0.95, 0.97)),
    "column_spacing_m": ((8.0, 8.0, 8.0, 8.4, 9.0), (0.1, 0.15, 0.4, 0.8, 0.88)),
    "freight_lift_t": ((1.0, 1.0, 2.0, 3.0, 3.0), (0.05, 0.12, 0.6, 0.85, 0.85)),
    "power_kw": ((15.0, 20.0, 70.0, 180.0, 260.0), (0.4, 0.6, 0.92, 0.96, 0.97)),
}
_STEPS = {
    "floor_load_kn_m2": 0.5,
    "clear_height_m": 0.1,
    "column_spacing_m": 0.3,
    "freight_lift_t": 1.0,
    "power_kw": 5.0,
}
# By kind: share with the thing, share that states it either way.
_HAS = {
    "water": ((0.3, 0.45, 1.0, 1.0, 0.97), (0.4, 0.5, 1.0, 1.0, 0.95)),
    "drainage": ((0.2, 0.35, 1.0, 1.0, 0.92), (0.35, 0.45, 0.98, 0.98, 0.93)),
    "exhaust": ((0.05, 0.1, 0.84, 0.88, 0.66), (0.3, 0.4, 0.95, 0.95, 0.9)),
    "gas": ((0.0, 0.02, 0.38, 0.5, 0.42), (0.3, 0.35, 0.9, 0.9, 0.88)),
    "clean_room": ((0.0, 0.0, 0.26, 0.24, 0.06), (0.2, 0.25, 0.95, 0.92, 0.85)),
    "hazardous_storage": ((0.0, 0.0, 0.18, 0.26, 0.12), (0.2, 0.2, 0.9, 0.9, 0.85)),
    "open_24h": ((0.45, 0.5, 0.7, 0.8, 0.82), (0.8, 0.7, 0.75, 0.8, 0.75)),
}
_USE_SHARES = np.array(
    [[0.78, 0.22, 0.0], [0.66, 0.34, 0.0], [0.08, 0.84, 0.08], [0.0, 0.46, 0.54], [0.0, 0.06, 0.94]]
)


@dataclass(frozen=True)
class Technical:
    """Columns of length n: NaN or `NOT_STATED` where a unit says nothing."""

    desks: NDArray[np.int32]
    numbers: dict[str, NDArray[np.float32]]
    flags: dict[str, NDArray[np.int8]]
    use: NDArray[np.int8]

    def rows(self, part: slice) -> Iterator[tuple[object, ...]]:
        """Yield the fields of some units, in the order of `KIND_FIELDS`."""
        columns: list[list[object]] = [
            [None if d == NOT_STATED else d for d in self.desks[part].tolist()]
        ]
        for name in NUMBERS:
            values = np.round(self.numbers[name][part].astype(np.float64), 1).tolist()
            columns.append([v if v == v else None for v in values])
        answers = (None, False, True)
        for name in FLAGS:
            columns.append([answers[f + 1] for f in self.flags[name][part].tolist()])
        columns.append([None if u == NOT_STATED else USES[u] for u in self.use[part].tolist()])
        return zip(*columns, strict=True)


def draw_divisible(
    kind: NDArray[np.int8], area_m2: NDArray[np.float32], rng: np.random.Generator
) -> NDArray[np.float32]:
    """Draw the smallest part in m² of units that may be let in parts, NaN for the others.

    A quarter of the halls above 1,000 m² is divisible at 200 to 400 m², three in ten of the
    offices above 300 m² at 60 m².
    """
    luck, step = rng.random(len(kind)), rng.integers(4, 9, len(kind)) * 50.0
    halls = (kind >= 3) & (area_m2 > 1_000.0) & (luck < 0.25)
    offices = (kind == 1) & (area_m2 > 300.0) & (luck < 0.30)
    least = np.where(halls, step, np.where(offices, 60.0, np.nan))
    return np.asarray(least, dtype=np.float32)


def draw_technical(
    kind: NDArray[np.int8],
    floor: NDArray[np.int16],
    area_m2: NDArray[np.float32],
    rng: np.random.Generator,
) -> Technical:
    """Draw the technical fields of units from their kind, floor and area."""
    count = len(kind)
    numbers = {}
    ground = (floor == 1) & (kind >= 3)
    for name, (nominal, stated) in _NOMINAL.items():
        value = np.array(nominal)[kind] * np.clip(rng.normal(1.0, 0.12, count), 0.75, 1.35)
        if name == "floor_load_kn_m2":
            value = np.where(ground, value * 2.0, value)
        if name == "clear_height_m":
            value = np.where(ground, value * 1.35, value)
        if name == "power_kw":
            value = value * np.clip(
                np.sqrt(area_m2 / np.array((85, 105, 170, 560, 1250))[kind]), 0.5, 2.5
            )
        value = np.maximum(np.round(value / _STEPS[name]), 1.0) * _STEPS[name]
        silent = rng.random(count) > np.array(stated)[kind]
        if name == "freight_lift_t":
            silent |= ground
        numbers[name] = np.where(silent, np.nan, value).astype(np.float32)
    flags = {}
    for name, (share, told) in _HAS.items():
        has = rng.random(count) < np.array(share)[kind]
        silent = rng.random(count) > np.array(told)[kind]
        flags[name] = np.where(silent, NOT_STATED, has).astype(np.int8)
    edges = np.cumsum(_USE_SHARES, axis=1)[kind]
    use = np.minimum((rng.random(count)[:, None] > edges).sum(axis=1), 2)
    use = np.where(rng.random(count) < 0.05, NOT_STATED, use).astype(np.int8)
    per_desk = rng.uniform(4.5, 7.0, count)
    desks = np.where(kind == 0, np.maximum(np.floor(area_m2 / per_desk), 2), NOT_STATED)
    return Technical(desks.astype(np.int32), numbers, flags, use)
