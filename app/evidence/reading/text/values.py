"""Convert printed text to checked values. Each reader returns the value and whether a check proved it: True passed,
False failed (value null), None no check.

Checks, not recognition scores, decide how certain a value is: a confident reading can be wrong, a check digit hardly.
"""

import re
from dataclasses import dataclass
from typing import Any

from stdnum.cn import ric, uscc

from app.evidence.reading.text.amounts import amounts, one_amount
from app.evidence.reading.text.characters import compact, is_han, tidy
from app.evidence.reading.text.dates import FoundDate, find_dates

_MASKED = re.compile(r"\*{2,}|[＊×●•]{3,}")
_CODE = re.compile(r"[0-9A-Z]{18}")
_NOT_IN_CODES = str.maketrans({"O": "0", "I": "1", "Z": "2", "S": "5"})  # GB 32100 uses none of these letters
_LEAST = 1000  # yuan: a smaller "capital" is a figure whose unit is printed elsewhere (万元)
_STRAY = ":：;；,，.。、|_-—'\"`~·"


@dataclass(frozen=True, slots=True)
class Read:
    """A value with the outcome of its check."""

    value: Any
    check: bool | None = None


def code(text: str) -> Read:
    """Read a unified social credit code (统一社会信用代码), proved by its check character (GB 32100-2015)."""
    flat = re.sub(r"[^0-9A-Z]", "", compact(text).upper()).translate(_NOT_IN_CODES)
    found = _CODE.fullmatch(flat)
    return Read(flat, True) if found and uscc.is_valid(flat) else Read(None, False)


def resident_id(text: str) -> Read:
    """Read a resident identity number (GB 11643): birth date and check digit prove it; a masked one is null; other
    documents' numbers are kept as text.
    """
    flat = compact(text).upper().strip(_STRAY)
    if _MASKED.search(flat) or flat.count("*") >= 2:
        return Read(None, None)
    flat = re.sub(r"[^0-9A-Z()]", "", flat)
    if re.fullmatch(r"\d{17}[\dX]", flat):
        return Read(flat, True) if id_holds(flat) else Read(None, False)
    if re.fullmatch(r"\d{15}", flat) and not find_dates("19" + flat[6:12]):
        # of the 15 digits until 1999 six are a day; an 18-digit number with three cut off has none
        return Read(None, False)
    return Read(flat, None) if re.fullmatch(r"\d{15}|[A-Z]{1,3}\d{6,10}(?:\(\w\))?", flat) else Read(None, False)


def id_holds(number: str) -> bool:
    """Whether the number has a real birth date and the correct check digit; its division is not checked (counties come
    and go).
    """
    return (
        find_dates(number[6:14])[:1] != []
        and find_dates(number[6:14])[0].whole
        and ric.calc_check_digit(number) == number[17]
    )


def whole_id(text: str) -> bool:
    """Whether the text is a valid resident identity number."""
    return bool(resident_id(text).check)


def date(text: str) -> Read:
    """Read the one date in the text; an adjoining character makes the day doubtful: only after a two-digit day can
    ideographs (a fragment of a seal) be separated from it.
    """
    found = find_dates(text)
    if len(found) != 1 or not found[0].value:
        return Read(None, False)
    said, after = text[: found[0].end].rstrip(), text[found[0].end : found[0].end + 1]
    whole = said.endswith(("日", "号", "月")) or (re.search(r"\D\d\d$", said) and is_han(after))
    runs_on = not whole and after.isalnum() and after not in "日号起止至前登盖签"
    return Read(None, False) if runs_on else Read(found[0].value, None)


def day(text: str) -> Read:
    """Read a date for documents that print the day as well: a reading from a picture without a day is incomplete."""
    return date(text)


def validity(text: str) -> tuple[FoundDate | None, FoundDate | None, bool]:
    """Read begin and end of a validity with their positions in the text; True when it is open-ended (长期)."""
    found = find_dates(text)
    open_ended = bool(re.search(r"长期|永久|无固定期限", compact(text)))
    begin = found[0] if found else None
    return begin, found[1] if len(found) > 1 else None, open_ended


def money(text: str) -> Read:
    """Read a sum in yuan as a decimal string; words and figures must agree where both are printed."""
    sums = amounts(text)
    value = one_amount(text)
    if value is None or value < _LEAST:
        return Read(None, False)
    return Read(f"{value:.2f}", True if len(sums) > 1 else None)


def ten_thousands(text: str) -> Read:
    """Read a sum whose label states 万元: a bare figure counts ten thousands."""
    flat = compact(text)
    return money(f"{flat}万元" if re.fullmatch(r"[\d,.]+", flat) else text)


def person(text: str) -> Read:
    """Read a person's name: ideographs (with · for names of minorities) or Latin letters; a bracket after it (签字) is
    removed.
    """
    name = re.sub(r"[(（][^()（）]*[)）]?$", "", tidy(text)).strip(_STRAY)
    return (
        Read(name, None)
        if re.fullmatch(r"[㐀-鿿\U00020000-\U0003134f·•]{2,20}|[A-Za-z][A-Za-z .·]{1,40}", name)
        else Read(name or None, False)
    )


def sex(text: str) -> Read:
    """Read 男 or 女."""
    flat = compact(text)
    found = "男" if flat.startswith(("男", "M")) else "女" if flat.startswith(("女", "F")) else None
    return Read(found, None if found else False)


def words(text: str) -> Read:
    """Read any text, stray punctuation at its ends removed."""
    value = tidy(text).lstrip(_STRAY).rstrip(":：,，、|_'\"`~")
    return Read(value, None) if value and _closed(value) else Read(None, False)


def _closed(value: str) -> bool:
    """Whether every opening bracket is closed: else a part of the value was missed."""
    return sum(value.count(c) for c in "(（") <= sum(value.count(c) for c in ")）")


def organization(text: str) -> Read:
    """Read a body's name: brackets closed, no stray punctuation."""
    value = re.sub(r"^[(（](?:盖章|公章|签章|章)[)）]?", "", tidy(text)).strip(_STRAY + ";；")
    value = re.sub(r"[(（](?:盖章|公章|签章|章|印章)[)）]$", "", value)
    return Read(value, None) if len(value) >= 4 and _closed(value) else Read(None, False)


# 组织形式, the required ending of names: 社会组织名称管理办法 (2024), 企业名称登记管理规定 art 6; authorities have
# their own
_FORM = re.compile(
    "(?:中心|公司|企业|合伙|集团|公寓|俱乐部|联盟|基地|机构|组织|政府|法院|之家|书屋|工作坊|教堂|单位|社区|"
    "大学|中学|小学|[社所会站院校园馆部局厅处室办厂店行团队场坊堂苑委点台庄楼])$"
)


def ends_in_form(name: str) -> bool:
    """Whether a body's name ends in a form of organization, ignoring a bracket: else its end was lost or a fragment of
    a seal was added.
    """
    return bool(_FORM.search(re.sub(r"[(（][^()（）]*[)）]$", "", name)))


def public_body(text: str) -> Read:
    """Read a registrar or supervising body; a fragment of a seal after its last word (局, 厅, 部, 会 …) is removed."""
    read = organization(text)
    if read.value is None:
        return read
    whole = re.match(
        r"(.{3,}(?:局|厅|部|委员会|联合会|办公室|人民政府|街道办事处|中心|党委|协会|院|团委))(.{0,2})$", read.value
    )
    return Read(whole.group(1), None) if whole and whole.group(2) not in (")", "）") else read


def number(text: str) -> Read:
    """Read a certificate or registration number: letters, digits, ideographs and dashes as printed."""
    value = tidy(text).strip(_STRAY)
    return Read(value, None) if re.search(r"\d", value) else Read(None, False)


def administration_number(text: str) -> Read:
    """Read the number of a social worker certificate (管理号): digits, 12 to 25 of them, seldom letters; not decoded."""
    value = re.sub(r"[^0-9A-Za-z]", "", tidy(text)).removeprefix("No")
    return (
        Read(value, None)
        if re.fullmatch(r"[0-9A-Za-z]{10,30}", value) and re.search(r"\d{6}", value)
        else Read(None, False)
    )


def level(text: str) -> Read:
    """Read the level of a social worker certificate: 助理社会工作师 (初级), 社会工作师 (中级), 高级社会工作师;
    社会工作员 is a local grade.
    """
    flat = compact(text)
    for value, pattern in (
        ("local", "社会工作员"),
        ("assistant", "助理|初级"),
        ("senior", "高级"),
        ("intermediate", "中级|社会工作师|社工师"),
    ):
        if re.search(pattern, flat):
            return Read(value, None)
    return Read(None, False)


def conclusion(text: str) -> str | None:
    """Read the conclusion of an annual check: 合格, 基本合格 or 不合格."""
    flat = compact(text)
    for value, pattern in (("basically_passed", "基本合格"), ("failed", "不合格"), ("passed", "合格")):
        if pattern in flat:
            return value
    return None
