"""Which sites belong to which step."""

from __future__ import annotations

import numpy as np
import pytest

from geomap.domain.placement import Policy
from geomap.domain.words import PlacementStep
from geomap.placement.steps import (
    allowed_steps,
    county_row,
    known_steps,
    margins_of,
    steps_of_sites,
)
from tests.placement.market import OUHAI, YUEQING, town, with_units


@pytest.mark.parametrize(
    ("home", "steps"),
    [
        (OUHAI, {"gao": 0, "cha": 0, "rui": 1, "park": 2}),
        (YUEQING, {"gao": 1, "cha": 1, "rui": 1, "park": 0}),
        ("330302", {"gao": 1, "cha": 1, "rui": 1, "park": 2}),
    ],
)
def test_a_site_at_home_is_local_whoever_owns_it(home: str, steps: dict[str, int]) -> None:
    ready = town()
    found = known_steps(ready, home)
    assert {site: int(found[row]) for row, site in enumerate(ready.catalog.sites.id)} == steps


def test_a_site_of_an_unknown_county_is_at_home_to_nobody() -> None:
    import dataclasses

    sites = with_units(town().catalog).sites
    nowhere = dataclasses.replace(sites, county=np.full(len(sites), -1, dtype=np.int8))
    assert not (steps_of_sites(nowhere, OUHAI) == 0).any()


def test_margins_and_steps_are_those_of_the_policy() -> None:
    assert margins_of(Policy()).tolist() == [0.0, 0.10, 0.15]
    policy = Policy(steps=(PlacementStep.STATE_OWNED_PARK, PlacementStep.CUSTOM_BUILD))
    assert allowed_steps(policy).tolist() == [False, False, True]
    assert county_row("330302") == 0 and county_row("110101") == -1
