"""Words for kinds of units, stages, amenities, services, platforms and technical needs."""

from __future__ import annotations

from collections.abc import Mapping

from geomap.domain.words import AmenityCategory as A
from geomap.domain.words import PermittedUse as U
from geomap.domain.words import Platform, Service
from geomap.domain.words import Stage as G
from geomap.domain.words import UnitKind as K

KINDS: Mapping[K, str] = {
    K.OPEN_DESK: "工位/开放工位/开放式工位/卡座/办公位/联合办公/共享办公/共享工位/流动工位"
    "/固定工位/desk/desks"
    "/hot desk/hot desks/open desk/open desks/coworking/co-working/coworking desks/coworking desk",
    K.OFFICE: "办公室/办公/办公间/办公楼/写字楼/办公场地/办公场所/办公空间/独立办公"
    "/独立办公室/独立单元/商务办公"
    "/研发办公/office/offices/office space/private office",
    K.LAB: "实验室/试验室/实验用房/实验场地/实验空间/生物实验室/lab/labs/laboratory"
    "/laboratories/wet lab"
    "/lab space",
    K.PILOT_LINE: "中试/中试线/中试车间/中试基地/中试厂房/中试场地/中试产线/中试空间/pilot line"
    "/pilot lines"
    "/pilot plant/pilot-scale line",
    K.WORKSHOP: "厂房/标准厂房/工业厂房/生产车间/车间/工厂/生产场地/生产用房/加工车间/workshop"
    "/workshops"
    "/factory/factory space/plant floor/production space",
}
STAGES: Mapping[G, str] = {
    G.NURSERY: "创业苗圃/苗圃/苗圃期/还是个想法/还只是个想法/只有个想法/只有想法/刚有想法"
    "/想法阶段/创意阶段/nursery"
    "/idea stage/just an idea",
    G.INCUBATION: "初创/初创期/初创企业/初创公司/初创团队/孵化期/孵化阶段/在孵/种子轮/天使轮"
    "/早期项目/刚起步/起步阶段"
    "/incubation/incubation stage/seed stage/seed round/angel round/early stage/early-stage",
    G.ACCELERATION: "加速期/加速阶段/加速器/成长期/成长阶段/快速成长/a轮/b轮/pre-a轮/acceleration"
    "/acceleration stage/accelerator/growth stage/growth-stage/series a/series b/scale-up/scaleup",
    G.INDUSTRIALISATION: "产业化/产业化阶段/产业转化/产业转化阶段/规模化生产/量产阶段/准备量产"
    "/已经量产/成果产业化"
    "/industrialisation/industrialization/mass production",
}
AMENITIES: Mapping[A, str] = {
    A.TRANSIT: "地铁/地铁站/地铁口/轻轨/轻轨站/公交/公交站/公交车/公交车站/巴士站/s1线/s2线/s1"
    "/s2/brt/市域铁路/车站"
    "/动车站/高铁站/火车站/公共交通/交通方便/交通便利/metro/metro station/subway/subway station"
    "/light rail"
    "/tram/bus/bus stop/bus station/train station/railway station/public transport"
    "/public transit/transit",
    A.CAFE: "咖啡/咖啡馆/咖啡厅/咖啡店/咖啡屋/星巴克/瑞幸/茶馆/茶咖/小茶咖/奶茶/奶茶店/cafe"
    "/cafes/café/cafés"
    "/coffee/coffee shop/coffee shops/coffee bar/tea house/teahouse",
    A.LEISURE: "健身房/健身/健身中心/公园/绿地/体育馆/体育场/球场/篮球场/羽毛球馆/羽毛球场"
    "/足球场/游泳池/游泳馆"
    "/ktv/运动场/跑步/休闲娱乐/gym/gyms/park/parks/swimming pool/sports hall/leisure",
    A.RETAIL: "食堂/员工食堂/超市/便利店/商场/购物中心/商业街/菜市场/餐馆/餐厅/饭店/吃饭"
    "/吃饭的地方/快餐/外卖"
    "/小吃/购物/商业配套/canteen/canteens/supermarket/supermarkets/convenience store"
    "/convenience stores"
    "/shop/shops/mall/shopping mall/restaurant/restaurants/places to eat",
    A.YOUTH_HOUSING: "人才公寓/青年公寓/公寓/宿舍/员工宿舍/住宿/长租公寓/青年安居/租房/人才房"
    "/人才住房/青年驿站"
    "/保障房/youth housing/apartment/apartments/talent apartment/talent apartments/dormitory"
    "/dormitories"
    "/dorm/dorms/staff housing/housing",
    A.EDUCATION_HEALTH: "学校/小学/中学/幼儿园/托儿所/托育/医院/诊所/社区医院/卫生院/药店/大学"
    "/高校/school/schools"
    "/kindergarten/kindergartens/hospital/hospitals/clinic/clinics/nursery school/university"
    "/pharmacy",
    A.LEARNING: "图书馆/自习室/城市书房/培训机构/博物馆/美术馆/科技馆/文化馆/library/libraries"
    "/study room"
    "/museum/museums",
    A.BAR: "酒吧/小酒馆/酒馆/清吧/精酿/bar/bars/pub/pubs",
    A.THEATRE: "剧场/小剧场/剧院/大剧院/音乐厅/livehouse/live house/theatre/theatres/theater"
    "/theaters"
    "/concert hall",
    A.BOOKSHOP: "书店/书吧/小书吧/书城/bookshop/bookshops/bookstore/bookstores/book shop",
    A.CINEMA: "电影院/影院/影城/小影厅/影厅/看电影/cinema/cinemas/movie theater/movie theatre",
    A.PRACTICE_ROOM: "排练室/排练厅/琴房/舞蹈室/练歌房/录音棚/小练室/练习室/瑜伽馆"
    "/practice room/practice rooms"
    "/rehearsal room/rehearsal rooms/rehearsal space/dance studio",
}
SERVICES: Mapping[Service, str] = {
    Service.BUSINESS_TAX: "工商税务/工商注册/工商登记/工商/注册公司/公司注册/税务/税务登记/报税"
    "/business registration"
    "/company registration/tax filing",
    Service.PROPERTY: "物业管理/物业服务/property management",
    Service.PERMIT_AGENT: "审批代办/证照代办/代办审批/代办证照/代办服务/permit agency/permits",
    Service.PATENT: "专利申请/专利代理/专利/知识产权/申请专利/patent/patents/patent filing"
    "/ip services",
    Service.ROADSHOW: "项目路演/路演/roadshow/roadshows/demo day/demo days",
    Service.SALON: "创业沙龙/沙龙/founder salon/founder salons",
    Service.FINANCING: "融资对接/融资服务/投融资/投融资对接/投融资服务/对接融资/对接投资人/对接资本"
    "/financing/investor matching",
    Service.ACCOUNTING: "代理记账/记账/代账/财务服务/财务代理/财务/会计/会计服务/accounting"
    "/bookkeeping",
    Service.LEGAL: "法务/法务服务/法律/法律服务/法律咨询/法律顾问/律师/legal/legal help"
    "/legal services"
    "/legal advice/lawyer/lawyers",
    Service.COMPUTING: "算力/算力服务/算力支持/gpu/gpus/computing power/gpu cluster",
    Service.TECH_TRANSFER: "技术转移/成果转化/技术转化/科技成果转化/technology transfer"
    "/tech transfer",
    Service.BRANDING: "品牌运营/品牌推广/品牌策划/branding",
    Service.CLINICAL_TRIAL: "临床试验/临床/临床研究/clinical trial/clinical trials",
    Service.DEVICE_REGISTRATION: "药械申报/器械注册/医疗器械注册/药品申报/注册申报/三类证/二类证"
    "/device registration"
    "/drug and device filing",
    Service.DATA_SOURCE: "数据数源/数据源/数据资源/data source/data sources",
}
PLATFORMS: Mapping[Platform, str] = {
    Platform.LAB_EQUIPMENT: "实验设备/公共实验设备/共享实验设备/实验仪器/共享仪器/仪器共享"
    "/shared lab equipment"
    "/lab equipment",
    Platform.TESTING: "检验检测/检测平台/检测服务/检验检测平台/testing platform/testing services",
    Platform.INDUSTRIAL_DESIGN: "工业设计/工业设计平台/industrial design",
    Platform.PROOF_OF_CONCEPT: "概念验证/概念验证平台/概念验证中心/proof of concept",
    Platform.PILOT_TEST: "小试中试/小试中试平台/中试平台/中试服务/pilot testing"
    "/pilot test platform",
    Platform.CRO: "cro/研发外包/cro平台",
    Platform.CDMO: "cdmo/cdmo平台/合同定制加工",
    Platform.CMO: "cmo/cmo平台/委托生产",
}
USES: Mapping[U, str] = {
    U.OFFICE: "办公用途/办公性质/商办性质/office use",
    U.RESEARCH: "研发用途/科研用途/科研用地/科研性质/研发性质/研发用地/research use",
    U.INDUSTRIAL: "工业用途/工业用地/工业性质/工业地/工业产权/industrial use/industrial land",
}
NEEDS: Mapping[str, str] = {
    "water": "上水/给水/供水/通水/自来水/纯水/water/water supply",
    "drainage": "下水/排水/下水道/污水处理/排污/drainage/drain/drains/sewage",
    "exhaust": "排风/排气/通风橱/通风柜/排烟/废气处理/废气排放/exhaust/fume hood/fume hoods"
    "/fume cupboard"
    "/extraction",
    "gas": "燃气/天然气/煤气/管道气/gas/gas supply/natural gas",
    "clean_room": "洁净/洁净室/洁净间/无尘/无尘室/净化/净化车间/净化室/无菌/无菌室/gmp/百级"
    "/10万级/30万级/1万级/千级"
    "/万级/十万级"
    "/clean room/clean rooms/cleanroom/cleanrooms",
    "hazardous_storage": "危化品/危化品仓库/危化品间/危化品存储/危化/危险品/危险品仓库/危化品库"
    "/易燃易爆"
    "/hazardous storage/hazardous chemicals/hazardous materials/chemical storage",
    "open_24h": "24小时/24小时开放/24h/24 h/7x24/7*24/7x24小时/全天候/24小时能进/24小时门禁"
    "/二十四小时/全天开放/通宵/24/7"
    "/24 hours/24-hour/24-hour access/24/7 access/round the clock/around the clock",
}
SPLIT_NEEDS = {"上下水": ("water", "drainage"), "给排水": ("water", "drainage")}
"""The first character stands for the first need, the rest for the second."""
LIFT = (
    "货梯/客货梯/载货电梯/货运电梯/freight lift/freight elevator/goods lift/cargo lift"
    "/goods elevator"
)
COMBINE = (
    "可以拼/可拼/能拼/可以合并/可合并/能合并/合并/打通/相邻/相邻单元/拼几间/几间拼/几间连着"
    "/连着几间/几间打通/连在一起/拼在一起/拼租"
    "/combine/combined/adjacent/adjacent rooms/adjacent units/adjoining rooms/adjoining"
)
