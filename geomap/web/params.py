"""Query parameters, parsed once at the edge."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Request

from geomap.domain.errors import InputError
from geomap.domain.words import Label

MAX_LIMIT = 10_000


_EXAMPLES = {"lon": "lon=120.66", "lat": "lat=28.0", "minutes": "minutes=15"}


def _refuse(field: str, zh: str, en: str) -> InputError:
    example = _EXAMPLES.get(field)
    fix = Label(f"例如 {example}", f"For example {example}") if example else None
    if field in ("lon", "lat"):
        fix = Label(
            f"给出度数，例如 {example}，经度和纬度不要写反",
            f"Give degrees, as {example}, longitude and latitude not swapped",
        )
    return InputError(Label(f"{field} {zh}", f"{field}: {en}"), fix=fix, field=field)


def _shown(text: str) -> str:
    """Return what was given, short enough to be said again."""
    return repr(text[:40])


def read_int(
    args: Mapping[str, str], name: str, default: int, *, low: int, high: int, clamp: bool = False
) -> int:
    """Return a whole number in low…high; `clamp` takes a larger one as `high`."""
    text = args.get(name, "")
    if not text:
        return default
    try:
        value = int(text)
    except ValueError:
        raise _refuse(
            name, f"是 {_shown(text)}，要一个整数", f"{_shown(text)} is no whole number"
        ) from None
    if clamp and value > high:
        return high
    if not low <= value <= high:
        raise _refuse(
            name,
            f"是 {value}，要在 {low} 到 {high} 之间",
            f"{value} does not lie in {low} to {high}",
        )
    return value


def read_float(
    args: Mapping[str, str], name: str, default: float | None, *, low: float, high: float
) -> float:
    """Return a number in low…high; refused when missing and no default is given."""
    text = args.get(name, "")
    if not text and default is not None:
        return default
    if not text:
        raise _refuse(name, "没有给出", "missing")
    try:
        value = float(text)
    except ValueError:
        raise _refuse(
            name, f"是 {_shown(text)}，要一个数", f"{_shown(text)} is no number"
        ) from None
    if not math.isfinite(value) or not low <= value <= high:
        raise _refuse(
            name,
            f"是 {value:g}，要在 {low:g} 到 {high:g} 之间",
            f"{value:g} does not lie in {low:g} to {high:g}",
        )
    return value


def read_choice(args: Mapping[str, str], name: str, choices: Sequence[str], default: str) -> str:
    """Return one of the choices."""
    value = args.get(name, "") or default
    if value not in choices:
        listed = ", ".join(choices)
        raise InputError(
            Label(f"{value[:60]!r} 不认识", f"Unknown value {value[:60]!r}"),
            fix=Label(f"用其中之一：{listed}", f"Use one of: {listed}"),
            field=name,
        )
    return value


def read_bbox(args: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    """Return west, south, east, north in degrees; None where no bbox is given.

    Six numbers (with heights) are taken as OGC API – Features allows; the heights are
    ignored.
    """
    text = args.get("bbox", "")
    if not text:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)) or numbers[1] > numbers[3]:
        raise InputError(
            Label("bbox 要四个数：西,南,东,北", "bbox needs four numbers: west,south,east,north"),
            fix=Label("例如 bbox=120.5,27.8,121.0,28.2", "e.g. bbox=120.5,27.8,121.0,28.2"),
            field="bbox",
        )
    west, south, east, north = numbers
    return west, south, east, north


def read_page(args: Mapping[str, str], *, default: int) -> tuple[int, int]:
    """Return limit and offset of a list."""
    limit = read_int(args, "limit", default, low=1, high=MAX_LIMIT, clamp=True)
    return limit, read_int(args, "offset", 0, low=0, high=100_000_000)


def read_text(args: Mapping[str, str], name: str, default: str, *, most: int = 64) -> str:
    """Return a text without blanks around it; refused when it is too long."""
    text = args.get(name, "").strip() or default
    if len(text) > most:
        raise _refuse(name, f"不能超过 {most} 字", f"at most {most} characters")
    return text


def read_flag(args: Mapping[str, str], name: str) -> bool:
    """Return whether a flag is set: 1 or true; 0, false or nothing."""
    value = args.get(name, "").lower()
    if value not in ("", "0", "1", "true", "false"):
        raise _refuse(name, f"是 {_shown(value)}，要 1 或 0", f"{_shown(value)} is neither 1 nor 0")
    return value in ("1", "true")


def read_minutes(args: Mapping[str, str]) -> float | None:
    """Return minutes on foot, above 0 and at most 60; None where none are given."""
    if not args.get("minutes"):
        return None
    return read_float(args, "minutes", None, low=0.5, high=60)


def page_of(items: Sequence[Any], limit: int, offset: int, request: Request) -> dict[str, Any]:
    """Return a page of a list as every list of the API is given: items, total, next.

    `next` is the address of the next page, None on the last.
    """
    end, link = offset + limit, None
    if end < len(items):
        query = request.args.to_dict() | {"limit": str(limit), "offset": str(end)}
        link = f"{request.path}?{urlencode(query)}"
    return {"items": items[offset:end], "total": len(items), "next": link}
