"""Registration certificates drawn at random: form, copy, label wordings, order, typesetting, dates, sums and validity
vary.
"""

import datetime as dt

from tests.making.corpus.drawing import Paper, width_of
from tests.making.corpus.invented import Inventor, han_date, upper_words

Field = tuple[str, str, str, object]  # label, text as printed, field, value

_TITLES = (
    ("民办非企业单位登记证书（法人）", "52", "private_non_enterprise", "legal_person"),
    ("民办非企业单位登记证书（合伙）", "52", "private_non_enterprise", "partnership"),
    ("民办非企业单位登记证书（个体）", "52", "private_non_enterprise", "individual"),
    ("民办非企业单位（法人）登记证书", "52", "private_non_enterprise", "legal_person"),
    ("社会服务机构登记证书", "52", "private_non_enterprise", None),
    ("社会服务机构法人登记证书", "52", "private_non_enterprise", "legal_person"),
    ("社会服务机构登记证书（法人）", "52", "private_non_enterprise", "legal_person"),
    ("社会团体法人登记证书", "51", "social_group", "legal_person"),
    ("中华人民共和国社会团体法人登记证书", "51", "social_group", "legal_person"),
    ("基金会法人登记证书", "53", "foundation", "legal_person"),
    ("基金会登记证书", "53", "foundation", None),
    ("事业单位法人证书", "12", "public_institution", "legal_person"),
    ("营业执照", "91", "company", None),
)
_LABELS = {
    "name": ("名称", "单位名称", "机构名称", "名　　称", "名 称", "社会组织名称"),
    "uscc": ("统一社会信用代码", "社会信用代码", "统一社会信用代码（登记证号）"),
    "legalRepresentative": ("法定代表人", "法定代表人（负责人）", "法定代表人姓名", "法定代表人/负责人"),
    "address": ("住所", "地址", "住　　所", "住 所", "登记住所"),
    "businessScope": ("业务范围", "宗旨和业务范围", "业 务 范 围", "宗旨及业务范围"),
    "capital": ("开办资金", "注册资金", "开 办 资 金", "原始基金数额", "活动资金", "注册资本"),
    "supervisor": ("业务主管单位", "业务主管部门", "业 务 主 管 单 位"),
    "validity": ("有效期限", "有效期", "证书有效期", "有效期限：自", "证书有效期限", "有 效 期"),
    "authority": ("登记管理机关", "发证机关", "登记机关", "发证单位", "登 记 管 理 机 关"),
    "issuedOn": ("发证日期", "颁发日期", "发证时间", "签发日期", "发 证 日 期"),
}
_BODIES = {"12": "事业单位登记管理局", "91": "市场监督管理局"}


def dates_of(by: Inventor, day: dt.date) -> str:
    """Return the day in one of many printed forms."""
    return by.random.choice(
        (
            f"{day.year}年{day.month}月{day.day}日",
            f"{day.year}年{day.month:02d}月{day.day:02d}日",
            day.isoformat(),
            day.strftime("%Y.%m.%d"),
            f"{day.year}.{day.month}.{day.day}",
            day.strftime("%Y/%m/%d"),
            f"{day.year}/{day.month}/{day.day}",
            f"{day.year}-{day.month}-{day.day}",
            han_date(day),
            han_date(day).replace("〇", "零"),
            han_date(day).replace("〇", "○"),
            f"{day.year} 年 {day.month} 月 {day.day} 日",
            f"{day.year}　年　{day.month}　月　{day.day}　日",
            day.strftime("%Y%m%d"),
            "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{day.year}年{day.month}月{day.day}日"),
        )
    )


def money_of(by: Inventor, amount: int) -> str:
    """Return the sum in one of many printed forms."""
    wan = f"{amount / 10000:g}"
    return by.random.choice(
        (
            f"人民币{upper_words(amount)}元整",
            f"{upper_words(amount)}元整",
            f"{upper_words(amount)}元",
            f"{upper_words(amount)}圆整",
            f"人民币{upper_words(amount)}圆",
            f"{wan}万元",
            f"{wan} 万元",
            f"{amount / 10000:.2f}万元",
            f"{wan}万元人民币",
            f"人民币{wan}万元",
            f"￥{amount:,}.00",
            f"¥{amount:,}.00元",
            f"￥{amount}元",
            f"{amount:,}元",
            f"{amount:,}.00元",
            f"人民币{amount}元整",
            f"人民币{amount:,}元",
            f"RMB{amount:,}.00元",
            f"人民币{upper_words(amount)}元整（￥{amount:,}.00）",
            f"人民币（大写）{upper_words(amount)}元整",
            f"{wan}万元（{upper_words(amount)}元整）",
            f"{wan}（万元）",
            "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in f"{wan}万元"),
        )
    )


def _facts(by: Inventor, kind: str, form: str) -> dict[str, object]:
    place = by.place()
    body = _BODIES.get(kind, by.random.choice(("民政局", "民政局", "民政局", "行政审批局", "社会事业局")))
    begin = by.date(2011, 2019)
    end = dt.date(begin.year + by.random.choice((2, 4, 5)), begin.month, begin.day) - dt.timedelta(
        days=by.random.choice((0, 1, 1, 1))
    )
    name = by.organization(place)
    if form == "company":
        name = name[:-3] + by.random.choice(("咨询有限公司", "（苏州）管理有限公司"))
    elif form == "foundation":
        name = f"{place[1]}{name[-8:-5]}公益基金会"
    elif form == "social_group":
        name = f"{place[2]}{place[3]}{by.random.choice(('社会工作协会', '志愿者联合会', '社会工作者协会', '社区发展促进会'))}"
    authority = f"{place[2]}{place[3]}{body}"
    if by.random.random() < 0.1:
        authority = place[1] + ("民政厅" if body == "民政局" else body)
    return {
        "place": place,
        "name": name,
        "uscc": by.code(place, kind),
        "legalRepresentative": by.person(),
        "address": by.address(place)
        + by.random.choice(("", "", "（社区党群服务中心内）", "-3", "A座", "、202室", "东侧第3间")),
        "businessScope": _scope(by),
        "amount": by.random.choice((30000, 35000, 50000, 86000, 100000, 101000, 150000, 500000, 2000000, 8000000)),
        "supervisor": f"{place[2]}{place[3]}"
        + by.random.choice(
            ("民政局", "残疾人联合会", "司法局", "教育局", "卫生健康委员会", "妇女联合会", "娄葑街道办事处")
        ),
        "authority": authority,
        "begin": begin,
        "end": end,
    }


def _scope(by: Inventor) -> str:
    text = by.scope()
    style = by.random.randrange(5)
    if style == 1:
        return text.rstrip("。")
    if style == 2:
        return (
            "".join(f"（{'一二三四五六七'[i]}）{part}；" for i, part in enumerate(text.rstrip("。").split("；")))[:-1]
            + "。"
        )
    if style == 3:
        return "".join(f"{i + 1}、{part}；" for i, part in enumerate(text.rstrip("。").split("；")))[:-1] + "。"
    return text.replace("；", "、") if style == 4 else text


def _spread_code(by: Inventor, code: str) -> str:
    style = by.random.randrange(8)
    if style == 0:
        return " ".join(code[i : i + 4] for i in range(0, 18, 4))
    if style == 1:
        return "".join(chr(ord(c) + 0xFEE0) for c in code)
    return code


def _fields(by: Inventor, facts: dict[str, object]) -> list[Field]:
    begin, end = facts["begin"], facts["end"]
    assert isinstance(begin, dt.date) and isinstance(end, dt.date)
    state = by.random.getstate()
    issued = dates_of(by, begin)
    by.random.setstate(state)
    label = {key: by.random.choice(words) for key, words in _LABELS.items()}
    amount = int(str(facts["amount"]))
    fields: list[Field] = [
        (label[k], str(facts[k]), k, None) for k in ("name", "legalRepresentative", "address", "businessScope")
    ]
    fields.insert(by.random.randrange(2), (label["uscc"], _spread_code(by, str(facts["uscc"])), "uscc", facts["uscc"]))
    wan = by.random.random() < 0.1
    fields.append(
        (label["capital"] + "（万元）", f"{amount / 10000:g}", "capital", f"{amount}.00")
        if wan
        else (label["capital"], money_of(by, amount), "capital", f"{amount}.00")
    )
    fields.append((label["supervisor"], str(facts["supervisor"]), "supervisor", None))
    fields.append((label["validity"].replace("：自", ""), "", "validity", None))
    if by.random.random() < 0.5:
        middle = fields[2:]
        by.random.shuffle(middle)
        fields = fields[:2] + middle
    foot = by.random.randrange(3)
    facts["issued"] = issued
    facts["foot"] = foot  # 0: labels among the others, 1: labels at the foot, 2: bare at the foot
    facts["label"] = label
    if foot == 0:
        fields.append((label["authority"], str(facts["authority"]), "authority", None))
        fields.append((label["issuedOn"], issued, "issuedOn", begin.isoformat()))
    return fields


_SPANS = (
    ("自", "至", ""),
    ("自", "起至", "止"),
    ("", "至", ""),
    ("", "—", ""),
    ("", "-", ""),
    ("", "～", ""),
    ("自", "至", "止"),
    ("", "——", ""),
    ("", "　至　", ""),
    ("从", "到", ""),
)


def _validity(by: Inventor, paper: Paper, x: float, y: float, size: float, facts: dict[str, object]) -> None:
    begin, end = facts["begin"], facts["end"]
    assert isinstance(begin, dt.date) and isinstance(end, dt.date)
    state = by.random.getstate()
    first = dates_of(by, begin)
    by.random.setstate(state)
    last = dates_of(by, end)
    style = by.random.randrange(12)
    if style == 0:
        text = by.random.choice(("长期", "自{}至长期", "{}至长期", "自{}起长期有效", "{}至永久", "{}至无固定期限"))
        before, given, after = text.partition("{}")
        x = paper.put(x, y, size, before) if before else x
        if given:
            x = paper.put(x, y, size, first, "validFrom", begin.isoformat())
        if after:
            paper.put(x, y, size, after)
        paper.known("openEnded", True, (0, 0, paper.width, paper.height))
        return
    before, between, after = by.random.choice(_SPANS)
    if "-" in first and between in "-—" and width_of(first, size) < 80:
        between = "至"
    x = paper.put(x, y, size, before) if before else x
    x = paper.put(x, y, size, first, "validFrom", begin.isoformat())
    x = paper.put(x, y, size, between)
    x = paper.put(x, y, size, last, "validTo", end.isoformat())
    if after:
        paper.put(x, y, size, after)


def _place(
    by: Inventor, paper: Paper, x: float, y: float, size: float, wide: float, one: Field, facts: dict[str, object]
) -> float:
    """Draw the value of a field; return the y below it."""
    _, text, name, value = one
    if name == "validity":
        _validity(by, paper, x, y, size, facts)
        return y + size * 1.5
    if value is None:
        return paper.wrapped(x, y, size, text, wide, name)
    paper.put(x, y, size, text, name, value)
    return y + size * 1.5


def _title(by: Inventor, paper: Paper, y: float, size: float, title: str, form: str, personality: str | None) -> float:
    style = by.random.randrange(5)
    if style == 0 and not title.startswith("中华"):
        paper.centred(y - 30, size * 0.7, "中华人民共和国")
    if style == 1 and title.endswith("）"):
        head, _, tail = title.partition("（")
        box = paper.centred(y, size, head)
        paper.centred(y + size * 1.4, size * 0.7, "（" + tail)
        below = y + size * 2.6
    elif style == 2 and width_of(title, size) * 1.5 < paper.width - 60:
        box = paper.centred(y, size, " ".join(title))
        below = y + size * 1.4
    else:
        box = paper.centred(y, size, title)
        below = y + size * 1.4
    paper.known("legalForm", form, box)
    if personality:
        paper.known("personality", personality, box)
    copy = by.random.choice(("", "（副本）", "（正本）", "副　本", "正 本", "副本"))
    if copy:
        paper.centred(below, size * 0.55, copy)
        below += size
    if by.random.random() < 0.25:
        end = paper.put(paper.width - 200, below, 10, by.random.choice(("证书编号：", "登记证号 ", "证号：")))
        number = by.random.choice(("{}", "民证字第{}号", "苏社证字第{}号")).format(by.random.randint(10**6, 10**7))
        paper.put(end, below, 10, number, "registrationNumber")
        below += 16
    return below + 14


def registration(by: Inventor) -> Paper:
    """Draw one certificate entirely from the seed."""
    title, kind, form, personality = by.random.choice(_TITLES)
    wide = by.random.random() < 0.3
    paper = Paper(842, 595, kind="registration_certificate") if wide else Paper(kind="registration_certificate")
    facts = _facts(by, kind, form)
    y = _title(by, paper, 56 if wide else 80, by.random.choice((20, 24, 28)), title, form, personality)
    if by.random.random() < 0.25:
        paper.put(80, y, 10, "根据《社会团体登记管理条例》，经审查，准予登记，特发此证。")
        y += 24
    fields = _fields(by, facts)
    setting = by.random.choice((_colons, _colons, _blank, _grid, _grid, _two_columns))
    y = setting(by, paper, y, fields, facts)
    _foot(by, paper, y, facts)
    if by.random.random() < 0.4 and paper.height - y > 210:
        _stamps(by, paper, paper.height - 200, facts)
    return paper


def _colons(by: Inventor, paper: Paper, y: float, fields: list[Field], facts: dict[str, object]) -> float:
    size, aligned = by.random.choice((11, 12, 13)), by.random.random() < 0.5
    colon = by.random.choice(("：", "：", ":", "： "))
    column = 70 + max(width_of(f[0] + colon, size) for f in fields)
    for one in fields:
        end = paper.put(70, y, size, one[0] + colon)
        x = column if aligned else end + by.random.choice((0, 0, 4, 8))
        y = _place(by, paper, x, y, size, paper.width - x - 70, one, facts) + by.random.choice((2, 6))
    return y


def _blank(by: Inventor, paper: Paper, y: float, fields: list[Field], facts: dict[str, object]) -> float:
    """Draw labels and values separated by a blank, as pre-printed forms have them."""
    size = by.random.choice((12, 13))
    column = 80 + max(width_of(f[0], size) for f in fields) + 18
    for one in fields:
        paper.put(80, y, size, one[0])
        y = _place(by, paper, column, y, size, paper.width - column - 70, one, facts) + 5
    return y


def _grid(by: Inventor, paper: Paper, y: float, fields: list[Field], facts: dict[str, object]) -> float:
    size, left, middle, right = by.random.choice((10, 11, 12)), 60.0, by.random.choice((150.0, 180.0)), paper.width - 60
    mark = by.random.choice(("", "", "："))
    for one in fields:
        top = y
        pad = by.random.choice((5, 8))
        label = one[0] + mark
        low = paper.wrapped(left + 6, y + pad, size, label, middle - left - 12 - size, pitch=1.25)
        y = max(low, _place(by, paper, middle + 6, y + pad, size, right - middle - 14, one, facts)) + pad - 3
        paper.box(left, top, middle, y)
        paper.box(middle, top, right, y)
    return y + 6


def _two_columns(by: Inventor, paper: Paper, y: float, fields: list[Field], facts: dict[str, object]) -> float:
    """Draw short fields in pairs, the long ones across."""
    size, right = 11, paper.width / 2 + 10
    short = [f for f in fields if f[2] in ("uscc", "legalRepresentative", "capital", "issuedOn")]
    for index in range(0, len(short) - 1, 2):
        for one, x in ((short[index], 60.0), (short[index + 1], right)):
            end = paper.put(x, y, size, one[0] + "：")
            _place(by, paper, end, y, size, 400, one, facts)
        y += 26
    rest = [f for f in fields if f not in short] + (short[-1:] if len(short) % 2 else [])
    return _colons(by, paper, y, rest, facts)


def _foot(by: Inventor, paper: Paper, y: float, facts: dict[str, object]) -> None:
    begin, label = facts["begin"], facts["label"]
    assert isinstance(begin, dt.date) and isinstance(label, dict)
    x, low = paper.width - 290, min(y + 30, paper.height - 60)
    if facts["foot"] == 1:
        end = paper.put(x, low, 12, label["authority"] + "：")
        paper.put(end, low, 12, str(facts["authority"]), "authority")
        end = paper.put(x, low + 24, 12, label["issuedOn"] + "：")
        paper.put(end, low + 24, 12, str(facts["issued"]), "issuedOn", begin.isoformat())
    elif facts["foot"] == 2:
        paper.put(x + 60, low, 12, str(facts["authority"]), "authority")
        paper.put(x + 60, low + 24, 12, str(facts["issued"]), "issuedOn", begin.isoformat())
    paper.seals.append((x + 120, low + 10, 44, str(facts["authority"])))


def _stamps(by: Inventor, paper: Paper, y: float, facts: dict[str, object]) -> None:
    begin = facts["begin"]
    assert isinstance(begin, dt.date)
    paper.centred(y, 13, by.random.choice(("年度检查记录", "年 检 记 录", "年检情况", "年度检查情况")))
    conclusions = (("合格", "passed"), ("合格", "passed"), ("基本合格", "basically_passed"), ("不合格", "failed"))
    for index in range(by.random.randint(1, 4)):
        x, top, year = 70 + index * 112, y + 26, begin.year + index
        printed, value = by.random.choice(conclusions)
        paper.box(x, top, x + 104, top + 70)
        wording = by.random.choice(("{}年度检查", "{}年检", "{}年度年检", "{}年度"))
        if by.random.random() < 0.3:
            paper.put(x + 6, top + 28, 10, wording.format(year) + printed)
        else:
            paper.put(x + 6, top + 6, 9, str(facts["authority"]))
            paper.put(x + 14, top + 24, 9, wording.format(year))
            paper.put(x + 26, top + 42, 12, printed)
        paper.known("annualChecks", {"year": year, "conclusion": value}, (x, top, x + 104, top + 70))
