"""Social worker certificates, insurance proofs, audit reports, annual checks and declarations in layouts of our own."""

import datetime as dt
from collections.abc import Callable

from tests.making.corpus.drawing import Paper
from tests.making.corpus.invented import Inventor, date_styles

_LEVELS = (
    ("助理社会工作师", "assistant"),
    ("社会工作师", "intermediate"),
    ("高级社会工作师", "senior"),
    ("社会工作师（中级）", "intermediate"),
    ("初级", "assistant"),
)
_KINDS = ("养老", "医疗", "失业", "工伤", "生育")


def _worker(by: Inventor, paper: Paper, x: float, y: float, *, gap: float, spread: bool) -> float:
    number = by.resident_id()
    born, approved = dt.date.fromisoformat(f"{number[6:10]}-{number[10:12]}-{number[12:14]}"), by.date(2009, 2021)
    printed, level = by.random.choice(_LEVELS)
    rows = (
        ("姓　　名" if spread else "姓名", by.person(), "name", None),
        ("性　　别" if spread else "性别", "男" if int(number[16]) % 2 else "女", "sex", None),
        ("出生年月", f"{born.year}年{born.month:02d}月", "birthDate", f"{born.year}-{born.month:02d}"),
        ("身份证件号码", number, "residentId", None),
        ("资格名称", printed, "level", level),
        ("管理号", by.number(approved.year), "number", None),
        ("批准日期", by.random.choice(date_styles(approved)), "approvedOn", approved.isoformat()),
    )
    for label, text, name, value in rows:
        paper.put(x, y, 13, label + "：")
        paper.put(x + gap, y, 13, text, name, value)
        y += 30
    return y


def worker_single(by: Inventor) -> Paper:
    paper = Paper(kind="social_worker_certificate")
    paper.centred(90, 16, "中华人民共和国")
    paper.centred(125, 24, "社会工作者职业资格证书")
    y = _worker(by, paper, 90, 220, gap=120, spread=True)
    paper.put(90, y + 10, 13, "发证机关：")
    paper.put(210, y + 10, 13, "人力资源和社会保障部、民政部", "issuer")
    paper.box(40, 40, 555, 800)
    return paper


def worker_pair(by: Inventor) -> Paper:
    """Draw two certificates, one above the other."""
    paper = Paper(kind="social_worker_certificate")
    for top in (40.0, 440.0):
        paper.centred(top, 20, "社会工作者职业水平证书")
        _worker(by, paper, 80, top + 60, gap=110, spread=False)
    return paper


def worker_side_by_side(by: Inventor) -> Paper:
    paper = Paper(842, 595, kind="social_worker_certificate")
    for left in (40.0, 450.0):
        paper.centred(70, 18, "社会工作者职业水平证书", left + 175)
        _worker(by, paper, left, 140, gap=110, spread=False)
    return paper


def _people(by: Inventor, count: int) -> list[dict[str, object]]:
    begin = dt.date(2016, by.random.randint(6, 12), 1)
    return [
        {
            "name": by.person(),
            "residentId": by.resident_id(),
            "kinds": list(_KINDS),
            "from": f"{begin.year}-{begin.month:02d}",
            "to": "2017-05",
        }
        for _ in range(count)
    ]


def _insurance_head(by: Inventor, paper: Paper, title: str) -> None:
    payer, issued = by.organization(by.place()), by.date(2017, 2017)
    paper.centred(40, 20, title)
    end = paper.put(40, 85, 11, "单位名称：")
    paper.put(end, 85, 11, payer, "payer")
    end = paper.put(390, 85, 11, "打印日期：")
    paper.put(end, 85, 11, issued.isoformat(), "issuedOn")
    end = paper.put(40, 105, 11, "费款所属期：")
    end = paper.put(end, 105, 11, "2016年12月", "periodFrom", "2016-12")
    end = paper.put(end, 105, 11, "至")
    paper.put(end, 105, 11, "2017年05月", "periodTo", "2017-05")


def _table(
    paper: Paper, xs: tuple[float, ...], y: float, rows: list[tuple[str, ...]], *, ruled: bool, size: float = 10
) -> None:
    for row in rows:
        for i, text in enumerate(row):
            if ruled:
                paper.box(xs[i], y, xs[i + 1], y + 22)
            paper.put(xs[i] + 5, y + 6, size, text)
        y += 22


def insurance_unruled(by: Inventor) -> Paper:
    paper = Paper(kind="social_insurance")
    _insurance_head(by, paper, "社会保险缴费明细")
    paper.rows = _people(by, 12)
    head = ("序号", "姓名", "社会保障号码", "险种", "起始年月", "终止年月")
    body = [
        (str(i + 1), str(p["name"]), str(p["residentId"]), "、".join(_KINDS), str(p["from"]).replace("-", ""), "201705")
        for i, p in enumerate(paper.rows)
    ]
    _table(paper, (40, 75, 130, 250, 410, 475, 550), 140, [head, *body], ruled=False)
    return paper


def insurance_span(by: Inventor) -> Paper:
    paper = Paper(kind="social_insurance")
    _insurance_head(by, paper, "单位职工参保证明")
    paper.rows = _people(by, 15)
    head = ("序号", "姓名", "身份证号", "参保险种", "缴费起止年月")
    body = [
        (str(i + 1), str(p["name"]), str(p["residentId"]), "养老 医疗 失业 工伤 生育", f"{p['from']}至{p['to']}")
        for i, p in enumerate(paper.rows)
    ]
    _table(paper, (40, 75, 135, 260, 420, 555), 140, [head, *body], ruled=True)
    return paper


def insurance_months(by: Inventor) -> Paper:
    """Draw a column for each month, marked where paid."""
    paper = Paper(842, 595, kind="social_insurance")
    _insurance_head(by, paper, "社会保险参保缴费情况表")
    months = ["2016-12", "2017-01", "2017-02", "2017-03", "2017-04", "2017-05"]
    paper.rows = []
    body = []
    for i in range(8):
        first = by.random.randrange(3)
        name, number = by.person(), by.resident_id()
        paper.rows.append({"name": name, "residentId": number, "from": months[first], "to": months[-1]})
        body.append((str(i + 1), name, number, *("√" if k >= first else "" for k in range(6))))
    head = ("序号", "姓名", "证件号码", *(f"{m[:4]}年{int(m[5:])}月" for m in months))
    _table(paper, (40, 75, 135, 260, 340, 420, 500, 580, 660, 740), 140, [head, *body], ruled=True)
    return paper


_OPINIONS = (
    (
        "unqualified",
        "一、审计意见",
        "我们认为，后附的财务报表在所有重大方面按照《民间非营利组织会计制度》的规定编制，公允反映了贵单位{y}年12月31日的财务状况以及{y}年度的业务活动成果和现金流量。",
    ),
    (
        "qualified",
        "一、保留意见",
        "我们认为，除“形成保留意见的基础”部分所述事项可能产生的影响外，后附的财务报表在所有重大方面按照《民间非营利组织会计制度》的规定编制，公允反映了贵单位{y}年12月31日的财务状况。",
    ),
    (
        "adverse",
        "一、否定意见",
        "我们认为，由于“形成否定意见的基础”部分所述事项的重要性，后附的财务报表没有在所有重大方面按照《民间非营利组织会计制度》的规定编制，未能公允反映贵单位{y}年12月31日的财务状况。",
    ),
    (
        "disclaimed",
        "一、无法表示意见",
        "我们不对后附的贵单位财务报表发表审计意见。由于“形成无法表示意见的基础”部分所述事项的重要性，我们无法获取充分、适当的审计证据以作为发表审计意见的基础。",
    ),
)


def audit_letter(by: Inventor) -> Paper:
    """Draw a report without cover: title, number, addressee, opinion, firm at the foot."""
    paper, place, year = Paper(kind="audit_report"), by.place(), by.random.randint(2014, 2018)
    opinion, heading, text = by.random.choice(_OPINIONS)
    paper.centred(70, 24, "审　计　报　告")
    paper.centred(110, 11, f"某信审字〔{year + 1}〕第{by.random.randint(100, 999)}号")
    end = paper.put(70, 150, 12, by.organization(place), "organization")
    paper.put(end, 150, 12, "：")
    paper.put(70, 185, 12, heading)
    paper.known("year", year, (94, 205, 560, 217))
    y = paper.wrapped(
        94, 205, 12, f"我们审计了后附的财务报表，包括{year}年12月31日的资产负债表，{year}年度的业务活动表。", 440
    )
    paper.wrapped(70, y + 5, 12, "　　" + text.format(y=year), 455)
    paper.known("opinion", opinion, (70, y + 5, 525, y + 5 + 60))
    paper.put(300, 640, 12, f"{place[2]}{by.random.choice(('中衡', '信达诚', '华瑞'))}会计师事务所有限公司", "firm")
    paper.put(70, 640, 12, "中国注册会计师：")
    return paper


def annual_table(by: Inventor) -> Paper:
    paper, year = Paper(kind="annual_check"), by.random.randint(2013, 2018)
    printed, value = by.random.choice((("合格", "passed"), ("基本合格", "basically_passed"), ("不合格", "failed")))
    box = paper.centred(70, 20, f"{year}年度民办非企业单位年度检查报告书")
    paper.known("year", year, box)
    y = 130.0
    for label, text, name, given in (
        ("单位名称", by.organization(by.place()), "organization", None),
        ("法定代表人", by.person(), "", None),
        ("年检结论", printed, "conclusion", value),
    ):
        paper.box(60, y, 180, y + 40)
        paper.box(180, y, 530, y + 40)
        paper.put(70, y + 13, 12, label)
        paper.put(195, y + 13, 12, text, name, given)
        y += 40
    return paper


_SUBJECTS = (
    ("无重大违法记录声明", "no_major_violation", "我单位参加本次政府采购活动前三年内，在经营活动中没有重大违法记录。"),
    ("依法缴纳税收和社会保障资金承诺函", "tax_and_social_security", "我单位具有依法缴纳税收和社会保障资金的良好记录。"),
    (
        "具备履行合同所必需的设备和专业技术能力的声明函",
        "technical_capability",
        "我单位具备履行合同所必需的设备和专业技术能力。",
    ),
    ("具有独立承担民事责任的能力承诺书", "independent_liability", "我单位具有独立承担民事责任的能力。"),
    ("财务会计制度健全承诺函", "financial_accounting", "我单位具有健全的财务会计制度。"),
)


def declaration(by: Inventor) -> Paper:
    paper = Paper(kind="declaration")
    title, subject, text = by.random.choice(_SUBJECTS)
    box = paper.centred(90, 18, title)
    paper.known("kind", subject, box)
    paper.put(70, 150, 12, "致：某某招标代理有限公司")
    paper.wrapped(94, 180, 12, text + "特此声明。", 430)
    label = by.random.choice(("供应商名称（盖章）：", "声明人：", "投标人（公章）：", "单位名称："))
    end = paper.put(250, 300, 12, label)
    paper.put(end, 300, 12, by.organization(by.place()), "organization")
    signed = by.date(2017, 2017)
    end = paper.put(250, 330, 12, "日　期：")
    paper.put(end, 330, 12, by.random.choice(date_styles(signed)), "signedOn", signed.isoformat())
    return paper


LAYOUTS: tuple[Callable[[Inventor], Paper], ...] = (
    worker_single,
    worker_pair,
    worker_side_by_side,
    insurance_unruled,
    insurance_span,
    insurance_months,
    audit_letter,
    annual_table,
    declaration,
)
