"""Generate lists like those of public registers: districts, trades and forms by Zipf's law, popular words in half of
the social names.

Assumptions, each a figure below: 45 % of the entries are social organizations, 50 % companies, 5 % persons. Districts,
trades and forms are drawn with weights 1 / rank. Half of the social organizations and a fifth of the companies have a
popular word as their core; the other cores are two or three characters that founders choose. Half of the trades come
from the lexicon, half do not. Districts are those of the public table of divisions; no name belongs to a real
organization.
"""

import random
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple, TypeVar

from app.evidence.credit.index.lexicon import lexicon

LIKED = [
    "阳光",
    "爱心",
    "春晖",
    "同心",
    "乐善",
    "暖阳",
    "和谐",
    "益众",
    "晨曦",
    "彩虹",
    "心语",
    "仁爱",
    "博爱",
    "温馨",
    "关爱",
    "安康",
    "希望",
    "幸福",
    "启航",
    "筑梦",
    "向阳",
    "星光",
    "微光",
    "众益",
    "福康",
    "康乐",
    "乐龄",
    "夕阳红",
    "义工",
    "青春",
    "绿洲",
    "家和",
    "明德",
    "至善",
    "德善",
    "善行",
    "扬帆",
    "携手",
    "汇爱",
    "心桥",
    "爱家",
    "安馨",
    "百川",
    "春风",
    "春雨",
    "慈恩",
    "大爱",
    "蒲公英",
    "萤火虫",
    "向日葵",
    "小桔灯",
    "小太阳",
    "心连心",
    "手牵手",
    "金色年华",
    "金秋",
    "久久",
    "康乃馨",
    "乐享",
    "乐活",
    "绿叶",
    "暖心",
    "暖流",
    "朋辈",
    "七彩",
    "晴天",
    "情暖",
    "仁和",
    "润心",
    "善缘",
    "思源",
    "同行",
    "微笑",
    "温暖",
    "喜悦",
    "新希望",
    "馨怡",
    "心灯",
    "心航",
    "益家",
    "益行",
    "逸夫",
    "圆梦",
    "志愿汇",
    "众和",
    "助人",
]
SOCIAL_TRADES = [
    "社会工作",
    "养老服务",
    "志愿服务",
    "社区",
    "青少年",
    "助残",
    "心理健康",
    "法律援助",
    "乡村振兴",
    "手语翻译",
    "康复辅具",
    "减灾防灾",
    "亲子阅读",
    "邻里互助",
    "失智照护",
    "安宁疗护",
    "社区矫正",
    "家庭教育",
    "儿童",
    "戒毒",
    "环保",
    "文化",
    "体育",
    "慈善",
]
COMPANY_TRADES = [
    "科技",
    "贸易",
    "商贸",
    "建筑工程",
    "文化传媒",
    "餐饮管理",
    "物流",
    "电子商务",
    "装饰工程",
    "农业",
    "机械设备",
    "医疗器械",
    "冷链仓储",
    "无人机技术",
    "宠物用品",
    "票据印制",
    "古建修缮",
    "露营装备",
    "剧本创作",
    "钢琴培训",
    "咖啡",
    "民宿",
    "航拍测量",
    "竹编工艺",
    "花艺",
    "船舶修造",
    "化工",
    "服饰",
    "家政服务",
    "广告",
]
SOCIAL_FORMS = ("服务中心 服务社 促进会 协会 事务所 发展中心 联合会 基金会 志愿者协会 服务站 ").split()  # noqa: SIM905 - words, not code
COMPANY_FORMS = ("有限公司 有限责任公司 经营部 股份有限公司 商行 工作室 合作社 ").split()  # noqa: SIM905 - words, not code
CHARACTERS = (
    "华盛润达诚信鑫泰恒远景瑞丰宏博雅文正金银玉海江河山川林森松竹梅兰菊荷春夏秋冬东南西北中天地日月星云风雨雪霜晨晓明亮光辉耀"
    "永长久安康宁静和平顺利吉祥如意福禄寿喜财宝德仁义礼智勇忠孝廉善美真新锦绣龙凤麟鹏鹤鸿翔飞跃腾卓越锐捷创优品质尚致邦国"
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗", "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华"
T = TypeVar("T")


class Made(NamedTuple):
    """A generated name in its parts; a person has only a core."""

    place: str
    core: str
    trade: str
    form: str
    is_social: bool

    @property
    def name(self) -> str:
        """Return the whole name."""
        return self.place + self.core + self.trade + self.form


class Draw:
    """Draws values with weights 1 / (rank + shift), Zipf's law with Mandelbrot's shift."""

    def __init__(self, values: Sequence[str], shift: int = 0) -> None:
        self._values = values
        self._weights = list(accumulate(1 / (rank + shift) for rank in range(1, len(values) + 1)))

    def one(self, pick: random.Random) -> str:
        """Return one of the values."""
        return pick.choices(self._values, cum_weights=self._weights)[0]


def places() -> list[str]:
    """Return cities with their districts, 苏州市 and 苏州市姑苏区, in random order."""
    words = lexicon()
    cities = {codes[0][:4]: name for name, codes in words.openers.items() if _is_city(name, codes)}
    found = []
    for name, codes in words.followers.items():
        if len(codes) == 1 and name.endswith(("区", "县")) and codes[0][:4] in cities and not codes[0].endswith("00"):
            found.append(cities[codes[0][:4]] + name)
    found = sorted({*found, *cities.values()})
    random.Random(7).shuffle(found)
    return found


def _is_city(name: str, codes: Sequence[str]) -> bool:
    return name.endswith("市") and len(codes) == 1 and codes[0].endswith("00")


class Maker:
    """Generates names from a seed."""

    def __init__(self, seed: int) -> None:
        self._pick = random.Random(seed)
        self._places = Draw(places(), 20)
        self._liked, self._social, self._trades = Draw(LIKED, 5), Draw(SOCIAL_TRADES), Draw(COMPANY_TRADES)
        self._forms, self._company_forms = Draw(SOCIAL_FORMS), Draw(COMPANY_FORMS)

    def one(self) -> Made:
        """Generate a name: social organization, company or person."""
        pick = self._pick
        kind = pick.random()
        if kind < 0.05:
            return Made("", pick.choice(SURNAMES) + "".join(pick.choices(GIVEN, k=pick.randint(1, 2))), "", "", False)
        place = self._places.one(pick)
        if kind < 0.5:
            core = self._liked.one(pick) if pick.random() < 0.5 else self._core()
            return Made(place, core, self._social.one(pick), self._forms.one(pick), True)
        core = self._liked.one(pick) if pick.random() < 0.2 else self._core()
        return Made(place, core, self._trades.one(pick), self._company_forms.one(pick), False)

    def _core(self) -> str:
        return "".join(self._pick.choices(CHARACTERS, k=self._pick.choices((2, 3, 4), (6, 3, 1))[0]))
