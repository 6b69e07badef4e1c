"""Gaps: which requirements a site does not meet, how many places close them, their worth."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from geomap.coverage.access import CATEGORIES
from geomap.coverage.profiles import Profile, Requirement
from geomap.domain.errors import InputError
from geomap.domain.words import AmenityCategory, Label

I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
Brings = tuple[AmenityCategory, ...]


def list_requirements(profile: Profile, brings: Brings) -> tuple[Requirement, ...]:
    """Return the requirements of a profile that a place helps to meet.

    Parameters
    ----------
    profile
        What sites must have around them.
    brings
        What a place brings: its category, and those combined with it.

    Raises
    ------
    InputError
        The profile does not ask for a category that the place would bring.
    """
    for i, category in enumerate(brings):
        if category not in profile.categories:
            raise InputError(
                Label(
                    f"{profile.name.zh}不要求 {category}",
                    f"{profile.name.en} does not ask for {category}",
                ),
                fix=Label(
                    f"用其中之一：{', '.join(profile.categories)}，或换一个标准",
                    f"Use one of: {', '.join(profile.categories)}; or another profile",
                ),
                field="category" if i == 0 else f"combine.{i - 1}",
            )
    return tuple(r for r in profile.requirements if set(brings) & set(r.categories))


def places_needed(count: I4, requirements: tuple[Requirement, ...], brings: Brings) -> I4:
    """Return how many places each gap of each site still needs, 0 for none, shape (n, R).

    Parameters
    ----------
    count
        Amenities within the walk by category, shape (n, 12); -1 counts as none.
    requirements, brings
        What must be there, and what a place brings of it: a place that brings two that a
        requirement counts is worth two to it.
    """
    needed = np.zeros((len(count), len(requirements)), dtype=np.int32)
    for r, requirement in enumerate(requirements):
        columns = [CATEGORIES.index(c) for c in requirement.categories]
        each = sum(c in requirement.categories for c in brings)
        short = requirement.at_least - count[:, columns].clip(min=0).sum(axis=1)
        needed[:, r] = np.maximum(-(-short // each), 0)
    return needed


def worth_of(needed: I4, weight: I8) -> tuple[I8, int]:
    """Return what the first, second … place near each site closes, and the scale.

    Whole numbers, shape (n, levels): weights times the scale, of which every number of
    places that is needed is a divisor.
    """
    scale = math.lcm(*(int(n) for n in np.unique(needed[needed > 0])))
    levels = int(needed.max(initial=1))
    share = np.where(needed > 0, scale // np.maximum(needed, 1), 0)
    worth = np.zeros((len(needed), levels), dtype=np.int64)
    for c in range(levels):
        worth[:, c] = np.where(needed > c, share, 0).sum(axis=1) * weight
    return worth, scale
