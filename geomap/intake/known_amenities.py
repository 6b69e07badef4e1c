"""What the record holds of amenities before an import, and what it says of their places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from geomap.domain.records import Amenity
from geomap.intake.frames import Floats, Witness
from geomap.intake.values import fold
from geomap.intake.witnesses import Ground, ask_about_places, from_names, nothing_known


@dataclass(frozen=True)
class KnownAmenities:
    """What the record holds beside the file, which no demonstration made.

    Parameters
    ----------
    by_id
        Amenities by id.
    ground
        Streets and land.
    """

    by_id: Mapping[str, Amenity] = field(default_factory=dict)
    ground: Ground = field(default_factory=nothing_known)

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str], list[Amenity]]:
        found: dict[tuple[str, str], list[Amenity]] = {}
        for item in self.by_id.values():
            if item.name and not item.demo:
                found.setdefault((fold(item.name), item.category.value), []).append(item)
        return found

    def find(self, item: Amenity) -> Amenity | None:
        """Return the same place in the record: of its id, else the only one of its name."""
        stored = self.by_id.get(item.id)
        if stored is not None:
            return None if stored.demo else stored
        named = self._by_name.get((fold(item.name), item.category.value), [])
        return named[0] if len(named) == 1 else None


def ask_about_amenities(
    amenities: Sequence[Amenity], lon: Floats, lat: Floats, frame: str, known: KnownAmenities
) -> list[Witness]:
    """Return what the record says of where amenities lie."""

    def place(index: int) -> tuple[float, float] | None:
        item = amenities[index]
        other = known.find(item)
        return (other.lon, other.lat) if other is not None else None

    found: list[Witness] = []
    found += from_names(lon, lat, frame, place)
    return found + ask_about_places(lon, lat, frame, known.ground)
