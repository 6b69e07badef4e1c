"""Scores: how much of a profile each site has around it, and each county's sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geomap.coverage.access import CATEGORIES
from geomap.coverage.profiles import Profile, Requirement

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SiteScores:
    """Scores of n sites under a profile.

    Parameters
    ----------
    score
        Requirements of the profile that are met, 0 to `total`, shape (n,); -1 where
        nothing is known of the site. Each gives one point.
    total
        Requirements that the profile has, R, at most 12.
    have
        Amenities within the profile's minutes that count for each requirement, shape (n, R).
    met
        Whether each requirement is met, shape (n, R); False where nothing is known.
    missing
        Categories without any that would help a requirement which is not met, shape
        (n, 12); False where nothing is known.
    short_m
        By how many metres the nearest one of a missing category lies beyond the limit,
        shape (n, 12); NaN where it is not missing or none was found.
    passed
        Whether every requirement of the profile is met, shape (n,).
    known
        Whether the site has a ring at all, shape (n,).
    """

    score: I4
    total: int
    have: I4
    met: Flags
    missing: Flags
    short_m: F4
    passed: Flags
    known: Flags


@dataclass(frozen=True, slots=True)
class GroupScores:
    """Scores of G groups of sites (counties, reporting units), all of shape (G,) unless said.

    `sites` counts sites with a known score, `mean` is NaN where there is none, `passed`
    counts sites that meet the profile; `missing`, `count` and `nearest_m` of shape (G, 12)
    are the sites that lack a category, the mean number of amenities, and the median walk.
    """

    sites: I4
    mean: F8
    passed: I4
    missing: I4
    count: F8
    nearest_m: F8


def score_sites(
    walk_m: ArrayLike, count: ArrayLike, profile: Profile, *, known: ArrayLike | None = None
) -> SiteScores:
    """Score sites under a profile.

    Parameters
    ----------
    walk_m
        Walk to the nearest amenity of each category, metres, NaN none, shape (n, 12).
    count
        Amenities within the profile's minutes, shape (n, 12).
    profile
        The profile that the counts were made for.
    known
        Sites that have a ring, shape (n,). Without it a site with no amenity of any
        category within the search limit counts as unknown.
    """
    walks = np.asarray(walk_m, dtype=np.float32).reshape(-1, len(CATEGORIES))
    counts = np.asarray(count, dtype=np.int32).reshape(-1, len(CATEGORIES))
    if known is None:
        sure = np.asarray((counts > 0).any(axis=1) | np.isfinite(walks).any(axis=1))
    else:
        sure = np.array(known, dtype=np.bool_).reshape(-1)
    have = _have(counts, profile)
    met = (have >= [r.at_least for r in profile.requirements]) & sure[:, None]
    missing = (counts == 0) & sure[:, None] & _wanted(met, profile)
    score = np.where(sure, met.sum(axis=1), -1).astype(np.int32)
    short = np.where(missing, walks - np.float32(profile.limit_m), np.float32(np.nan))
    passed = np.asarray(met.all(axis=1))
    total = len(profile.requirements)
    return SiteScores(score, total, have, met, missing, short.astype(np.float32), passed, sure)


def _have(counts: I4, profile: Profile) -> I4:
    """Return how many amenities count for each requirement, shape (n, R)."""
    have = np.zeros((len(counts), len(profile.requirements)), dtype=np.int32)
    for r, requirement in enumerate(profile.requirements):
        have[:, r] = counts[:, columns_of(requirement)].clip(min=0).sum(axis=1)
    return have


def _wanted(met: Flags, profile: Profile) -> Flags:
    """Return which categories belong to a requirement that is not met, shape (n, 12)."""
    wanted = np.zeros((len(met), len(CATEGORIES)), dtype=np.bool_)
    for r, requirement in enumerate(profile.requirements):
        wanted[:, columns_of(requirement)] |= ~met[:, r, None]
    return wanted


def columns_of(requirement: Requirement) -> list[int]:
    """Return the indices of a requirement's categories in `CATEGORIES`."""
    return [CATEGORIES.index(c) for c in requirement.categories]


def histogram(score: ArrayLike) -> I4:
    """Return how many sites have each score 0 to 12, shape (13,); unknown ones not counted."""
    values = np.asarray(score)
    counts = np.bincount(values[values >= 0], minlength=len(CATEGORIES) + 1)
    return counts.astype(np.int32)


def group_scores(
    scores: SiteScores, walk_m: ArrayLike, count: ArrayLike, group: ArrayLike, groups: int
) -> GroupScores:
    """Gather scores by group.

    Parameters
    ----------
    scores
        What `score_sites` made of the same sites.
    walk_m, count
        As given to `score_sites`.
    group
        Group of each site, shape (n,), -1 belongs to none; or whether each site belongs to
        each group, shape (n, G): a site of two industries counts in both.
    groups
        Number of groups.
    """
    owner = np.asarray(group)
    walks = np.asarray(walk_m, dtype=np.float64).reshape(-1, len(CATEGORIES))
    counts = np.asarray(count, dtype=np.float64).reshape(-1, len(CATEGORIES))
    shape = (groups, len(CATEGORIES))
    sites, passed = np.zeros(groups, np.int32), np.zeros(groups, np.int32)
    mean, missing = np.full(groups, np.nan), np.zeros(shape, np.int32)
    mean_count, nearest = np.full(shape, np.nan), np.full(shape, np.nan)
    for g in range(groups):
        mine = owner[:, g].astype(np.bool_) if owner.ndim == 2 else owner == g
        rows = np.flatnonzero(mine & scores.known)
        if not len(rows):
            continue
        sites[g], passed[g] = len(rows), np.count_nonzero(scores.passed[rows])
        mean[g], missing[g] = scores.score[rows].mean(), scores.missing[rows].sum(axis=0)
        mean_count[g] = counts[rows].mean(axis=0)
        nearest[g] = _median(walks[rows])
    return GroupScores(sites, mean, passed, missing, mean_count, nearest)


def _median(values: F8) -> F8:
    """Return the median of each column, a missing value counting as beyond every other."""
    filled = np.where(np.isfinite(values), values, np.inf)
    middle = np.sort(filled, axis=0)[(len(filled) - 1) // 2]
    return np.where(np.isfinite(middle), middle, np.nan)
