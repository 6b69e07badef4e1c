"""Cutting a unit into what projects are given of it, and what is left. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geomap.store.placement_scenarios import PlacePart

_DIGITS = 6
_SLACK_M2 = 0.005
"""Parts are rounded to hundredths of m², each; a unit's area may have more digits."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What one project is given of a unit; `own` asks for a row of its own."""

    part: PlacePart
    area_m2: float
    desks: int | None
    own: bool


@dataclass(frozen=True, slots=True)
class Cut:
    """A unit after an adoption.

    `area_m2` and `desks` are what the unit's own row says then. Where `free`, that is what is
    left to let; else the last piece has taken the row.
    """

    pieces: tuple[Piece, ...]
    area_m2: float
    desks: int | None
    free: bool


def cut_unit(
    area_m2: float, desks: int | None, least_m2: float | None, parts: Sequence[PlacePart]
) -> Cut:
    """Cut a unit into parts.

    Where less is left than may be let (no desk, or less than `least_m2`), the last part takes
    the unit's own row with it: areas and desks always add up to those of the unit.

    Parameters
    ----------
    area_m2, desks
        Of the unit.
    least_m2
        The smallest part that may be let, m²; None where it is not divisible.
    parts
        What each project is given.

    Raises
    ------
    ValueError
        The parts are more than the unit.
    """
    by_desks = any(part.desks for part in parts)
    only = parts[0]
    if len(parts) == 1 and (only.whole or (least_m2 is None and not by_desks)):
        return Cut((Piece(only, area_m2, desks, own=False),), area_m2, desks, free=False)
    left_m2 = round(area_m2 - sum(part.area_m2 for part in parts), _DIGITS)
    left_desks = None if desks is None else desks - sum(part.desks for part in parts)
    if left_m2 < -_SLACK_M2 * (len(parts) + 1) or (
        by_desks and (left_desks is None or left_desks < 0)
    ):
        raise ValueError(f"more than {only.unit_id} is given away")
    free = bool(left_desks) if by_desks else least_m2 is not None and left_m2 >= least_m2
    owned = parts if free else parts[:-1]
    pieces = [Piece(part, part.area_m2, part.desks or None, own=True) for part in owned]
    if free:
        return Cut(tuple(pieces), max(left_m2, 0.0), left_desks, free=True)
    last = parts[-1]
    rest_m2 = round(area_m2 - sum(part.area_m2 for part in owned), _DIGITS)
    rest_desks = None if desks is None else desks - sum(part.desks for part in owned)
    pieces.append(Piece(last, rest_m2, rest_desks, own=False))
    return Cut(tuple(pieces), rest_m2, rest_desks, free=False)
