"""The JSON object of a repair, parsed once into a frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, TypeVar

from geomap.coverage.profiles import DEFAULT_PROFILE, get_profile
from geomap.coverage.repair import (
    MOST_ADDED,
    MOST_CANDIDATES,
    MOST_PLACES,
    MOST_SECONDS,
    GivenPlace,
    Mode,
    PlannedFacility,
    RepairRequest,
    Weight,
)
from geomap.domain.json_values import read_list, read_number, read_object, read_whole, refuse
from geomap.domain.regions import BY_ADCODE
from geomap.domain.words import AmenityCategory, Label

Word = TypeVar("Word", bound=StrEnum)
FIELDS = (
    "category",
    "combine",
    "k",
    "profile",
    "weight",
    "mode",
    "candidates",
    "counties",
    "time_limit_s",
    "added",
    "serves",
)
_LONGEST_ID = 64
_LONGEST_SITE = 200


def parse_repair(value: object) -> RepairRequest:
    """Return what a JSON object asks for.

    Raises
    ------
    InputError, NotFoundError
        A value cannot be used, or there is no such profile; `field` names it and `fix`
        says what can.
    """
    given = read_object(value, "body", FIELDS, required=True)
    profile = str(given.get("profile", DEFAULT_PROFILE))[:64]
    category = _word(given.get("category"), AmenityCategory, "category")
    combine = [
        _word(item, AmenityCategory, f"combine.{i}")
        for i, item in enumerate(read_list(given.get("combine"), "combine", len(AmenityCategory)))
    ]
    serves, places = _site_id(given.get("serves")), _candidates(given.get("candidates"))
    if serves and places is not None:
        raise refuse(
            "serves",
            Label("candidates 和 serves 只能给一个", "Only one of candidates and serves is taken"),
            Label("去掉其中一个", "Leave one of them out"),
        )
    return RepairRequest(
        category=category,
        combine=tuple(c for c in dict.fromkeys(combine) if c is not category),
        k=read_whole(given.get("k", 1), "k", 1, MOST_PLACES),
        profile=get_profile(profile),
        weight=_word(given.get("weight", Weight.SITES), Weight, "weight"),
        mode=_word(given.get("mode", Mode.GREEDY), Mode, "mode"),
        candidates=places,
        counties=_counties(given.get("counties")),
        time_limit_s=read_number(
            given.get("time_limit_s", 30.0), "time_limit_s", 0.1, MOST_SECONDS
        ),
        added=_added(given.get("added")),
        serves=serves,
    )


def _site_id(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST_SITE:
        raise refuse(
            "serves",
            Label("要载体的编号", "The id of a site is needed"),
            Label("用地图上载体的编号（文字）", "Use the id of a site on the map (text)"),
        )
    return value


def _word(value: Any, words: type[Word], field: str) -> Word:
    if not isinstance(value, str) or value not in list(words):
        choices = ", ".join(words)
        shown = str(value)[:60]
        missing = Label("没有给出", "It is missing")
        raise refuse(
            field,
            missing if value is None else Label(f"不认识 {shown!r}", f"Unknown value {shown!r}"),
            Label(f"用其中之一：{choices}", f"Use one of: {choices}"),
        )
    return words(value)


def _degrees(item: Mapping[str, Any], field: str) -> tuple[float, float]:
    lon = read_number(item.get("lon"), f"{field}.lon", -180.0, 180.0)
    return lon, read_number(item.get("lat"), f"{field}.lat", -90.0, 90.0)


def _candidates(value: Any) -> tuple[GivenPlace, ...] | None:
    """Return given candidates; those without an id are numbered from 1 as ``#1``."""
    if value is None:
        return None
    found: dict[str, GivenPlace] = {}
    for i, one in enumerate(read_list(value, "candidates", MOST_CANDIDATES)):
        field = f"candidates.{i}"
        item = read_object(one, field, ("id", "lon", "lat"), required=True)
        name = item.get("id", f"#{i + 1}")
        if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_ID or name in found:
            raise refuse(
                f"{field}.id",
                Label("编号不能用，或重复了", "The id cannot be used, or comes twice"),
                Label(
                    f"每个候选点用不同的文字，不超过 {_LONGEST_ID} 字",
                    f"Give each a text of its own, at most {_LONGEST_ID} characters",
                ),
            )
        found[name] = GivenPlace(name, *_degrees(item, field))
    if not found:
        raise refuse(
            "candidates",
            Label("没有候选点", "There is no candidate"),
            Label("至少给一个，或不写这一项", "Give one, or leave the field out"),
        )
    return tuple(found.values())


def _counties(value: Any) -> tuple[str, ...]:
    for i, item in enumerate(read_list(value, "counties", len(BY_ADCODE))):
        if not isinstance(item, str) or item not in BY_ADCODE:
            shown = str(item)[:60]
            raise refuse(
                f"counties.{i}",
                Label(f"没有县（市、区）{shown!r}", f"There is no county {shown!r}"),
                Label('用六位代码的文字，如 "330303"', 'Use its code as text, e.g. "330303"'),
            )
    return tuple(dict.fromkeys(value or ()))


def _added(value: Any) -> tuple[PlannedFacility, ...]:
    found = []
    for i, one in enumerate(read_list(value, "added", MOST_ADDED)):
        field = f"added.{i}"
        item = read_object(one, field, ("category", "lon", "lat"), required=True)
        category = _word(item.get("category"), AmenityCategory, f"{field}.category")
        found.append(PlannedFacility(category, *_degrees(item, field)))
    return tuple(found)
