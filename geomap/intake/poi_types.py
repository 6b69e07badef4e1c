"""Types of Chinese map services (大类;中类;小类) to the 12 categories of 配套.

The most specific part of a type decides. Names are those under which map services list
their points of interest; a type that is known and none of the 12 categories (a company,
a car park) is left out of the import, a type that no row names is put aside for a person.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from geomap.domain.words import AmenityCategory as C
from geomap.domain.words import Label
from geomap.intake.synonyms import CATEGORY_TABLE
from geomap.intake.values import as_text, fold


class Kindless(Enum):
    """What a type may stand for beside a category."""

    NO_AMENITY = "no_amenity"
    UNKNOWN = "unknown"


_TYPES: Mapping[C | Kindless, str] = {
    C.BAR: "酒吧 清吧 酒馆 小酒馆 夜总会 迪厅 啤酒屋 精酿酒吧",
    C.THEATRE: "剧场 剧院 音乐厅 戏院 大剧院 小剧场 livehouse 演艺场馆 文艺团体 剧场剧院",
    C.CAFE: "咖啡厅 咖啡馆 咖啡 茶艺馆 茶馆 茶座 茶楼 奶茶店 饮品店 冷饮店 甜品店 茶饮 咖啡店",
    C.BOOKSHOP: "书店 书吧 书城 图书音像 图书大厦 书屋",
    C.CINEMA: "电影院 影院 影城 私人影院 影厅",
    C.PRACTICE_ROOM: "琴行 琴房 排练厅 排练室 录音棚 舞蹈培训 音乐培训 舞蹈室 练歌房 瑜伽馆",
    C.LEARNING: "图书馆 博物馆 美术馆 科技馆 展览馆 展览中心 会展中心 文化宫 文化馆 档案馆 天文馆"
    " 培训机构 培训 职业培训 成人教育 共享自习室 自习室 青少年宫 纪念馆 文化活动中心 城市书房"
    " 教育培训",
    C.EDUCATION_HEALTH: "幼儿园 小学 中学 高等院校 学校 职业技术学校 大学 综合医院 专科医院 医院"
    " 诊所 卫生院 社区医院 急救中心 药房 药店 医药保健销售店 医疗保健服务 医疗保健服务场所 托儿所"
    " 疾病预防机构 综合诊所 社区卫生服务中心 口腔医院 眼科医院 中医院 亲子教育 医疗",
    C.TRANSIT: "公交车站 公交站 公交站点 地铁站 轻轨站 火车站 长途汽车站 汽车站 港口码头 客运站"
    " 机场相关 轮渡站 班车站 公交车站相关 地铁站出入口 市域铁路站",
    C.RETAIL: "餐饮服务 中餐厅 外国餐厅 快餐厅 休闲餐饮场所 糕饼店 餐饮相关场所 购物服务 商场"
    " 便民商店 便利店 便民商店/便利店 超级市场 超市 综合市场 农贸市场 家电电子卖场 花鸟鱼虫市场"
    " 家居建材市场 专卖店 专营店 特色商业街 购物中心 百货商场 水果店 菜市场 美食 餐厅 火锅店"
    " 服装鞋帽皮具店 个人用品/化妆品店 文化用品店 体育用品店 购物 小吃快餐店 蛋糕甜品店",
    C.LEISURE: "公园 公园广场 植物园 动物园 水族馆 城市广场 运动场馆 体育休闲服务 体育场馆 健身中心"
    " 健身房 游泳馆 羽毛球场 篮球场馆 足球场 网球场 乒乓球馆 台球厅 保龄球馆 溜冰场 ktv 网吧 电竞馆"
    " 游戏厅 棋牌室 娱乐场所 休闲场所 游乐场 垂钓园 采摘园 风景名胜 国家级景点 省级景点 旅游景点"
    " 度假疗养场所 高尔夫相关 运动健身 休闲广场 密室逃脱 桌游吧 洗浴推拿场所 度假村 景点 纪念碑"
    " 休闲娱乐",
    C.YOUTH_HOUSING: "人才公寓 青年公寓 公寓 公寓式酒店 宿舍 青年旅舍 酒店式公寓 租赁社区 长租公寓"
    " 保障性租赁住房 职工宿舍 青年驿站",
    Kindless.NO_AMENITY: "公司企业 政府机构及社会团体 政府机构 汽车服务 汽车销售 汽车维修"
    " 摩托车服务 停车场 加油站 充电站 道路附属设施 地名地址信息 金融保险服务 银行 自动提款机"
    " 保险公司 证券公司 商务住宅 住宅区 楼宇 产业园区 生活服务 公共设施 事件活动 通行设施 室内设施"
    " 住宿服务 宾馆酒店 旅馆招待所 科研机构 传媒机构 驾校 科教文化场所 公共厕所 物流速递 电讯营业厅"
    " 美容美发店 维修站点 洗衣店 中介机构 邮局 售票处 人才市场 自来水营业厅 电力营业厅 收费站"
    " 服务区 过境口岸 工厂 写字楼 农林牧渔基地 知名企业 房地产 丽人 出入口 自然地物 行政地标 道路"
    " 交通设施服务 动物医疗场所 门牌信息 交通地名 普通地名 住宅 小区 社区中心 村庄 机场"
    " 酒店 金融 文化传媒 交通设施 学校内部设施 公园内部设施 博彩中心",
}
_CODES: Mapping[C | Kindless, str] = {
    C.BAR: "080301 080303 080304",
    C.THEATRE: "080602 080603 1410",
    C.CAFE: "0505 0506 0507 0509",
    C.BOOKSHOP: "061205",
    C.CINEMA: "080601",
    C.LEARNING: "1401 1402 1403 1404 1405 1406 1407 1408 1409 141205 1414",
    C.EDUCATION_HEALTH: "09 1412",
    C.TRANSIT: "1501 1502 1503 1504 1505 1506 1507 1508 1512",
    C.RETAIL: "05 06",
    C.LEISURE: "08 11 0714",
    C.YOUTH_HOUSING: "100201 120303",
    Kindless.NO_AMENITY: "01 02 03 04 07 10 12 13 14 15 16 17 18 19 20 22 97 99"
    " 0907 080307 110106 141207 1411 1413 1415",
}
"""Groups of Amap's codes, two digits each for the broad, middle and small type. Rooms to
practise in have no code of their own there."""
_BY_CODE = {code: kind for kind, codes in _CODES.items() for code in codes.split()}
_BY_NAME = {fold(name): kind for kind, names in _TYPES.items() for name in names.split()}
_SPLIT = re.compile(r"[;；,，>、:]+")
_CODE = re.compile(r"\d{5,6}")
_EITHER = "影剧院"
"""A cinema or a theatre: what the place is called decides."""


class Judged(NamedTuple):
    """What a type stands for, and its most specific word, for a report."""

    kind: C | Kindless
    named: str


def type_choices(texts: Sequence[str]) -> list[list[str]]:
    """Return each type of a place as its parts, from the broadest to the most specific.

    Several types of one place are written one after the other with "|", in each column.
    """
    columns = [as_text(text).split("|") for text in texts if as_text(text)]
    choices = []
    for i in range(max(map(len, columns), default=0)):
        chosen = [column[i] for column in columns if i < len(column)]
        parts = [part.strip() for text in chosen for part in _SPLIT.split(text)]
        if any(parts):
            choices.append([part for part in parts if part])
    return choices


def judge_types(texts: Sequence[str], code: str = "", name: str = "") -> Judged:
    """Return what the types of a place stand for.

    Of several types the first that makes a category counts. A code of a map service is
    asked where the words say nothing.

    Examples
    --------
    >>> judge_types(["餐饮服务;咖啡厅;咖啡厅"]).kind
    <AmenityCategory.CAFE: 'cafe'>
    """
    worded = _best(type_choices(texts), name)
    if not code or (worded.named and worded.kind is not Kindless.UNKNOWN):
        return worded
    coded = _best(type_choices([code]), name)
    return coded if coded.kind is not Kindless.UNKNOWN or not worded.named else worded


def _best(choices: Sequence[Sequence[str]], name: str) -> Judged:
    judged = [Judged(classify_type(parts, name), parts[-1]) for parts in choices]
    for found in judged:
        if isinstance(found.kind, C):
            return found
    known = (found for found in judged if found.kind is Kindless.NO_AMENITY)
    return next(known, judged[0] if judged else Judged(Kindless.UNKNOWN, ""))


def classify_type(parts: Sequence[str], name: str = "") -> C | Kindless:
    """Return the category of one type, whether it is none, or that it is unknown.

    The most specific part that is known decides. 影剧院 is a cinema or a theatre by what
    the place is called; broad types (科教文化服务) alone say too little.
    """
    for part in reversed(parts):
        folded = fold(part)
        if folded == _EITHER:
            return _cinema_or_theatre(name)
        found = _BY_NAME.get(folded) or CATEGORY_TABLE.get(folded)
        if found is None and _CODE.fullmatch(folded):
            # A spreadsheet takes the first zero of a code away: 50500 is 050500.
            found = classify_code(folded.zfill(6), name)
        if found is not None:
            return found
    return Kindless.UNKNOWN


def classify_code(code: str, name: str = "") -> C | Kindless | None:
    """Return what a six-digit code of Amap stands for, None where no row has its group.

    Digits come in pairs: the broad type, the middle one, the small one. The longest row
    that the code begins with decides.
    """
    for length in (6, 4, 2):
        group = code[:length]
        if group == "0806":
            return _cinema_or_theatre(name)
        if group in _BY_CODE:
            return _BY_CODE[group]
    return None


def _cinema_or_theatre(name: str) -> C | Kindless:
    if re.search(r"影城|影院|电影|影厅|影都|国际影|imax", name.lower()):
        return C.CINEMA
    if re.search(r"剧院|剧场|戏院|音乐厅|大会堂|演艺", name):
        return C.THEATRE
    return Kindless.UNKNOWN


def list_left_out(counts: Mapping[str, int], more: int = 0, *, most: int = 12) -> Label:
    """Return what to say of types or tags that make no category, the most frequent first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = ordered[:most]
    left = more + sum(n for _, n in ordered[most:])
    zh = "、".join(f"{name} {n:,}" for name, n in shown) + (f"、其他 {left:,}" if left else "")
    en = ", ".join(f"{name} {n:,}" for name, n in shown) + (f", others {left:,}" if left else "")
    return Label(f"没有归入配套的类型：{zh}", f"Types that are no amenity: {en}")
