"""Words that ask for nothing (stops), and words that ask for what a demand cannot hold."""

from __future__ import annotations

_STOPS = (
    "我们/我门/我/俺们/咱们/咱/您好/你好/大家好/请问/请/麻烦/帮忙/帮我/帮我们/看看/谢谢/多谢"
    "/一下/有没有/有无/有/没有/想要"
    "/想/要/需要/需/希望/打算/准备/计划/拟/拟于/于/寻找/寻求/找到/找个/找/求/租/租个/租用/求租"
    "/承租/租赁/租一间/的话/的/地/得/了/着/过"
    "/吗/呢/吧/啊/呀/哦/嘛/啦/是/做/搞/从事/专做/主营/主要/专注/专注于/研发/生产/制造/开发/设计"
    "/在/到/去/来/从/往/向/给/把/和/与/及/以及/或/或者"
    "/还/还有/也/都/就/就行/就好/就够了/够了/即可/可以/可/能/能够/会/行/好/好的/好一点/最好"
    "/优先/比较/一点/一些/些/个/间/一间/一个/那种/这种/这样"
    "/这个/那个/左右/大概/大约/约/差不多/上下/以内/之内/合计/总共/一共/共/共计/总/面积/价格"
    "/租金/房租/预算/月租/地点/区域/位置/地址/行业/产业"
    "/领域/赛道/方向/项目/公司/我司/企业/团队/小团队/创业/创业公司/创业团队/创业者/员工/人员"
    "/人数/人员规模/规模/入驻/进驻/入住/搬/搬进/搬进去/搬到"
    "/搬完/搬家/入场/进场/起租/使用/投入/投入使用/时间/入驻时间/日期/带/带有/配/配有/具备/含"
    "/包含/提供/支持/走路/走路能到/步行/步行可达/能到/可达/走/走得到"
    "/附近/周边/周围/旁边/旁/边上/楼下/楼上/靠近/临近/近/离/距离/距/近一点/以上/以下/地方/场地"
    "/空间/园区/孵化器/孵化园/产业园/科技园/众创空间/基地/房子/房源/单元"
    "/大小/一整层/整层/同一层/一层/加/加上/另/另外/同时/而且/并且/但/但是/不过/然后/所以/因为"
    "/如果/现在/目前/现有/已经/最迟/最晚/最早/大家/老板/让/推荐"
    "/其他/其它/其余/任何/任意/必须/必须有/必需/一定/一定要/务必/不能没有/不能少/少不了/离不开"
    "/不可缺/至少/最多/最少/不超过/多/小/大/几/只/只要/只需/仅/即/且/要求/需求"
    "/通/放/坐/坐得下/能坐/能放/以/为/等/等等/之/其/该/此/上/下/里/内/外/中/位/名/人/个人/家/条"
    "/张/号/层/栋/平/方/米/元/块/钱/月/年/日/天/每/每个/每月"
    "/大学生/毕业生/高校毕业生/大学毕业生/研究生/博士生/留学生/你/您/他/她/它/它们/他们/各位/急/急求/急租/急需/诚租/现/本/本人/某/性质/用途/土地/用地"
    "/支撑/服务/平台/配套/设施/设备齐全"
)
_ENGLISH_STOPS = (
    "a/an/the/we/i/we're/we are/i'm/i am/our/us/my/you/your/me/is/are/be/will/would/should"
    "/could/can/may/need/needs"
    "/needed/want/wants/wanted/like/would like/looking/look/looking for/for/seeking/seek/find"
    "/searching/rent/renting"
    "/lease/to/of/in/into/on/at/by/with/and/or/plus/also/but/just/only/from/near/nearby/close"
    "/close to/next/around"
    "/within/there/here/it/its/this/that/these/those/some/any/please/hello/hi/thanks/thank you"
    "/team/startup/start-up"
    "/company/firm/business/industry/space/room/rooms/unit/units/place/places/area/size/total"
    "/in total/about/per/month"
    "/monthly/year/budget/price/cost/sqm/person/people/staff/walk/walking/walkable"
    "/walking distance/distance/move"
    "/moving/move in/moving in/moving to/ready/available/anywhere/somewhere/access/have/has"
    "/having/as/if/then/making"
    "/make/makes/building/build/builds/developing/develop/working/work/do/doing/does/must"
    "/must have/is a must/a must"
    "/preferably/ideally/prefer/preferred/possible/soon/one/two/least/most/up/under/over/more"
    "/less/than/approx/roughly"
    "/not only/studio/help/helpful/use/using/so/who/which/district/county/city/wenzhou city"
)
PARTICLES = frozenset(
    "我想要需求找有没是做搞在到去来从往向给把和与及或还也都就可能会行好的地得了着过吗呢吧啊呀哦嘛啦请个些离近"
)
"""Stops of one character that no name begins or ends with."""
STOPS = frozenset(_STOPS.split("/")) | frozenset(_ENGLISH_STOPS.split("/"))

_NO_FIELD = (
    "380v/380伏/三相电/动力电/工业用电/双回路/kva/停车/停车位/停车场/车位/会议室/大会议室/路演厅"
    "/展厅/仓库/仓储/装修/精装修/包装修/精装/毛坯/拎包入住/拎包入驻/家具/空调/电梯/行车/航吊"
    "/吊车/叉车/临街/一楼/首层/朝南/采光/网络/宽带/免租期/免租/补贴/政策/租金补贴/押金/水电费"
    "/物业费/软件园/软件著作权/软著/机器人餐厅/数字化/电气化/便宜/便宜点/性价比/安静/环境"
    "/parking/parking space/parking spaces/meeting room/meeting rooms/furnished/air conditioning"
    "/warehouse/storage/quiet/cheap/subsidy/subsidies/three-phase power/three-phase"
)
_NOTHING = (
    "不限/无所谓/没要求/没有要求/没有限制/不挑/随便/都行/都可以/均可/皆可/哪里都行/any kind"
    "/no preference"
)
_WHOLE_CITY = "温州/温州市/全市/wenzhou/全温州"
NO_FIELD = frozenset(_NO_FIELD.split("/"))
NOTHING = frozenset(_NOTHING.split("/"))
WHOLE_CITY = frozenset(_WHOLE_CITY.split("/"))
