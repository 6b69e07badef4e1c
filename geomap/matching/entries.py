"""Entries matched to sites and projects: by industry, stage and chain, as units are.

Kinship of trades and fits of stages come from the tables of `scores`; an entry that states
several trades or stages is met by its best one. What it does not state does not count, and
neither does what a project leaves out, except where `scores` says what is unstated.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geomap.catalog.catalog import Catalog
from geomap.catalog.convert import words_of
from geomap.domain.demand import Criterion
from geomap.domain.industries import BY_ID, INDUSTRIES, Kinship, find_kinship
from geomap.domain.placement import CHAIN_LABELS, ChainPosition
from geomap.domain.words import Label, Stage, label
from geomap.matching.reasons import within
from geomap.matching.scores import KINSHIP_FIT, STAGE_FIT, WEIGHTS

CHAIN_WEIGHT = 8.0
"""Of the position in the chain: as much as a site's services have in a match."""
_INDUSTRY_IDS = [industry.id for industry in INDUSTRIES]
_STAGES = tuple(Stage)
_NEAREST = tuple(Kinship)
_RELATED = KINSHIP_FIT[Kinship.COMPLEMENT]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an entry asks for; an empty part asks for nothing."""

    industries: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    chain_positions: tuple[ChainPosition, ...] = ()


@dataclass(frozen=True, slots=True)
class Profile:
    """What a site or project says of itself."""

    industries: tuple[str, ...]
    stages: tuple[Stage, ...]
    chain_position: ChainPosition | None = None


@dataclass(frozen=True, slots=True)
class Fitted:
    """A row that suits, with its score in 0…1 and the parts that sum to it."""

    row: int
    score: float
    criteria: tuple[Criterion, ...]


def stage_fit(wanted: Stage, offered: Sequence[Stage]) -> float:
    """Return how well the stages on offer suit one, as `scores` has it for a site."""
    both, alone, unstated, beside = STAGE_FIT
    if not offered:
        return unstated
    at = _STAGES.index(wanted)
    around = {_STAGES[i] for i in (at - 1, at + 1) if 0 <= i < len(_STAGES)}
    if wanted in offered:
        onward = at + 1 == len(_STAGES) or _STAGES[at + 1] in offered
        return both if onward else alone
    return beside if around & set(offered) else 0.0


def fit_profile(asked: Asked, profile: Profile) -> tuple[float, tuple[Criterion, ...]] | None:
    """Return score and parts, None where the trade or the stage does not suit.

    It suits where trades are kin at least as supplier or customer, and where the stage is
    one that is asked for or stands beside it. An entry that asks for neither suits nobody in
    particular.
    """
    if not asked.industries and not asked.stages:
        return None
    parts: list[tuple[str, float, float, Label]] = []
    if asked.industries:
        fit, reason = _industry(asked.industries, profile.industries)
        if fit < _RELATED:
            return None
        parts.append(("industry", WEIGHTS["industry"], fit, reason))
    if asked.stages:
        fit, reason = _stage(asked.stages, profile.stages)
        if fit <= 0:
            return None
        parts.append(("stage", WEIGHTS["stage"], fit, reason))
    if asked.chain_positions and profile.chain_position is not None:
        place = CHAIN_LABELS[profile.chain_position]
        fit = 1.0 if profile.chain_position in asked.chain_positions else 0.0
        parts.append(("chain", CHAIN_WEIGHT, fit, place))
    total = sum(weight for _, weight, _, _ in parts)
    criteria = tuple(
        Criterion(name, weight, fit, weight * fit / total, reason)
        for name, weight, fit, reason in parts
    )
    return sum(weight * fit for _, weight, fit, _ in parts) / total, criteria


def match_sites(catalog: Catalog, asked: Asked, *, adcode_row: int = -1) -> list[Fitted]:
    """Return the sites whose firms an entry suits, best first.

    A site stands for its tenants: it states the trades that it holds, its tenants do not.
    One without any tenant is left out; one that does not say how many stays.

    Parameters
    ----------
    catalog
        The data.
    asked
        What the entry asks for.
    adcode_row
        Row of the county whose sites come first among equals; -1 none.
    """
    sites = catalog.sites
    profiles = _distinct(sites.industries, sites.stages)
    known = {key: fit_profile(asked, _profile_of(*key)) for key in set(profiles)}
    found = []
    for row, key in enumerate(profiles):
        fitted = known[key]
        if fitted is not None and sites.tenants[row] != 0:
            found.append(Fitted(row, *fitted))
    return sorted(
        found,
        key=lambda one: (
            -one.score,
            int(sites.county[one.row]) != adcode_row,
            -int(sites.tenants[one.row]),
            sites.id[one.row],
        ),
    )


def match_profiles(asked: Asked, profiles: Iterable[Profile]) -> list[Fitted]:
    """Return the profiles (projects) that an entry suits, best first, then in their order."""
    fitted = ((row, fit_profile(asked, profile)) for row, profile in enumerate(profiles))
    found = [Fitted(row, *one) for row, one in fitted if one is not None]
    return sorted(found, key=lambda one: -one.score)


def offers_for(profile: Profile, asked: Iterable[Asked]) -> list[Fitted]:
    """Return the entries that suit one site or project, best first, then in their order."""
    fitted = ((row, fit_profile(one, profile)) for row, one in enumerate(asked))
    found = [Fitted(row, *one) for row, one in fitted if one is not None]
    return sorted(found, key=lambda one: -one.score)


def site_profile(catalog: Catalog, row: int) -> Profile:
    """Return what a site says of itself."""
    return _profile_of(int(catalog.sites.industries[row]), int(catalog.sites.stages[row]))


def _distinct(industries: NDArray[np.uint32], stages: NDArray[np.uint32]) -> list[tuple[int, int]]:
    return list(zip(industries.tolist(), stages.tolist(), strict=True))


def _profile_of(industries: int, stages: int) -> Profile:
    named = tuple(words_of(industries, _INDUSTRY_IDS))
    return Profile(named, tuple(Stage(stage) for stage in words_of(stages, Stage)))


def _industry(wanted: Sequence[str], offered: Sequence[str]) -> tuple[float, Label]:
    """Return the fit of the closest pair of trades, and how they are kin."""
    if not offered:
        unstated = Label("没有注明产业方向", "No industry focus stated")
        return KINSHIP_FIT[Kinship.UNSTATED], unstated
    pairs = ((_NEAREST.index(find_kinship(w, o)), o) for w in wanted for o in offered)
    kin, closest = min(pairs)
    kinship, name = _NEAREST[kin], BY_ID[closest].label
    zh, en = {
        Kinship.SAME: ("同一产业", "Same industry"),
        Kinship.CHAIN: ("同一产业链", "Same chain"),
        Kinship.COMPLEMENT: ("上下游", "Up- or downstream"),
    }.get(kinship, ("别的产业", "Another industry"))
    return KINSHIP_FIT[kinship], Label(f"{zh}：{name.zh}", f"{en}: {within(name.en)}")


def _stage(wanted: Sequence[Stage], offered: Sequence[Stage]) -> tuple[float, Label]:
    fit = max(stage_fit(stage, offered) for stage in wanted)
    if not offered:
        return fit, Label("没有注明阶段", "Stage not stated")
    named = [label(stage) for stage in offered]
    zh = "、".join(name.zh for name in named)
    return fit, Label(f"处于{zh}", f"At {', '.join(within(name.en) for name in named)}")
