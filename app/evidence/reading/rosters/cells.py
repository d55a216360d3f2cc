"""Parse cells of a roster: identity numbers, dates, months, spans, employment, certificate level. Nothing is repaired
or guessed.
"""

import datetime as dt
import re
from dataclasses import dataclass

from app.evidence.reading.rosters.spreadsheet import Cell
from app.evidence.reading.text.characters import compact, tidy
from app.evidence.reading.text.dates import find_dates

_EXCEL_EPOCH = dt.date(1899, 12, 30)
_OPEN = re.compile(
    r"(?:签订)?(?:无固定期?限?|长期|不定期|无期限|永久|至今|到现在|现在|在职|未到期|至?法定退休.*|至退休.*)(?:劳动|聘用)?(?:合同|有效|止)?"
)
_NOT_YET = re.compile(
    r"(?:已|正在|准备|拟|计划)?报(?:考|名)|备考|在考|考试中|待考|待发|未取得|未通过|未考|尚未|学习中|未持证"
)
_LEFT = re.compile(
    r"(?:已|现已)?(?:离职|离岗|离任|辞职|辞退|解聘|退出|调出|调离|开除|除名|自离|终止|解除|不在职|不在岗|非在职|去世|死亡).*"
)
_PRESENT = re.compile(
    r"在职.*|在岗.*|在编.*|正常|试用.*|正式.*|在聘|聘用中?|履行中?|有效|现职|全职|专职|转正|已转正|上班"
)
_RETIRED = re.compile(r"(?:已)?退休.*|返聘.*|内退")
_NOTHING = re.compile(r"[-—–/\\、.·*无]*|无此项|未缴|未缴纳|未参保|没有|暂无|不适用|n/?a|none|null", re.IGNORECASE)
_MASK = re.compile(r"[*＊×xX●•#]{3,}")
_EMPLOYMENT = (
    ("rehired", re.compile(r"返聘|退休")),
    ("dispatched", re.compile(r"(?<![非不无])派遣|外包|外派|借调|第三方")),
    ("intern", re.compile(r"实习|见习|intern", re.IGNORECASE)),
    ("part_time", re.compile(r"兼职|非全日|非全职|非专职|小时工|钟点|临时|不定时|part", re.IGNORECASE)),
    ("full_time", re.compile(r"全职|专职|全日|正式|合同制|劳动合同|在编|固定|full", re.IGNORECASE)),
)
_YES = re.compile(r"是|√|✓|✔|☑|对|有|y|yes|true|1|全职|专职", re.IGNORECASE)
_NO = re.compile(r"否|不是|×|✗|✘|x|无|n|no|false|0|兼职|非全职|非专职", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Value:
    """A value, or null with the code of the cell's problem; an empty cell has neither."""

    value: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Begin and end as found in one cell (合同起止, 社保起止)."""

    begin: str | None = None
    end: str | None = None
    code: str | None = None


EMPTY = Value()


def is_blank(cell: Cell) -> bool:
    """Whether the cell is empty, or contains only a dash that means empty."""
    return cell is None or (isinstance(cell, str) and bool(_NOTHING.fullmatch(compact(cell))))


def resident_id(cell: Cell) -> Value:
    """Parse an identity number as text. One stored as a number has lost its last digits: null, never repaired."""
    if is_blank(cell):
        return EMPTY
    if isinstance(cell, int | float):
        return Value(None, "id_stored_as_number")
    text = compact(str(cell)).strip("'‘’`").replace("-", "").upper()
    if re.fullmatch(r"[\d.]+E\+?\d+", text) or re.fullmatch(r"\d{18}\.0+", text):
        return Value(None, "id_stored_as_number")
    if re.search(r"\*{2,}", text) or (_MASK.search(text) and not re.fullmatch(r"\d{17}X", text)):
        return Value(None, "id_masked")
    return Value(text)


def number(cell: Cell) -> Value:
    """Parse a certificate number as text; a number of 16 digits or more has lost some."""
    if is_blank(cell):
        return EMPTY
    if isinstance(cell, float):
        if cell != int(cell) or abs(cell) >= 1e15:
            return Value(None, "number_stored_as_number")
        return Value(str(int(cell)))
    text = compact(str(cell)).strip("'‘’`")
    return Value(None, "number_stored_as_number") if re.fullmatch(r"[\d.]+[Ee]\+?\d+", text) else Value(text)


def text(cell: Cell) -> Value:
    """Return any text; numbers without their Excel fraction."""
    if cell is None or cell == "":
        return EMPTY
    if isinstance(cell, float) and cell.is_integer():
        return Value(str(int(cell)))
    return Value(tidy(str(cell)) or None)


def day(cell: Cell) -> Value:
    """Parse a date `YYYY-MM-DD`; open-ended wordings give null without a problem."""
    if is_blank(cell):
        return EMPTY
    given = _calendar(cell)
    if given:
        return Value(given.isoformat())
    wording = _digits(cell)
    if _OPEN.fullmatch(compact(wording)):
        return EMPTY
    found = find_dates(wording)
    if len(found) == 1 and found[0].whole and not _said_besides(wording, found[0].start, found[0].end):
        return Value(found[0].value)
    return Value(None, "date_without_day" if len(found) == 1 and found[0].value else "date_not_understood")


def month(cell: Cell) -> Value:
    """Parse a month `YYYY-MM`, also from a whole date."""
    if is_blank(cell):
        return EMPTY
    given = _calendar(cell, serials=False)
    if given:
        return Value(given.isoformat()[:7])
    wording = _digits(cell)
    if _OPEN.fullmatch(compact(wording)):
        return EMPTY
    if isinstance(cell, float) and re.fullmatch(r"\d{4}\.1", wording):
        return Value(None, "month_ambiguous")  # 2016.1 as a number may have been 2016.10
    found = find_dates(wording)
    if len(found) == 1 and found[0].month:
        return Value(found[0].month)
    serial = _calendar(cell)
    return Value(serial.isoformat()[:7]) if serial else Value(None, "month_not_understood")


def span(cell: Cell, months: bool) -> Span:
    """Parse begin and end from one cell, as months or as days."""
    if is_blank(cell):
        return Span()
    wording = _digits(cell)
    found = find_dates(wording)
    values = [f.month if months else (f.value if f.whole else None) for f in found]
    if None in values or not 1 <= len(values) <= 2:
        return Span(code="span_not_understood")
    if len(values) == 2:
        return Span(values[0], values[1])
    rest = compact(wording[found[0].end :])
    if _OPEN.fullmatch(rest.lstrip("-—–~至到起")) or rest in ("", "起", "-", "—", "至"):
        return Span(values[0])
    return Span(code="span_not_understood")


def employment(cell: Cell) -> Value:
    """Parse `full_time`, `part_time`, `intern`, `dispatched` or `rehired` from the wording (全职, 兼职, 实习, 劳务派遣,
    退休返聘).
    """
    if is_blank(cell):
        return EMPTY
    wording = compact(str(cell))
    for value, pattern in _EMPLOYMENT:
        if pattern.search(wording):
            return Value(value)
    return Value(None, "employment_unknown")


def yes_no(cell: Cell, yes: str, no: str) -> Value:
    """Return the value for 是 or for 否 (√, ×); other wordings are read as employment."""
    if cell is None or cell == "":
        return EMPTY
    wording = compact(str(int(cell)) if isinstance(cell, float) else str(cell))
    if not wording:
        return EMPTY
    if _YES.fullmatch(wording):
        return Value(yes)
    return Value(no) if _NO.fullmatch(wording) else employment(cell)


def status(cell: Cell, heading: str) -> Value:
    """Parse `present`, `left` or `rehired` from a status (在职, 离职, 退休), also where the heading asks (是否在职,
    是否离职).
    """
    if is_blank(cell):
        return EMPTY
    wording = compact(str(int(cell)) if isinstance(cell, float) else str(cell))
    if "是否" in heading or "有无" in heading:
        asked = _LEFT if re.search("离职|离岗", heading) else _RETIRED if "退休" in heading else _PRESENT
        answer = True if _YES.fullmatch(wording) else False if _NO.fullmatch(wording) else None
        if answer is not None:
            if asked is _PRESENT:
                return Value("present" if answer else "left")
            return Value(("left" if asked is _LEFT else "rehired") if answer else "present")
    for value, pattern in (("present", _PRESENT), ("left", _LEFT), ("rehired", _RETIRED)):
        if pattern.fullmatch(wording):
            return Value(value)
    return Value(None, "status_unknown")


def insured(cell: Cell) -> bool | None:
    """Whether the cell states that social insurance is paid (是, 已参保, 正常缴费) or not (否, 停保, 断缴); None where
    it states neither.
    """
    if cell is None or cell == "":
        return None
    wording = compact(str(int(cell)) if isinstance(cell, float) else str(cell))
    if _NO.fullmatch(wording) or re.search(r"未|停|断|中断|暂停|欠|没|不|注销|封存", wording):
        return False
    return True if _YES.fullmatch(wording) or re.search(r"已|正常|在|缴|参保", wording) else None


def level(cell: Cell, *, social_worker_column: bool, numbered: bool) -> Value:
    """Parse the level of a social worker certificate (社会工作者证书); other professions' titles have none. `numbered`:
    a number is given beside it.
    """
    wording = "" if is_blank(cell) else compact(str(cell))
    if not wording or (_NOT_YET.search(wording) and not numbered):
        return EMPTY
    named = bool(re.search(r"社会工作|社工", wording))
    if re.search(r"社会工作员|社工员", wording):
        return Value("local")
    if not named and re.search(
        r"会计|经济师|工程师|教师|咨询|律师|护士|医师|康复|育婴|营养|驾|统计|审计|政工", wording
    ):
        return EMPTY
    if not (named or social_worker_column or numbered or re.fullmatch(r"(?:初|中|高)级", wording)):
        return EMPTY
    for value, pattern in (
        ("assistant", r"助理|初级"),
        ("senior", r"高级"),
        ("intermediate", r"中级|社会工作师|社工师"),
    ):
        if re.search(pattern, wording):
            return Value(value)
    return Value(None, "level_unknown")


def _said_besides(wording: str, start: int, end: int) -> bool:
    """Whether words beside a date change its meaning: 2025-12-31前, 原2025-12-31."""
    rest = compact(wording[:start] + wording[end:]).strip("().,;:、。，；：至到-—止截自起日号（）")
    return bool(re.search(r"[㐀-鿿]", rest)) and not re.fullmatch(
        r"(?:截至|到期|终止|签订|生效|开始|结束|届满|00:00(?::00)?)*", rest
    )


def _calendar(cell: Cell, *, serials: bool = True) -> dt.date | None:
    """Parse a date cell, or an Excel serial number that lost its format."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if serials and isinstance(cell, int | float) and not isinstance(cell, bool) and 20_000 <= cell <= 80_000:
        return _EXCEL_EPOCH + dt.timedelta(days=int(cell))
    return None


def _digits(cell: Cell) -> str:
    if isinstance(cell, dt.date):
        return cell.isoformat()[:10]
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
