"""Generate millions of invented organization names, their disguises, and hard negatives."""

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from opencc import OpenCC

from app.evidence.credit.index.lexicon import _divisions

CHARACTERS = (
    "安邦宝彬博才昌长畅辰晨诚承驰春纯慈聪翠达丹德鼎东栋敦恩尔凡繁方芳飞丰峰锋福富刚高耕公光广桂国海涵瀚航豪昊合和恒"
    "红弘宏虹鸿厚华怀欢焕辉慧惠汇济佳家嘉坚建健江杰捷金津锦晋京晶景敬靖静九聚军均君骏康可坤昆兰蓝朗乐磊丽利联良林"
    "琳霖凌龙隆鲁路伦迈满茂美蒙梦民敏明铭睦牧宁农诺沛鹏平萍普齐启千谦乾强勤青清晴庆秋全泉群仁荣融如瑞润若森山善尚"
    "少深升生胜圣盛诗时世舒双顺硕思松颂素泰涛腾天田铁通同万旺威巍维伟卫温文闻雯吾曦熙喜霞先贤祥翔向晓欣新鑫信星兴"
    "雄秀旭轩学雪勋雅亚言妍炎彦阳洋耀业叶一怡宜以义艺毅逸益意因银英盈颖永勇优友有余宇雨玉育裕誉元园原源远苑悦月越云"
    "芸韵泽增展章昭兆哲真振正志智中忠众舟洲朱竹子紫自宗祖尊暖禾苗馨蒲彩桥畔柏鹤鸣枫行助爱心"
)
TRADES = (
    "社会工作",
    "社工",
    "公益",
    "养老",
    "社区",
    "志愿",
    "贸易",
    "餐饮管理",
    "科技",
    "文化传播",
    "建筑工程",
    "物流",
)
SOCIAL_FORMS = ("服务中心", "服务社", "事务所", "促进会", "协会", "发展中心")
COMPANY_FORMS = ("有限公司", "有限责任公司", "股份有限公司")
HEADER = ("name", "uscc", "former_names", "kind", "from", "to", "reason", "document")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = np.array((1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28))


@dataclass(frozen=True, slots=True)
class Made:
    """An invented name in its parts; `city` is the full name of a prefecture, `district` one within it or empty."""

    province: str
    city: str
    district: str
    core: str
    trade: str
    form: str

    @property
    def name(self) -> str:
        """Return the name as on a list."""
        return f"{self.city}{self.district}{self.core}{self.trade}{self.form}"


class Names:
    """A source of invented names; the same seed gives the same names."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        rows = {code: name for code, name, is_current in _divisions() if is_current}
        self.provinces = {code[:2]: name for code, name in rows.items() if code.endswith("0000")}
        self.cities = [
            (code, name)
            for code, name in rows.items()
            if code.endswith("00") and not code.endswith("0000") and name.endswith("市") and len(name) > 1
        ]
        self.districts: dict[str, list[str]] = {}
        for code, name in rows.items():
            if not code.endswith("00") and name.endswith(("区", "市", "县")) and len(name) > 2:
                self.districts.setdefault(code[:4], []).append(name)

    def made(self) -> Made:
        """Generate one name."""
        pick = self.random
        code, city = pick.choice(self.cities)
        districts = self.districts.get(code[:4], [])
        district = pick.choice(districts) if districts and pick.random() < 0.3 else ""
        trade = pick.choice(TRADES)
        form = pick.choice(SOCIAL_FORMS if TRADES.index(trade) < 6 else COMPANY_FORMS)
        return Made(self.provinces[code[:2]], city, district, self.core(), trade, form)

    def core(self) -> str:
        """Generate a core of two to six characters, most of them short."""
        length = self.random.choices((2, 3, 4, 5, 6), (35, 25, 25, 8, 7))[0]
        core = "".join(self.random.choices(CHARACTERS, k=length))
        return core if self.random.random() > 0.01 else f"{core}第一"


def write_list(path: Path, count: int, seed: int = 1) -> None:
    """Write a list of `count` entries as CSV; the n-th row is the n-th name of the seed."""
    names = Names(seed)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        for start in range(0, count, 100_000):
            codes = uscc(np.arange(start, min(start + 100_000, count)))
            for number, code in enumerate(codes, start):
                out.writerow(
                    (names.made().name, code, "", "barring", "2016-08-01", "", "失信", f"（2016）执{number}号")
                )


def uscc(numbers: np.ndarray) -> list[str]:
    """Return valid unified social credit codes for serial numbers."""
    heads = np.where(numbers % 2, 0, 1)
    bodies = [
        f"{'91' if head else '52'}320508{'MA' if head else 'MJ'}{number:07d}"[-17:]
        for head, number in zip(heads, numbers, strict=True)
    ]
    values = np.array([[_ALPHABET.index(c) for c in "91320508MA"], [_ALPHABET.index(c) for c in "52320508MJ"]])
    digits = (numbers[:, None] // 10 ** np.arange(6, -1, -1)) % 10
    rows = np.concatenate([values[1 - heads], digits], axis=1)
    checks = (31 - rows @ _WEIGHTS % 31) % 31
    return [body + _ALPHABET[check] for body, check in zip(bodies, checks, strict=True)]


Change = Callable[[Made, Names], str]


def _edited(core: str, pick: random.Random, kind: str) -> str:
    place = pick.randrange(len(core))
    other = pick.choice([one for one in CHARACTERS if one not in core])
    if kind == "dropped":
        return core[:place] + core[place + 1 :]
    if kind == "changed":
        return core[:place] + other + core[place + 1 :]
    if kind == "inserted":
        return core[:place] + other + core[place:]
    if kind == "doubled":
        return core[:place] + core[place] + core[place:]
    place = pick.choice([one for one in range(len(core) - 1) if core[one] != core[one + 1]] or [0])
    return core[:place] + core[place + 1 : place + 2] + core[place] + core[place + 2 :]


def _core(made: Made, core: str) -> str:
    return f"{made.city}{made.district}{core}{made.trade}{made.form}"


def _edit(kind: str) -> Change:
    return lambda made, names: _core(made, _edited(made.core, names.random, kind))


def _two_edits(made: Made, names: Names) -> str:
    kinds = ("dropped", "changed", "inserted", "swapped")
    core = made.core
    for _ in range(2):
        core = _edited(core, names.random, names.random.choice(kinds))
    return _core(made, core)


def _with_other_form(made: Made, pick: random.Random) -> str:
    forms = SOCIAL_FORMS if made.form in SOCIAL_FORMS else COMPANY_FORMS
    other = pick.choice([form for form in forms if form != made.form])
    return f"{made.city}{made.district}{made.core}{made.trade}{other}"


_TRADITIONAL = OpenCC("s2t")
ONE_EDIT: dict[str, Change] = {
    f"one character {kind}": _edit(kind) for kind in ("dropped", "changed", "inserted", "swapped", "doubled")
}
SAME: dict[str, Change] = {
    "same name": lambda made, _: made.name,
    "traditional characters": lambda made, _: _TRADITIONAL.convert(made.name),
    "full width, spaces, dots": lambda made, _: f"{made.city}　{made.district}·{made.core} {made.trade}{made.form}",
    "brackets": lambda made, _: f"{made.core}（{made.city}）{made.trade}{made.form}",
    "place: province before it": lambda made, _: made.province + made.name,
    "place: short form": lambda made, _: made.name.replace("市", "", 1),
    "legal form": lambda made, names: _with_other_form(made, names.random),
}
TWO_EDITS: dict[str, Change] = {"two edits": _two_edits}


def _other_city(made: Made, names: Names) -> str:
    _, city = names.random.choice([one for one in names.cities if one[1] != made.city])
    return f"{city}{made.core}{made.trade}{made.form}"


def _other_core(made: Made, names: Names) -> str:
    core = names.core()
    while core == made.core:
        core = names.core()
    return _core(made, core)


NEGATIVE: dict[str, Change] = {
    "same core in another city": _other_city,
    "another core, same place and suffix": _other_core,
    "numbered branch, 第二 for 第一": lambda made, _: _core(made, made.core.replace("第一", "第二")),
}


def is_numbered(made: Made) -> bool:
    """Whether it is the first of several branches."""
    return made.core.endswith("第一")


def sample(seed: int, count: int, chosen: list[int]) -> Iterator[Made]:
    """Return the names of some rows of a written list."""
    names, wanted = Names(seed), set(chosen)
    for number in range(count):
        made = names.made()
        if number in wanted:
            yield made
