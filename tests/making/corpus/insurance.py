"""Insurance proofs drawn at random: ruled, half ruled and unruled tables, columns and months in many forms, over pages."""

from typing import Any

from tests.making.corpus.drawing import Paper, width_of
from tests.making.corpus.forms import dates_of
from tests.making.corpus.invented import Inventor

_KINDS = ("养老", "医疗", "失业", "工伤", "生育")
_TITLES = (
    "社会保险参保缴费证明",
    "社会保险缴费证明",
    "单位参保证明",
    "参保证明（单位专用）",
    "单位参保人员缴费明细",
    "职工社会保险缴纳情况表",
    "社会保险个人缴费清单",
    "江苏省社会保险权益记录单（参保单位）",
    "苏州市社会保险参保缴费情况证明",
    "企业职工参保缴费明细表",
    "社会保险缴纳证明",
    "社会保险费缴费证明",
)
_PAYERS = ("单位名称", "缴费单位", "参保单位", "参保单位名称", "参保单位全称", "单位全称", "用人单位")
_PERIODS = ("缴费起止年月", "查询期间", "费款所属期", "缴费期间", "查询时段", "参保缴费起止时间", "证明时段", "所属期")
_ISSUED = ("打印日期", "出具日期", "打印时间", "查询日期", "证明日期", "制表日期", "开具日期")
_NUMBERS = (
    "身份证号",
    "证件号码",
    "公民身份号码",
    "社会保障号码",
    "身份证号码",
    "证件号",
    "社会保障号",
    "身份证件号码",
)
_NAMES = ("姓名", "参保人姓名", "职工姓名", "人员姓名", "姓　名")
_KIND_HEADS = ("险种", "参保险种", "险种类型", "缴费险种", "保险险种")
_SPAN_HEADS = ("缴费起止年月", "起止年月", "缴费期间", "参保缴费时段", "所属期", "缴费起止时间")
_BEGIN_HEADS = (
    ("起始年月", "终止年月"),
    ("缴费起始", "缴费截止"),
    ("开始年月", "结束年月"),
    ("起始月份", "截止月份"),
    ("缴费开始时间", "缴费截止时间"),
    ("起始时间", "终止时间"),
    ("费款所属期起", "费款所属期止"),
    ("起", "止"),
    ("参保起始年月", "缴费至年月"),
)


def month_of(style: int, month: str) -> str:
    year, number = month.split("-")
    return (
        f"{year}{number}",
        f"{year}年{int(number)}月",
        f"{year}年{number}月",
        month,
        f"{year}.{number}",
        f"{year}/{number}",
        f"{year}.{int(number)}",
    )[style % 7]


def _shift(month: str, by: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 + by
    return f"{number // 12}-{number % 12 + 1:02d}"


def _people(by: Inventor, begin: str, months: int, count: int, *, alike: bool) -> list[dict[str, Any]]:
    rows = []
    for _ in range(count):
        late = 0 if alike or by.random.random() < 0.7 else by.random.randint(1, months - 2)
        early = 0 if alike or by.random.random() < 0.8 else 1
        kinds = (
            list(_KINDS) if by.random.random() < 0.7 else [k for k in _KINDS if by.random.random() < 0.6] or ["养老"]
        )
        rows.append(
            {
                "name": by.person(),
                "residentId": by.resident_id(),
                "kinds": kinds,
                "from": _shift(begin, late),
                "to": _shift(begin, months - 1 - early),
            }
        )
    return rows


def insurance(by: Inventor) -> list[Paper]:
    """Draw a proof over one to three pages."""
    begin, months = f"{by.random.randint(2015, 2020)}-{by.random.randint(1, 12):02d}", by.random.choice((3, 4, 6))
    end, style = _shift(begin, months - 1), by.random.randrange(7)
    form = by.random.choice(("two", "two", "span", "kinds", "months", "lines", "monthly"))
    count = by.random.choice((3, 8, 20, 45)) if form not in ("lines", "monthly") else by.random.choice((2, 5))
    rows = _people(by, begin, months, count, alike=form == "lines")
    wide = form in ("months", "kinds") and by.random.random() < 0.8
    head, body, truth = _table(by, form, rows, begin, months, style)
    first = _page(wide)
    first.rows = truth
    y = _head(by, first, begin, end, style)
    shares = [max(*(width_of(r[i], 1) for r in (head, *body)), 2) + 1.2 for i in range(len(head))]
    pages = _draw(by, first, y, head, body, shares)
    if not any(t.field == "issuedOn" for t in first.truth):
        _foot(by, pages[-1], begin)
    return pages


def _page(wide: bool) -> Paper:
    return Paper(842, 595, kind="social_insurance") if wide else Paper(kind="social_insurance")


def _head(by: Inventor, paper: Paper, begin: str, end: str, style: int) -> float:
    paper.centred(36, 18, by.random.choice(_TITLES))
    size, colon, right = 10, by.random.choice(("：", "：", ":")), paper.width * 0.62
    x = paper.put(40, 74, size, by.random.choice(_PAYERS) + colon)
    paper.put(x, 74, size, by.organization(by.place()), "payer")
    place = by.random.randrange(3)
    if place == 0:
        day = by.date(2021, 2022)
        x = paper.put(right, 74, size, by.random.choice(_ISSUED) + colon)
        paper.put(x, 74, size, dates_of(by, day), "issuedOn", day.isoformat())
    if by.random.random() < 0.85:
        x = paper.put(40, 92, size, by.random.choice(_PERIODS) + colon)
        x = paper.put(x, 92, size, month_of(style, begin), "periodFrom", begin)
        x = paper.put(
            x, 92, size, by.random.choice(("至", "-", " 至 ", "—", "～") if style != 3 else ("至", " 至 ", "～"))
        )
        paper.put(x, 92, size, month_of(style, end), "periodTo", end)
    if by.random.random() < 0.5:
        paper.put(
            right, 92, size, by.random.choice(("单位编号：72100341", "参保人数：20人", "社会保险登记号：32050812"))
        )
    return 116.0


def _foot(by: Inventor, paper: Paper, begin: str) -> None:
    lowest = max([y for _, y, _, _ in paper.texts] + [r[3] for r in paper.rules]) + 24
    if lowest > paper.height - 60:
        return
    day, x = by.date(2021, 2022), paper.width - 240
    if by.random.random() < 0.5:
        paper.put(40, lowest, 10, "以上参保缴费情况属实，特此证明。")
    paper.put(x, lowest + 16, 10, f"{by.place()[2]}社会保险基金管理中心")
    paper.put(x, lowest + 34, 10, dates_of(by, day), "issuedOn", day.isoformat())
    paper.seals.append((x + 60, lowest + 26, 36, "社会保险基金管理中心"))


def _table(
    by: Inventor, form: str, rows: list[dict[str, Any]], begin: str, months: int, style: int
) -> tuple[tuple[str, ...], list[tuple[str, ...]], list[dict[str, Any]]]:
    name, number, kind_head = by.random.choice(_NAMES), by.random.choice(_NUMBERS), by.random.choice(_KIND_HEADS)
    joint = by.random.choice(("、", "，", " ", "/", "、"))
    begins = by.random.choice(_BEGIN_HEADS)
    serial = by.random.random() < 0.8
    front = [("序号", name, number) if serial else (name, number)][0]

    def lead(index: int, row: dict[str, Any]) -> tuple[str, ...]:
        return (str(index + 1), row["name"], row["residentId"]) if serial else (row["name"], row["residentId"])

    spans = [(month_of(style, r["from"]), month_of(style, r["to"])) for r in rows]
    if form == "two":
        mark = by.random.choice(("", "保险"))
        names = [joint.join(k + mark for k in r["kinds"]) for r in rows]
        extra = by.random.random() < 0.3
        head = (*front, kind_head, *begins, *(("缴费基数",) if extra else ()))
        body = [(*lead(i, r), names[i], *spans[i], *(("4250.00",) if extra else ())) for i, r in enumerate(rows)]
        return head, body, rows
    if form == "span":
        between = by.random.choice(("至", "-", "—", "~") if style != 3 else ("至", "~"))
        head = (*front, kind_head, by.random.choice(_SPAN_HEADS))
        body = [(*lead(i, r), joint.join(r["kinds"]), between.join(spans[i])) for i, r in enumerate(rows)]
        return head, body, rows
    if form == "kinds":
        yes, no = by.random.choice(
            (("是", "否"), ("√", ""), ("√", "×"), ("参保", "未参保"), ("有", "无"), ("正常", "-"))
        )
        heads = by.random.choice(
            (
                _KINDS,
                tuple(k + "保险" for k in _KINDS),
                ("基本养老保险", "基本医疗保险", "失业保险", "工伤保险", "生育保险"),
            )
        )
        head = (*front, *heads, *begins)
        body = [(*lead(i, r), *(yes if k in r["kinds"] else no for k in _KINDS), *spans[i]) for i, r in enumerate(rows)]
        return head, body, rows
    if form == "months":
        every = [_shift(begin, i) for i in range(months)]
        yes = by.random.choice(("√", "是", "已缴", "正常", "1250.40"))
        head = (*front, *(month_of(style, m) for m in every))
        body = [(*lead(i, r), *(yes if r["from"] <= m <= r["to"] else "" for m in every)) for i, r in enumerate(rows)]
        return head, body, [{k: v for k, v in r.items() if k != "kinds"} for r in rows]
    if form == "monthly":
        months_head = by.random.choice(("缴费年月", "费款所属期", "缴费月份", "所属年月", "月份"))
        head = (*front, months_head, kind_head)
        every = [_shift(begin, i) for i in range(months)]
        body = [
            (*lead(i, r), month_of(style, m), joint.join(r["kinds"]))
            for i, r in enumerate(rows)
            for m in every
            if r["from"] <= m <= r["to"]
        ]
        return head, body, rows
    head = (*front, kind_head, *begins)
    body = [(*lead(i, r), k + "保险", *spans[i]) for i, r in enumerate(rows) for k in r["kinds"]]
    return head, body, rows


def _draw(
    by: Inventor, first: Paper, y: float, head: tuple[str, ...], body: list[tuple[str, ...]], shares: list[float]
) -> list[Paper]:
    ruling, again, high = by.random.choice(("all", "all", "rows", "none")), by.random.random() < 0.6, 20.0
    room = first.width - 60
    size = min(10.0, room / sum(shares))
    edges = [30.0]
    for share in shares:
        edges.append(edges[-1] + room * share / sum(shares))
    middle = by.random.random() < 0.5
    pages, paper, lines = [first], first, [head, *body]
    for index, line in enumerate(lines):
        if y + high > paper.height - 70:
            paper.centred(paper.height - 40, 9, f"第 {len(pages)} 页")
            paper = _page(first.width > 600)
            pages.append(paper)
            y = 60.0
            if again and index:
                _line(paper, edges, y, head, size, high, ruling, middle)
                y += high
        _line(paper, edges, y, line, size, high, ruling, middle)
        y += high
    return pages


def _line(
    paper: Paper,
    edges: list[float],
    y: float,
    line: tuple[str, ...],
    size: float,
    high: float,
    ruling: str,
    middle: bool,
) -> None:
    for index, text in enumerate(line):
        left, right = edges[index], edges[index + 1]
        if ruling == "all":
            paper.box(left, y, right, y + high)
        at = left + (right - left - width_of(text, size)) / 2 if middle else left + 3
        if text:
            paper.put(at, y + (high - size) / 2, size, text)
    if ruling == "rows":
        paper.rules += [(edges[0], y, edges[-1], y), (edges[0], y + high, edges[-1], y + high)]


def two_levels(by: Inventor) -> Paper:
    """Draw headings in two bands: 险种 over a column for each kind, 缴费起止年月 over begin and end."""
    paper = _page(wide=True)
    begin, style = f"{by.random.randint(2015, 2020)}-{by.random.randint(1, 12):02d}", by.random.randrange(7)
    _head(by, paper, begin, _shift(begin, 5), style)
    paper.rows = _people(by, begin, 6, 12, alike=False)
    xs, top, high = [30.0, 70.0, 140.0, 290.0, 350.0, 410.0, 470.0, 530.0, 590.0, 690.0, 800.0], 118.0, 20.0
    for index, text in enumerate(("序号", "姓名", by.random.choice(_NUMBERS))):
        paper.box(xs[index], top, xs[index + 1], top + 2 * high)
        paper.put(xs[index] + 4, top + high - 5, 10, text)
    paper.box(xs[3], top, xs[8], top + high)
    paper.put(xs[5], top + 5, 10, by.random.choice(("参保险种", "险种", "缴费险种")))
    paper.box(xs[8], top, xs[10], top + high)
    paper.put(xs[8] + 60, top + 5, 10, by.random.choice(("缴费起止年月", "缴费时段", "起止年月")))
    lower = (*_KINDS, *by.random.choice((("起始年月", "终止年月"), ("起", "止"), ("开始", "截止"))))
    for index, text in enumerate(lower, 3):
        paper.box(xs[index], top + high, xs[index + 1], top + 2 * high)
        paper.put(xs[index] + 8, top + high + 5, 10, text)
    y = top + 2 * high
    for number, row in enumerate(paper.rows):
        marks = ["√" if kind in row["kinds"] else "" for kind in _KINDS]
        spans = (month_of(style, row["from"]), month_of(style, row["to"]))
        for index, text in enumerate((str(number + 1), row["name"], row["residentId"], *marks, *spans)):
            paper.box(xs[index], y, xs[index + 1], y + high)
            if text:
                paper.put(xs[index] + 5, y + 5, 10, text)
        y += high
    return paper


def merged_people(by: Inventor) -> Paper:
    """Draw a line for each kind of insurance, with the person's cells merged over them."""
    paper = _page(wide=False)
    begin, style = f"{by.random.randint(2015, 2020)}-{by.random.randint(1, 12):02d}", by.random.randrange(7)
    _head(by, paper, begin, _shift(begin, 5), style)
    paper.rows = _people(by, begin, 6, 6, alike=True)
    xs, y, high = [30.0, 70.0, 140.0, 290.0, 390.0, 480.0, 565.0], 118.0, 18.0
    heads = ("序号", "姓名", by.random.choice(_NUMBERS), by.random.choice(_KIND_HEADS), *by.random.choice(_BEGIN_HEADS))
    for index, text in enumerate(heads):
        paper.box(xs[index], y, xs[index + 1], y + high)
        paper.put(xs[index] + 4, y + 4, 10, text)
    y += high
    for number, row in enumerate(paper.rows):
        tall = high * len(row["kinds"])
        for index, text in enumerate((str(number + 1), row["name"], row["residentId"])):
            paper.box(xs[index], y, xs[index + 1], y + tall)
            paper.put(xs[index] + 5, y + tall / 2 - 5, 10, text)
        for kind in row["kinds"]:
            for index, text in enumerate((kind + "保险", month_of(style, row["from"]), month_of(style, row["to"])), 3):
                paper.box(xs[index], y, xs[index + 1], y + high)
                paper.put(xs[index] + 5, y + 4, 10, text)
            y += high
    return paper
