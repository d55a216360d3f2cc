"""Cross-check the values of a registration certificate: agreement proves, contradiction casts doubt."""

import datetime as dt
import re

from app.evidence.reading.certificates.kind import KindReading


def check_dates(reading: KindReading) -> None:
    """Check begin before end, and issue not after the end. Whole years between begin and end, and issue on the begin
    day, prove each other.
    """
    begin, end, issued = (reading.value(n) for n in ("validFrom", "validTo", "issuedOn"))
    if (begin and end and begin >= end) or (issued and end and issued > end):
        reading.reasons.append(("date_order", "the dates of validity and issue contradict each other"))
        return
    if begin and end and _whole_years(begin, end):
        reading.prove("validFrom", "validTo")
    if begin and issued and begin == issued:
        reading.prove("validFrom", "issuedOn")
    elif begin and issued and issued[:7] == begin[:7]:
        reading.reasons += (
            [("dates_differ", "the dates of issue and of begin differ by days only")]
            if _from_picture(reading, "issuedOn")
            else []
        )


def _whole_years(begin: str, end: str) -> bool:
    """Whether the validity ends on the day before an anniversary of its begin, or on it; months without days do not
    count.
    """
    if min(len(begin), len(end)) < len("2016-02-01"):
        return False
    first, last = dt.date.fromisoformat(begin), dt.date.fromisoformat(end)
    return any((day.month, day.day) == (first.month, first.day) for day in (last, last + dt.timedelta(days=1)))


def _from_picture(reading: KindReading, name: str) -> bool:
    finding = reading.finding(name)
    return finding is not None and finding.page.method == "ocr"


_BODIES = re.compile(
    r"民政局|民政厅|行政审批局|行政审批服务局|社会事业局|社会发展局|社区管理局|市场监督管理局|"
    r"工商行政管理局|事业单位登记管理局|司法局|教育局|体育局|文化局|卫生局|卫生健康委员会|"
    r"卫生和计划生育局|卫生和计划生育委员会|残疾人联合会|妇女联合会|总工会|人力资源和社会保障局|"
    r"农业农村局|科学技术协会|科学技术局|政法委员会|社会工作委员会|社会工作部|人民政府|街道办事处"
)
_PLACE = re.compile(r"(?:[㐀-鿿]{2,8}?省)?((?:[㐀-鿿]{2,6}?市)?(?:[㐀-鿿]{1,8}?[区县市旗])?)")


def check_places(reading: KindReading) -> None:
    """Check a registrar or supervisor read from a picture: its place also occurs in name or address, and it is a known
    body there.
    """
    said = {n: str(reading.value(n) or "") for n in ("name", "address", "authority", "supervisor")}
    for body in ("authority", "supervisor"):
        if not said[body] or not _from_picture(reading, body):
            continue
        place = _PLACE.match(said[body])
        named = place.group(1) if place else ""
        elsewhere = "".join(text for field, text in said.items() if field != body)
        known = _BODIES.fullmatch(said[body], place.end() if place else 0) is not None
        if named and named in elsewhere and known:
            reading.prove(body)
        elif (named and elsewhere and named not in elsewhere) or (body == "authority" and not known):
            reading.reasons.append(("place_unconfirmed", f"nothing else on the page confirms {body}"))


def check_number(reading: KindReading) -> None:
    """Require a credit code or a registration number, which every such document has."""
    if not (reading.has("uscc") or reading.has("registrationNumber")):
        reading.reasons.append(("field_missing", "neither a credit code nor a registration number was found"))
