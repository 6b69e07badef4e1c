"""How people write the words of the service, beside their values and labels."""

from __future__ import annotations

from collections.abc import Mapping

from geomap.domain import words as w
from geomap.domain.industries import INDUSTRIES
from geomap.domain.regions import BY_ADCODE, LOCAL_CODES, LOCAL_REPORTING_UNITS, REPORTING_UNITS
from geomap.domain.words import Label
from geomap.intake.values import (
    BadValueError,
    Cell,
    Parsed,
    as_text,
    fold,
    split_list,
    word_parser,
    word_table,
    words_parser,
)

KINDS: Mapping[w.UnitKind, str] = {
    w.UnitKind.OPEN_DESK: "工位 卡座 联合办公 共享工位 众创工位 desk coworking hotdesk 开放式工位",
    w.UnitKind.OFFICE: "办公室 办公 写字楼 独立办公室 独立办公 办公用房 房间 独立房间 独立空间",
    w.UnitKind.LAB: "研发实验室 湿实验室 干实验室 实验用房 实验 laboratory 研发用房 实验空间",
    w.UnitKind.PILOT_LINE: "中试线 中试车间 中试基地 中试空间 小试中试 pilot 中试用房 中试厂房",
    w.UnitKind.WORKSHOP: "车间 标准厂房 生产厂房 生产车间 工业厂房 生产用房 factory 产业用房",
}
STATUSES: Mapping[w.UnitStatus, str] = {
    w.UnitStatus.VACANT: "空闲 可租 待租 未租 招租 招租中 闲置 可出租 空 available free empty",
    w.UnitStatus.HELD: "预订 预定 锁定 意向 保留 已预订 已预定 洽谈中 reserved booked 已锁定",
    w.UnitStatus.LEASED: "出租 在租 已出租 租出 入驻 已入驻 已签约 使用中 rented occupied let 满租",
    w.UnitStatus.PIPELINE: "装修 装修中 未完工 待交付 未交付 筹建 建设中 规划 拟建",
    w.UnitStatus.WITHDRAWN: "撤下 停用 不可租 自用 下架 不出租 停租 公共配套 notforrent",
}
STAGES: Mapping[w.Stage, str] = {
    w.Stage.NURSERY: "苗圃 众创 众创空间 预孵化 创业苗圃期 种子 种子期 preincubation seed",
    w.Stage.INCUBATION: "孵化器 孵化期 初创 初创期 孵化阶段 incubator startup",
    w.Stage.ACCELERATION: "加速 加速器 加速期 成长 成长期 加速阶段 accelerator growth",
    w.Stage.INDUSTRIALISATION: "产业化 转化 产业园 产业化阶段 成熟期 产业化基地 规模化 scaleup"
    " industrialization",
}
LEVELS: Mapping[w.SiteLevel, str] = {
    w.SiteLevel.NATIONAL: "国家 国家级孵化器 国家级众创空间 国家级科技企业孵化器",
    w.SiteLevel.PROVINCIAL: "省 省级孵化器 省级众创空间 浙江省级",
    w.SiteLevel.MUNICIPAL: "市 市级孵化器 市级众创空间 温州市级",
    w.SiteLevel.COUNTY: "县 区级 县区级 区县级 县市区级 区",
}
PRECISIONS: Mapping[w.LocationPrecision, str] = {
    w.LocationPrecision.EXACT: "精确 楼 楼栋 building precise",
    w.LocationPrecision.STREET: "街道 道路 街",
    w.LocationPrecision.TOWN: "乡镇 镇 街镇 乡镇街道",
    w.LocationPrecision.COUNTY: "县 区县 县区",
    w.LocationPrecision.UNKNOWN: "未知 不详 不明 无",
}
CATEGORIES: Mapping[w.AmenityCategory, str] = {
    w.AmenityCategory.YOUTH_HOUSING: "人才公寓 青年公寓 租赁住房 安居 青年住房",
    w.AmenityCategory.TRANSIT: "交通 公共交通 公交 出行",
    w.AmenityCategory.RETAIL: "商业 消费 购物 超市 商超 餐饮",
    w.AmenityCategory.EDUCATION_HEALTH: "教育 医疗 学校 医院",
    w.AmenityCategory.LEISURE: "休闲 娱乐 公园 运动 健身",
    w.AmenityCategory.LEARNING: "学习 图书馆 培训 展览",
    w.AmenityCategory.BAR: "酒吧 酒馆 清吧 pub",
    w.AmenityCategory.THEATRE: "剧场 剧院 theater livehouse",
    w.AmenityCategory.CAFE: "咖啡 咖啡厅 咖啡馆 茶馆 茶室 茶咖 coffee",
    w.AmenityCategory.BOOKSHOP: "书店 书吧 书屋 bookstore",
    w.AmenityCategory.CINEMA: "影院 电影院 影厅 影城",
    w.AmenityCategory.PRACTICE_ROOM: "练室 排练室 琴房 舞蹈室 练习室 排练厅",
}
USES: Mapping[w.PermittedUse, str] = {
    w.PermittedUse.OFFICE: "商务办公 办公用地 商业办公 商办 商服",
    w.PermittedUse.RESEARCH: "科研 研发用地 科研用地 创新型产业用地 m0 科教",
    w.PermittedUse.INDUSTRIAL: "工业用地 厂房 m1 m2 生产 工业用房",
}
SERVICES: Mapping[w.Service, str] = {
    w.Service.BUSINESS_TAX: "工商 税务 注册 工商注册",
    w.Service.PROPERTY: "物业",
    w.Service.PERMIT_AGENT: "代办 审批",
    w.Service.PATENT: "专利 知识产权",
    w.Service.ROADSHOW: "路演",
    w.Service.SALON: "沙龙 创业活动",
    w.Service.FINANCING: "投融资 金融 科技金融 基金",
    w.Service.ACCOUNTING: "会计 财税 代理记账",
    w.Service.LEGAL: "法律 法律服务",
    w.Service.TECH_TRANSFER: "成果转化 技术转让 科技成果转化",
    w.Service.BRANDING: "品牌",
    w.Service.DEVICE_REGISTRATION: "器械注册 药械注册 注册申报",
    w.Service.DATA_SOURCE: "数据 数源",
}
PLATFORMS: Mapping[w.Platform, str] = {
    w.Platform.LAB_EQUIPMENT: "实验室 仪器共享 共享实验室 设备共享",
    w.Platform.TESTING: "检测 检验 检测平台 测试",
    w.Platform.INDUSTRIAL_DESIGN: "设计",
    w.Platform.PROOF_OF_CONCEPT: "概念验证中心",
    w.Platform.PILOT_TEST: "中试 中试平台 小试",
}

parse_kind = word_parser(w.UnitKind, word_table(w.UnitKind, KINDS))
parse_status = word_parser(w.UnitStatus, word_table(w.UnitStatus, STATUSES))
parse_level = word_parser(w.SiteLevel, word_table(w.SiteLevel, LEVELS), doubtful=True)
parse_precision = word_parser(w.LocationPrecision, word_table(w.LocationPrecision, PRECISIONS))
parse_stage = word_parser(w.Stage, word_table(w.Stage, STAGES))
parse_stages = words_parser(w.Stage, word_table(w.Stage, STAGES))
parse_kinds = words_parser(w.UnitKind, word_table(w.UnitKind, KINDS))
parse_use = word_parser(w.PermittedUse, word_table(w.PermittedUse, USES), doubtful=True)
parse_services = words_parser(w.Service, word_table(w.Service, SERVICES), doubtful=True)
parse_platforms = words_parser(w.Platform, word_table(w.Platform, PLATFORMS), doubtful=True)
CATEGORY_TABLE = word_table(w.AmenityCategory, CATEGORIES)
parse_categories = words_parser(w.AmenityCategory, CATEGORY_TABLE)

_INDUSTRY = {
    fold(name): industry.id
    for industry in INDUSTRIES
    for name in (industry.id, *industry.label, *industry.synonyms)
}


def find_industry(text: str) -> str | None:
    """Return the id of the industry that a text names, with or without 产业 or 行业 after it."""
    folded = fold(text)
    for ending in ("", "产业", "行业", "制造业", "制造", "业", "类"):
        bare = folded.removesuffix(ending)
        if bare in _INDUSTRY and bare:
            return _INDUSTRY[bare]
    return None


def parse_industries(cell: Cell, unit: str = "") -> Parsed:
    """Read a list of industries by id, label or synonym; an unknown one is doubtful."""
    found: dict[str, None] = {}
    for text in split_list(cell):
        industry = find_industry(text)
        if industry is None:
            sectors = [i for i in INDUSTRIES if not i.parent]
            raise BadValueError(
                "unknown_industry",
                Label(f"产业“{text}”不在目录里", f"the industry “{text}” is not in the list"),
                Label(
                    f"用目录里的产业，如 {'、'.join(i.label.zh for i in sectors)}",
                    f"use one of the list, as {', '.join(i.id for i in sectors)}",
                ),
                doubtful=True,
            )
        found[industry] = None
    return Parsed(tuple(found))


def parse_industry(cell: Cell, unit: str = "") -> Parsed:
    """Read one industry; of several the first counts, which is noted."""
    found = parse_industries(cell).value
    if len(found) > 1:
        return Parsed(found[0], Label("取第一个产业", "the first industry counts"), "first_one")
    return Parsed(found[0])


_COUNTY_NAMES = {
    fold(name): county.adcode
    for county in BY_ADCODE.values()
    for name in (county.adcode, county.name, county.short, county.name_en)
}
_COUNTY_ENDINGS = ("区", "县", "市")


def parse_county(cell: Cell, unit: str = "") -> Parsed:
    """Read a county by name, short name or code; a local code is mapped, which is noted."""
    text = as_text(cell)
    folded = fold(text).removeprefix("浙江省").removeprefix("温州市")
    code = folded[:6] if folded.isdigit() and len(folded) in (6, 9, 12) else folded
    if code in LOCAL_CODES:
        mapped = LOCAL_CODES[code]
        name = BY_ADCODE[mapped].name
        note = Label(
            f"{code} 不是国标代码，按所在地记作 {mapped} {name}",
            f"{code} is a local code: taken as {mapped} {name}, where the place lies",
        )
        return Parsed(mapped, note, "local_code")
    for candidate in (code, *(f"{code.rstrip('区县市')}{end}" for end in _COUNTY_ENDINGS)):
        if candidate in _COUNTY_NAMES:
            return Parsed(_COUNTY_NAMES[candidate])
    names = "、".join(county.name for county in BY_ADCODE.values())
    raise BadValueError(
        "unknown_county",
        Label(f"没有县（市、区）“{text}”", f"there is no county “{text}”"),
        Label(f"用其中之一：{names}", f"use one of: {names}"),
        doubtful=True,
    )


def find_adcode(cell: object) -> str:
    """Return the code of the county that a cell names, "" where it names none."""
    if not isinstance(cell, str | int | float) or cell == "":
        return ""
    try:
        return str(parse_county(cell).value)
    except BadValueError:
        return ""


_REPORTING = {fold(n): u.id for u in REPORTING_UNITS for n in (u.id, u.name, u.name_en)} | {
    "海经区": "haijing"
}


def local_reporting_unit(cell: Cell) -> str:
    """Return the reporting unit that a local county code stands for, "" where none."""
    return LOCAL_REPORTING_UNITS.get(fold(as_text(cell))[:6], "")


def parse_reporting_unit(cell: Cell, unit: str = "") -> Parsed:
    """Read one of the 13 reporting units by id, name or the name of its county."""
    found = _REPORTING.get(fold(as_text(cell)))
    if found:
        return Parsed(found)
    try:
        county = parse_county(cell)
    except BadValueError as error:
        raise BadValueError(
            "unknown_reporting_unit",
            Label(f"没有任务单位“{as_text(cell)}”", f"no reporting unit “{as_text(cell)}”"),
            Label("用 12 个县（市、区）或 温州海经区", "use one of the 12 counties or haijing"),
            doubtful=True,
        ) from error
    return Parsed(local_reporting_unit(cell) or county.value, county.note, county.code)
