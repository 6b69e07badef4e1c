"""Column headers to fields: Chinese and English, with the unit that a header carries.

Every way to write a field is listed in `FIELDS`; what none of them names is reported as
not used, never dropped in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from geomap.domain.errors import InputError
from geomap.domain.words import Label
from geomap.intake.report import KIND_LABELS
from geomap.intake.values import as_text

_PLACE = {
    "lon": "经度 lon lng long longitude x 坐标x x坐标 经度坐标 东经 wgs84经度 gcj02经度 lon_x",
    "lat": "纬度 lat latitude y 坐标y y坐标 纬度坐标 北纬 wgs84纬度 gcj02纬度 lat_y",
    "lonlat": "经纬度 坐标 坐标串 location lonlat lnglat coordinates 经纬度坐标",
    "wkt": "wkt geometry geom 几何 the_geom 空间位置 边界",
}
_COMMON = {
    "id": "id 编号 编码 标识 唯一标识 uid 主键 代码",
    "name": "名称 name 名字 全称",
    "source": "来源 source 数据来源",
    "source_date": "来源日期 source_date 数据日期 采集日期 采集时间 dateofthedata",
    "demo": "演示数据 demo 是否演示 demonstrationdata",
}
_COUNTY = (
    "县区 县市区 县（市、区） 区县 所在县区 所在区县 所属县区 所属区县 所属县市区 行政区 行政区划"
    " 行政区划代码 行政区代码 区划代码 属地 county adcode district county_name adname 区域"
)
_REPORTING = "任务单位 填报单位 reporting_unit 责任单位 任务归属"
_INDUSTRIES = (
    "产业 行业 产业方向 主导产业 产业领域 所属产业 产业定位 所属行业 industries industry sector"
)

FIELDS: Mapping[str, Mapping[str, str]] = {
    "sites": {
        **_COMMON,
        **_PLACE,
        "id": f"{_COMMON['id']} 基地编号 园区编号 孵化器编号 site_id 基地id",
        "name": f"{_COMMON['name']} 基地名称 孵化器名称 园区名称 载体名称 基地 孵化器 园区 site"
        " site_name 孵化基地 孵化空间名称",
        "adcode": _COUNTY,
        "reporting_unit": _REPORTING,
        "address": "地址 address 详细地址 所在地址 位置 坐落",
        "precision": "定位精度 位置精度 precision 精度",
        "stages": "阶段 孵化阶段 stages stage 服务阶段 功能阶段",
        "industries": _INDUSTRIES,
        "level": "级别 等级 认定级别 level 认定等级 称号级别",
        "operator": "运营机构 运营单位 运营方 operator 运营商 运营主体 管理机构 运营机构名称",
        "area_m2": "面积 建筑面积 总面积 孵化面积 area area_m2 面积_m2 总建筑面积 场地面积",
        "services": "服务 服务内容 services 服务功能 提供服务",
        "platforms": "平台 公共平台 技术平台 platforms 公共服务平台 公共技术平台",
        "opened_on": "开业日 开业日期 成立日期 启用日期 投用时间 运营时间 成立时间 opened_on"
        " 开园时间",
        "state_owned": "国有 是否国有 国资 state_owned 国有园区 是否国有园区",
        "tenants": "在孵企业 企业数 在孵企业数 入驻企业 入驻企业数 tenants",
        "jobs": "就业人数 从业人数 就业 jobs 带动就业",
        "note": "备注 说明 note notes remarks",
    },
    "units": {
        **_COMMON,
        "id": f"{_COMMON['id']} 单元编号 房源编号 unit_id 单元id",
        "site": "基地 基地名称 基地编号 园区 园区名称 孵化器 孵化器名称 所属基地 所属园区 载体名称"
        " site site_id site_name 所属孵化器 项目名称 载体编号 载体",
        "building": "楼栋 楼幢 幢 栋 楼号 幢号 栋号 building 楼宇 建筑",
        "floor": "楼层 层 所在楼层 floor",
        "room": "房号 房间 房间号 室号 单元号 门牌 room 工位号 名称 name 单元名称",
        "kind": "类型 单元类型 空间类型 房源类型 用房类型 kind type 空间性质",
        "area_m2": "面积 建筑面积 单元面积 area area_m2 面积_m2 使用面积 可租面积 出租面积",
        "status": "状态 空置状态 出租状态 租赁状态 房态 status 使用状态",
        "rent_cny_m2_month": "租金 租金单价 单价 rent rent_cny_m2_month 月租金 租金标准 报价",
        "free_from": "起租日 起租日期 起租时间 可入驻日期 可租日期 可用日期 空置日期 free_from"
        " 交付日期 腾空日期",
        "verified_at": "核实日 核实时间 核实日期 核验日期 更新时间 verified_at verified"
        " 更新日期 核验时间",
        "tenant": "承租方 企业 租户 入驻企业 tenant 企业名称 承租企业",
        "desks": "工位数 工位数量 desks 工位",
        "divisible_min_m2": "可分割最小面积 最小分割面积 分割最小面积 最小可租面积 可分割"
        " 可分割,最小 可分割出租 分割出租 divisible_min_m2 divisible_min divisible divisible_from",
        "floor_load_kn_m2": "楼面荷载 荷载 承重 楼板荷载 楼板承重 floor_load floor_load_kn_m2",
        "clear_height_m": "净高 clear_height clear_height_m",
        "column_spacing_m": "柱距 柱网 column_spacing column_spacing_m",
        "freight_lift_t": "货梯 货梯载重 货梯吨位 freight_lift freight_lift_t",
        "power_kw": "电力 供电 用电负荷 电容量 供电容量 power power_kw 配电",
        "water": "给水 供水 上水 water 上下水",
        "drainage": "排水 下水 drainage",
        "exhaust": "排风 排烟 废气排放 exhaust 通风排气",
        "gas": "燃气 供气 gas 天然气",
        "clean_room": "洁净室 洁净间 洁净车间 clean_room 无尘室",
        "hazardous_storage": "危化品 危化品间 危化品存放 危废间 危化品库 hazardous_storage",
        "open_24h": "24小时 24小时开放 全天开放 open_24h open24hours 24h",
        "permitted_use": "规划用途 许可用途 土地用途 用途 permitted_use 房屋用途 证载用途",
    },
    "amenities": {
        **_COMMON,
        **_PLACE,
        "id": f"{_COMMON['id']} poiid poi_id",
        "name": f"{_COMMON['name']} poi名称 设施名称 title",
        "category": "类别 配套类别 category 配套类型 分类",
        "type": "类型 type poi类型 poitype 类型名称 typename",
        "type_code": "typecode 类型编码 类型代码 分类编码 分类代码 poi编码 poi类型编码 typecodes",
        "type_big": "大类 一级分类 一级类 type1 bigtype",
        "type_mid": "中类 二级分类 二级类 type2 midtype",
        "type_small": "小类 三级分类 三级类 type3 smalltype",
        "address": "地址 address 详细地址",
        "adcode": _COUNTY,
    },
    "zones": {
        **_COMMON,
        **_PLACE,
        "name": f"{_COMMON['name']} 功能区名称 功能区 园区名称",
        "reporting_unit": _REPORTING,
    },
    "boundaries": {
        **_PLACE,
        "adcode": "adcode 行政区划代码 区划代码 代码 编码 code id xzqdm gb 县级码 pac",
        "name": "名称 name 县区 县市区 区县 xzqmc 行政区 行政区名称",
        "source": _COMMON["source"],
    },
    "projects": {
        **_COMMON,
        "name": f"{_COMMON['name']} 项目名称 项目 企业名称 project",
        "home_county": f"{_COUNTY} home_county 项目属地",
        "demand": "demand 需求json",
        "stage": "阶段 stage 项目阶段 所处阶段",
        "industry": _INDUSTRIES,
        "headcount": "人数 团队人数 headcount 员工数 从业人数",
        "area_min": "最小面积 面积下限 area_min area_m2_min min_area",
        "area_max": "最大面积 面积上限 area_max area_m2_max max_area",
        "area": "面积 需求面积 面积需求 area area_m2 所需面积",
        "rent_max": "租金上限 最高租金 rent_max rent_cny_m2_month_max 可承受租金",
        "budget_max": "月预算 预算 budget budget_cny_month_max 每月预算",
        "unit_kinds": "类型 空间类型 单元类型 unit_kinds kinds",
        "counties": "意向县区 意向区域 期望县区 counties 可接受县区",
        "move_in": "入驻日期 入驻时间 期望入驻 move_in 计划入驻日期 拟入驻时间",
        "services": "所需服务 服务需求 services",
        "platforms": "平台需求 所需平台 公共平台 platforms",
        "amenities": "配套需求 所需配套 amenities",
        "current_site": "现所在基地 当前基地 在孵基地 current_site 所在孵化器 现址 现址基地"
        " 现所在孵化器 目前所在",
        "priority": "优先级 priority 优先等级 优先次序",
        "growth_headcount": "两年后人数 增长预测 两年后预计人数 预测人数 growth_headcount"
        " headcount_in_2_years 预计人数",
        "chain_position": "链位置 产业链位置 产业链环节 上下游 chain_position",
        "combine_adjacent": "可合并 可合并相邻单元 combine_adjacent",
        "floor_load_kn_m2": "楼面荷载 荷载 承重 floor_load floor_load_kn_m2",
        "clear_height_m": "净高 clear_height clear_height_m",
        "column_spacing_m": "柱距 column_spacing column_spacing_m",
        "freight_lift_t": "货梯 货梯载重 freight_lift freight_lift_t",
        "power_kw": "电力 用电负荷 power power_kw",
        "water": "给水 供水 water",
        "drainage": "排水 drainage",
        "exhaust": "排风 exhaust",
        "gas": "燃气 gas",
        "clean_room": "洁净室 clean_room",
        "hazardous_storage": "危化品 hazardous_storage",
        "open_24h": "24小时 open_24h",
        "permitted_use": "规划用途 permitted_use",
        "more": "附加需求 more",
    },
    "entries": {
        **_COMMON,
        "lon": _PLACE["lon"],
        "lat": _PLACE["lat"],
        "kind": "类别 清单类别 清单 kind list",
        "title": "标题 title 名称 场景名称 机会名称 需求名称",
        "text": "内容 text 说明 简介 description",
        "owner": "发布单位 owner 责任单位 单位 牵头单位",
        "dated_on": "发布日期 dated_on date 日期",
        "expires_on": "有效期至 expires_on until 截止日期 有效期",
        "visibility": "公开范围 visibility 公开 是否公开",
        "adcode": f"{_COUNTY} adcode",
        "site": "载体 site site_id 基地 孵化器",
        "industries": _INDUSTRIES,
        "stages": "阶段 stages stage 适用阶段",
        "chain_positions": "产业链位置 chain_positions 上下游",
        "floor_area_m2": "可用面积 floor_area_m2 floorarea 面积 建筑面积",
        "idle_plant": "闲置厂房 idle_plant idleplant 是否闲置厂房",
    },
}
"""For each kind, each field with the headers that name it, the likeliest first."""

SHAPEFILE_NAME = 10
"""Bytes that a Shapefile keeps of a column's name."""
_CUT = (3, 5)
"""Chinese characters in so many bytes, in UTF-8 and in GB 18030."""

_UNIT = re.compile(r"^(.+?)[(\[【〔](.*?)[)\]】〕]$")
_ACCEPT_BARE_UNIT = re.compile(r"^(.+?)(万?(?:m2|平方米|平米))$")


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which column holds which field.

    Parameters
    ----------
    column
        Index of the column of each field.
    header
        The header of each field as the file writes it.
    unit
        The unit that the header of a field carries, "" where none.
    unknown
        Headers that name no field, or one that another column already holds.
    """

    column: dict[str, int]
    header: dict[str, str]
    unit: dict[str, str]
    unknown: tuple[str, ...]


def fold_header(header: str) -> str:
    """Return a header as it is compared: folded width and case, no spaces, marks or joints."""
    return re.sub(r"[\s_\-*:.'\"·、]+", "", as_text(header).lower())


def split_unit(header: str) -> tuple[str, str]:
    """Return a header and the unit in brackets after it: "面积（万㎡）" → ("面积", "万m2")."""
    text = as_text(header).rstrip("*: ")
    match = _UNIT.match(text) or _ACCEPT_BARE_UNIT.match(text)
    return (match.group(1), match.group(2)) if match else (text, "")


def _table(kind: str) -> dict[str, tuple[int, str]]:
    """Return for each folded header its rank (0 the likeliest) and field."""
    table: dict[str, tuple[int, str]] = {}
    for field, names in FIELDS[kind].items():
        for rank, name in enumerate([*names.split(), field]):
            table.setdefault(fold_header(name), (rank, field))
    for field in FIELDS[kind]:
        table.setdefault(fold_header(field[:SHAPEFILE_NAME]), (len(table), field))
    return table


def _find(table: Mapping[str, tuple[int, str]], header: str) -> tuple[int, str, str] | None:
    whole = table.get(fold_header(header))
    if whole is not None:
        return (*whole, "")
    bare, unit = split_unit(header)
    found = table.get(fold_header(bare)) or _cut_short(table, header)
    return (*found, unit) if found else None


def _cut_short(table: Mapping[str, tuple[int, str]], header: str) -> tuple[int, str] | None:
    """Find a Chinese header that a Shapefile cut to 10 bytes, where only one field fits."""
    if header.isascii() or len(header) not in _CUT:
        return None
    begin = fold_header(header)
    fields = {field for name, (_, field) in table.items() if name.startswith(begin)}
    return (len(table), fields.pop()) if len(fields) == 1 else None


def map_headers(kind: str, headers: Sequence[str]) -> Mapped:
    """Map the headers of a table to the fields of a kind.

    Where two columns name one field, the likelier name wins, then the first.
    """
    table = _table(kind)
    found = [(*hit, i) for i, h in enumerate(headers) if h and (hit := _find(table, h))]
    column: dict[str, int] = {}
    unit: dict[str, str] = {}
    for _rank, field, written, index in sorted(found, key=lambda hit: (hit[0], hit[3])):
        if field not in column:
            column[field], unit[field] = index, written
    used = set(column.values())
    unknown = tuple(h for i, h in enumerate(headers) if h and i not in used)
    return Mapped(column, {f: headers[i] for f, i in column.items()}, unit, unknown)


def count_known(kind: str, headers: Sequence[str]) -> int:
    """Return how many fields of a kind a row of cells names, to find the row of headers."""
    return len(map_headers(kind, headers).column)


def require_columns(kind: str, mapped: Mapped, wanted: Sequence[tuple[str, ...]]) -> None:
    """Refuse a table that lacks a column: one of each tuple of fields must be there.

    Raises
    ------
    InputError
        Names the columns that are missing and those that were found.
    """
    missing = [names for names in wanted if not any(name in mapped.column for name in names)]
    if not missing:
        return
    en = ", ".join("/".join(names) for names in missing)
    zh = "、".join(FIELDS[kind][names[0]].split()[0] for names in missing)
    what = KIND_LABELS[kind]
    seen = "、".join([*mapped.header.values(), *mapped.unknown][:30]) or "—"
    raise InputError(
        Label(
            f"{what.zh}表缺少列：{zh}；看到的列：{seen}",
            f"The table of {what.en} lacks columns: {en}; found: {seen}",
        ),
        fix=Label(f"加上这些列，列名写 {zh}", f"Add them, with the names {en}"),
        field="/".join(missing[0]),
    )
