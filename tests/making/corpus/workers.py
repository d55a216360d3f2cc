"""Social worker certificates drawn at random: titles old and new, bilingual or not, labels, levels, several on a page or in a file."""

import datetime as dt

from tests.making.corpus.drawing import Paper, width_of
from tests.making.corpus.forms import dates_of
from tests.making.corpus.invented import Inventor

_TITLES = (
    "社会工作者职业水平证书",
    "社会工作者职业资格证书",
    "中华人民共和国社会工作者职业资格证书",
    "全国社会工作者职业水平证书",
    "助理社会工作师职业水平证书",
    "社会工作师职业资格证书",
    "社会工作者",
)
_LEVELS = (
    ("助理社会工作师", "assistant"),
    ("社会工作师", "intermediate"),
    ("高级社会工作师", "senior"),
    ("助理社会工作师（初级）", "assistant"),
    ("社会工作师（中级）", "intermediate"),
    ("初级", "assistant"),
    ("中级", "intermediate"),
    ("高级", "senior"),
    ("社会工作者（初级）", "assistant"),
    ("社会工作者（中级）", "intermediate"),
    ("社会工作员", "local"),
)
_ISSUERS = (
    ("人力资源和社会保障部", "民政部"),
    ("中华人民共和国人力资源和社会保障部", "中华人民共和国民政部"),
    ("江苏省人力资源和社会保障厅", "江苏省民政厅"),
    ("江苏省人力资源和社会保障厅",),
    ("民政部",),
)
_LABELS = {
    "name": (("姓名", "Name"), ("姓　　名", "Full Name"), ("姓 名", "Full Name"), ("持证人姓名", "Name")),
    "sex": (("性别", "Sex"), ("性　　别", "Sex"), ("性 别", "Gender")),
    "birthDate": (("出生年月", "Date of Birth"), ("出生日期", "Date of Birth"), ("出生年月日", "Birth Date")),
    "residentId": (
        ("身份证号", "ID No."),
        ("证件号码", "ID Number"),
        ("身份证件号码", "ID No."),
        ("公民身份号码", "ID No."),
        ("身份证号码", "ID No."),
    ),
    "level": (
        ("级别", "Level"),
        ("资格名称", "Qualification"),
        ("级　　别", "Qualification Level"),
        ("资格级别", "Level"),
    ),
    "number": (("管理号", "Administration No."), ("管 理 号", "File No."), ("证书管理号", "No.")),
    "approvedOn": (
        ("批准日期", "Approval Date"),
        ("授予时间", "Date of Conferment"),
        ("取得时间", "Date"),
        ("批准时间", "Date of Approval"),
        ("授予日期", "Issue Date"),
    ),
}


def _born(by: Inventor, number: str) -> tuple[str, str]:
    born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    month = f"{born.year}-{born.month:02d}"
    return by.random.choice(
        (
            (f"{born.year}年{born.month:02d}月", month),
            (f"{born.year}年{born.month}月", month),
            (month, month),
            (f"{born.year}.{born.month:02d}", month),
            (dates_of(by, born), born.isoformat()),
            (f"{born.year}年{born.month}月{born.day}日", born.isoformat()),
        )
    )


def _number(by: Inventor, year: int) -> str:
    return by.random.choice(
        (
            by.number(year),
            f"{year}{by.random.randint(10**17, 10**18 - 1)}",
            f"{by.random.randint(1, 9)}0{by.random.randint(10**14, 10**15 - 1)}",
            f"{year}0{by.random.randint(10**12, 10**13 - 1)}",
        )
    )


def _facts(by: Inventor) -> dict[str, tuple[str, object]]:
    number, approved = by.resident_id(), by.date(2008, 2022)
    level, printed = by.random.choice(_LEVELS), _number(by, approved.year)
    masked = by.random.random() < 0.06
    hidden = by.random.choice((number[:6] + "********" + number[14:], number[:3] + "*" * 11 + number[14:]))
    return {
        "name": (by.person(), None),
        "sex": (
            by.random.choice(("男", "男性", "男 Male")) if int(number[16]) % 2 else "女",
            "男" if int(number[16]) % 2 else "女",
        ),
        "birthDate": _born(by, number),
        "residentId": (hidden if masked else number, "" if masked else number),
        "level": level,
        "number": (printed, printed),
        "approvedOn": (dates_of(by, approved), approved.isoformat()),
    }


def _one(by: Inventor, paper: Paper, x: float, y: float, wide: float, size: float) -> float:
    facts = _facts(by)
    order = list(_LABELS)
    if by.random.random() < 0.4:
        by.random.shuffle(order)
    bilingual, colon = by.random.random() < 0.3, by.random.choice(("：", "：", ":", ""))
    label = {key: by.random.choice(_LABELS[key]) for key in order}
    column = x + max(width_of(label[key][0] + colon, size) for key in order) + (14 if not colon else 4)
    aligned = by.random.random() < 0.6 or not colon
    pitch = size * (2.6 if bilingual else by.random.choice((1.8, 2.2)))
    extra = by.random.random() < 0.3
    for key in order:
        text, value = facts[key]
        end = paper.put(x, y, size, label[key][0] + colon)
        if bilingual:
            paper.put(x, y + size * 1.2, size * 0.6, label[key][1])
        at = column if aligned else end
        if value == "":
            paper.put(at, y, size, text)
            paper.known("residentId", None, (at, y, at + width_of(text, size), y + size))
        else:
            paper.put(at, y, size, text, key, value)
        if by.random.random() < 0.2:
            paper.rules.append((at - 2, y + size + 2, x + wide, y + size + 2))
        y += pitch
    if extra:
        paper.put(
            x,
            y,
            size,
            by.random.choice(("档案号：", "签发日期：", "专业名称：")) + by.random.choice(("10203044", "社会工作")),
        )
        y += pitch
    return y


def _issuers(by: Inventor, paper: Paper, x: float, y: float, wide: float, size: float) -> None:
    bodies, style = by.random.choice(_ISSUERS), by.random.randrange(4)
    value = "、".join(bodies)
    if style == 0:
        end = paper.put(x, y, size, by.random.choice(("发证机关：", "批准机关：", "颁发机关：")))
        paper.wrapped(end, y, size, by.random.choice(("、", "　", "，")).join(bodies), x + wide - end)
    elif style == 1:
        for index, body in enumerate(bodies):
            paper.put(x + wide / 3, y + index * size * 1.6, size, body)
    elif style == 2:
        at = x
        for body in bodies:
            at = paper.put(at, y, size * 0.8, body) + 24
    else:
        return
    paper.known("issuer", value, (x, y - 2, x + wide, y + 3 * size))


def worker(by: Inventor) -> Paper:
    """Draw one certificate per page, or two side by side or stacked."""
    many, size = by.random.choice((1, 1, 1, 2)), by.random.choice((11, 12, 13))
    title = by.random.choice(_TITLES)
    beside = many == 2 and by.random.random() < 0.5
    paper = Paper(842, 595) if beside or (many == 1 and by.random.random() < 0.2) else Paper()
    paper.kind = "social_worker_certificate"
    for index in range(many):
        left, top = (index * 420.0 if beside else 0.0), (0.0 if beside else index * 421.0)
        wide = 400.0 if beside else paper.width
        y = top + (40 if many == 2 else by.random.choice((60, 90)))
        if title == "社会工作者":
            paper.centred(y, 12, "中华人民共和国", left + wide / 2)
            paper.centred(y + 20, 12, "专业技术人员职业资格证书", left + wide / 2)
            y += 45
        paper.centred(y, 18 if many == 2 else 22, title, left + wide / 2)
        y += 34
        if many == 1 and by.random.random() < 0.3:
            paper.centred(y, 9, "Certificate of Professional Qualification for Social Workers", left + wide / 2)
            y += 20
        if many == 1 and by.random.random() < 0.4:
            text = "本证书由中华人民共和国人力资源和社会保障部、民政部批准颁发，"
            text += "它表明持证人通过国家统一组织的考试，取得社会工作者职业水平证书。"
            y = paper.wrapped(left + 60, y, 11, text, wide - 130) + 8
        y = _one(by, paper, left + 50, y, wide - 110, size if many == 1 else 11)
        if many == 1:
            _issuers(by, paper, left + 50, min(y + 20, paper.height - 50), wide - 110, size)
    return paper


def workers(by: Inventor) -> list[Paper]:
    """Draw several pages of certificates in one file."""
    return [worker(by) for _ in range(by.random.randint(2, 4))]
