"""Assign roles to the columns of a roster: find the header row below titles and interpret its many wordings
(花名册表头).
"""

import itertools
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.evidence.reading.rosters.spreadsheet import Cell, Sheet
from app.evidence.reading.text.characters import compact, plain


class Role(StrEnum):
    """The content of a column."""

    SERIAL = "serial"
    NAME = "name"
    RESIDENT_ID = "residentId"
    POSITION = "position"
    EMPLOYMENT = "employment"
    IS_FULL_TIME = "isFullTime"
    IS_PART_TIME = "isPartTime"
    CONTRACT_FROM = "contractFrom"
    CONTRACT_TO = "contractTo"
    CONTRACT_SPAN = "contractSpan"
    PAYER = "payer"
    INSURED_FROM = "insuredFrom"
    INSURED_TO = "insuredTo"
    INSURED_SPAN = "insuredSpan"
    LEVEL = "level"
    NUMBER = "number"
    APPROVED_ON = "approvedOn"
    LEFT_ON = "leftOn"
    STATUS = "status"
    IS_DISPATCHED = "isDispatched"
    IS_INSURED = "isInsured"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Header:
    """The header of one table: its last row, the role of each column and the wording of all columns."""

    first: int
    last: int
    roles: dict[Role, int]
    labels: dict[int, str] = field(default_factory=dict)
    social_worker: bool = False  # the level column is about social workers, not about titles in general (职称)
    further: tuple[tuple[Role, int], ...] = ()  # further columns of a role that may occur twice (用工形式, 人员类别)
    beside: tuple["Header", ...] = ()  # lists printed to the right of this one under the same headings

    @property
    def columns(self) -> dict[int, Role]:
        """Return the role of every recognised column, of this list alone."""
        return {column: role for role, column in (*self.roles.items(), *self.further)}


_MAX_LABEL = 30
_SEARCH_ROWS = 60
_NOTE = re.compile(r"[(\[【].*?[)\]】]")
_SPAN = re.compile(r"起止|起讫|起迄|期限|期间|聘期|时段|有效期|起.*止|开始.*(?:结束|终止)|自.*至")
_FROM = re.compile(r"起始|开始|起|自|签订|生效|始于")
_TO = re.compile(r"截止|终止|到期|结束|届满|止|至|期满|最后|末")
_ENGLISH = re.compile(r"[A-Za-z][A-Za-z.'’&# ]*")
_HAN = re.compile("[㐀-鿿]")
_REPEATABLE = frozenset(
    {Role.EMPLOYMENT, Role.IS_FULL_TIME, Role.IS_PART_TIME, Role.STATUS, Role.IS_INSURED, Role.REMARK}
)
_PLAIN: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.SERIAL, re.compile(r"序号|编号|序|no\.?|行号|项次|#", re.IGNORECASE)),
    (
        Role.NAME,
        re.compile(
            r"(?:员工|人员|职工|本人|社工|工作人员|从业人员|成员|专职人员|在职人员|聘用人员)?的?(?:姓名|名字)|员工|人员名单|"
            r"(?:full|staff|employee)?name",
            re.IGNORECASE,
        ),
    ),
    (
        Role.RESIDENT_ID,
        re.compile(
            r".*(?:身份证|公民身份|身份号码|证件号|证件编号|身份证明号|证照号).*|(?:resident)?id(?:card|entity)?(?:no\.?|number|#)?",
            re.IGNORECASE,
        ),
    ),
    (
        Role.LEFT_ON,
        re.compile(
            r"(?:实际)?(?:离职|离岗|离任|离司|离开|退出|退职|辞职|辞退|解聘|解除(?:劳动)?(?:合同|关系)?)(?:日期|时间|年月|日)|最后工作日"
        ),
    ),
    (Role.IS_DISPATCHED, re.compile(r"(?:是否|是不是)?(?:为|属)?(?:劳务)?(?:派遣|外包).{0,4}")),
    (
        Role.IS_INSURED,
        re.compile(
            r"(?:是否|有无).{0,4}(?:参保|社保|社会保险|缴纳|缴费|投保|五险).{0,6}|(?:社保|社会保险|参保|缴费)(?:缴纳|缴费|参保)?(?:状态|状况|情况)"
        ),
    ),
    (
        Role.STATUS,
        re.compile(
            r"(?:是否|有无)(?:在职|在岗|离职|离岗|退休)|(?:在职|在岗|任职|人员|员工|职工|用工|聘用|劳动关系|目前|当前|现)?(?:状态|状况)|在职情况|在岗情况"
        ),
    ),
    (Role.REMARK, re.compile(r"备注|说明|附注|备考|其他说明|remarks?|notes?", re.IGNORECASE)),
    (Role.IS_FULL_TIME, re.compile(r"(?:是否|是不是)(?:为|属)?(?:全职|专职|全日制).*|full-?time", re.IGNORECASE)),
    (Role.IS_PART_TIME, re.compile(r"(?:是否|是不是)(?:为|属)?(?:兼职|非全日制).*")),
    (
        Role.EMPLOYMENT,
        re.compile(
            r".*(?:用工|聘用|雇佣|雇用|聘任|任职|从业|工作|劳动关系|员工|人员|职工|岗位|在职)(?:的)?(?:形式|性质|方式|类型|类别|种类|属性).*|.*(?:专职?|全职?).{0,3}兼职.*|.*兼职.{0,3}(?:专职|全职).*|"
            r"employment(?:type|form)?",
            re.IGNORECASE,
        ),
    ),
    (
        Role.POSITION,
        re.compile(
            r"(?:现任|担任|所任|所在|拟任|工作|任职|聘用|项目|员工)?(?:岗位|职务|职位|工种|职责)(?:名称|职务|/职务|及职务)?|(?:岗位|职务|职位)[/、或及和](?:岗位|职务|职位)|"
            r"position|post|(?:job)?title",
            re.IGNORECASE,
        ),
    ),
)
_NAMING = re.compile("[名员nN]")  # every heading of the names contains one of these
_NOT_A_NAME = re.compile(r"联系人|紧急|家属|配偶|推荐人")


def classify(label: str) -> Role | None:
    """Return the role of a column from its header text (for two-level headers: upper and lower wording joined); None
    for other columns.
    """
    text = _bare(label)
    if not text or len(text) > _MAX_LABEL or _NOT_A_NAME.search(text):
        return None
    for role, pattern in _PLAIN:
        if pattern.fullmatch(text) and not (role is Role.RESIDENT_ID and re.search("类型|类别|有效期|地址|复印", text)):
            return role
    return _insurance(text) or _certificate(text) or _contract(text) or _english(text)


def _english(text: str) -> Role | None:
    flat = re.sub(r"[^a-z]", "", text.lower())
    if "insur" in flat or "socialsec" in flat:
        return (
            Role.PAYER
            if re.search("payer|employer|unit|company", flat)
            else _begin_or_end(flat, Role.INSURED_FROM, Role.INSURED_TO)
        )
    if "certif" in flat or "licen" in flat:
        return Role.NUMBER if re.search("no$|number", flat) else Role.LEVEL if "level" in flat else None
    return _begin_or_end(flat, Role.CONTRACT_FROM, Role.CONTRACT_TO) if "contract" in flat or "employ" in flat else None


def _begin_or_end(flat: str, begin: Role, end: Role) -> Role | None:
    if re.search("start|from|begin|since", flat):
        return begin
    return end if re.search("end|until|expir|to$", flat) else None


_UNUSED = re.compile(
    r"电话|手机|联系|邮箱|微信|qq|性别|年龄|出生|民族|学历|学位|专业|毕业|院校|籍贯|户籍|户口|地址|住址|部门|科室|班组|政治面貌|党|婚|"
    r"照片|银行|卡号|账号|工资|薪|血型|特长|紧急|签名|签字|证件类型|证件种类|工龄|年限|工号|项目|服务点|站点|健康|邮编|国籍|基数|金额|月数|"
    r"险种|份数|登记日期|有效期|发证|签发|继续教育|培训|gender|sex|age|phone|mobile|mail|depart|remark|educat",
    re.IGNORECASE,
)


def known_but_unused(label: str) -> bool:
    """Whether a heading is common in rosters but not needed by a screening (联系电话, 学历)."""
    return bool(_UNUSED.search(_bare(label)))


def speaks_of_social_workers(label: str) -> bool:
    """Whether the header states that the column is about social worker certificates."""
    return bool(re.search(r"社工|社会工作", _bare(label)))


def _bare(label: str) -> str:
    """Return the heading without notes in brackets, and without its translation where it is bilingual."""
    text = compact(label).strip("*:：")
    bare = _NOTE.sub("", text).strip("*:：")
    if len(_HAN.findall(bare)) > 1:
        bare = _ENGLISH.sub("", bare).strip("*:：/|-_.、 ")
    return bare or text


def _insurance(text: str) -> Role | None:
    if not re.search(r"社保|社会保险|参保|缴费|缴纳|缴交|养老保险|五险|投保", text) or re.search(
        r"是否|基数|金额|月数|账号|卡号|个人编号|险种|备注|地$|地点|状态", text
    ):
        return None
    if re.search(r"单位|公司|机构|缴纳方|缴费方|户名|主体", text):
        return Role.PAYER
    return _span(text, Role.INSURED_FROM, Role.INSURED_TO, Role.INSURED_SPAN)


def _contract(text: str) -> Role | None:
    if re.search(r"类型|类别|编号|甲方|单位|份数|是否|年限", text):
        return None
    if re.search(r"入职|到岗|到职|进入?单位|参加工作|聘用日期|聘用时间|任职时间|任职日期|上岗", text):
        return None if "参加工作" in text else Role.CONTRACT_FROM
    if re.search(r"合同|聘期|聘用期|聘用起|聘用止|聘任期|劳动关系|协议|用工期", text):
        return _span(text, Role.CONTRACT_FROM, Role.CONTRACT_TO, Role.CONTRACT_SPAN)
    return None


def _span(text: str, begin: Role, end: Role, both: Role) -> Role | None:
    """Classify as begin, end or both; `合同期限起` is a begin although it contains 期限, `起止` is both."""
    tail = re.sub(r"(?:日期|时间|年月日|年月|月份|月|日)$", "", text)
    if re.search(r"起止|起讫|起迄|自.*至|起.*止.*$", tail):
        return both
    if re.search(r"(?:起始|开始|起|自|签订|生效|始)$", tail) or (_FROM.search(tail) and not _TO.search(tail)):
        return begin
    if re.search(r"(?:截止|终止|到期|结束|届满|止|至|期满|末)$", tail) or _TO.search(tail):
        return end
    return both if _SPAN.search(text) or re.search(r"时间|日期|年月|月份", text) else None


def _certificate(text: str) -> Role | None:
    if not re.search(
        r"证|职称|资格|资质|管理号|级别|等级|职业水平|社工|社会工作|批准|取得|授予|获得|发证|颁发", text
    ) or re.search(
        r"有效期|毕业|学位|学历|是否|驾驶|身份|证件|签发机关|发证机关|发证单位|登记日期|备注|工资|岗位等级", text
    ):
        return None
    if re.search(r"号", text):
        return Role.NUMBER
    if re.search(r"时间|日期|年月", text):
        return Role.APPROVED_ON
    return Role.LEVEL


def find_header(sheet: Sheet, start: int = 0) -> Header | None:
    """Find the first header at or below `start`; one to three rows tall, merged cells spread over what they cover."""
    for row in range(start, min(len(sheet.rows), start + _SEARCH_ROWS)):
        header = header_at(sheet, row)
        if header:
            return header
    return None


def header_at(sheet: Sheet, row: int) -> Header | None:
    """Return the header that begins in this row, or None when the row is no header. Lists printed side by side are
    found as well.
    """
    if not _NAMING.search(plain("\n".join(filter(_is_text, sheet.rows[row])))):
        return None
    labels = _spread(sheet, row, row)
    if not _is_header(_roles(labels), labels):
        return None
    last, name = row, _roles(labels).get(Role.NAME)
    while last - row < 2 and _continues(sheet, last + 1, name, row):
        last += 1
        labels = _joined(sheet, row, last)
    first, *others = [_header(row, last, part) for part in _side_by_side(labels)]
    return replace(first, beside=tuple(others))


def _header(row: int, last: int, labels: dict[int, str]) -> Header:
    roles = _roles(labels)
    level = roles.get(Role.LEVEL)
    further = tuple(
        (role, column)
        for column, label in labels.items()
        if (role := classify(label)) in _REPEATABLE and roles[role] != column
    )
    return Header(row, last, roles, labels, level is not None and speaks_of_social_workers(labels[level]), further)


def _side_by_side(labels: dict[int, str]) -> list[dict[int, str]]:
    """Return the labels of each list where a sheet prints several side by side: the name and another role are repeated."""
    roles = {column: role for column, label in labels.items() if (role := classify(label))}
    names = [column for column, role in roles.items() if role is Role.NAME]
    starts = []
    for before, column in itertools.pairwise(names):
        lead = column - 1 if roles.get(column - 1) is Role.SERIAL else column
        own = {role for c, role in roles.items() if before <= c < lead}
        later = {role for c, role in roles.items() if c >= column}
        if len(own & later - {Role.SERIAL, Role.REMARK}) >= 2:
            starts.append(lead)
    edges = [0, *starts, max(labels) + 1]
    return [{c: label for c, label in labels.items() if a <= c < b} for a, b in itertools.pairwise(edges)]


def _is_text(cell: Cell) -> bool:
    return isinstance(cell, str)


def _is_header(roles: dict[Role, int], labels: dict[int, str]) -> bool:
    known = set(roles) - {Role.SERIAL}
    return Role.NAME in known and len(known) >= 2 and len(set(labels.values())) >= 2


def _roles(labels: dict[int, str]) -> dict[Role, int]:
    """Return the column of each role; a heading about social workers has priority over a general one (职称), otherwise
    the first.
    """
    roles: dict[Role, int] = {}
    for column, label in labels.items():
        role = classify(label)
        if role and (
            role not in roles or (speaks_of_social_workers(label) and not speaks_of_social_workers(labels[roles[role]]))
        ):
            roles[role] = column
    return roles


def _continues(sheet: Sheet, row: int, name_column: int | None, top: int) -> bool:
    """Whether this row is one more level of the header: nothing under the name (or a merge reaching down), only
    wordings elsewhere.
    """
    if row >= len(sheet.rows) or name_column is None:
        return False
    cells = sheet.rows[row]
    under_name = cells[name_column] if name_column < len(cells) else ""
    texts = [c for c in cells if c not in ("", None)]
    covered = any(t <= top and b >= row and left <= name_column <= right for t, left, b, right in sheet.merges)
    wordings = texts and all(
        isinstance(t, str) and not re.search(r"\d", t) and len(compact(t)) <= _MAX_LABEL for t in texts
    )
    return bool(wordings and (covered or under_name in ("", None)) and sum(classify_lower(str(t)) for t in texts) >= 1)


def classify_lower(text: str) -> bool:
    """Whether a text can be the lower level of a two-level heading (起始日期, 级别, 单位)."""
    bare = _bare(text)
    return bool(
        _FROM.search(bare)
        or _TO.search(bare)
        or re.search(r"日期|时间|单位|级别|等级|号|名称|年月|公司|机构|情况|性质|形式", bare)
    )


def _spread(sheet: Sheet, row: int, top: int) -> dict[int, str]:
    """Return the labels of one row; a merged cell's text applies to every column it covers, but a title over the whole
    sheet is no label.
    """
    cells = sheet.rows[row]
    labels = {i: compact(c) for i, c in enumerate(cells) if isinstance(c, str) and compact(c)}
    for t, left, b, right in sheet.merges:
        if t <= row <= b and t >= top and right > left and 0 <= t < len(sheet.rows) and left < len(sheet.rows[t]):
            text = sheet.rows[t][left]
            if isinstance(text, str) and right - left < len(cells) - 1:
                labels |= {c: compact(text) for c in range(left, right + 1)}
    return dict(sorted(labels.items()))


def _joined(sheet: Sheet, top: int, last: int) -> dict[int, str]:
    """Join the labels of all levels from above; without merges an upper label extends right to the next one."""
    levels = [_spread(sheet, r, top) for r in range(top, last + 1)]
    width = max((len(sheet.rows[r]) for r in range(top, last + 1)), default=0)
    joined: dict[int, str] = {}
    for column in range(width):
        lower = [level.get(column, "") for level in levels[1:]]
        upper = levels[0].get(column, "")
        if not upper and any(lower):
            upper = next((levels[0][c] for c in range(column - 1, -1, -1) if c in levels[0]), "")
        text = upper + "".join(t for t in lower if t != upper)
        if text:
            joined[column] = text
    return joined


def text_of(cell: Cell) -> str:
    """Return a cell as text, "" for an empty one."""
    return "" if cell is None else str(cell).strip()
