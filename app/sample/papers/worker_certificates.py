"""Social worker certificates (社会工作者证书): the paper booklet until 2021, the electronic sheet since."""

from datetime import date

from app.sample.data.rosters import LEVELS
from app.sample.data.staff import Certificate, StaffLine
from app.sample.papers.fonts import HEI
from app.sample.papers.sheet import A4_LANDSCAPE, GREY, Line, Sheet, Style
from app.sample.papers.wording import day, spaced

ELECTRONIC_SINCE = date(2021, 12, 17)
GRADES = {"assistant": "（初级）", "intermediate": "（中级）", "senior": "（高级）", "local": ""}
ISSUERS = ("中华人民共和国人力资源和社会保障部", "中华人民共和国民政部")
LOCAL_ISSUER = "苏州市民政局"
_LABEL = Style(14, HEI)
_VALUE = Style(14)


def worker_certificates(lines: tuple[StaffLine, ...]) -> list[Sheet]:
    """Return one page for each certificate on the roster."""
    return [_page(line, line.certificate) for line in lines if line.certificate]


def _page(line: StaffLine, certificate: Certificate) -> Sheet:
    if certificate.level == "local":
        return _local(line, certificate)
    if certificate.approved_on < ELECTRONIC_SINCE:
        return _booklet(line, certificate)
    return _electronic(line, certificate)


def _fields(line: StaffLine, certificate: Certificate) -> tuple[tuple[str, str], ...]:
    return (
        ("姓名", line.person.name),
        ("证件号码", line.person.resident_id),
        ("性别", line.person.sex),
        ("出生年月", f"{line.person.born:%Y年%m月}"),
        ("级别", LEVELS[certificate.level] + GRADES[certificate.level]),
        ("批准日期", day(certificate.approved_on)),
        ("管理号", certificate.number),
    )


def _write_fields(sheet: Sheet, left: float, top: float, line: StaffLine, certificate: Certificate) -> None:
    for row, (label, value) in enumerate(_fields(line, certificate)):
        y = top + row * 36
        sheet.text(left, y, f"{label}：", _LABEL)
        sheet.text(left + 84, y, value, _VALUE)


def _photo(sheet: Sheet, x: float, y: float) -> None:
    sheet.box(x, y, 92, 128, 0.8, GREY)
    sheet.centred(x + 46, y + 70, "照片", Style(11, color=GREY))


def _electronic(line: StaffLine, certificate: Certificate) -> Sheet:
    sheet = Sheet()
    middle = sheet.size[0] / 2
    sheet.centred(middle, 96, "中华人民共和国", Style(18))
    sheet.centred(middle, 124, "专业技术人员职业资格证书", Style(18))
    sheet.centred(middle, 182, "社会工作者", Style(30, heavy=True))
    sheet.centred(middle, 222, "（电子证书）", Style(12))
    _photo(sheet, 430, 250)
    _write_fields(sheet, 84, 268, line, certificate)
    for column, issuer in enumerate(ISSUERS):
        sheet.centred(186 + column * 244, 600, issuer, Style(12))
        sheet.seal(186 + column * 244, 600, issuer, 54)
    sheet.centred(middle, 730, "本电子证书与纸质证书具有同等效力", Style(9.5, color=GREY))
    return sheet


def _booklet(line: StaffLine, certificate: Certificate) -> Sheet:
    """Draw both inner pages of the booklet, side by side."""
    sheet = Sheet(size=A4_LANDSCAPE)
    sheet.box(28, 28, 786, 539, 2.4, "#7a1420")
    sheet.marks.append(Line(421, 40, 421, 555, 0.6, GREY))
    sheet.centred(224, 120, "社会工作者职业水平证书", Style(22, heavy=True))
    sheet.paragraph(
        74,
        190,
        "　　本证书由中华人民共和国人力资源和社会保障部、民政部批准颁发，表明持证人通过国家统一组织的考试，"
        "取得社会工作者职业水平证书。",
        300,
        Style(13),
    )
    for row, issuer in enumerate(ISSUERS):
        sheet.centred(224, 420 + row * 30, issuer, Style(12))
    sheet.seal(224, 434, ISSUERS[0], 54)
    _photo(sheet, 690, 70)
    _write_fields(sheet, 460, 230, line, certificate)
    return sheet


def _local(line: StaffLine, certificate: Certificate) -> Sheet:
    """Draw a certificate of the local grade (社会工作员), which the national scheme does not include."""
    sheet = Sheet()
    middle = sheet.size[0] / 2
    sheet.centred(middle, 130, spaced("社会工作员证书"), Style(26, heavy=True))
    _photo(sheet, 430, 200)
    _write_fields(sheet, 84, 220, line, certificate)
    sheet.text(320, 600, f"发证机关：{LOCAL_ISSUER}", Style(13))
    sheet.seal(420, 596, LOCAL_ISSUER)
    return sheet
