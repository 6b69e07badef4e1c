"""Profiles: what a 15-minute circle must hold, as named and versioned data.

Standards differ in speed and in what they ask for, so every result names its profile.
They list more facilities than the 12 categories tell apart; each rule says what of the
standard it stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

from geomap.domain.errors import NotFoundError
from geomap.domain.words import AmenityCategory as C
from geomap.domain.words import Label
from geomap.domain.words import label as label_of

DEFAULT_PROFILE = "wenzhou-6-6"


@dataclass(frozen=True, slots=True)
class Requirement:
    """At least `at_least` amenities out of `categories`, together."""

    label: Label
    categories: tuple[C, ...]
    at_least: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One definition of a walking circle.

    Parameters
    ----------
    id, version
        Name in URLs and records, and the edition of the rule.
    name
        Title in both languages.
    minutes, speed_kmh
        The walk that counts.
    requirements
        What must lie within it.
    rule
        The rule in words, and how the categories stand for it.
    source
        Where the rule is published.
    """

    id: str
    name: Label
    version: str
    minutes: float
    speed_kmh: float
    requirements: tuple[Requirement, ...]
    rule: Label
    source: str

    @property
    def limit_m(self) -> float:
        """Metres walked in the profile's minutes."""
        return self.minutes / 60.0 * self.speed_kmh * 1000.0

    @property
    def categories(self) -> tuple[C, ...]:
        """Categories that the requirements name, in the order of `AmenityCategory`."""
        named = {c for requirement in self.requirements for c in requirement.categories}
        return tuple(c for c in C if c in named)

    @property
    def ring_minutes(self) -> tuple[float, ...]:
        """Minutes of the rings drawn for a site: thirds of the whole."""
        return (self.minutes / 3.0, self.minutes * 2.0 / 3.0, self.minutes)


def _each(*categories: C) -> tuple[Requirement, ...]:
    return tuple(Requirement(label_of(c), (c,)) for c in categories)


_ALL = (
    Profile(
        id="wenzhou-6-6",
        name=Label("六大配套＋六小业态", "Six facilities and six small venues"),
        version="2025",
        minutes=15.0,
        speed_kmh=4.8,
        requirements=_each(*C),
        rule=Label(
            "步行15分钟（4.8 公里/小时，1,200 米）内，六大配套和六小业态各至少一处",
            "Within a 15-minute walk (4.8 km/h, 1,200 m) at least one of each of the six "
            "facilities and the six small venues",
        ),
        source="温政办〔2025〕30号",
    ),
    Profile(
        id="plan-culture",
        name=Label("15分钟品质文化生活圈", "15-minute quality culture circle"),
        version="2022",
        minutes=15.0,
        speed_kmh=4.8,
        requirements=(
            Requirement(Label("必备公共文化场馆", "Required cultural venue"), (C.LEARNING,), 1),
            Requirement(
                Label("场馆和公共文化空间合计", "Venues and public cultural spaces in all"),
                (C.LEARNING, C.THEATRE, C.BOOKSHOP),
                3,
            ),
        ),
        rule=Label(
            "步行约15分钟可到至少1个必备公共文化场馆和2个公益性公共文化空间，合计不少于3个；"
            "“学习充电”（图书馆、博物馆、文化活动中心等）代表场馆，它和小剧场、小书吧一起代表空间",
            "About 15 minutes on foot to at least one required public cultural venue and two "
            "public cultural spaces, three in all; learning places (libraries, museums, cultural "
            "centres) stand for the venue, they, theatres and bookshops for the spaces",
        ),
        source="浙江省2022年民生实事“15分钟品质文化生活圈”；温政办〔2025〕30号沿用",
    ),
    Profile(
        id="gb50180",
        name=Label("GB 50180-2018 十五分钟生活圈居住区", "GB 50180-2018 15-minute circle"),
        version="2018",
        minutes=15.0,
        speed_kmh=4.0,
        requirements=_each(C.TRANSIT, C.RETAIL, C.EDUCATION_HEALTH, C.LEISURE, C.LEARNING),
        rule=Label(
            "步行15分钟、距离 800～1,000 米（取 1,000 米，即 4.0 公里/小时）：公交站点、商业服务、"
            "中学与卫生服务、运动场地与公园、文化活动中心；养老、管理等设施不在本图的 12 类里",
            "15 minutes on foot, 800–1,000 m (1,000 m taken, 4.0 km/h): transit stops, shops, "
            "schools and health, sports grounds and parks, cultural centres; care homes and "
            "administration are not among the 12 categories",
        ),
        source="GB 50180-2018《城市居住区规划设计标准》",
    ),
    Profile(
        id="tdt1062",
        name=Label("TD/T 1062-2021 社区生活圈", "TD/T 1062-2021 community life circle"),
        version="2021",
        minutes=15.0,
        speed_kmh=4.0,
        requirements=_each(
            C.YOUTH_HOUSING, C.TRANSIT, C.RETAIL, C.EDUCATION_HEALTH, C.LEISURE, C.LEARNING
        ),
        rule=Label(
            "15分钟层级，步行约 1 公里：健康与终身教育、文化与体育、商业服务、慢行与公交、"
            "住房改善；养老和就业引导不在本图的 12 类里",
            "The 15-minute level, about 1 km on foot: health and lifelong learning, culture and "
            "sport, shops, walking and transit, better housing; care for the old and job advice "
            "are not among the 12 categories",
        ),
        source="TD/T 1062-2021《社区生活圈规划技术指南》",
    ),
)

PROFILES: dict[str, Profile] = {profile.id: profile for profile in _ALL}
"""Profiles by id, the default first."""


def get_profile(profile_id: str) -> Profile:
    """Return a profile.

    Raises
    ------
    NotFoundError
        No profile has this id; the fix lists those that exist.
    """
    try:
        return PROFILES[profile_id]
    except KeyError:
        known = ", ".join(PROFILES)
        raise NotFoundError(
            Label(f"没有标准 {profile_id!r}", f"There is no profile {profile_id!r}"),
            fix=Label(f"可用：{known}", f"Use one of: {known}"),
            field="profile",
        ) from None
