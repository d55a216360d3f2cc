"""Layouts the readers were not written against: randomly composed wordings, labels above, over two lines and in stub
columns, uneven columns, certificates over two pages, proofs of one person, two lists per page, rosters over pages.

They differ from the other layouts of this folder in their combinations: labels need not be on any list of wordings, and
values need not be beside their label.
"""

from collections.abc import Callable
from typing import Any

from tests.making.corpus.drawing import Paper
from tests.making.corpus.invented import Inventor
from tests.making.corpus.registrations import Facts, _facts, _title, _validity

_KINDS = ("养老", "医疗", "失业", "工伤", "生育")
_BEFORE = {
    "name": ("社会组织", "机构", "单位", "本单位", "组织"),
    "uscc": ("统一社会", "社会", "法人统一社会"),
    "legalRepresentative": ("现任", "机构", "单位"),
    "address": ("机构", "登记", "注册", "法定"),
    "businessScope": ("核准", "主要", "登记"),
    "capital": ("开办", "注册", "活动"),
    "supervisor": ("本单位", "归口", ""),
    "authority": ("本证", "", ""),
    "issued": ("本证", "证书", ""),
    "validity": ("本证", "证书", "登记证书"),
}
_CORE = {
    "name": ("全称", "名称"),
    "uscc": ("信用代码",),
    "legalRepresentative": ("法定代表人", "法人代表", "负责人姓名"),
    "address": ("住所", "住所地", "地址"),
    "businessScope": ("业务范围", "服务范围", "业务活动范围"),
    "capital": ("资金", "资金数额", "资金总额"),
    "supervisor": ("业务主管单位", "主管单位", "业务主管部门名称"),
    "authority": ("登记管理机关", "发证机关", "登记机关名称"),
    "issued": ("签发日期", "颁发时间", "发证日期"),
    "validity": ("有效期限", "有效期间", "有效日期"),
}
_MEMBER = {"issued": "issuedOn"}


def _label(by: Inventor, key: str) -> str:
    return by.random.choice(_BEFORE[key]) + by.random.choice(_CORE[key])


def _put(paper: Paper, x: float, y: float, size: float, key: str, facts: Facts, style: int) -> None:
    if key == "validity":
        _validity(paper, x, y, size, facts, style)
    elif key == "capital":
        paper.put(x, y, size, facts["capital"], "capital", facts["capitalValue"])
    elif key == "issued":
        paper.put(x, y, size, facts["issued"], "issuedOn", facts["fromValue"])
    else:
        paper.put(x, y, size, facts[key], key)


def _head(by: Inventor, paper: Paper, y: float = 60) -> Facts:
    _title(paper, y, 24, "社会服务机构登记证书（法人）", "private_non_enterprise", "legal_person")
    return _facts(by)


def composed_wordings(by: Inventor) -> Paper:
    """Draw colon lines whose labels are composed of a word before and a core."""
    paper = Paper(kind="registration_certificate")
    facts, style, y = _head(by, paper), by.random.randrange(4), 130.0
    for key in by.random.sample(list(_CORE), len(_CORE)):
        x = paper.put(70, y, 12, _label(by, key) + "：")
        if key == "businessScope":
            y = paper.wrapped(x, y, 12, facts[key], 520 - x, key)
        else:
            _put(paper, x, y, 12, key, facts, style)
            y += 18
        y += 10
    return paper


def labels_above(by: Inventor) -> Paper:
    """Draw labels in a row with their values in the row below, two or three to a row."""
    paper = Paper(kind="registration_certificate")
    facts, style, y = _head(by, paper), by.random.randrange(4), 130.0
    size = by.random.choice((11, 12, 13))
    for keys in (
        ("name", "legalRepresentative"),
        ("uscc", "capital"),
        ("supervisor", "authority"),
        ("issued", "validity"),
    ):
        for x, key in zip((60, 330), by.random.sample(keys, 2), strict=True):
            paper.put(x, y, 10, _label(by, key))
            _put(paper, x, y + 15, size, key, facts, style)
        y += 46
    for key in ("address", "businessScope"):
        paper.put(60, y, 10, _label(by, key))
        y = paper.wrapped(60, y + 15, size, facts[key], 470, key) + 16
    return paper


def labels_of_two_lines(by: Inventor) -> Paper:
    """Draw long labels broken over two lines beside a multi-line value."""
    paper = Paper(kind="registration_certificate")
    facts, style, y = _head(by, paper), by.random.randrange(4), 130.0
    for key in (
        "name",
        "uscc",
        "businessScope",
        "legalRepresentative",
        "address",
        "capital",
        "validity",
        "authority",
        "issued",
    ):
        if key == "businessScope":
            upper, lower = by.random.choice(
                (("宗旨和业", "务范围"), ("核准的业务", "活动范围"), ("登记的业务", "范围"))
            )
            lines = 1 + sum(12 for _ in facts[key]) // 320
            middle = y + (lines - 1) * 9
            paper.put(74, middle - 9, 12, upper)
            paper.put(74, middle + 9, 12, lower)
            y = max(paper.wrapped(196, y, 12, facts[key], 325, key), middle + 27) + 10
        else:
            paper.put(74, y, 12, _CORE[key][0] if key != "uscc" else "统一社会信用代码")
            _put(paper, 196, y, 12, key, facts, style)
            y += 28
    return paper


def uneven_columns(by: Inventor) -> Paper:
    """Draw the scope in a column of its own, the other fields in a second one at another pitch."""
    paper = Paper(842, 595, kind="registration_certificate")
    facts, style = _head(by, paper, 50), by.random.randrange(4)
    paper.put(60, 118, 12, _CORE["businessScope"][by.random.randrange(2)])
    paper.wrapped(60, 142, 12, facts["businessScope"], 310, "businessScope")
    y, pitch = 118.0, by.random.choice((29.0, 31.0, 33.0))
    for key in ("name", "uscc", "address", "legalRepresentative", "capital", "validity", "authority", "issued"):
        paper.put(410, y, 12, _CORE[key][0] if key != "uscc" else "统一社会信用代码")
        _put(paper, 510, y, 12, key, facts, style)
        y += pitch
    return paper


def over_two_pages(by: Inventor) -> list[Paper]:
    """Draw a certificate that continues on a second page without a title."""
    first, second = Paper(595, 420, kind="registration_certificate"), Paper(595, 420, kind="registration_certificate")
    facts, style = _head(by, first, 46), by.random.randrange(4)
    keys = [
        "name",
        "uscc",
        "address",
        "legalRepresentative",
        "capital",
        "supervisor",
        "validity",
        "authority",
        "issued",
    ]
    cut = by.random.randrange(4, 8)
    for paper, part, top in ((first, keys[:cut], 100.0), (second, keys[cut:], 50.0)):
        for n, key in enumerate(part):
            paper.put(60, top + 34 * n, 12, "统一社会信用代码" if key == "uscc" else _CORE[key][0])
            _put(paper, 180, top + 34 * n, 12, key, facts, style)
    return [first, second]


def one_person(by: Inventor) -> Paper:
    """Draw a proof of one person: kinds across, kinds down, or a line for each month."""
    paper = Paper(kind="social_insurance")
    place, form = by.place(), by.random.randrange(3)
    name, number, year = by.person(), by.resident_id(), by.random.randint(2017, 2023)
    first, months = by.random.randint(1, 6), by.random.randint(3, 6)
    kinds = list(_KINDS if by.random.random() < 0.5 else _KINDS[::2])
    paper.centred(50, 18, by.random.choice(("个人社会保险参保缴费证明", "参保人员缴费证明（个人）")))
    x = paper.put(60, 90, 11, by.random.choice(("参保人姓名：", "职工姓名：", "参保人：")))
    paper.put(x, 90, 11, name)
    paper.put(paper.put(320, 90, 11, by.random.choice(("证件号码：", "公民身份号码："))), 90, 11, number)
    paper.put(
        paper.put(60, 112, 11, by.random.choice(("参保单位：", "所在单位名称："))),
        112,
        11,
        by.organization(place),
        "payer",
    )
    dates = [f"{year}-{first + i:02d}" for i in range(months)]
    if form == 0:
        rows = [("项目", *(f"{k}保险" for k in kinds)), ("缴费起始年月", *([dates[0]] * len(kinds)))]
        rows += [("缴费截止年月", *([dates[-1]] * len(kinds))), ("累计月数", *([str(months)] * len(kinds)))]
    elif form == 1:
        rows = [("险种", "起始年月", "截止年月"), *((f"{k}保险", dates[0], dates[-1]) for k in kinds)]
    else:
        rows = [("缴费年月", *(f"{k}保险" for k in kinds)), *((m, *(["√"] * len(kinds))) for m in dates)]
    _grid(paper, 60, 145, rows, 440)
    y = 160 + 24 * len(rows)
    paper.put(paper.put(60, y, 11, "开具日期："), y, 11, f"{year}年12月3日", "issuedOn", f"{year}-12-03")
    paper.rows = [{"name": name, "residentId": number, "kinds": kinds, "from": dates[0], "to": dates[-1]}]
    return paper


def two_lists(by: Inventor) -> Paper:
    """Draw two lists on a page with separate columns, the second with a payer and a status in each row."""
    paper = Paper(kind="social_insurance")
    payer = by.organization(by.place())
    paper.centred(50, 18, "单位参保缴费证明")
    paper.put(paper.put(60, 84, 11, "参保单位："), 84, 11, payer, "payer")
    paper.put(paper.put(330, 84, 11, "打印日期："), 84, 11, "2018-07-03", "issuedOn", "2018-07-03")
    people: list[dict[str, Any]] = [
        {
            "name": by.person(),
            "residentId": by.resident_id(),
            "kinds": list(_KINDS[:3]),
            "from": "2018-01",
            "to": "2018-06",
        }
        for _ in range(7)
    ]
    lists = [
        [("姓名", "证件号码", "险种", "起止年月")],
        [("序号", "职工姓名", "身份证号", "开始月份", "结束月份", "险种", "缴费状态")],
    ]
    for i, one in enumerate(people):
        joined = "、".join(one["kinds"])
        if i < 3:
            lists[0].append((one["name"], one["residentId"], joined, "201801-201806"))
        else:
            lists[1].append((str(i), one["name"], one["residentId"], one["from"], one["to"], joined, "正常"))
    _grid(paper, 50, 120, lists[0], 490, 9)
    _grid(paper, 40, 260, lists[1], 510, 8)
    paper.put(60, 480, 9, f"合计人数：7 流水号{by.random.randrange(10**17, 10**18)}")
    paper.rows = people
    return paper


def roster_over_pages(by: Inventor) -> list[Paper]:
    """Draw a roster of 60 persons over four pages, with headings on each."""
    pages = []
    for page in range(4):
        paper = Paper(842, 595, kind="roster")
        if page == 0:
            paper.centred(40, 15, "专职工作人员花名册")
        rows = [
            ("序号", "姓名", "证件号码", "用工性质", "合同起始日期", "合同终止日期", "社会工作者证书级别", "管理号")
        ]
        for i in range(15):
            who = {"name": by.person(), "residentId": by.resident_id(), "employment": "full_time"}
            who |= {"contractFrom": "2016-01-01", "contractTo": "2019-12-31"}
            level, number = ("社会工作师", str(by.random.randrange(10**17, 10**18))) if i % 2 else ("", "")
            serial, dates = str(15 * page + i + 1), ("2016-01-01", "2019-12-31")
            rows.append((serial, who["name"], who["residentId"], "专职", *dates, level, number))
            paper.rows.append(who)
        _grid(paper, 40, 70, rows, 760, 8)
        pages.append(paper)
    return pages


def _grid(paper: Paper, x: float, y: float, rows: list[tuple[str, ...]], wide: float, size: float = 10) -> None:
    """Draw a ruled table whose columns are as wide as their longest text."""
    longest = [max(len(row[i]) + sum(ord(c) > 0x2000 for c in row[i]) + 3 for row in rows) for i in range(len(rows[0]))]
    edges = [x]
    for length in longest:
        edges.append(edges[-1] + wide * length / sum(longest))
    for row in rows:
        for i, text in enumerate(row):
            paper.box(edges[i], y, edges[i + 1], y + 24)
            paper.put(edges[i] + 4, y + 7, size, text)
        y += 24


OTHERS: tuple[Callable[[Inventor], Paper | list[Paper]], ...] = (
    composed_wordings,
    labels_above,
    labels_of_two_lines,
    uneven_columns,
    over_two_pages,
    one_person,
    two_lists,
    roster_over_pages,
)
