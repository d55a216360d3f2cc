"""Company licences (营业执照) in the layout of 2019, with a QR code: evidence that a bidder is not registered with civil affairs."""

from app.evidence.reading.certificates.kind import KindReading, Region, read_instead
from app.evidence.reading.certificates.kinds.agreement import check_dates, check_number
from app.evidence.reading.certificates.kinds.registration import ROWS, read_annual_checks, read_foot, read_validity
from app.evidence.reading.certificates.labelled import LabelledKind, with_wordings
from app.evidence.reading.layout.pieces import Piece, flowing, pieces_matching
from app.evidence.reading.text import values
from app.evidence.reading.text.values import Read


class CompanyLicence(LabelledKind):
    """营业执照, 正本 and 副本. The credit code in its QR code is compared with the printed one."""

    name = "registration_certificate"
    title = r"营业执照(?:\((?:正本|副本)\)|正本|副本)?"
    anchor = "uscc"
    required = ("name", "legalForm")
    expected = ("authority",)
    rows = with_wordings(
        ROWS,
        registrationNumber="证照编号",
        name="公司名称",
        legalRepresentative="投资人 执行事务合伙人(委派代表)",
        capital="成员出资总额",
        validity="经营期限",
    )
    stops = "类型 主体类型 组成形式 成立日期 注册日期 副本编号 经济性质"

    def read_more(self, reading: KindReading, region: Region, found: dict[str, list[Piece]]) -> None:
        """Read the title, the term of business, and registrar and day at the foot, where they have no labels."""
        titles = pieces_matching(region.lines, self.title) or flowing(region.page.lines[:12], "营业执照")
        if titles and not reading.has("legalForm"):
            reading.add("legalForm", Read("company"), titles[0], region.page)
        read_instead(reading, region, found, "capital", "capitalInTenThousands", values.ten_thousands)
        read_validity(reading, region, found)
        read_foot(reading, region)
        read_annual_checks(reading, region)  # stamped on copies until 2014

    def check(self, reading: KindReading) -> None:
        """Check the order of dates, and require a code or a number."""
        check_dates(reading)
        check_number(reading)
