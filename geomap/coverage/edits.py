"""Edits of a what-if: the JSON object, parsed once into a frozen value, and written back."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geomap.domain.errors import InputError
from geomap.domain.words import AmenityCategory, Label

MOST_EDITS = 200
NAME_MOST = 80
FIELDS = ("drop_amenities", "drop_sites", "drop_streets", "add_amenities", "add_sites")
_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_ID_MOST = 200
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
"""Unicode classes that no name may hold: control, direction and line marks."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place, degrees EPSG:4326."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class NewAmenity:
    """An amenity that is not there yet."""

    id: str
    category: AmenityCategory
    spot: Spot
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewSite:
    """A site that is not there yet."""

    id: str
    spot: Spot
    name: str = ""


@dataclass(frozen=True, slots=True)
class Edits:
    """What would be different: things taken away, and things added.

    A street is named by a place on it: numbers of streets change with every import.
    """

    drop_amenities: tuple[str, ...] = ()
    drop_sites: tuple[str, ...] = ()
    drop_streets: tuple[Spot, ...] = ()
    add_amenities: tuple[NewAmenity, ...] = ()
    add_sites: tuple[NewSite, ...] = ()

    def __len__(self) -> int:
        """Return how many edits there are."""
        return sum(len(getattr(self, name)) for name in FIELDS)


def parse_edits(value: object, *, field: str = "edits") -> Edits:
    """Return the edits of a JSON object.

    Parameters
    ----------
    value
        The object: lists by the names in `FIELDS`, at most `MOST_EDITS` items in all.
    field
        What errors call it.

    Raises
    ------
    InputError
        A value cannot be used; nothing is edited; or there are too many edits.
    """
    given = require_object(value, field, FIELDS)
    lists = {name: _list(given.get(name), f"{field}.{name}") for name in FIELDS}
    size = sum(map(len, lists.values()))
    if size > MOST_EDITS:
        raise InputError(
            Label(
                f"一次最多改 {MOST_EDITS} 处，这里有 {size} 处",
                f"At most {MOST_EDITS} edits at a time, here are {size}",
            ),
            fix=Label("分成几个方案", "Split them into several scenarios"),
            field=field,
        )
    if not size:
        raise InputError(
            Label("没有任何改动", "Nothing is edited"),
            fix=Label(
                f"至少给出一项：{'、'.join(FIELDS)}", f"Give at least one of: {', '.join(FIELDS)}"
            ),
            field=field,
        )
    at = {name: f"{field}.{name}" for name in FIELDS}
    return Edits(
        _ids(lists["drop_amenities"], at["drop_amenities"]),
        _ids(lists["drop_sites"], at["drop_sites"]),
        tuple(dict.fromkeys(_each(lists["drop_streets"], at["drop_streets"], _spot))),
        tuple(_each(lists["add_amenities"], at["add_amenities"], _amenity)),
        _sites(lists["add_sites"], at["add_sites"]),
    )


def edits_to_json(edits: Edits) -> dict[str, Any]:
    """Return the JSON object of edits; empty lists are left out."""
    whole: dict[str, list[Any]] = {
        "drop_amenities": list(edits.drop_amenities),
        "drop_sites": list(edits.drop_sites),
        "drop_streets": [_of_spot(spot) for spot in edits.drop_streets],
        "add_amenities": [
            {"category": str(a.category), **_of_spot(a.spot), **_named(a.name)}
            for a in edits.add_amenities
        ],
        "add_sites": [{"id": s.id, **_of_spot(s.spot), **_named(s.name)} for s in edits.add_sites],
    }
    return {name: items for name, items in whole.items() if items}


def require_object(value: object, field: str, known: Sequence[str]) -> Mapping[str, Any]:
    """Return a JSON object that has no other fields than the known ones.

    Raises
    ------
    InputError
        It is no object, or has another field.
    """
    if not isinstance(value, dict):
        raise InputError(
            Label("要一个 JSON 对象", "A JSON object is needed"),
            fix=Label(f"字段：{'、'.join(known)}", f"With the fields: {', '.join(known)}"),
            field=field,
        )
    for name in value:
        if name not in known:
            raise InputError(
                Label(f"没有字段 {name[:60]!r}", f"There is no field {name[:60]!r}"),
                fix=Label(f"可用：{'、'.join(known)}", f"Use one of: {', '.join(known)}"),
                field=f"{field}.{name[:60]}" if field != "body" else name[:60],
            )
    return value


def plain_text(value: object, field: str, most: int, *, lines: bool = False) -> str:
    """Return a plain text without blanks around it, "" for none.

    Parameters
    ----------
    value
        What was given.
    field
        What errors call it.
    most
        Characters that it may have.
    lines
        Whether it may have several lines.

    Raises
    ------
    InputError
        It is no text, too long, or holds control characters.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        raise InputError(Label("要一段文字", "A text is needed"), field=field, fix=_shorter(most))
    text = value.replace("\r\n", "\n").strip() if lines else value.strip(" \u3000")
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(c) in _HIDDEN and c not in allowed for c in text):
        raise InputError(
            Label("含有控制字符", "It holds control characters"),
            fix=Label(
                "去掉换行、制表符和看不见的字符", "Leave out line breaks and hidden characters"
            ),
            field=field,
        )
    if len(text) > most:
        raise InputError(
            Label(f"有 {len(text)} 字，太长", f"It has {len(text)} characters, too many"),
            fix=_shorter(most),
            field=field,
        )
    return text


def _shorter(most: int) -> Label:
    return Label(f"写成不超过 {most} 字的文字", f"Give a text of at most {most} characters")


def _list(value: object, field: str) -> Sequence[Any]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise InputError(
            Label("要一个列表", "A list is needed"),
            fix=Label("用方括号括起来", "Put it in square brackets"),
            field=field,
        )
    return value


def _each(items: Sequence[Any], field: str, parse: Any) -> list[Any]:
    return [parse(item, f"{field}.{i}", i) for i, item in enumerate(items)]


def _ids(items: Sequence[Any], field: str) -> tuple[str, ...]:
    for i, item in enumerate(items):
        if not isinstance(item, str) or not 0 < len(item) <= _ID_MOST:
            raise InputError(
                Label("要一个编号", "An id is needed"),
                fix=Label(
                    "用地图上该点的编号（文字）", "Use the id of the place on the map (text)"
                ),
                field=f"{field}.{i}",
            )
    return tuple(dict.fromkeys(items))


def parse_spot(value: object, field: str) -> Spot:
    """Return the place of an object with `lon` and `lat`; raises InputError."""
    return _spot_of(require_object(value, field, ("lon", "lat")), field)


def _spot(value: Any, field: str, _index: int) -> Spot:
    return parse_spot(value, field)


def _spot_of(given: Mapping[str, Any], field: str) -> Spot:
    return Spot(_degrees(given, field, "lon", 180.0), _degrees(given, field, "lat", 90.0))


def _degrees(given: Mapping[str, Any], field: str, name: str, most: float) -> float:
    value = given.get(name)
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real or not math.isfinite(value) or abs(value) > most:  # type: ignore[arg-type]
        raise InputError(
            Label(
                f"要 -{most:g} 到 {most:g} 之间的度数", f"Degrees in -{most:g} to {most:g} needed"
            ),
            fix=Label("给出度数，经度 lon 在前", "Give degrees, lon is the longitude"),
            field=f"{field}.{name}",
        )
    return float(value)  # type: ignore[arg-type]


def _amenity(value: Any, field: str, index: int) -> NewAmenity:
    given = require_object(value, field, ("category", "lon", "lat", "name"))
    category = given.get("category")
    if not isinstance(category, str) or category not in list(AmenityCategory):
        choices = ", ".join(AmenityCategory)
        raise InputError(
            Label(
                f"没有类别 {str(category)[:60]!r}", f"There is no category {str(category)[:60]!r}"
            ),
            fix=Label(f"用其中之一：{choices}", f"Use one of: {choices}"),
            field=f"{field}.category",
        )
    name = plain_text(given.get("name"), f"{field}.name", NAME_MOST)
    place = _spot_of(given, field)
    return NewAmenity(f"added:amenity-{index + 1}", AmenityCategory(category), place, name)


def _site(value: Any, field: str, index: int) -> NewSite:
    given = require_object(value, field, ("id", "name", "lon", "lat"))
    site_id = given.get("id", f"added:site-{index + 1}")
    if not isinstance(site_id, str) or not _ID.fullmatch(site_id):
        raise InputError(
            Label("编号不可用", "The id cannot be used"),
            fix=Label("用 1–64 个字母、数字或 . _ : -", "Use 1 to 64 letters, digits or . _ : -"),
            field=f"{field}.id",
        )
    name = plain_text(given.get("name"), f"{field}.name", NAME_MOST)
    return NewSite(site_id, _spot_of(given, field), name)


def _sites(items: Sequence[Any], field: str) -> tuple[NewSite, ...]:
    sites: list[NewSite] = _each(items, field, _site)
    seen: set[str] = set()
    for i, site in enumerate(sites):
        if site.id in seen:
            raise InputError(
                Label(f"编号 {site.id} 用了两次", f"The id {site.id} is used twice"),
                fix=Label("换一个编号", "Choose another id"),
                field=f"{field}.{i}.id",
            )
        seen.add(site.id)
    return tuple(sites)


def _of_spot(spot: Spot) -> dict[str, float]:
    return {"lon": spot.lon, "lat": spot.lat}


def _named(name: str) -> dict[str, str]:
    return {"name": name} if name else {}
