"""Service plans as bidders write them: text required by the tender, and each bidder's own words. All of it is invented."""

import random

TENDER = (
    "本项目服务期限为一年自合同签订之日起计算至次年六月三十日止。"
    "服务对象应覆盖街道辖区内全部社区其中个案服务不少于六十人次。"
    "每个社区必须建立居民家庭需求档案并完成社区资源调查盘点建立资源库。"
    "治理类服务每年开展大型活动不少于两场小型活动不少于六场。"
)
REGULATION = (
    "购买主体应当加强购买合同管理督促承接主体严格履行合同及时了解掌握购买项目实施进度。"
    "承接主体应当建立健全财务制度严格遵守相关财政财务规定对购买服务的项目资金进行规范的财务管理。"
)
WEB_TEMPLATE = (
    "我们将秉持助人自助的专业理念以居民需求为导向链接多方资源提升社区自治能力。"
    "项目实施分为需求调研方案制定组织实施评估总结四个阶段层层推进确保服务落到实处。"
    "督导团队由资深社会工作者组成每月开展一次集中督导及时解决服务过程中出现的问题。"
) * 2
_WHO = [
    "长者",
    "儿童",
    "青少年",
    "残障人士",
    "困难家庭",
    "新市民",
    "志愿者",
    "社区骨干",
    "退役军人",
    "独居老人",
    "楼道长",
    "失独家庭",
]
_WHAT = [
    "结对探访",
    "小组工坊",
    "议事协商",
    "技能培训",
    "心理疏导",
    "邻里市集",
    "口述历史",
    "健康讲堂",
    "绿色行动",
    "文艺汇演",
    "亲子阅读",
    "安全演练",
]
_HOW = ["每周", "每两周", "每月", "每季度", "节假日期间", "寒暑假", "雨季来临前", "重阳节前后", "开学初", "年终"]
_WHERE = [
    "居民活动室",
    "党群服务中心",
    "口袋公园",
    "社区学校",
    "日间照料站",
    "老茶馆",
    "楼道议事角",
    "运河步道",
    "文化礼堂",
]
_WHY = [
    "缓解照护压力",
    "促进代际理解",
    "培育互助网络",
    "化解楼道纠纷",
    "提升表达能力",
    "拓展支持系统",
    "增强归属认同",
    "盘活闲置空间",
]
_VERB = ["组织", "邀请", "带领", "陪伴", "协助", "动员", "支持", "发动"]


def sentence(source: random.Random) -> str:
    pick = source.choice
    return (
        f"{pick(_HOW)}在{pick(_WHERE)}{pick(_VERB)}{source.randrange(6, 60)}名{pick(_WHO)}参与{pick(_WHAT)}"
        f"与{pick(_WHAT)}并由{pick('甲乙丙丁戊己庚辛')}组社工跟进记录以{pick(_WHY)}和{pick(_WHY)}。"
    )


def plan_text(source: random.Random, style: int, name: str) -> str:
    """Return a plan: the tender's words, then the bidder's own sentences in its own order."""
    own = random.Random(style)
    return f"{TENDER}投标人：{name}。" + "".join(sentence(own) for _ in range(own.randrange(25, 45)))
