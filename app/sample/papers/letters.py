"""Audit reports (审计报告) and declarations (声明)."""

from app.sample.data.agencies import Agency
from app.sample.papers.fonts import HEI
from app.sample.papers.sheet import Sheet, Style
from app.sample.papers.wording import day, spaced

AUDITED_YEAR = 2025
_BODY = Style(12.5)
NO_VIOLATION = (
    "参加政府采购活动前三年内在经营活动中没有重大违法记录的声明",
    "我单位在参加本次政府采购活动前三年内，在经营活动中没有重大违法记录，未因违法经营受到刑事处罚或者责令停产停业、"
    "吊销许可证或者执照、较大数额罚款等行政处罚。如有虚假，愿依法承担责任。特此声明。",
)
CAPABILITY = (
    "具备履行合同所必需的设备和专业技术能力的声明",
    "我单位具备履行本项目合同所必需的设备和专业技术能力，拟派项目团队人员均已到位，能够按照招标文件的要求完成服务。"
    "如有虚假，愿依法承担责任。特此声明。",
)


def declaration(agency: Agency, wording: tuple[str, str]) -> list[Sheet]:
    """Return a signed letter with the bidder's seal."""
    title, body = wording
    sheet = Sheet()
    middle = sheet.size[0] / 2
    y = 110.0
    for row in (title[:20], title[20:]) if len(title) > 22 else (title,):
        sheet.centred(middle, y, row, Style(19, HEI, heavy=True))
        y += 32
    sheet.text(80, y + 30, "致：苏州市公共资源交易中心", _BODY)
    y = sheet.paragraph(80, y + 60, f"　　{body}", 436, _BODY) + 60
    sheet.text(220, y, f"声明单位（盖章）：{agency.bidder.name}", _BODY)
    sheet.text(220, y + 30, f"法定代表人或授权代表（签字）：{agency.representative.name}", _BODY)
    sheet.text(220, y + 60, f"日期：{day(agency.signed_on)}", _BODY)
    sheet.seal(420, y + 10, agency.bidder.name)
    return [sheet]


def audit_report(agency: Agency) -> list[Sheet]:
    """Return cover and opinion, unqualified (无保留意见)."""
    return [_cover(agency), _opinion(agency)]


def _cover(agency: Agency) -> Sheet:
    sheet = Sheet()
    middle = sheet.size[0] / 2
    sheet.centred(middle, 240, spaced("审计报告"), Style(34, heavy=True))
    sheet.centred(middle, 288, f"会审字（2026）第{310 + agency.position * 7}号", Style(14))
    sheet.text(120, 380, f"单位名称：{agency.bidder.name}", Style(15))
    sheet.text(120, 420, f"审计年度：{AUDITED_YEAR}年度", Style(15))
    sheet.centred(middle, 640, agency.bidder.firm, Style(15))
    sheet.centred(middle, 668, "二〇二六年三月十八日", Style(14))
    sheet.seal(middle, 644, agency.bidder.firm)
    return sheet


def _opinion(agency: Agency) -> Sheet:
    name = agency.bidder.name
    sheet = Sheet()
    sheet.centred(sheet.size[0] / 2, 100, spaced("审计报告"), Style(22, heavy=True))
    sheet.text(80, 150, f"{name}：", _BODY)
    y = 184.0
    for heading, body in (
        (
            "一、审计意见",
            f"我们审计了{name}（以下简称贵单位）财务报表，包括{AUDITED_YEAR}年12月31日的资产负债表，"
            f"{AUDITED_YEAR}年度的业务活动表、现金流量表以及财务报表附注。",
        ),
        (
            "",
            "我们认为，后附的财务报表在所有重大方面按照《民间非营利组织会计制度》的规定编制，公允反映了贵单位"
            f"{AUDITED_YEAR}年12月31日的财务状况以及{AUDITED_YEAR}年度的业务活动成果和现金流量。",
        ),
        (
            "二、形成审计意见的基础",
            "我们按照中国注册会计师审计准则的规定执行了审计工作。我们相信，我们获取的审计证据是"
            "充分、适当的，为发表审计意见提供了基础。",
        ),
        (
            "三、管理层对财务报表的责任",
            "管理层负责按照《民间非营利组织会计制度》的规定编制财务报表，使其实现公允反映，"
            "并设计、执行和维护必要的内部控制。",
        ),
    ):
        if heading:
            sheet.text(80, y, heading, Style(12.5, HEI))
            y += 26
        y = sheet.paragraph(80, y, f"　　{body}", 436, _BODY) + 10
    sheet.text(80, y + 60, "中国注册会计师：", _BODY)
    sheet.text(300, y + 60, agency.bidder.firm, _BODY)
    sheet.text(80, y + 92, "中国注册会计师：", _BODY)
    sheet.seal(420, y + 66, agency.bidder.firm)
    return sheet
