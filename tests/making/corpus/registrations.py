"""Registration certificates in fixed layouts: colon lines, two columns, labels above, four-column grid, business
licence, public institution.
"""

import datetime as dt
from collections.abc import Callable

from tests.making.corpus.drawing import Paper, width_of
from tests.making.corpus.invented import Inventor, date_styles, han_date, words

Facts = dict[str, str]


def _facts(by: Inventor, kind: str = "52") -> Facts:
    place = by.place()
    begin = by.date(2013, 2018)
    end = dt.date(begin.year + by.random.choice((4, 5)), begin.month, begin.day) - dt.timedelta(days=1)
    amount = by.random.choice((30000, 50000, 86000, 100000, 150000, 500000))
    style = by.random.randrange(6)
    capital = by.random.choice(
        (f"人民币{words(amount)}", f"{amount / 10000:g}万元", f"￥{amount:,}.00元", words(amount))
    )
    return {
        "name": by.organization(place),
        "uscc": by.code(place, kind),
        "address": by.address(place),
        "legalRepresentative": by.person(),
        "businessScope": by.scope(),
        "capital": capital,
        "capitalValue": f"{amount}.00",
        "supervisor": f"{place[2]}{place[3]}民政局",
        "authority": f"{place[2]}{place[3]}民政局",
        "from": date_styles(begin)[style],
        "fromValue": begin.isoformat(),
        "to": date_styles(end)[style],
        "toValue": end.isoformat(),
        "issued": date_styles(begin)[style],
    }


def _title(
    paper: Paper, y: float, size: float, title: str, form: str, personality: str | None, middle: float | None = None
) -> None:
    box = paper.centred(y, size, title, middle)
    paper.known("legalForm", form, box)
    if personality:
        paper.known("personality", personality, box)


def _validity(paper: Paper, x: float, y: float, size: float, facts: Facts, style: int) -> None:
    before, between, after = (("自", "至", ""), ("", "至", ""), ("自", "起至", "止"), ("", "—", ""))[style % 4]
    x = paper.put(x, y, size, before) if before else x
    x = paper.put(x, y, size, facts["from"], "validFrom", facts["fromValue"])
    x = paper.put(x, y, size, between)
    x = paper.put(x, y, size, facts["to"], "validTo", facts["toValue"])
    if after:
        paper.put(x, y, size, after)


def colon_lines(by: Inventor) -> Paper:
    facts, paper = _facts(by), Paper(kind="registration_certificate")
    _title(paper, 80, 24, "社会服务机构登记证书（法人）", "private_non_enterprise", "legal_person")
    y, x, value = 160.0, 70.0, 190.0
    for label, key in (
        ("名　　称", "name"),
        ("统一社会信用代码", "uscc"),
        ("法定代表人（负责人）", "legalRepresentative"),
        ("住　　所", "address"),
    ):
        paper.put(x, y, 13, label + "：")
        y = paper.wrapped(value + 30, y, 13, facts[key], 300, key) + 10
    paper.put(x, y, 13, "注册资金：")
    paper.put(value + 30, y, 13, facts["capital"], "capital", facts["capitalValue"])
    paper.put(x, y + 30, 13, "宗旨和业务范围：")
    y = paper.wrapped(value + 30, y + 30, 13, facts["businessScope"], 300, "businessScope") + 10
    paper.put(x, y, 13, "业务主管单位：")
    paper.put(value + 30, y, 13, facts["supervisor"], "supervisor")
    paper.put(x, y + 30, 13, "证书有效期：")
    _validity(paper, value + 30, y + 30, 13, facts, by.random.randrange(4))
    end = paper.put(300, 700, 13, "发证机关：")
    paper.put(end, 700, 13, facts["authority"], "authority")
    end = paper.put(300, 730, 13, "发证日期：")
    paper.put(end, 730, 13, facts["issued"], "issuedOn", facts["fromValue"])
    paper.seals.append((420, 720, 48, facts["authority"]))
    return paper


def two_columns(by: Inventor) -> Paper:
    facts, paper = _facts(by), Paper(842, 595, kind="registration_certificate")
    _title(paper, 50, 26, "民办非企业单位登记证书（合伙）", "private_non_enterprise", "partnership")
    left, right = 70.0, 460.0
    rows = (
        ("名称", "name", "统一社会信用代码", "uscc"),
        ("法定代表人", "legalRepresentative", "业务主管单位", "supervisor"),
    )
    y = 130.0
    for first, one, second, two in rows:
        end = paper.put(left, y, 13, first + "：")
        paper.put(end + 6, y, 13, facts[one], one)
        end = paper.put(right, y, 13, second + "：")
        paper.put(end + 6, y, 13, facts[two], two)
        y += 34
    end = paper.put(left, y, 13, "开办资金：")
    paper.put(end + 6, y, 13, facts["capital"], "capital", facts["capitalValue"])
    end = paper.put(right, y, 13, "有效期限：")
    _validity(paper, end + 6, y, 12, facts, by.random.randrange(4))
    end = paper.put(left, y + 34, 13, "住所：")
    paper.put(end + 6, y + 34, 13, facts["address"], "address")
    end = paper.put(left, y + 68, 13, "业务范围：")
    paper.wrapped(end + 6, y + 68, 13, facts["businessScope"], 600, "businessScope")
    end = paper.put(500, 480, 13, "登记管理机关：")
    paper.put(end, 480, 13, facts["authority"], "authority")
    paper.put(560, 510, 13, facts["issued"], "issuedOn", facts["fromValue"])
    paper.seals.append((640, 495, 48, facts["authority"]))
    return paper


def four_column_grid(by: Inventor) -> Paper:
    facts, paper = _facts(by, "51"), Paper(kind="registration_certificate")
    _title(paper, 70, 24, "社会团体法人登记证书", "social_group", "legal_person")
    xs, y, high = (60.0, 145.0, 300.0, 385.0, 540.0), 150.0, 46.0
    cells = (("名称", "name", "统一社会信用代码", "uscc"), ("法定代表人", "legalRepresentative", "注册资金", "capital"))
    for first, one, second, two in cells:
        for i in range(4):
            paper.box(xs[i], y, xs[i + 1], y + high)
        for label, x, wide in ((first, xs[0], 85), (second, xs[2], 85)):
            paper.wrapped(x + 6, y + 6, 11, label, wide - 14, pitch=1.3)
        for key, x in ((one, xs[1]), (two, xs[3])):
            if key == "capital":
                paper.put(x + 4, y + 14, 11, facts[key], key, facts["capitalValue"])
            else:
                paper.wrapped(x + 4, y + 6, 10 if key == "uscc" else 11, facts[key], 146, key, pitch=1.3)
        y += high
    for label, key, tall in (
        ("住所", "address", 40.0),
        ("业务范围", "businessScope", 130.0),
        ("业务主管单位", "supervisor", 34.0),
        ("登记管理机关", "authority", 34.0),
    ):
        paper.box(xs[0], y, xs[1], y + tall)
        paper.box(xs[1], y, xs[4], y + tall)
        paper.put(xs[0] + 6, y + tall / 2 - 6, 11, label)
        paper.wrapped(xs[1] + 6, y + 8, 11, facts[key], 370, key, pitch=1.4)
        y += tall
    for label, tall in (("有效期限", 34.0), ("发证日期", 34.0)):
        paper.box(xs[0], y, xs[1], y + tall)
        paper.box(xs[1], y, xs[4], y + tall)
        paper.put(xs[0] + 6, y + 11, 11, label)
        if label == "有效期限":
            _validity(paper, xs[1] + 6, y + 11, 11, facts, by.random.randrange(4))
        else:
            paper.put(xs[1] + 6, y + 11, 11, facts["issued"], "issuedOn", facts["fromValue"])
        y += tall
    return paper


def labels_above(by: Inventor) -> Paper:
    facts, paper = _facts(by, "53"), Paper(kind="registration_certificate")
    _title(paper, 70, 26, "基金会法人登记证书", "foundation", "legal_person")
    y = 150.0
    rows = (
        ("名称", "name"),
        ("统一社会信用代码", "uscc"),
        ("法定代表人", "legalRepresentative"),
        ("住所", "address"),
        ("业务主管单位", "supervisor"),
        ("登记管理机关", "authority"),
    )
    for label, key in rows:
        paper.put(90, y, 10, label)
        paper.put(90, y + 15, 13, facts[key], key)
        y += 46
    paper.put(90, y, 10, "原始基金数额")
    paper.put(90, y + 15, 13, facts["capital"], "capital", facts["capitalValue"])
    paper.put(90, y + 46, 10, "有效期限")
    _validity(paper, 90, y + 61, 13, facts, by.random.randrange(4))
    paper.put(90, y + 92, 10, "发证日期")
    paper.put(90, y + 107, 13, facts["issued"], "issuedOn", facts["fromValue"])
    return paper


def licence(by: Inventor) -> Paper:
    facts, paper = _facts(by, "91"), Paper(842, 595, kind="registration_certificate")
    facts["authority"] = facts["authority"].replace("民政局", "市场监督管理局")
    box = paper.centred(70, 34, "营业执照")
    paper.known("legalForm", "company", box)
    end = paper.put(70, 80, 12, "统一社会信用代码　")
    paper.put(end, 80, 12, facts["uscc"], "uscc")
    name = facts["name"].removesuffix("服务社").removesuffix("事务所").removesuffix("服务中心") + "服务有限公司"
    left, right, y = 70.0, 470.0, 170.0
    pairs = (
        ("名　　称", "name", name, "注册资本", "capital", facts["capital"]),
        ("类　　型", "", "有限责任公司", "成立日期", "", facts["from"]),
    )
    for first, one, a, second, two, b in pairs:
        paper.put(left, y, 13, first)
        paper.put(left + 90, y, 13, a, one)
        paper.put(right, y, 13, second)
        paper.put(right + 90, y, 13, b, two, facts["capitalValue"] if two else None)
        y += 36
    paper.put(left, y, 13, "法定代表人")
    paper.put(left + 90, y, 13, facts["legalRepresentative"], "legalRepresentative")
    paper.put(right, y, 13, "营业期限")
    _validity(paper, right + 90, y, 11, facts, 1)
    paper.put(left, y + 36, 13, "经营范围")
    paper.wrapped(left + 90, y + 36, 13, facts["businessScope"], 260, "businessScope")
    paper.put(right, y + 36, 13, "住　　所")
    paper.wrapped(right + 90, y + 36, 13, facts["address"], 240, "address")
    end = paper.put(520, 480, 13, "登记机关　")
    paper.put(end, 480, 13, facts["authority"], "authority")
    paper.put(600, 515, 13, facts["issued"], "issuedOn", facts["fromValue"])
    return paper


def institution(by: Inventor) -> Paper:
    facts, paper = _facts(by, "12"), Paper(kind="registration_certificate")
    facts["authority"] = facts["authority"].replace("民政局", "事业单位登记管理局")
    box = paper.centred(80, 26, "事业单位法人证书")
    paper.known("legalForm", "public_institution", box)
    paper.known("personality", "legal_person", box)
    y = 170.0
    for label, key in (
        ("统一社会信用代码", "uscc"),
        ("名　　称", "name"),
        ("宗 旨 和 业 务 范 围", "businessScope"),
        ("住　　所", "address"),
        ("法定代表人", "legalRepresentative"),
    ):
        paper.put(70, y, 13, label)
        y = paper.wrapped(230, y, 13, facts[key], 290, key) + 14
    paper.put(70, y, 13, "经费来源")
    paper.put(230, y, 13, "财政补助")
    paper.put(70, y + 30, 13, "开办资金")
    paper.put(230, y + 30, 13, facts["capital"], "capital", facts["capitalValue"])
    paper.put(70, y + 60, 13, "有 效 期")
    _validity(paper, 230, y + 60, 13, facts, 0)
    end = paper.put(300, 720, 13, "登记管理机关　")
    paper.put(end, 720, 13, facts["authority"], "authority")
    return paper


def spelled_dates(by: Inventor) -> Paper:
    """Draw an old certificate without colons: spread labels, dates in ideographs, registrar and date unlabelled at the
    foot.
    """
    facts, paper = _facts(by), Paper(kind="registration_certificate")
    _title(paper, 110, 22, "民办非企业单位登记证书（个体）", "private_non_enterprise", "individual")
    number = f"民证字第{by.random.randint(10**8, 10**9 - 1)}号"
    paper.put(360, 160, 11, "登记证号：")
    paper.put(360 + width_of("登记证号：", 11), 160, 11, number, "registrationNumber")
    y = 210.0
    for label, key in (
        ("名　　　称", "name"),
        ("住　　　所", "address"),
        ("法定代表人", "legalRepresentative"),
        ("业 务 范 围", "businessScope"),
    ):
        paper.put(80, y, 13, label)
        y = paper.wrapped(180, y, 13, facts[key], 320, key, pitch=1.6) + 12
    begin, end = dt.date.fromisoformat(facts["fromValue"]), dt.date.fromisoformat(facts["toValue"])
    facts |= {"from": han_date(begin), "to": han_date(end)}
    paper.put(80, y, 13, "有 效 期 限")
    _validity(paper, 180, y, 13, facts, 0)
    paper.put(350, 700, 13, facts["authority"], "authority")
    paper.put(350, 730, 13, han_date(begin), "issuedOn", facts["fromValue"])
    paper.seals.append((410, 715, 46, facts["authority"]))
    return paper


LAYOUTS: tuple[Callable[[Inventor], Paper], ...] = (
    colon_lines,
    two_columns,
    four_column_grid,
    labels_above,
    licence,
    institution,
    spelled_dates,
)
