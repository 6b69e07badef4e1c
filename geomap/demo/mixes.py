"""What grows where: industries of each reporting unit, and what each kind of site holds.

The shares follow the known clusters (低压电器 in 乐清, 泵阀 in 永嘉 …); the figures are made up.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from geomap.domain.industries import sector_of
from geomap.domain.regions import HAIJING
from geomap.domain.words import Platform, Service, Stage

KINDS_OF_SITE = ("studio", "incubator", "accelerator", "park")

INDUSTRY_MIX: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "330302": {"software": 4, "shoe_design": 4, "fashion": 3, "ai": 3, "digital": 2, "data": 1},
        "330303": {
            "eye_health": 4,
            "laser_optics": 4,
            "software": 3,
            "medical_devices": 2,
            "industrial_valves": 2,
            "robotics": 1,
        },
        "330304": {
            "gene_medicine": 4,
            "data": 3,
            "ai": 2,
            "shoe_design": 2,
            "fashion": 2,
            "smart_equipment": 2,
        },
        "330305": {"life_health": 3, "new_materials": 2, "digital": 2},
        "330382": {"low_voltage": 6, "sensors": 4, "batteries": 2, "software": 1, "robotics": 1},
        "330381": {
            "auto_electronics": 4,
            "auto_parts": 3,
            "robotics": 2,
            "functional_textiles": 2,
            "software": 1,
        },
        "330324": {"industrial_valves": 5, "pumps_valves": 3, "smart_equipment": 1, "fashion": 1},
        "330328": {"life_health": 3, "digital": 2, "new_materials": 1},
        "330326": {
            "functional_textiles": 3,
            "smart_equipment": 3,
            "new_materials": 2,
            "digital": 1,
        },
        "330329": {"new_materials": 2, "life_health": 2, "digital": 2},
        "330327": {"batteries": 3, "printing": 3, "functional_textiles": 2, "sensors": 1},
        "330383": {"printing": 5, "new_materials": 2, "smart_equipment": 2, "medical_devices": 1},
        HAIJING: {
            "batteries": 4,
            "new_energy_vehicle": 4,
            "smart_equipment": 2,
            "new_materials": 1,
        },
    }
)
FALLBACK_MIX: Mapping[str, float] = MappingProxyType({"digital": 2, "smart_equipment": 1})

_DESK = (0.42, 0.40, 0.16, 0.02)
_BENCH = (0.12, 0.42, 0.32, 0.14)
_MACHINE = (0.08, 0.22, 0.32, 0.38)
_OF_SECTOR = {"digital": _DESK, "apparel": _DESK, "footwear": _DESK, "life_health": _BENCH}


def kind_shares(industry: str) -> tuple[float, ...]:
    """Return how often a site of an industry is of each of `KINDS_OF_SITE`."""
    return _OF_SECTOR.get(sector_of(industry), _MACHINE)


STAGES_OF_KIND: Mapping[str, tuple[Stage, ...]] = MappingProxyType(
    {
        "studio": (Stage.NURSERY, Stage.INCUBATION),
        "incubator": (Stage.NURSERY, Stage.INCUBATION, Stage.ACCELERATION),
        "accelerator": (Stage.INCUBATION, Stage.ACCELERATION),
        "park": (Stage.ACCELERATION, Stage.INDUSTRIALISATION),
    }
)

UNIT_SHARES: Mapping[str, tuple[tuple[float, ...], ...]] = MappingProxyType(
    {
        "studio": ((0.5, 0.5, 0.0, 0.0, 0.0), (0.34, 0.66, 0.0, 0.0, 0.0), (0.14, 0.86, 0, 0, 0)),
        "incubator": (
            (0.24, 0.40, 0.24, 0.12, 0.0),
            (0.16, 0.52, 0.28, 0.04, 0.0),
            (0.06, 0.72, 0.22, 0.0, 0.0),
        ),
        "accelerator": (
            (0.06, 0.24, 0.22, 0.28, 0.20),
            (0.05, 0.45, 0.32, 0.14, 0.04),
            (0.03, 0.70, 0.25, 0.02, 0.0),
        ),
        "park": (
            (0.0, 0.08, 0.04, 0.20, 0.68),
            (0.0, 0.14, 0.08, 0.18, 0.60),
            (0.02, 0.36, 0.12, 0.12, 0.38),
        ),
    }
)
"""Shares of the unit kinds (in the order of `UnitKind`) on floor 1, floors 2–3 and above."""

BASIC_SERVICES = tuple(Service)[:6]
ADDED_SERVICES = tuple(Service)[6:12]


def special_services(industry: str) -> tuple[Service, ...]:
    """Return the professional services that suit an industry."""
    sector = sector_of(industry)
    if sector == "life_health":
        return (Service.CLINICAL_TRIAL, Service.DEVICE_REGISTRATION)
    return (Service.DATA_SOURCE,) if sector == "digital" else ()


def platforms_of(industry: str) -> tuple[Platform, ...]:
    """Return the technical platforms that suit an industry."""
    sector = sector_of(industry)
    if sector == "life_health":
        health = (Platform.CRO, Platform.CDMO, Platform.CMO)
        return (Platform.LAB_EQUIPMENT, Platform.TESTING, Platform.PILOT_TEST, *health)
    if sector in ("digital", "apparel", "footwear"):
        return (Platform.INDUSTRIAL_DESIGN, Platform.PROOF_OF_CONCEPT)
    return (
        Platform.LAB_EQUIPMENT,
        Platform.TESTING,
        Platform.INDUSTRIAL_DESIGN,
        Platform.PROOF_OF_CONCEPT,
        Platform.PILOT_TEST,
    )
