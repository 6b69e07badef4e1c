"""Made-up entries: the three lists, firms and incubators, land, and some restricted ones.

Owners are called 演示单位: nothing here is a claim about an office or a firm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import shapely

from geomap.demo.streams import stream
from geomap.domain.entries import EntryDraft, EntryKind, default_visibility
from geomap.domain.industries import BY_ID, sector_of
from geomap.domain.placement import ChainPosition
from geomap.domain.records import Site
from geomap.domain.regions import COUNTIES
from geomap.domain.words import Stage

_EACH = 8
_FEW = 3
_ASIDE_DEG = 0.0015
"""How far land lies from the site that it is near, about 150 m."""
_WORDS: dict[EntryKind, tuple[str, str]] = {
    EntryKind.SCENE: ("{trade}应用场景试点", "开放一处{trade}应用场景，征集可落地的产品和方案。"),
    EntryKind.OPPORTUNITY: ("{trade}配套采购机会", "龙头企业面向孵化企业放出{trade}配套订单。"),
    EntryKind.DEMAND: ("{trade}技术需求", "企业征集{trade}方向的技术和研发合作。"),
    EntryKind.FIRM_LINK: ("{trade}企业进孵化器", "企业在孵化器设{trade}研发项目，选强链补链项目。"),
    EntryKind.TALENT: ("{trade}领军人才（目标）", "拟招引的{trade}人才，内部跟踪。"),
    EntryKind.PROJECT: ("{trade}项目（目标）", "拟招引的{trade}项目，内部跟踪。"),
    EntryKind.FUND: ("{trade}产业基金（目标）", "拟招引的{trade}基金，内部跟踪。"),
    EntryKind.FUND_INTENT: ("{trade}拟投项目报告", "基金拟投{trade}项目，拟迁入，内部报告。"),
}
_STAGES = {
    EntryKind.SCENE: (Stage.INCUBATION, Stage.ACCELERATION),
    EntryKind.OPPORTUNITY: (Stage.ACCELERATION, Stage.INDUSTRIALISATION),
    EntryKind.DEMAND: (Stage.INCUBATION, Stage.ACCELERATION),
    EntryKind.FIRM_LINK: (Stage.INCUBATION, Stage.ACCELERATION, Stage.INDUSTRIALISATION),
}


def build_entries(sites: Sequence[Site], *, seed: int, today: date) -> list[tuple[str, EntryDraft]]:
    """Return entries with their ids; land stands in every county that has a site."""
    if not sites:
        return []
    rng = stream(seed, "entries")
    made: list[EntryDraft] = []
    for kind in _WORDS:
        public = kind in _STAGES
        for _ in range(_EACH if public else _FEW):
            site = sites[int(rng.integers(0, len(sites)))]
            made.append(_entry(kind, site, today, rng, with_site=kind is EntryKind.FIRM_LINK))
    for county in COUNTIES:
        inside = [site for site in sites if site.declared_adcode == county.adcode]
        if inside:
            for idle in (False, True):
                site = inside[int(rng.integers(0, len(inside)))]
                made.append(_land(site, county.short, today, rng, idle=idle))
    return _numbered(made)


def _numbered(made: Sequence[EntryDraft]) -> list[tuple[str, EntryDraft]]:
    """Return entries with their ids, numbered by kind: no gap tells how many are restricted."""
    counts: Counter[EntryKind] = Counter()
    numbered = []
    for draft in made:
        counts[draft.kind] += 1
        kind = str(draft.kind).replace("_", "-")
        numbered.append((f"demo-{kind}-{counts[draft.kind]:02d}", draft))
    return numbered


def _entry(
    kind: EntryKind, site: Site, today: date, rng: np.random.Generator, *, with_site: bool
) -> EntryDraft:
    trade = site.industries[int(rng.integers(0, len(site.industries)))]
    title, text = (part.format(trade=BY_ID[trade].label.zh) for part in _WORDS[kind])
    chain = tuple(ChainPosition)[int(rng.integers(0, len(ChainPosition)))]
    days = int(rng.integers(1, 60))
    return EntryDraft(
        kind=kind,
        title=title,
        text=f"演示数据。{text}",
        owner="演示单位",
        dated_on=today - timedelta(days=days),
        expires_on=today + timedelta(days=int(rng.integers(40, 300))),
        visibility=default_visibility(kind),
        adcode=site.declared_adcode,
        site_id=site.id if with_site else "",
        industries=(trade,),
        stages=_STAGES.get(kind, ()),
        chain_positions=(chain,) if kind is EntryKind.OPPORTUNITY else (),
        demo=True,
    )


def _land(
    site: Site, county: str, today: date, rng: np.random.Generator, *, idle: bool
) -> EntryDraft:
    lon, lat = _beside(site, rng)
    trades = tuple(dict.fromkeys(sector_of(trade) for trade in site.industries))
    area = float(rng.integers(3, 13) if idle else rng.integers(10, 61)) * 1_000.0
    what = "闲置厂房" if idle else "工业用地"
    return EntryDraft(
        kind=EntryKind.LAND,
        title=f"{county}{what}（可定制）",
        text=f"演示数据。{what}，可按项目需要定制。",
        owner="演示单位",
        dated_on=today - timedelta(days=int(rng.integers(5, 90))),
        expires_on=today + timedelta(days=int(rng.integers(200, 700))),
        visibility=default_visibility(EntryKind.LAND),
        adcode=site.declared_adcode,
        lon=lon,
        lat=lat,
        industries=trades,
        floor_area_m2=area,
        idle_plant=idle,
        demo=True,
    )


def _beside(site: Site, rng: np.random.Generator) -> tuple[float | None, float | None]:
    """Return a point beside a site, none where the site has no place."""
    turn = rng.uniform(0.0, 2.0 * np.pi)
    if site.geometry is None:
        return None, None
    at = shapely.centroid(site.geometry)
    lon, lat = at.x + _ASIDE_DEG * np.cos(turn), at.y + _ASIDE_DEG * np.sin(turn)
    return round(float(lon), 6), round(float(lat), 6)
