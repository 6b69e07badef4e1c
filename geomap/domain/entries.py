"""Entries: the three lists (场景、机会、需求清单), firm and incubator, 双招双引 and funds.

An entry is dated, has an owner and a place, and is published or restricted. What names
talent, projects and funds that the city courts is always restricted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from geomap.domain.errors import InputError
from geomap.domain.placement import ChainPosition
from geomap.domain.words import Label, Stage


class EntryKind(StrEnum):
    """What an entry tells."""

    SCENE = "scene"
    OPPORTUNITY = "opportunity"
    DEMAND = "demand"
    FIRM_LINK = "firm_link"
    LAND = "land"
    TALENT = "talent"
    PROJECT = "project"
    FUND = "fund"
    FUND_INTENT = "fund_intent"


class Visibility(StrEnum):
    """Who may read an entry."""

    PUBLISHED = "published"
    RESTRICTED = "restricted"


class Audience(StrEnum):
    """Who asks: everybody, or promotion staff with a key."""

    PUBLIC = "public"
    STAFF = "staff"


NEVER_PUBLIC = (EntryKind.TALENT, EntryKind.PROJECT, EntryKind.FUND, EntryKind.FUND_INTENT)
"""Kinds that cannot be published."""
KIND_LABELS: Mapping[EntryKind, Label] = MappingProxyType(
    {
        EntryKind.SCENE: Label("场景清单", "Scenes"),
        EntryKind.OPPORTUNITY: Label("机会清单", "Opportunities"),
        EntryKind.DEMAND: Label("需求清单", "Demands"),
        EntryKind.FIRM_LINK: Label("企业与孵化器联动", "Firm and incubator"),
        EntryKind.LAND: Label("用地和闲置厂房", "Land and idle plants"),
        EntryKind.TALENT: Label("招引人才", "Talent courted"),
        EntryKind.PROJECT: Label("招引项目", "Projects courted"),
        EntryKind.FUND: Label("招引基金", "Funds courted"),
        EntryKind.FUND_INTENT: Label("基金拟投报告", "Intended investments"),
    }
)
VISIBILITY_LABELS: Mapping[Visibility, Label] = MappingProxyType(
    {
        Visibility.PUBLISHED: Label("公开", "Published"),
        Visibility.RESTRICTED: Label("内部", "Restricted"),
    }
)


def default_visibility(kind: EntryKind) -> Visibility:
    """Return who may read an entry of a kind where nothing is said."""
    return Visibility.RESTRICTED if kind in NEVER_PUBLIC else Visibility.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDraft:
    """What someone states; texts are plain. `lon`, `lat` are EPSG:4326.

    No industries, stages or chain positions: open to all. `expires_on` is the last day on
    which it holds. `floor_area_m2` and `idle_plant` belong to `EntryKind.LAND`: what can be
    built or used there in all.
    """

    kind: EntryKind
    title: str
    owner: str
    dated_on: date
    visibility: Visibility
    text: str = ""
    adcode: str = ""
    site_id: str = ""
    lon: float | None = None
    lat: float | None = None
    industries: tuple[str, ...] = ()
    stages: tuple[Stage, ...] = ()
    chain_positions: tuple[ChainPosition, ...] = ()
    expires_on: date | None = None
    floor_area_m2: float | None = None
    idle_plant: bool = False
    demo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry that was kept; `version` grows with every change."""

    id: str
    draft: EntryDraft
    created_at: datetime
    updated_at: datetime
    by: str
    version: int


def require_publishable(draft: EntryDraft) -> None:
    """Refuse to publish what names whom the city courts; raises InputError."""
    if draft.kind in NEVER_PUBLIC and draft.visibility is not Visibility.RESTRICTED:
        raise _refuse(
            "visibility",
            Label("双招双引和基金拟投不能公开", "Targets and intended investments stay restricted"),
            Label("把 visibility 设为 restricted", "Set visibility to restricted"),
        )


def require_whole(draft: EntryDraft) -> None:
    """Refuse an entry whose parts do not go together.

    Raises
    ------
    InputError
        With the field at fault.
    """
    require_publishable(draft)
    land = draft.kind is EntryKind.LAND
    if not draft.adcode and not draft.site_id:
        raise _refuse(
            "adcode",
            Label("没有写地点", "No place is stated"),
            Label("写县的代码 adcode，或载体编号 site_id", "Give adcode of a county, or site_id"),
        )
    if abs(draft.lon or 0.0) > 180.0 or abs(draft.lat or 0.0) > 90.0:
        raise _refuse(
            "lon",
            Label("不是经纬度", "This is no longitude and latitude"),
            Label("以度写，WGS84", "Give degrees, WGS84"),
        )
    if (draft.lon is None) != (draft.lat is None):
        raise _refuse(
            "lon",
            Label("经度和纬度要一起写", "Longitude and latitude go together"),
            Label("两个都写，或都不写", "Give both or none"),
        )
    if draft.expires_on is not None and draft.expires_on < draft.dated_on:
        raise _refuse(
            "expires_on",
            Label("到期早于发布", "It expires before its date"),
            Label("改晚一些", "Give a later day"),
        )
    if land != (draft.floor_area_m2 is not None) or (draft.idle_plant and not land):
        raise _refuse(
            "floor_area_m2",
            Label(
                "用地和闲置厂房要写可用面积，别的不写",
                "Land states the floor area that it has room for, other kinds do not",
            ),
            Label("以平方米写 floor_area_m2", "Give floor_area_m2 in square metres"),
        )


def require_same_county(draft: EntryDraft, there: str) -> None:
    """Refuse an entry that names a county and a site of another one.

    Parameters
    ----------
    draft
        The entry.
    there
        Adcode of the county that its site lies in; "" where that is not known.

    Raises
    ------
    InputError
        Its county is another.
    """
    if there and draft.adcode and draft.adcode != there:
        raise _refuse(
            "site_id",
            Label("载体不在写的县（市、区）", "The site is not in the county that is stated"),
            Label("改其中一个，或只写载体", "Change one of the two, or give the site alone"),
        )


def _refuse(field: str, reason: Label, fix: Label) -> InputError:
    return InputError(reason, fix=fix, field=field)
