"""Social insurance proofs (参保缴费证明): payer, persons, kinds and months."""

from app.sample.data.agencies import Agency
from app.sample.data.tender import INSURED_TO
from app.sample.papers.fonts import HEI
from app.sample.papers.sheet import Sheet, Style
from app.sample.papers.wording import day, month

QUERY_FROM = "2025-11"
KINDS = ("养老", "医疗", "失业", "工伤", "生育")
ROWS_PER_PAGE = 24
_CELL = Style(9.5)
_BUREAUS = {"3205": "苏州市社会保险基金管理中心", "3201": "南京市社会保险管理中心"}
Row = tuple[str, ...]


def insurance_proof(agency: Agency) -> list[Sheet]:
    """Return a page for every twenty-four persons insured by this payer; others are not listed."""
    people = [line for line in agency.lines if line.proven]
    grid = agency.position % 2 == 0
    rows = [
        _grid_row(n, line.person.name, line.person.resident_id, line.insured_from)
        if grid
        else _joined_row(n, line.person.name, line.person.resident_id, line.insured_from)
        for n, line in enumerate(people, 1)
    ]
    pages = [rows[start : start + ROWS_PER_PAGE] for start in range(0, len(rows), ROWS_PER_PAGE)]
    return [_page(agency, page, grid, len(people)) for page in pages]


def _grid_row(number: int, name: str, resident_id: str, since: str) -> Row:
    return (str(number), name, resident_id, *("是" for _ in KINDS), month(since), month(INSURED_TO))


def _joined_row(number: int, name: str, resident_id: str, since: str) -> Row:
    return (str(number), name, resident_id, "、".join(KINDS), since.replace("-", ""), INSURED_TO.replace("-", ""))


def _page(agency: Agency, rows: list[Row], grid: bool, count: int) -> Sheet:
    sheet = Sheet()
    middle = sheet.size[0] / 2
    sheet.centred(middle, 84, "社会保险参保缴费证明", Style(20, HEI, heavy=True))
    sheet.text(46, 124, f"单位名称：{agency.bidder.name}", Style(11))
    sheet.text(46, 144, f"查询期间：{month(QUERY_FROM)}至{month(INSURED_TO)}", Style(11))
    sheet.right(549, 144, f"参保人数：{count}人", Style(11))
    if grid:
        widths: tuple[float, ...] = (30, 58, 138, 34, 34, 34, 34, 34, 54, 54)
        head: Row = ("序号", "姓名", "证件号码", *KINDS, "缴费起始", "缴费截止")
        rows = [(*row[:8], row[8], row[9]) for row in rows]
    else:
        widths = (34, 62, 144, 143, 60, 60)
        head = ("序号", "姓名", "证件号码", "参保险种", "起始年月", "终止年月")
    lower = sheet.table(46, 158, widths, [head, *rows], _CELL if not grid else Style(9))
    _signature(sheet, agency, lower)
    return sheet


def _signature(sheet: Sheet, agency: Agency, y: float) -> None:
    bureau = _BUREAUS[agency.bidder.registration.division[:4]]
    sheet.text(46, y + 26, "以上参保缴费情况属实，特此证明。", Style(11))
    sheet.text(46, y + 46, f"验证码：{7_310_294_518 + agency.position * 40_961}", Style(10))
    sheet.right(549, y + 84, bureau, Style(12))
    sheet.right(549, y + 106, day(agency.signed_on), Style(12))
    sheet.seal(470, y + 86, bureau, 54)
