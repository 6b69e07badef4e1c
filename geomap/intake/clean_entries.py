"""Rows of a table to entries: of the three lists, of firms and incubators, land, restricted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from geomap.domain.entries import (
    KIND_LABELS,
    VISIBILITY_LABELS,
    EntryDraft,
    default_visibility,
    require_same_county,
    require_whole,
)
from geomap.domain.errors import InputError
from geomap.domain.placement import CHAIN_LABELS
from geomap.domain.words import Label
from geomap.intake import synonyms
from geomap.intake.clean_units import SiteFinder
from geomap.intake.dates import parse_day
from geomap.intake.headers import require_columns
from geomap.intake.measures import parse_coordinate, parse_site_area
from geomap.intake.report import Findings
from geomap.intake.rows import Row, SeenIds, stable_id, sweep
from geomap.intake.tables import Table
from geomap.intake.values import (
    BadValueError,
    Cell,
    Parsed,
    Parser,
    as_text,
    fold,
    parse_flag,
    parse_text,
    require_no_formula_error,
    split_list,
)

_TITLE, _OWNER, _TEXT = 120, 80, 4_000


def _words(labels: Mapping[Any, Label]) -> dict[str, Any]:
    return {fold(name): word for word, names in labels.items() for name in (word, *names)}


def _word_of(labels: Mapping[Any, Label]) -> Callable[[str], StrEnum]:
    table = _words(labels)

    def find(text: str) -> StrEnum:
        found: StrEnum | None = table.get(fold(text))
        if found is None:
            raise BadValueError(
                "unknown_word",
                Label(f"不认识“{text}”", f"“{text}” is not known"),
                Label(
                    f"用其中之一：{'、'.join(names.zh for names in labels.values())}",
                    f"use one of: {', '.join(names.en for names in labels.values())}",
                ),
            )
        return found

    return find


_KIND, _VISIBLE = _word_of(KIND_LABELS), _word_of(VISIBILITY_LABELS)
_CHAIN = _word_of(CHAIN_LABELS)


def _parse_kind(cell: Cell, unit: str = "") -> Parsed:
    return Parsed(_KIND(as_text(cell)))


def _parse_visible(cell: Cell, unit: str = "") -> Parsed:
    return Parsed(_VISIBLE(as_text(cell)))


def _parse_chain(cell: Cell, unit: str = "") -> Parsed:
    return Parsed(tuple(dict.fromkeys(_CHAIN(text) for text in split_list(cell))))


def _parse_lines(cell: Cell, unit: str = "") -> Parsed:
    """Read a text of several lines."""
    lines = str(cell).splitlines() if isinstance(cell, str) else [as_text(cell)]
    text = "\n".join(as_text(line) for line in lines).strip()
    require_no_formula_error(text)
    if len(text) > _TEXT:
        raise BadValueError(
            "too_long",
            Label(f"超过 {_TEXT} 字", f"longer than {_TEXT} characters"),
            Label("写短一些", "shorten it"),
        )
    return Parsed(text)


def _text_of(most: int) -> Parser:
    def parse(cell: Cell, unit: str = "") -> Parsed:
        return parse_text(cell, unit, most=most)

    return parse


_PARSERS: Mapping[str, Parser] = {
    "kind": _parse_kind,
    "title": _text_of(_TITLE),
    "owner": _text_of(_OWNER),
    "text": _parse_lines,
    "dated_on": parse_day,
    "expires_on": parse_day,
    "visibility": _parse_visible,
    "adcode": synonyms.parse_county,
    "lon": parse_coordinate,
    "lat": parse_coordinate,
    "industries": synonyms.parse_industries,
    "stages": synonyms.parse_stages,
    "chain_positions": _parse_chain,
    "floor_area_m2": parse_site_area,
    "idle_plant": parse_flag,
    "demo": parse_flag,
}
_NEEDED = ("kind", "title", "owner")
_BLANK: Mapping[str, Any] = {
    "text": "", "adcode": "", "industries": (), "stages": (), "chain_positions": (),
    "idle_plant": False, "demo": False,
}  # fmt: skip


def clean_entries(
    table: Table,
    *,
    sites: SiteFinder,
    county_of: Callable[[str], str],
    findings: Findings,
    today: date,
) -> list[tuple[str, EntryDraft]]:
    """Clean a table of entries.

    Parameters
    ----------
    table
        Its columns are those that ``geomap entries export`` writes.
    sites
        Finds a site by id or name.
    county_of
        Gives the adcode of a site's county, "" where it has none.
    today
        The day of entries that state none.

    Returns
    -------
    list of (id, draft)
        An entry without an id is given one made of its content.

    Raises
    ------
    InputError
        A column that must be there is missing.
    """
    require_columns("entries", table.mapped, [(name,) for name in _NEEDED])
    ids, found = SeenIds(), []
    for row in sweep(table, findings):
        made = _entry(row, sites, county_of, today, ids)
        if row.close() and made is not None:
            found.append(made)
    return found


def _entry(
    row: Row, sites: SiteFinder, county_of: Callable[[str], str], today: date, ids: SeenIds
) -> tuple[str, EntryDraft] | None:
    row.require(_NEEDED)
    given = row.id()
    values = {field: row.parse(field, parser) for field, parser in _PARSERS.items()}
    site = sites.find(row) if row.cell("site") is not None else None
    if not row.good:
        return None
    values = {k: _BLANK.get(k) if value is None else value for k, value in values.items()}
    site_id = site.id if site else ""
    values |= {
        "site_id": site_id,
        "adcode": values["adcode"] or (county_of(site_id) if site_id else ""),
        "dated_on": values["dated_on"] or today,
        "visibility": values["visibility"] or default_visibility(values["kind"]),
    }
    draft = EntryDraft(**values)
    try:
        require_whole(draft)
        require_same_county(draft, county_of(site_id) if site_id else "")
    except InputError as error:
        field = "site" if error.field == "site_id" else error.field
        row.reject("not_whole", error.reason, field=field, fix=error.fix)
        return None
    name = given or stable_id("e", draft.kind, draft.title, draft.owner, draft.adcode, draft.text)
    ids.check(row, name, made=not given)
    return name, draft
