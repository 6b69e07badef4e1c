"""The ledger counted: by state, county and owner, and the plan's figure of graduates.

The plan asks that 300 graduates of the “20 incubators” and more go into production where
they are (三、（三）“推动‘20孵化器’300家以上毕业企业就地产业化”). Every figure comes with the ids
of its rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from geomap.catalog.catalog import Catalog
from geomap.domain.ledger import LedgerLine, LedgerState, is_overdue
from geomap.domain.regions import BY_ADCODE, COUNTIES
from geomap.domain.words import Label
from geomap.plan.annex import YEARS

TARGET = 300
SOURCE = Label(
    "温政办〔2025〕30号：推动“20孵化器”300家以上毕业企业就地产业化",
    "Wenzhengban [2025] 30: 300 and more graduates of the “20 incubators” produce locally",
)
NOTE = Label(
    "投产且落在原所在县（市、区）的计入；签约、入驻列在旁边。"
    "台账里没有“20孵化器”入选记录，所以按全部孵化器计",
    "Counts those that produce in their home county; signed and moved in stand beside. The record "
    "does not hold the choice of the 20 incubators, so graduates of all incubators are counted",
)
COUNTED = (LedgerState.SIGNED, LedgerState.MOVED_IN, LedgerState.PRODUCING)


def landed_in(catalog: Catalog, line: LedgerLine) -> str:
    """Return the adcode of the county where a project lands, "" where it is not known."""
    fields = line.fields
    return county_of_site(catalog, fields.site_id) if fields.site_id else fields.place_adcode


def county_of_site(catalog: Catalog, site_id: str) -> str:
    """Return the adcode of a site's county, "" where it or the site is not known."""
    row = catalog.sites.id.find(site_id) if site_id else -1
    code = int(catalog.sites.county[row]) if row >= 0 else -1
    return COUNTIES[code].adcode if code >= 0 else ""


def is_local(catalog: Catalog, line: LedgerLine) -> bool | None:
    """Return whether a project lands in its home county, None where one is not known."""
    home, there = line.fields.home_county, landed_in(catalog, line)
    return home == there if home and there else None


def count_graduates(
    catalog: Catalog, lines: Sequence[LedgerLine], *, today: date
) -> dict[str, Any]:
    """Return the plan's figure over some lines.

    Parameters
    ----------
    catalog
        Where the counties of sites come from.
    lines
        The lines that may be counted: all for staff, those published for the public.
    today
        What is dated later, or before the plan's years, is not counted.

    Returns
    -------
    dict
        ``done`` projects that produce in their home county, ``moved_in`` and ``signed``
        those on the way there, ``elsewhere`` those that produce in another county,
        ``unknown`` those whose home or place is not stated; ``records`` the project ids of
        each; ``target``, ``share``, ``from_20_incubators`` (None: not on record), ``demo``.
    """
    records: dict[str, list[str]] = {name: [] for name in _GROUPS}
    demo = False
    for line in lines:
        begun = line.state_on.year >= YEARS[0] and line.state_on <= today
        if line.state not in COUNTED or not begun or line.state_on.year > YEARS[-1]:
            continue
        group = _group(line.state, is_local(catalog, line))
        if group:
            records[group].append(line.project_id)
            demo = demo or line.demo
    counts = {name: len(ids) for name, ids in records.items()}
    return {
        "target": TARGET,
        **counts,
        "share": round(counts["done"] / TARGET, 4),
        "from_20_incubators": None,
        "records": {name: sorted(ids) for name, ids in records.items()},
        "demo": demo,
    }


_GROUPS = ("done", "moved_in", "signed", "elsewhere", "unknown")


def _group(state: LedgerState, local: bool | None) -> str:
    if local is None:
        return "unknown"
    if not local:
        return "elsewhere" if state is LedgerState.PRODUCING else ""
    return "done" if state is LedgerState.PRODUCING else str(state)


def summarise(lines: Sequence[LedgerLine], *, today: date) -> dict[str, Any]:
    """Return the lines grouped by state, home county and owner, and those overdue.

    Each group is ``{key, count, project_ids}``; states stand in their order, counties in
    that of the annex, owners with most projects first. "" is not stated.
    """
    by_state = _grouped(lines, lambda line: str(line.state))
    by_county = _grouped(lines, lambda line: line.fields.home_county)
    by_owner = _grouped(lines, lambda line: line.fields.owner)
    overdue = sorted(line.project_id for line in lines if is_overdue(line, today))
    owners = sorted(by_owner, key=lambda owner: (-len(by_owner[owner]), owner))
    counties = [code for code in BY_ADCODE if code in by_county]
    counties += sorted(set(by_county) - set(BY_ADCODE))
    return {
        "total": len(lines),
        "by_state": [_item(str(s), by_state.get(str(s), [])) for s in LedgerState],
        "by_county": [_item(code, by_county[code]) for code in counties],
        "by_owner": [_item(owner, by_owner[owner]) for owner in owners],
        "overdue": _item("overdue", overdue),
        "demo": any(line.demo for line in lines),
    }


def _grouped(
    lines: Sequence[LedgerLine], key: Callable[[LedgerLine], str]
) -> Mapping[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line.project_id)
    return groups


def _item(key: str, ids: Sequence[str]) -> dict[str, Any]:
    return {"key": key, "count": len(ids), "project_ids": sorted(ids)}
