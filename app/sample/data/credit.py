"""The five credit lists (信用名单) of `suzhou-current`, as CSV with the columns that an import expects."""

import csv
from io import StringIO

from app.sample.data.codes import credit_code
from app.sample.data.organizations import BIDDERS

COLUMNS = ("name", "uscc", "former_names", "kind", "from", "to", "reason", "document")
LISTS = ("court-dishonest", "tax-serious", "procurement-serious", "social-serious", "social-abnormal")
BARRED, FORMERLY_BARRED = "yinqiao", "yinghu"
Entry = tuple[str, str, str, str, str, str, str, str]


def _bidder(folder: str) -> tuple[str, str]:
    bidder = next(bidder for bidder in BIDDERS if bidder.folder == folder)
    return bidder.name, bidder.registration.code or ""


def _company(name: str, division: str, serial: str) -> tuple[str, str]:
    return name, credit_code("91", division, serial)


def _agency(name: str, division: str, serial: str) -> tuple[str, str]:
    return name, credit_code("52", division, serial)


def entries() -> dict[str, tuple[Entry, ...]]:
    """Return the entries of each list; most concern strangers, so that a search has something to reject.

    The second name of court-dishonest is one character from a bidder's, with a valid code of its own: two
    organizations, no match.
    """
    return {
        "court-dishonest": (
            (
                *_company("苏州云帛纺织品有限公司", "320508", "MA701122"),
                "",
                "barring",
                "2024-03-11",
                "",
                "有履行能力而拒不履行生效法律文书确定义务",
                "（2024）苏0508执2203号",
            ),
            (
                *_agency("苏州市姑苏区澄源社会工作服务中心", "320508", "MJ702233"),
                "",
                "barring",
                "2025-02-18",
                "",
                "违反财产报告制度",
                "（2025）苏0508执418号",
            ),
            (
                *_company("无锡拾光文化传播有限公司", "320213", "MA703344"),
                "无锡拾光广告有限公司",
                "barring",
                "2023-07-04",
                "",
                "有履行能力而拒不履行生效法律文书确定义务",
                "（2023）苏0213执1175号",
            ),
        ),
        "tax-serious": (
            (
                *_company("苏州砚石建材有限公司", "320506", "MA704455"),
                "",
                "barring",
                "2024-08-30",
                "2027-08-29",
                "虚开增值税专用发票",
                "苏州税稽罚〔2024〕61号",
            ),
            (
                *_company("常熟琴韵物资贸易有限公司", "320581", "MA705566"),
                "",
                "barring",
                "2022-01-10",
                "2025-01-09",
                "逃避缴纳税款",
                "苏州税稽罚〔2022〕7号",
            ),
        ),
        "procurement-serious": (
            (
                *_bidder(BARRED),
                "",
                "barring",
                "2025-03-10",
                "2028-03-09",
                "提供虚假材料谋取中标、成交",
                "吴财购罚〔2025〕3号",
            ),
            (
                *_bidder(FORMERLY_BARRED),
                "",
                "barring",
                "2022-07-01",
                "2025-06-30",
                "中标后无正当理由不与采购人签订合同",
                "园财购罚〔2022〕2号",
            ),
            (
                *_company("南京行知会务服务有限公司", "320106", "MA706677"),
                "",
                "barring",
                "2025-06-05",
                "2026-06-04",
                "与其他投标人恶意串通",
                "宁财购罚〔2025〕9号",
            ),
        ),
        "social-serious": (
            (
                *_agency("苏州市相城区望桥养老服务中心", "320507", "MJ707788"),
                "",
                "barring",
                "2025-01-22",
                "2027-01-21",
                "连续两年未按规定接受年度检查",
                "相民社〔2025〕4号",
            ),
        ),
        "social-abnormal": (
            (
                *_agency("苏州市吴江区松陵里社区服务中心", "320509", "MJ708899"),
                "",
                "warning",
                "2025-09-15",
                "",
                "未按规定期限报送年度工作报告",
                "吴江民社〔2025〕21号",
            ),
            (
                *_agency("昆山市竹影公益服务社", "320583", "MJ709911"),
                "",
                "warning",
                "2025-11-03",
                "",
                "通过登记的住所无法联系",
                "昆民社〔2025〕17号",
            ),
        ),
    }


def credit_file(name: str) -> bytes:
    """Return one list as CSV in UTF-8."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(entries()[name])
    return out.getvalue().encode()
