"""What an items request asks, parsed once: bbox, datetime, property filters, page, format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Request

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.web import params
from geomap.web.ogc_parts import CRS84
from layers.spec import Column, LayerSpec

DEFAULT_LIMIT = 100
_KNOWN = frozenset({"bbox", "bbox-crs", "crs", "datetime", "limit", "offset", "f", "lang"})
FORMATS = ("json", "html")
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """A parsed request; `boxes` are two where the bbox crosses the 180th meridian.

    `since` and `until` are ISO days, "" for open; `when` says whether a time was asked.
    """

    boxes: tuple[Box, ...]
    when: bool
    since: str
    until: str
    filters: tuple[tuple[str, Any], ...]
    limit: int
    offset: int


def read_format(request: Request) -> str:
    """Return "json" or "html": what `f` says, else what the client prefers."""
    asked = params.read_choice(request.args, "f", ("", *FORMATS), "")
    if asked:
        return asked
    best = request.accept_mimetypes.best_match(
        ["application/json", "application/geo+json", "text/html"], default="application/json"
    )
    return "html" if best == "text/html" else "json"


def require_known(request: Request, *more: str) -> None:
    """Refuse parameters that nothing is known of, as OGC API – Features asks.

    Raises
    ------
    InputError
        Naming the first of them.
    """
    known = _KNOWN | set(more)
    for name in request.args:
        if name not in known:
            raise InputError(
                Label(f"不认识参数 {name[:60]!r}", f"Unknown parameter {name[:60]!r}"),
                fix=Label(
                    f"可用：{'、'.join(sorted(known))}", f"Known: {', '.join(sorted(known))}"
                ),
                field=name[:60],
            )


def read_items_query(request: Request, spec: LayerSpec) -> ItemsQuery:
    """Parse an items request for a layer.

    Raises
    ------
    InputError
        A parameter is unknown or its value cannot be used.
    """
    require_known(request, *spec.names)
    args = request.args
    for name in ("crs", "bbox-crs"):
        if args.get(name, CRS84) != CRS84:
            raise InputError(
                Label("这里只有 CRS84", "Only CRS84 is offered here"),
                fix=Label(f"去掉 {name}，或用 {CRS84}", f"Drop {name}, or use {CRS84}"),
                field=name,
            )
    limit, offset = params.read_page(args, default=DEFAULT_LIMIT)
    since, until = _read_datetime(args)
    filters = [(c.name, _read_value(c, args[c.name])) for c in spec.columns if c.name in args]
    return ItemsQuery(
        _boxes(params.read_bbox(args)),
        bool(args.get("datetime")),
        since,
        until,
        tuple(filters),
        limit,
        offset,
    )


def _boxes(bbox: Box | None) -> tuple[Box, ...]:
    if bbox is None:
        return ()
    west, south, east, north = bbox
    if west <= east:
        return (bbox,)
    return ((west, south, 180.0, north), (-180.0, south, east, north))


def _refuse_time(text: str) -> InputError:
    return InputError(
        Label(f"看不懂时间 {text[:60]!r}", f"Cannot read the time {text[:60]!r}"),
        fix=Label(
            "写作 2026-03-01，或区间 2026-01-01/2026-12-31、../2026-03-01",
            "Write 2026-03-01, or an interval 2026-01-01/2026-12-31, ../2026-03-01",
        ),
        field="datetime",
    )


def _day_of(text: str, whole: str) -> str:
    if text in ("", ".."):
        return ""
    try:
        if "T" in text.upper():
            return datetime.fromisoformat(text.upper()).date().isoformat()
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise _refuse_time(whole) from None


def _read_datetime(args: Mapping[str, str]) -> tuple[str, str]:
    text = args.get("datetime", "").strip()
    if not text:
        return "", ""
    parts = text.split("/")
    if len(parts) > 2 or (len(parts) == 1 and parts[0] == ".."):
        raise _refuse_time(text)
    since, until = _day_of(parts[0], text), _day_of(parts[-1], text)
    if since and until and since > until:
        raise _refuse_time(text)
    return since, until


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0"):
        raise ValueError
    return text.lower() in ("true", "1")


_READ: Mapping[str, Callable[[str], Any]] = {
    "string": str,
    "date": lambda text: date.fromisoformat(text).isoformat(),
    "number": float,
    "integer": int,
    "boolean": _flag,
}


def _read_value(column: Column, text: str) -> Any:
    try:
        return _READ[column.type](text)
    except ValueError:
        raise InputError(
            Label(f"{text[:60]!r} 不能和列 {column.name} 比", f"{text[:60]!r} is no {column.type}"),
            fix=Label(
                f"{column.label.zh} 的类型是 {column.type}",
                f"{column.label.en} is of the type {column.type}",
            ),
            field=column.name,
        ) from None
