"""Entries suit whom the tables of scores say; the same rows by brute force over records."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.catalog.catalog import Catalog
from geomap.domain.demand import Demand
from geomap.domain.industries import INDUSTRIES
from geomap.domain.placement import ChainPosition
from geomap.domain.words import Stage
from geomap.matching.context import build_context
from geomap.matching.entries import (
    CHAIN_WEIGHT,
    Asked,
    Profile,
    fit_profile,
    match_profiles,
    match_sites,
    offers_for,
    site_profile,
    stage_fit,
)
from geomap.matching.scores import SITE_CRITERIA, WEIGHTS
from tests.matching.town import draw_town

TODAY = date(2026, 11, 24)
IDS = [industry.id for industry in INDUSTRIES]
STAGES = st.lists(st.sampled_from(list(Stage)), unique=True, max_size=3).map(tuple)
TRADES = st.lists(st.sampled_from(IDS), unique=True, max_size=3).map(tuple)
CHAINS = st.lists(st.sampled_from(list(ChainPosition)), unique=True, max_size=2).map(tuple)
ASKED = st.builds(Asked, TRADES, STAGES, CHAINS)
PROFILES = st.builds(Profile, TRADES, STAGES, st.none() | st.sampled_from(list(ChainPosition)))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return draw_town(tmp_path_factory.mktemp("entries"), 7, sites=40).catalog


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("industry", ["ai", "digital", "eye_health", "low_voltage"])
def test_one_trade_and_stage_fit_as_in_a_match(town: Catalog, industry: str, stage: Stage) -> None:
    context = build_context(town, Demand(industry=industry, stage=stage), today=TODAY)
    trade, stages = (SITE_CRITERIA[name](context) for name in ("industry", "stage"))
    assert trade is not None and stages is not None
    asked = Asked((industry,), (stage,))
    fits = np.full((len(town.sites), 2), -1.0)
    for one in match_sites(town, asked):
        fits[one.row] = [part.fit for part in one.criteria]
        weights = [WEIGHTS[part.name] for part in one.criteria]
        assert one.score == pytest.approx(np.dot(weights, fits[one.row]) / sum(weights))
    for row in range(len(town.sites)):
        suits = trade[row] >= 0.5 and stages[row] > 0 and town.sites.tenants[row] != 0
        assert tuple(fits[row]) == ((trade[row], stages[row]) if suits else (-1, -1)), row


def test_the_best_site_first_then_the_county_of_the_entry(catalog: Catalog) -> None:
    found = match_sites(catalog, Asked(("eye_health", "industrial_valves")))
    names = [catalog.sites.id[one.row] for one in found]
    assert names == ["eye", "valve"] and {one.score for one in found} == {1.0}
    valve = int(catalog.sites.county[catalog.sites.id.find("valve")])
    found = match_sites(catalog, Asked(("eye_health", "industrial_valves")), adcode_row=valve)
    assert [catalog.sites.id[one.row] for one in found] == ["valve", "eye"]
    (only,) = match_sites(catalog, Asked(("medical_devices",), (Stage.INCUBATION,)))
    assert [(p.name, p.fit) for p in only.criteria] == [("industry", 0.8), ("stage", 0.8)]
    assert only.criteria[0].reason.zh == "同一产业链：眼健康"
    assert only.score == pytest.approx(0.8)


def test_what_asks_for_nothing_suits_nobody(catalog: Catalog) -> None:
    assert match_sites(catalog, Asked()) == []
    assert match_sites(catalog, Asked(chain_positions=(ChainPosition.UPSTREAM,))) == []


def test_the_chain_counts_where_a_project_states_it() -> None:
    asked = Asked(("ai",), (), (ChainPosition.UPSTREAM,))
    stated = [None, ChainPosition.DOWNSTREAM, ChainPosition.UPSTREAM]
    found = match_profiles(asked, [Profile(("ai",), (), at) for at in stated])
    assert [one.row for one in found] == [0, 2, 1]
    assert found[0].score == found[1].score == 1.0
    assert found[2].score == pytest.approx(20 / (20 + CHAIN_WEIGHT))
    assert [p.name for p in found[0].criteria] == ["industry"]


@given(asked=ASKED, profile=PROFILES)
def test_laws_of_a_fit(asked: Asked, profile: Profile) -> None:
    fitted = fit_profile(asked, profile)
    if fitted is None:
        return
    score, criteria = fitted
    assert 0.0 < score <= 1.0 + 1e-12
    assert score == pytest.approx(sum(part.points for part in criteria))
    assert all(0.0 <= part.fit <= 1.0 and all(part.reason) for part in criteria)
    more = Asked(tuple(IDS), asked.stages, asked.chain_positions)
    if asked.industries:
        wider = fit_profile(more, profile)
        assert wider is not None and wider[0] >= score - 1e-12, "more trades never fit worse"


@given(asked=st.lists(ASKED, max_size=4), profiles=st.lists(PROFILES, max_size=4))
def test_both_ways_give_the_same(asked: list[Asked], profiles: list[Profile]) -> None:
    there = {(a, f.row): f for a, one in enumerate(asked) for f in match_profiles(one, profiles)}
    back = {(f.row, p): f for p, one in enumerate(profiles) for f in offers_for(one, asked)}
    assert there.keys() == back.keys()
    assert all(there[key].score == back[key].score for key in there)
    for one in asked:
        scores = [f.score for f in match_profiles(one, profiles)]
        assert all(a >= b for a, b in pairwise(scores))


def test_stages() -> None:
    grow, ready = Stage.ACCELERATION, Stage.INDUSTRIALISATION
    assert stage_fit(grow, ()) == 0.5
    assert stage_fit(grow, (grow, ready)) == stage_fit(ready, (ready,)) == 1.0
    assert stage_fit(grow, (grow,)) == 0.8
    assert stage_fit(ready, (grow,)) == 0.3
    assert stage_fit(ready, (Stage.NURSERY,)) == 0.0


def test_what_a_site_says(catalog: Catalog) -> None:
    row = catalog.sites.id.find("eye")
    assert site_profile(catalog, row) == Profile(("eye_health",), (Stage.INCUBATION,))
