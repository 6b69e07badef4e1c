"""The vocabulary of the service as string enums, with Chinese and English labels.

The values are the field names of the public contracts: they are stored, published
and parsed as they stand here.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple


class Label(NamedTuple):
    """A text in both languages of the service."""

    zh: str
    en: str


class UnitKind(StrEnum):
    """What a rentable piece is made for."""

    OPEN_DESK = "open_desk"
    OFFICE = "office"
    LAB = "lab"
    PILOT_LINE = "pilot_line"
    WORKSHOP = "workshop"


class UnitStatus(StrEnum):
    """Vacancy status of a unit."""

    VACANT = "vacant"
    HELD = "held"
    LEASED = "leased"
    PIPELINE = "pipeline"
    WITHDRAWN = "withdrawn"


class Stage(StrEnum):
    """Stage of a firm, in the order it grows through them."""

    NURSERY = "nursery"
    INCUBATION = "incubation"
    ACCELERATION = "acceleration"
    INDUSTRIALISATION = "industrialisation"


class SiteLevel(StrEnum):
    """Recognition of a site, highest first."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    COUNTY = "county"


class LocationPrecision(StrEnum):
    """How precisely a site is located, best first; `UNKNOWN` has no geometry."""

    EXACT = "exact"
    STREET = "street"
    TOWN = "town"
    COUNTY = "county"
    UNKNOWN = "unknown"


class AmenityCategory(StrEnum):
    """The 12 categories of 配套: six facilities, then six small venues."""

    YOUTH_HOUSING = "youth_housing"
    TRANSIT = "transit"
    RETAIL = "retail"
    EDUCATION_HEALTH = "education_health"
    LEISURE = "leisure"
    LEARNING = "learning"
    BAR = "bar"
    THEATRE = "theatre"
    CAFE = "cafe"
    BOOKSHOP = "bookshop"
    CINEMA = "cinema"
    PRACTICE_ROOM = "practice_room"


FACILITIES = tuple(AmenityCategory)[:6]
SMALL_VENUES = tuple(AmenityCategory)[6:]


class Service(StrEnum):
    """Services a site offers (基础、增值、专业服务 of the plan)."""

    BUSINESS_TAX = "business_tax"
    PROPERTY = "property"
    PERMIT_AGENT = "permit_agent"
    PATENT = "patent"
    ROADSHOW = "roadshow"
    SALON = "salon"
    FINANCING = "financing"
    ACCOUNTING = "accounting"
    LEGAL = "legal"
    COMPUTING = "computing"
    TECH_TRANSFER = "tech_transfer"
    BRANDING = "branding"
    CLINICAL_TRIAL = "clinical_trial"
    DEVICE_REGISTRATION = "device_registration"
    DATA_SOURCE = "data_source"


class Platform(StrEnum):
    """Public technical platforms of a site (赋能产业的公共平台)."""

    LAB_EQUIPMENT = "lab_equipment"
    TESTING = "testing"
    INDUSTRIAL_DESIGN = "industrial_design"
    PROOF_OF_CONCEPT = "proof_of_concept"
    PILOT_TEST = "pilot_test"
    CRO = "cro"
    CDMO = "cdmo"
    CMO = "cmo"


class PermittedUse(StrEnum):
    """What the land and building permit allows in a unit."""

    OFFICE = "office"
    RESEARCH = "research"
    INDUSTRIAL = "industrial"


class Indicator(StrEnum):
    """The seven indicators of the plan's annexes, in their order."""

    SPACE = "space"
    DEMO_INCUBATORS = "demo_incubators"
    OPERATORS = "operators"
    PROVINCIAL_INCUBATORS = "provincial_incubators"
    TENANTS = "tenants"
    JOBS = "jobs"
    TECH_FIRMS = "tech_firms"


class PlacementStep(StrEnum):
    """Where a placement was found, in the order the plan asks to try."""

    LOCAL = "local"
    OTHER_COUNTY = "other_county"
    STATE_OWNED_PARK = "state_owned_park"
    CUSTOM_BUILD = "custom_build"


_LABELS: Mapping[type[StrEnum], Mapping[str, Label]] = MappingProxyType(
    {
        UnitKind: {
            UnitKind.OPEN_DESK: Label("开放工位", "Open desk"),
            UnitKind.OFFICE: Label("独立单元", "Office"),
            UnitKind.LAB: Label("实验室", "Lab"),
            UnitKind.PILOT_LINE: Label("中试", "Pilot line"),
            UnitKind.WORKSHOP: Label("厂房", "Workshop"),
        },
        UnitStatus: {
            UnitStatus.VACANT: Label("空置", "Vacant"),
            UnitStatus.HELD: Label("预留", "Held"),
            UnitStatus.LEASED: Label("已租", "Leased"),
            UnitStatus.PIPELINE: Label("在建", "In pipeline"),
            UnitStatus.WITHDRAWN: Label("已撤下", "Withdrawn"),
        },
        Stage: {
            Stage.NURSERY: Label("创业苗圃", "Nursery"),
            Stage.INCUBATION: Label("孵化", "Incubation"),
            Stage.ACCELERATION: Label("加速", "Acceleration"),
            Stage.INDUSTRIALISATION: Label("产业转化", "Industrialisation"),
        },
        SiteLevel: {
            SiteLevel.NATIONAL: Label("国家级", "National"),
            SiteLevel.PROVINCIAL: Label("省级", "Provincial"),
            SiteLevel.MUNICIPAL: Label("市级", "Municipal"),
            SiteLevel.COUNTY: Label("县级", "County"),
        },
        LocationPrecision: {
            LocationPrecision.EXACT: Label("精确到楼", "To the building"),
            LocationPrecision.STREET: Label("精确到街道", "To the street"),
            LocationPrecision.TOWN: Label("精确到乡镇", "To the town"),
            LocationPrecision.COUNTY: Label("精确到县", "To the county"),
            LocationPrecision.UNKNOWN: Label("位置未知", "Unknown"),
        },
        AmenityCategory: {
            AmenityCategory.YOUTH_HOUSING: Label("青年安居", "Youth housing"),
            AmenityCategory.TRANSIT: Label("交通出行", "Transit"),
            AmenityCategory.RETAIL: Label("商业消费", "Shops"),
            AmenityCategory.EDUCATION_HEALTH: Label("教育医疗", "Schools & health"),
            AmenityCategory.LEISURE: Label("休闲娱乐", "Leisure"),
            AmenityCategory.LEARNING: Label("学习充电", "Learning"),
            AmenityCategory.BAR: Label("小酒馆", "Bar"),
            AmenityCategory.THEATRE: Label("小剧场", "Theatre"),
            AmenityCategory.CAFE: Label("小茶咖", "Café"),
            AmenityCategory.BOOKSHOP: Label("小书吧", "Bookshop"),
            AmenityCategory.CINEMA: Label("小影厅", "Cinema"),
            AmenityCategory.PRACTICE_ROOM: Label("小练室", "Practice room"),
        },
        Service: {
            Service.BUSINESS_TAX: Label("工商税务", "Registration & tax"),
            Service.PROPERTY: Label("物业管理", "Property management"),
            Service.PERMIT_AGENT: Label("审批代办", "Permit agency"),
            Service.PATENT: Label("专利申请", "Patents"),
            Service.ROADSHOW: Label("项目路演", "Roadshows"),
            Service.SALON: Label("创业沙龙", "Founder salons"),
            Service.FINANCING: Label("融资", "Financing"),
            Service.ACCOUNTING: Label("财务", "Accounting"),
            Service.LEGAL: Label("法务", "Legal"),
            Service.COMPUTING: Label("算力", "Computing power"),
            Service.TECH_TRANSFER: Label("技术转移", "Technology transfer"),
            Service.BRANDING: Label("品牌运营", "Branding"),
            Service.CLINICAL_TRIAL: Label("临床试验", "Clinical trials"),
            Service.DEVICE_REGISTRATION: Label("药械申报", "Drug & device filing"),
            Service.DATA_SOURCE: Label("数据数源", "Data sources"),
        },
        Platform: {
            Platform.LAB_EQUIPMENT: Label("实验设备", "Lab equipment"),
            Platform.TESTING: Label("检验检测", "Testing"),
            Platform.INDUSTRIAL_DESIGN: Label("工业设计", "Industrial design"),
            Platform.PROOF_OF_CONCEPT: Label("概念验证", "Proof of concept"),
            Platform.PILOT_TEST: Label("小试中试", "Pilot testing"),
            Platform.CRO: Label("研发外包", "CRO"),
            Platform.CDMO: Label("合同定制加工", "CDMO"),
            Platform.CMO: Label("委托生产", "CMO"),
        },
        PermittedUse: {
            PermittedUse.OFFICE: Label("办公", "Office"),
            PermittedUse.RESEARCH: Label("研发", "Research"),
            PermittedUse.INDUSTRIAL: Label("工业", "Industrial"),
        },
        Indicator: {
            Indicator.SPACE: Label("新增孵化空间", "New incubation space"),
            Indicator.DEMO_INCUBATORS: Label("新增“20孵化器”", "New “20 incubators”"),
            Indicator.OPERATORS: Label("新增专业运营机构", "New professional operators"),
            Indicator.PROVINCIAL_INCUBATORS: Label(
                "新增省级及以上孵化器", "New provincial or higher incubators"
            ),
            Indicator.TENANTS: Label("新增在孵企业", "New tenant firms"),
            Indicator.JOBS: Label("新增创业就业", "New jobs"),
            Indicator.TECH_FIRMS: Label("新增省级科技企业", "New provincial tech firms"),
        },
        PlacementStep: {
            PlacementStep.LOCAL: Label("本地", "Local"),
            PlacementStep.OTHER_COUNTY: Label("跨县", "Other county"),
            PlacementStep.STATE_OWNED_PARK: Label("国有园区", "State-owned park"),
            PlacementStep.CUSTOM_BUILD: Label("厂房定制", "Custom build"),
        },
    }
)


def label(member: StrEnum) -> Label:
    """Return the label of an enum member.

    Kept per enum class, because members of different enums share a text
    (``UnitKind.OFFICE`` and ``PermittedUse.OFFICE``) and a `StrEnum` hashes by it.
    """
    return _LABELS[type(member)][member]
