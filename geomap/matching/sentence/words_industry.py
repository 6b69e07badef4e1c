"""Words for what a firm does, beside the labels and synonyms of the taxonomy."""

from __future__ import annotations

from collections.abc import Mapping

from geomap.domain.industries import INDUSTRIES

_MORE: Mapping[str, str] = {
    "electrical": "电气设备/输配电/成套电器/electrical/electrical equipment",
    "footwear": "鞋企/鞋厂/皮鞋/运动鞋/童鞋/footwear",
    "apparel": "男装/女装/童装/西服/apparel/clothing/garment/garments",
    "auto_parts": "汽车配件/新能源汽车零部件/汽车零配件/汽车零件/摩配"
    "/auto parts/car parts/automotive parts",
    "pumps_valves": "泵业/泵阀企业/阀门厂/水泵厂/pumps/valves/pumps and valves",
    "digital": "互联网/电商/跨境电商/直播电商/电子商务/游戏/digital economy/e-commerce/ecommerce"
    "/internet",
    "smart_equipment": "智能设备/高端装备/装备制造/自动化设备/自动化/数控机床/机床/smart equipment"
    "/smart manufacturing/automation/machine tools",
    "life_health": "大健康产业/医药健康/life sciences/life science/health care/healthcare",
    "new_energy_vehicle": "新能源车/智能网联汽车/智能网联/电动汽车/电动车/electric vehicles/ev/evs"
    "/new energy vehicles",
    "new_materials": "新材料产业/高分子材料/纳米材料/复合材料/new materials/advanced materials"
    "/nanomaterials/composites",
    "low_voltage": "低压电气/低压电器厂/开关电器/接触器/继电器/low-voltage apparatus"
    "/low voltage apparatus"
    "/circuit breaker/circuit breakers/switchgear",
    "sensors": "传感/传感技术/sensor/sensors/smart sensors",
    "shoe_design": "鞋设计/鞋类设计/鞋样设计/做鞋/做鞋子/鞋子/shoe design/shoes",
    "fashion": "服装设计/时尚/时装设计/fashion design/fashion",
    "auto_electronics": "车载电子/车用电子/auto electronics/automotive electronics",
    "industrial_valves": "球阀/蝶阀/控制阀/调节阀/industrial valves",
    "software": "软件开发/软件公司/软件外包/信息服务/信息技术/小程序/saas/app开发/software"
    "/software development/it services",
    "ai": "ai/人工智能/大模型/大语言模型/机器学习/深度学习/aigc/算法/artificial intelligence"
    "/machine learning/large language models/llm",
    "data": "数据要素/数据标注/数据交易/data services/big data/data annotation",
    "laser_optics": "激光器/激光设备/光电子/光学/光通信/光纤/laser/lasers/optoelectronics"
    "/photonics/optics",
    "robotics": "机械臂/人形机器人/工业机器人/robot/robots/robotics/robotic",
    "printing": "印刷厂/印刷企业/包装印刷/packaging/printing/printing and packaging",
    "eye_health": "眼科医疗器械/眼科药物/眼科药/眼健康产业/眼视光学/隐形眼镜/角膜塑形镜/近视防控"
    "/近视/人工晶体"
    "/ophthalmic devices/ophthalmic device/ophthalmic/ophthalmology/eye health/eye care/optometry",
    "gene_medicine": "基因检测/基因治疗/基因药物/细胞治疗/生物制药/生物药/新药研发/新药/创新药"
    "/制药/疫苗/生物科技"
    "/gene therapy/gene medicine/genomics/cell therapy/biotech/biotechnology/biopharma"
    "/drug discovery",
    "medical_devices": "医疗器材/医疗设备/体外诊断/ivd/medical device/medical devices/medtech",
    "batteries": "新能源电池/锂电池/锂电/固态电池/钠电池/储能电池/动力电池/battery/batteries"
    "/energy storage",
    "functional_textiles": "功能性面料/纺织面料/人造革/functional textiles/functional fabrics"
    "/synthetic leather",
}
_WEAK = (
    "鞋/电器/电气/包装/数字/数据服务/器械/基因/软件/细胞/印刷/面料/传感/时尚/游戏/算法/近视"
    "/电商/互联网/光学"
    "/电动车/自动化/水泵/阀门/electrical/printing/packaging/internet/optics/fashion/pumps/valves"
)
WEAK = frozenset(_WEAK.split("/"))
"""Words that name an industry only beside what says so (做…, …企业)."""


def list_industries() -> dict[str, str]:
    """Return word → id of the taxonomy."""
    found = {}
    for industry in INDUSTRIES:
        label = industry.label
        for word in (label.zh, label.en, *industry.synonyms):
            found[word.lower()] = industry.id
        for word in filter(None, _MORE.get(industry.id, "").split("/")):
            found[word] = industry.id
    return found
