"""Audit reports, annual checks and declarations drawn at random: opinions, forms and letters, subjects and footers in
many wordings.
"""

from tests.making.corpus.drawing import Paper
from tests.making.corpus.forms import dates_of
from tests.making.corpus.invented import Inventor

_STANDARDS = "《民间非营利组织会计制度》"
_OPINIONS = (
    (
        "unqualified",
        "我们认为，后附的财务报表在所有重大方面按照{s}的规定编制，公允反映了{who}{y}年12月31日的财务状况以及{y}年度的业务活动成果和现金流量。",
    ),
    (
        "unqualified",
        "我们认为，{who}财务报表在所有重大方面按照{s}的规定编制，公允反映了{who}{y}年12月31日的财务状况以及{y}年度业务活动成果。",
    ),
    (
        "qualified",
        "我们认为，除“形成保留意见的基础”部分所述事项产生的影响外，后附的财务报表在所有重大方面按照{s}的规定编制，公允反映了{who}{y}年12月31日的财务状况。",
    ),
    (
        "qualified",
        "我们认为，除了前段所述未能实施监盘可能产生的影响外，{who}财务报表在所有重大方面按照{s}的规定编制，公允反映了{y}年12月31日的财务状况。",
    ),
    (
        "qualified",
        "我们认为，除上述事项可能产生的影响外，后附的财务报表在所有重大方面按照{s}的规定编制，公允反映了{who}的财务状况。",
    ),
    (
        "adverse",
        "我们认为，由于“形成否定意见的基础”部分所述事项的重要性，后附的财务报表没有在所有重大方面按照{s}的规定编制，未能公允反映{who}{y}年12月31日的财务状况。",
    ),
    (
        "adverse",
        "我们认为，由于受到前段所述事项的重大影响，{who}财务报表没有按照{s}的规定编制，未能在所有重大方面公允反映{who}{y}年12月31日的财务状况。",
    ),
    (
        "disclaimed",
        "我们不对后附的{who}财务报表发表审计意见。由于“形成无法表示意见的基础”部分所述事项的重要性，我们无法获取充分、适当的审计证据以作为对财务报表发表审计意见的基础。",
    ),
    (
        "disclaimed",
        "由于上述审计范围受到限制可能产生的影响非常重大和广泛，我们无法对{who}财务报表发表意见。",
    ),
)
_HEADINGS = {
    "unqualified": ("一、审计意见", "审计意见", "三、审计意见", ""),
    "qualified": ("一、保留意见", "保留意见", "（一）保留意见", ""),
    "adverse": ("一、否定意见", "否定意见", ""),
    "disclaimed": ("一、无法表示意见", "无法表示意见", ""),
}
_FIRMS = (
    "{}衡信澄明会计师事务所（普通合伙）",
    "{}中衡会计师事务所有限公司",
    "{}信达诚会计师事务所（特殊普通合伙）",
    "{}华瑞会计师事务所有限责任公司",
    "{}大公会计师事务所",
    "江苏苏瑞会计师事务所有限公司苏州分所",
)
_DUTY = (
    "我们按照中国注册会计师审计准则的规定执行了审计工作。审计报告的“注册会计师对财务报表审计的责任”部分进一步阐述了我们在这些准则下的责任。"
    "我们相信，我们获取的审计证据是充分、适当的，为发表审计意见提供了基础。"
)


def _city(by: Inventor) -> str:
    place = by.place()
    return (place[2] or place[3]).removesuffix("市")


def audit(by: Inventor) -> list[Paper]:
    """Draw a report with or without cover, opinion first or last, firm and day at the foot."""
    organization, year = by.organization(by.place()), by.random.randint(2012, 2020)
    opinion, text = by.random.choice(_OPINIONS)
    firm, pages = by.random.choice(_FIRMS).format(_city(by)), []
    cover = by.random.random() < 0.5
    if cover:
        pages.append(_cover(by, organization, year, firm))
    paper = Paper(kind="audit_report")
    pages.append(paper)
    paper.centred(64, 22, by.random.choice(("审计报告", "审　计　报　告", "审 计 报 告", "财务报表审计报告")))
    if by.random.random() < 0.8:
        paper.centred(
            98,
            11,
            f"{by.random.choice(('苏信审字', '衡审字', '信会师报字'))}〔{year + 1}〕第{by.random.randint(1, 999):03d}号",
        )
    if by.random.random() < 0.8:
        end = paper.put(60, 130, 12, organization)
        paper.put(end, 130, 12, by.random.choice(("：", "全体理事：", "：", "理事会：")))
        if not cover:
            paper.known("organization", organization, (60, 130, end, 142))
    elif not cover:
        paper.known("organization", organization, (0, 140, 595, 842))
    y = 160.0
    begin = f"我们审计了{organization}（以下简称“贵单位”）财务报表，包括{year}年12月31日的资产负债表，"
    begin += f"{year}年度的业务活动表、现金流量表以及相关财务报表附注。"
    if not cover:
        paper.known("year", year, (0, 140, 595, 842))
    body = text.format(s=_STANDARDS, who="贵单位", y=year)
    heading = by.random.choice(_HEADINGS[opinion])
    if by.random.random() < 0.6:
        y = paper.wrapped(60, y, 12, heading, 470) + 4 if heading else y
        y = paper.wrapped(60, y, 12, "　　" + begin, 470) + 4
        y = paper.wrapped(60, y, 12, "　　" + body, 470) + 8
        paper.known("opinion", opinion, (60, 140, 535, y))
        y = paper.wrapped(60, y, 12, "二、形成审计意见的基础", 470) + 4
        y = paper.wrapped(60, y, 12, "　　" + _DUTY, 470) + 8
    else:
        y = paper.wrapped(60, y, 12, "　　" + begin, 470) + 4
        y = paper.wrapped(60, y, 12, "　　" + _DUTY, 470) + 8
        y = paper.wrapped(60, y, 12, heading, 470) + 4 if heading else y
        y = paper.wrapped(60, y, 12, "　　" + body, 470) + 8
        paper.known("opinion", opinion, (60, 140, 535, y))
    _sign(by, paper, y + 30, firm, cover, dates_of(by, by.date(year + 1, year + 1)))
    return pages


def _cover(by: Inventor, organization: str, year: int, firm: str) -> Paper:
    paper = Paper(kind="audit_report")
    paper.centred(180, 30, by.random.choice(("审计报告", "审 计 报 告")))
    if by.random.random() < 0.5:
        paper.centred(230, 12, f"苏信审字（{year + 1}）第{by.random.randint(100, 999)}号")
    style = by.random.randrange(3)
    if style == 2:
        box = paper.centred(290, 16, organization)
        paper.known("organization", organization, box)
        box = paper.centred(320, 14, f"{year}年度")
        paper.known("year", year, box)
    else:
        label = by.random.choice(("单位名称", "被审计单位", "委托单位", "被审计单位名称"))
        end = paper.put(140, 320, 14, label + "：")
        paper.put(end, 320, 14, organization, "organization")
        end = paper.put(
            140, 350, 14, by.random.choice(("审计年度", "报告年度", "会计年度", "财务报表年度", "审计期间")) + "："
        )
        printed = by.random.choice((f"{year}年度", f"{year}年", f"{year}", f"{year}年1月1日至{year}年12月31日"))
        paper.put(end, 350, 14, printed, "year", year)
    if by.random.random() < 0.5:
        end = paper.put(140, 560, 14, by.random.choice(("会计师事务所：", "审计机构：", "审计单位：")))
        paper.put(end, 560, 14, firm, "firm")
    else:
        box = paper.centred(600, 14, firm)
        paper.known("firm", firm, box)
    paper.centred(630, 13, dates_of(by, by.date(year + 1, year + 1)))
    return paper


def _sign(by: Inventor, paper: Paper, y: float, firm: str, cover: bool, day: str) -> None:
    y = min(y, 720)
    paper.put(60, y, 12, firm)
    paper.put(340, y, 12, "中国注册会计师：")
    paper.put(340, y + 22, 12, "中国注册会计师：")
    paper.put(60, y + 44, 12, "中国·" + _city(by))
    paper.put(340, y + 44, 12, day)
    if not cover:
        paper.known("firm", firm, (60, y, 340, y + 12))
    paper.seals.append((150, y + 20, 46, firm[:14]))


_RESULTS = (("合格", "passed"), ("合格", "passed"), ("基本合格", "basically_passed"), ("不合格", "failed"))


def annual(by: Inventor) -> Paper:
    """Draw a form with the conclusion in a cell, or a letter."""
    return (_annual_form, _annual_letter)[by.random.randrange(2)](by)


def _annual_form(by: Inventor) -> Paper:
    paper, year, place = Paper(kind="annual_check"), by.random.randint(2012, 2020), by.place()
    printed, value = by.random.choice(_RESULTS)
    title = by.random.choice(
        (
            "{}年度社会组织年度检查审查表",
            "{}年度民办非企业单位年度检查报告书",
            "社会服务机构{}年度检查表",
            "社会团体年度检查报告书（{}年度）",
            "{}年度社会组织年检结论表",
        )
    ).format(year)
    box = paper.centred(60, 18, title)
    paper.known("year", year, box)
    rows = [
        (
            by.random.choice(("单位名称", "社会组织名称", "名称", "机构名称", "民办非企业单位名称")),
            by.organization(place),
            "organization",
            None,
        ),
        ("统一社会信用代码", by.code(place), "", None),
        ("法定代表人", by.person(), "", None),
        ("年末净资产合计", "52.78万元", "", None),
        ("年末从业人员", f"{by.random.randint(8, 40)}人", "", None),
    ]
    by.random.shuffle(rows)
    low = [
        (by.random.choice(("业务主管单位初审意见", "业务主管单位意见")), "同意上报。", "", None),
        (
            by.random.choice(
                ("登记管理机关年检结论", "年检结论", "登记管理机关审查结论", "年度检查结论", "登记管理机关意见")
            ),
            by.random.choice(("{}", "年检{}", "{}。", "经审查，年检结论为{}。", *_boxes(printed))).format(printed),
            "conclusion",
            value,
        ),
    ]
    y, ruled = 110.0, by.random.random() < 0.8
    for label, text, name, given in (*rows, *low):
        high = 90.0 if (label, text, name, given) in low else 32.0
        if ruled:
            paper.box(60, y, 190, y + high)
            paper.box(190, y, 535, y + high)
        paper.wrapped(66, y + 10, 11, label, 112)
        if name == "conclusion":
            paper.put(200, y + 10, 12, text)
            paper.known("conclusion", given, (190, y, 535, y + high))
            paper.put(420, y + high - 18, 10, dates_of(by, by.date(year + 1, year + 1)))
        else:
            paper.put(200, y + 10, 11, text, name, given)
        y += high
    return paper


def _boxes(printed: str) -> list[str]:
    """Draw all conclusions with boxes before or after them, one ticked."""
    every, tick = ("合格", "基本合格", "不合格"), ("☑", "□")
    marks = [tick[0] if word == printed else tick[1] for word in every]
    return [
        "　".join(mark + word for mark, word in zip(marks, every, strict=True)),
        "　".join(word + mark for mark, word in zip(marks, every, strict=True)),
        "  ".join(word + ("（√）" if word == printed else "（ ）") for word in every),
    ]


def _annual_letter(by: Inventor) -> Paper:
    paper, year, place = Paper(kind="annual_check"), by.random.randint(2012, 2020), by.place()
    printed, value = by.random.choice(_RESULTS)
    organization = by.organization(place)
    paper.centred(
        70,
        18,
        by.random.choice(
            ("社会组织年度检查结论通知书", "年度检查结论通知书", "社会组织年检结果通知书", "关于年度检查结论的通知")
        ),
    )
    paper.put(360, 104, 10, f"民管年检〔{year + 1}〕第{by.random.randint(1, 500)}号")
    end = paper.put(60, 140, 12, organization, "organization")
    paper.put(end, 140, 12, "：")
    text = by.random.choice(
        (
            "根据《社会组织年度检查办法》等有关规定，经审查，你单位{y}年度检查结论为：{r}。",
            "根据《民办非企业单位年度检查办法》，经审查，你单位{y}年度年检结论为{r}。",
            "你单位报送的{y}年度工作报告书收悉。经审查，确定你单位{y}年度年检结论为“{r}”。",
            "经审核，你单位{y}年度检查结果为{r}，特此通知。",
            "按照有关规定，你单位{y}年度检查被评为{r}等次。",
        )
    ).format(y=year, r=printed)
    y = paper.wrapped(60, 170, 12, "　　" + text, 470)
    paper.known("year", year, (50, 165, 545, y))
    paper.known("conclusion", value, (50, 165, 545, y))
    paper.wrapped(60, y + 6, 12, "　　如对本结论有异议，可自收到本通知之日起六十日内依法申请行政复议。", 470)
    paper.put(360, 330, 12, f"{place[2]}{place[3]}民政局")
    paper.put(360, 352, 12, dates_of(by, by.date(year + 1, year + 1)))
    return paper


_DECLARED = (
    (
        "no_major_violation",
        "参加政府采购活动前三年内在经营活动中没有重大违法记录的声明",
        "我单位在参加本次政府采购活动前三年内，在经营活动中没有重大违法记录。",
    ),
    ("no_major_violation", "无重大违法记录声明函", "我单位参加本次采购活动前三年内，在经营活动中无重大违法记录。"),
    (
        "no_major_violation",
        "声明函",
        "本单位郑重声明：参加本次政府采购活动前3年内在经营活动中没有重大违法记录，未因违法经营受到刑事处罚。",
    ),
    ("tax_and_social_security", "依法缴纳税收和社会保障资金的声明函", "我单位有依法缴纳税收和社会保障资金的良好记录。"),
    (
        "tax_and_social_security",
        "具有依法缴纳税收和社会保障资金良好记录的承诺函",
        "我单位依法缴纳税收和社会保障资金，无欠缴情况。",
    ),
    (
        "technical_capability",
        "具备履行合同所必需的设备和专业技术能力的承诺函",
        "我单位具备履行合同所必需的设备和专业技术能力。",
    ),
    (
        "technical_capability",
        "关于具有履行合同所必需的设备和专业技术能力的声明",
        "我单位具有履行本合同所必需的设备和专业技术人员。",
    ),
    ("independent_liability", "具有独立承担民事责任能力的声明函", "我单位具有独立承担民事责任的能力。"),
    (
        "financial_accounting",
        "具有健全的财务会计制度的承诺函",
        "我单位依据《中华人民共和国会计法》建立了健全的财务会计制度，配备会计人员。",
    ),
    (
        "financial_accounting",
        "具有良好的商业信誉和健全的财务会计制度的声明",
        "我单位具有良好的商业信誉和健全的财务会计制度。",
    ),
    ("financial_accounting", "财务会计制度健全承诺书", "我单位财务会计制度健全。"),
)


def declared(by: Inventor) -> Paper:
    """Draw a letter whose title may wrap, signed at the left or right, in either order."""
    paper, organization, day = Paper(kind="declaration"), by.organization(by.place()), by.date(2016, 2020)
    subject, title, text = by.random.choice(_DECLARED)
    size = by.random.choice((16, 18, 20))
    lines = [title[i : i + 20] for i in range(0, len(title), 20)] if len(title) * size > 480 else [title]
    boxes = [paper.centred(70 + i * size * 1.5, size, line) for i, line in enumerate(lines)]
    y = boxes[-1][3] + 24
    to = by.random.choice(
        ("致：苏州市公共资源交易中心", "致：采购人及采购代理机构", "苏州市某某招标代理有限公司：", "")
    )
    paper.put(60, y, 12, to)
    tail = by.random.choice(
        (
            "特此声明。",
            "如有虚假，我单位愿承担由此产生的一切法律责任。",
            "我单位对上述声明的真实性负责。如有虚假，将依法承担相应责任。特此承诺。",
        )
    )
    low = paper.wrapped(60, y + 26, 12, "　　" + text + tail, 470, pitch=1.8)
    named = any(word in title for word in ("违法", "税收", "能力", "财务"))
    paper.known("kind", subject, (boxes[0][0], boxes[0][1], boxes[0][2], boxes[-1][3]) if named else (60, y, 535, low))
    x, y = by.random.choice((60, 250, 300)), low + 30
    label = by.random.choice(
        (
            "声明单位（盖章）：", "声明人：", "投标人名称（公章）：", "投标人（公章）：", "供应商名称（盖章）：", "承诺单位：",
            "单位名称（公章）：",
            "供应商全称（公章）：", "投标单位（盖章）：", "响应供应商：", "承诺人（盖章）：", "",
        )
    )  # fmt: skip
    end = paper.put(x, y, 12, label) if label else x
    paper.put(end, y, 12, organization, "organization")
    if by.random.random() < 0.6:
        y += 26
        paper.put(
            x,
            y,
            12,
            by.random.choice(("法定代表人或授权代表（签字）：", "法定代表人（签字或盖章）：", "授权代表："))
            + by.person(),
        )
    y += 26
    label = by.random.choice(("日期：", "日　期：", "声明日期：", "签署日期：", "", ""))
    end = paper.put(x, y, 12, label) if label else x + 40
    paper.put(end, y, 12, dates_of(by, day), "signedOn", day.isoformat())
    paper.seals.append((end + 60, y - 20, 44, organization))
    return paper
