"""Registration certificates (登记证书) as civil affairs departments issue them, and the filing slip of a sub-district."""

from app.sample.data.agencies import Agency
from app.sample.data.codes import credit_code
from app.sample.papers.fonts import HEI
from app.sample.papers.sheet import RED, Sheet, Style
from app.sample.papers.wording import day, yuan

TITLES = {
    "private_non_enterprise": ("民办非企业单位登记证书（法人）", "社会服务机构登记证书（法人）"),
    "social_group": ("社会团体法人登记证书", "社会团体法人登记证书"),
    "foundation": ("基金会法人登记证书", "基金会法人登记证书"),
    "other": ("社区社会组织备案证", "社区社会组织备案证"),
}
CAPITAL = {"private_non_enterprise": "开办资金", "social_group": "注册资金", "foundation": "原始基金数额"}
GOLD = "#8c6a2f"
_LABEL = Style(13, HEI)
_VALUE = Style(13)
_CELL = Style(11.5)
_HEAD = Style(11.5, HEI)


def registration_certificate(agency: Agency) -> list[Sheet]:
    """Return one page: a bordered portrait sheet or, for every other agency, the ruled copy with annual checks (副本)."""
    if agency.bidder.registration.legal_form == "other":
        return [_filing(agency)]
    return [_ruled(agency) if agency.position % 2 else _bordered(agency)]


def _title(agency: Agency) -> str:
    return TITLES[agency.bidder.registration.legal_form][agency.position % 2]


def _fields(agency: Agency) -> list[tuple[str, str]]:
    bidder, registration = agency.bidder, agency.bidder.registration
    code = registration.code or ""
    if bidder.certificate_serial:
        code = credit_code(registration.prefix, registration.division, bidder.certificate_serial)
    return [
        ("统一社会信用代码", code),
        ("名称", bidder.certificate_names or bidder.name),
        ("法定代表人", agency.representative.name),
        ("住所", bidder.address),
        ("业务范围", agency.scope),
        (CAPITAL[registration.legal_form], yuan(agency.capital)),
        ("业务主管单位", registration.authority),
        ("有效期限", f"自{day(registration.valid_from)}至{day(registration.valid_to)}"),
    ]


def _frame(sheet: Sheet) -> None:
    width, height = sheet.size
    sheet.box(24, 24, width - 48, height - 48, 3.2, GOLD)
    sheet.box(32, 32, width - 64, height - 64, 0.8, GOLD)


def _bordered(agency: Agency) -> Sheet:
    sheet = Sheet()
    _frame(sheet)
    middle = sheet.size[0] / 2
    sheet.centred(middle, 122, _title(agency), Style(25, heavy=True))
    sheet.centred(middle, 152, "（正本）", Style(14))
    y = 206.0
    for label, value in _fields(agency):
        sheet.text(78, y, f"{label}：", _LABEL)
        y = sheet.paragraph(196, y, value, 320, _VALUE) + 13
    _signature(sheet, agency)
    return sheet


def _signature(sheet: Sheet, agency: Agency) -> None:
    registration = agency.bidder.registration
    sheet.text(300, 704, f"登记管理机关：{registration.authority}", _VALUE)
    sheet.text(300, 732, f"发证日期：{day(registration.valid_from)}", _VALUE)
    sheet.centred(sheet.size[0] / 2, 790, "中华人民共和国民政部监制", Style(10))
    sheet.seal(452, 706, registration.authority)


def _ruled(agency: Agency) -> Sheet:
    sheet = Sheet()
    middle = sheet.size[0] / 2
    sheet.centred(middle, 86, _title(agency), Style(23, heavy=True))
    sheet.centred(middle, 112, "（副本）", Style(12))
    registration = agency.bidder.registration
    rows = [
        *_fields(agency),
        ("登记管理机关", registration.authority),
        ("发证日期", day(registration.valid_from)),
    ]
    y = 136.0
    for label, value in rows:
        y = _cell(sheet, y, label, value)
    sheet.seal(440, y - 38, registration.authority, 50)
    _annual_checks(sheet, y + 34, registration.authority)
    return sheet


def _cell(sheet: Sheet, y: float, label: str, value: str) -> float:
    """Draw one ruled row, as high as its value needs; return the y below it."""
    top = y + 21
    lower = sheet.paragraph(196, top, value, 320, _CELL)
    height = max(33, lower - y - 5)
    sheet.box(66, y, 118, height)
    sheet.box(184, y, 345, height)
    sheet.centred(125, y + height / 2 + 4, label, _HEAD)
    return y + height


def _annual_checks(sheet: Sheet, y: float, authority: str) -> None:
    sheet.centred(sheet.size[0] / 2, y, "年度检查记录", Style(13, HEI))
    for index, year in enumerate((2023, 2024)):
        left = 66 + index * 158
        sheet.box(left, y + 14, 154, 70)
        sheet.box(left + 12, y + 22, 130, 54, 1.2, RED)
        for row, content in enumerate((authority, f"{year}年度检查", "合格")):
            sheet.centred(left + 77, y + 38 + row * 16, content, Style(9.5 + (row == 2) * 2, HEI, RED))


def _filing(agency: Agency) -> Sheet:
    """Return a filing slip (备案) of a sub-district: it has no code and is not a registration."""
    bidder, registration = agency.bidder, agency.bidder.registration
    sheet = Sheet()
    _frame(sheet)
    sheet.centred(sheet.size[0] / 2, 122, _title(agency), Style(25, heavy=True))
    y = 206.0
    for label, value in (
        ("备案编号", "平江社备〔2023〕018号"),
        ("名称", bidder.name),
        ("负责人", agency.representative.name),
        ("活动地址", bidder.address),
        ("业务范围", agency.scope),
        ("有效期限", f"自{day(registration.valid_from)}至{day(registration.valid_to)}"),
    ):
        sheet.text(78, y, f"{label}：", _LABEL)
        y = sheet.paragraph(196, y, value, 320, _VALUE) + 13
    sheet.text(300, 704, f"备案机关：{registration.authority}", _VALUE)
    sheet.text(300, 732, f"备案日期：{day(registration.valid_from)}", _VALUE)
    sheet.seal(440, 706, registration.authority)
    return sheet
