"""Invented persons, organizations and numbers with valid check digits, all from one seeded generator."""

import datetime as dt
import random

from stdnum.cn import ric, uscc

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文辉力健世广志义兴良海山"
    "仁波宁贵福生龙元全国胜学祥才发武新利清飞彬富顺信子涵雨轩思嘉若曦梓睿博航远溪"
)
_PLACES = (
    ("320508", "江苏省", "苏州市", "姑苏区"),
    ("320507", "江苏省", "苏州市", "相城区"),
    ("320506", "江苏省", "苏州市", "吴中区"),
    ("320581", "江苏省", "", "常熟市"),
    ("330106", "浙江省", "杭州市", "西湖区"),
    ("510107", "四川省", "成都市", "武侯区"),
    ("440305", "广东省", "深圳市", "南山区"),
    ("420106", "湖北省", "武汉市", "武昌区"),
)
_NAMES = (
    "禾润",
    "星桥",
    "蓝湾",
    "知行",
    "暖阳",
    "众和",
    "青藤",
    "海棠",
    "乐邻",
    "益路",
    "初心",
    "同行",
    "安芯",
    "万家",
    "晨曦",
    "橄榄树",
)
_FORMS = (
    "社会工作服务中心",
    "社会工作服务社",
    "社会工作事务所",
    "社工服务中心",
    "社区发展服务中心",
    "社会工作发展中心",
)
_STREETS = ("平江路", "人民路", "文星街", "东环路", "广济南路", "学士街", "临顿路", "建设大道")
_SCOPE = (
    "社会工作服务",
    "社区矛盾调解与心理支持",
    "为老服务需求调查与居家照护支持",
    "困境儿童关爱保护",
    "志愿者招募、培训与管理",
    "承接政府购买社会工作服务",
    "社会组织孵化培育与能力建设",
    "公益项目策划、执行、监测与评估",
    "开展社区老年人、青少年、妇女儿童及残障人士服务",
    "禁毒戒毒人员帮教与回归服务",
)
_UPPER = "零壹贰叁肆伍陆柒捌玖"


class Inventor:
    """Draws values from its seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def person(self) -> str:
        return self.random.choice(_SURNAMES) + "".join(self.random.sample(_GIVEN, self.random.choice((1, 2, 2))))

    def place(self) -> tuple[str, str, str, str]:
        return self.random.choice(_PLACES)

    def organization(self, place: tuple[str, str, str, str]) -> str:
        return place[2] + place[3] + self.random.choice(_NAMES) + self.random.choice(_FORMS)

    def address(self, place: tuple[str, str, str, str]) -> str:
        street, house = self.random.choice(_STREETS), self.random.randint(1, 999)
        return f"{''.join(place[1:])}{street}{house}号{self.random.randint(1, 28)}幢{self.random.randint(101, 2399)}室"

    def code(self, place: tuple[str, str, str, str], kind: str = "52") -> str:
        body = (
            kind
            + place[0]
            + "MJ"
            + "".join(self.random.choices("0123456789", k=6))
            + self.random.choice("0123456789ABCDEFGHJKLMNPQRTUWXY")
        )
        return body + uscc.calc_check_digit(body)

    def resident_id(self) -> str:
        born = self.date(1965, 1998)
        body = self.place()[0] + born.strftime("%Y%m%d") + f"{self.random.randint(1, 999):03d}"
        return body + ric.calc_check_digit(body + "0")

    def date(self, first: int, last: int) -> dt.date:
        return dt.date(self.random.randint(first, last), self.random.randint(1, 12), self.random.randint(1, 28))

    def scope(self) -> str:
        return "；".join(self.random.sample(_SCOPE, self.random.randint(3, 7))) + "。"

    def number(self, year: int) -> str:
        return f"{year}{self.random.randint(10**13, 10**14 - 1)}"


def han_date(day: dt.date) -> str:
    """Format as 二〇一六年十二月三日."""
    digits = "〇一二三四五六七八九"
    return "".join(digits[int(c)] for c in f"{day.year}") + "年" + _small(day.month) + "月" + _small(day.day) + "日"


def _small(number: int) -> str:
    digits = "〇一二三四五六七八九"
    if number < 10:
        return digits[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")


def words(amount: int) -> str:
    """Format as 伍万元整, for a multiple of 1000 below ten million."""
    wan, rest = divmod(amount, 10_000)
    text = ""
    if wan >= 100:
        text += _UPPER[wan // 100] + "佰" + ("零" if 0 < wan % 100 < 10 else "")
    if wan % 100 >= 10:
        text += _UPPER[wan % 100 // 10] + "拾"
    if wan % 10:
        text += _UPPER[wan % 10]
    text += "万" if wan else ""
    return text + (_UPPER[rest // 1000] + "仟" if rest else "") + "元整"


def date_styles(day: dt.date) -> tuple[str, ...]:
    """Return the same day in all printed forms."""
    return (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year}年{day.month:02d}月{day.day:02d}日",
        day.isoformat(),
        day.strftime("%Y.%m.%d"),
        han_date(day),
        f"{day.year} 年 {day.month} 月 {day.day} 日",
    )


def upper_words(amount: int) -> str:
    """Format as 叁万伍仟, for whole sums below a hundred million."""
    wan, rest = divmod(amount, 10_000)
    high, low = (_below_ten_thousand(part) for part in (wan, rest))
    gap = "零" if wan and rest and rest < 1000 else ""
    return f"{high}万{gap}{low}" if wan else low


def _below_ten_thousand(number: int) -> str:
    text, gap = "", False
    for unit, word in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + _UPPER[digit] + word
            gap = False
        else:
            gap = True
    return text
