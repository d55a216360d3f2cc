"""The fourteen bidders: their data and their defects. None of them exists.

Expected verdicts are in the comments of `BIDDERS`: with declared values, then with documents required.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from app.sample.data.codes import credit_code

FORMS = {
    "51": "social_group",
    "52": "private_non_enterprise",
    "53": "foundation",
}


@dataclass(frozen=True, slots=True)
class Registration:
    """The registration certificate; `prefix` is empty where a sub-district only filed the organization (备案)."""

    authority: str
    division: str
    prefix: str
    serial: str
    registered_on: date
    valid_from: date
    valid_to: date

    @property
    def code(self) -> str | None:
        """The unified social credit code, if it has one."""
        return credit_code(self.prefix, self.division, self.serial) if self.prefix else None

    @property
    def legal_form(self) -> str:
        """The value on the wire."""
        return FORMS.get(self.prefix, "other")


@dataclass(frozen=True, slots=True)
class Staffing:
    """Numbers of staff on the roster, by how they count."""

    workers: int = 5
    others: int = 5
    extras: tuple[str, ...] = ()
    local_grade: int = 0


@dataclass(frozen=True, slots=True)
class RosterForm:
    """The form of the roster file: XLSX or CSV, its encoding, and its header row."""

    suffix: str
    encoding: str = ""
    header: str = "plain"


@dataclass(frozen=True, slots=True)
class Bidder:
    """One agency; `folder` is its dossier's name and its id as a bidder."""

    folder: str
    name: str
    address: str
    registration: Registration
    staffing: Staffing
    roster: RosterForm
    firm: str
    certificate_names: str | None = None
    certificate_serial: str | None = None


def _registered(authority: str, division: str, serial: str, since: date, renewed: date, **other: str) -> Registration:
    """Return a registration of four years from its last renewal."""
    until = date.fromisoformat(other["until"]) if "until" in other else _four_years(renewed)
    return Registration(authority, division, other.get("prefix", "52"), serial, since, renewed, until)


def _four_years(renewed: date) -> date:
    return renewed.replace(year=renewed.year + 4) - timedelta(days=1)


_LAN, _HENG = "苏州澜正会计师事务所（普通合伙）", "江苏衡砚会计师事务所有限公司"

BIDDERS = (
    # eligible, eligible
    Bidder(
        "chengxi",
        "苏州市姑苏区澄溪社会工作服务中心",
        "江苏省苏州市姑苏区桂影巷28号2楼",
        _registered("苏州市姑苏区民政局", "320508", "MJ504118", date(2013, 5, 16), date(2024, 5, 16)),
        Staffing(7, 5, ("part_time", "intern")),
        RosterForm("xlsx", header="titled"),
        _LAN,
    ),
    Bidder(
        "puwan",
        "苏州市吴中区蒲湾社工服务中心",
        "江苏省苏州市吴中区荷塘路66号创业楼305室",
        _registered("苏州市吴中区民政局", "320506", "MJ512207", date(2014, 9, 1), date(2023, 9, 1)),
        Staffing(6, 4),
        RosterForm("csv", "gbk", "titled"),
        _HENG,
    ),
    Bidder(
        "lanting",
        "南京市玄武区岚汀社会工作服务社",
        "江苏省南京市玄武区梧桐里12号",
        _registered("南京市玄武区民政局", "320102", "MJ688341", date(2012, 3, 20), date(2024, 3, 20)),
        Staffing(6, 6, ("rehired",)),
        RosterForm("xlsx", header="two_level"),
        _HENG,
    ),
    Bidder(
        "kunyue",
        "昆山市昆玥社会工作促进会",
        "江苏省苏州市昆山市柏庐里9号",
        _registered("昆山市民政局", "320583", "MJ530926", date(2011, 11, 8), date(2023, 11, 8), prefix="51"),
        Staffing(5, 5, ("part_time",)),
        RosterForm("csv", "utf-8-sig", "spans"),
        _LAN,
    ),
    Bidder(
        "tonghe",
        "苏州市同禾社会工作发展基金会",
        "江苏省苏州市姑苏区书香弄3号",
        _registered("苏州市民政局", "320500", "MJ540773", date(2016, 6, 28), date(2024, 6, 28), prefix="53"),
        Staffing(5, 4, ("dispatched",)),
        RosterForm("xlsx"),
        _LAN,
    ),
    # barred until June 2025: eligible, eligible
    Bidder(
        "yinghu",
        "苏州工业园区映湖社会工作事务所",
        "江苏省苏州市苏州工业园区云汀街108号4楼",
        _registered("苏州工业园区民政局", "320594", "MJ551664", date(2015, 4, 13), date(2023, 4, 13)),
        Staffing(6, 5),
        RosterForm("csv", "utf-8", "spans"),
        _HENG,
    ),
    # a rival's roster names one of its eight: needs_review, eligible (its insurance proof names her)
    Bidder(
        "lingtang",
        "苏州市相城区菱塘社会工作服务中心",
        "江苏省苏州市相城区芦苇路17号",
        _registered("苏州市相城区民政局", "320507", "MJ562035", date(2017, 2, 22), date(2025, 2, 22)),
        Staffing(4, 4),
        RosterForm("xlsx", header="titled"),
        _LAN,
    ),
    # names that person too, its proof does not: needs_review, needs_review
    Bidder(
        "lupu",
        "苏州市吴江区芦浦社工事务所",
        "江苏省苏州市吴江区桥港路5号",
        _registered("苏州市吴江区民政局", "320509", "MJ573118", date(2018, 8, 10), date(2022, 8, 10)),
        Staffing(4, 3),
        RosterForm("csv", "gbk"),
        _HENG,
    ),
    # its registration certificate names another organization: eligible, needs_review
    Bidder(
        "liudu",
        "常熟市柳渡社会工作服务中心",
        "江苏省苏州市常熟市琴弦路40号",
        _registered("常熟市民政局", "320581", "MJ584429", date(2016, 10, 19), date(2024, 10, 19)),
        Staffing(5, 4),
        RosterForm("xlsx"),
        _LAN,
        certificate_names="常熟市琴台为老服务中心",
        certificate_serial="MJ584617",
    ),
    # seven full-time staff: ineligible, ineligible
    Bidder(
        "shiqiao",
        "苏州市虎丘区石桥社会工作服务社",
        "江苏省苏州市虎丘区青石路21号",
        _registered("苏州市虎丘区民政局", "320505", "MJ595540", date(2019, 3, 4), date(2023, 3, 4)),
        Staffing(5, 2, ("part_time", "intern")),
        RosterForm("xlsx", header="two_level"),
        _HENG,
    ),
    # three social workers, two of the local grade: ineligible, ineligible
    Bidder(
        "liuting",
        "太仓市浏汀社会工作服务中心",
        "江苏省苏州市太仓市桃花里8号",
        _registered("太仓市民政局", "320585", "MJ606651", date(2017, 7, 7), date(2025, 7, 7)),
        Staffing(3, 6, local_grade=2),
        RosterForm("csv", "utf-8", "titled"),
        _LAN,
    ),
    # registration ended in March: ineligible, ineligible
    Bidder(
        "fengqi",
        "张家港市凤栖社工服务中心",
        "江苏省苏州市张家港市杨柳路33号",
        _registered("张家港市民政局", "320582", "MJ617762", date(2014, 4, 1), date(2022, 4, 1), until="2026-03-31"),
        Staffing(5, 4),
        RosterForm("xlsx"),
        _HENG,
    ),
    # filed with a sub-district office, not registered: ineligible, ineligible
    Bidder(
        "fengli",
        "枫里社工服务站",
        "江苏省苏州市姑苏区枫里弄6号",
        _registered(
            "苏州市姑苏区平江街道办事处",
            "320508",
            "",
            date(2023, 5, 9),
            date(2023, 5, 9),
            prefix="",
            until="2027-05-08",
        ),
        Staffing(4, 5),
        RosterForm("xlsx"),
        _LAN,
    ),
    # barred from procurement until 2028: ineligible, ineligible
    Bidder(
        "yinqiao",
        "苏州市吴中区尹桥社会工作服务中心",
        "江苏省苏州市吴中区石板街77号",
        _registered("苏州市吴中区民政局", "320506", "MJ628873", date(2015, 12, 2), date(2023, 12, 2)),
        Staffing(6, 4),
        RosterForm("xlsx", header="titled"),
        _HENG,
    ),
)
