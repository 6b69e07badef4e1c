"""Open units, and refusals by step, are those of the rules one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.matching.demand_json import parse_demand
from geomap.matching.hard import PIPELINE, RULES, VACANT, sieve
from geomap.matching.openings import count_refused, open_places
from tests.matching.test_kernel import DEMANDS, prepared

SIZED = ("area", "budget")


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 5), st.booleans(), DEMANDS, st.integers(0, 511))
def test_open_units_are_those_that_no_other_rule_refuses(seed, public, asked, chosen) -> None:
    ready = prepared(seed, 0, public)
    asked.pop("near", None)
    if asked.get("area_m2") and asked["area_m2"].get("max", 9e9) < asked["area_m2"].get("min", 0):
        asked.pop("area_m2")
    context = ready.context(parse_demand(asked))
    sieved = sieve(context)
    kept = np.ones(sieved.total, dtype=bool)
    for name, met in sieved.met.items():
        if name not in SIZED:
            kept &= met
    rows = ready.live.row[open_places(ready, context)]
    assert sorted(rows.tolist()) == np.flatnonzero(kept).tolist()
    among = np.array([bool(chosen >> site & 1) for site in range(len(ready.catalog.sites))])
    units = ready.catalog.units
    here = among[units.site] & sieved.met.get("freshness", True)
    late = units.status == PIPELINE if "move_in" in asked else np.zeros(len(units), dtype=bool)
    left = here & ((units.status == VACANT) | (late & sieved.met["status"]))
    total, wanted = int(left.sum()), {}
    for name in ("move_in", "unit_kind", *RULES):
        if (
            name not in wanted
            and name in sieved.met
            and name not in (*SIZED, "status", "freshness")
        ):
            refused = left & ~sieved.met[name]
            wanted[name] = int(refused.sum())
            left &= sieved.met[name]
    places, counted, there = count_refused(ready, context, among)
    assert counted == {name: count for name, count in wanted.items() if count}
    assert there == total
    assert sorted(ready.live.row[places].tolist()) == np.flatnonzero(left).tolist()
